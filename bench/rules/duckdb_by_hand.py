"""SQL written by hand for DuckDB: one statement for both variants, NULL meaning not known."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from bench.rules.data import CAPS, GATES, GRADE_A, GRADE_D, PERCENTS, THRESHOLDS, Data, Result

TITLE = "DuckDB 手写 SQL(2 线程)"
THREADS = 2


@dataclass
class Prepared:
    """An in-memory database with the table ``p``."""

    connection: duckdb.DuckDBPyConnection
    rows: int


def prepare(data: Data) -> Prepared:
    """Load the columns into a DuckDB table; masked cells become NULL."""
    connection = duckdb.connect(
        config={
            "threads": THREADS,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    table = pa.table(
        {
            "i": pa.array(np.arange(len(data), dtype=np.int32)),
            **{
                name: pa.array(column, mask=data.missing.get(name))
                for name, column in data.columns.items()
            },
        }
    )
    connection.register("source", table)
    connection.execute("CREATE TABLE p AS SELECT * FROM source")
    connection.unregister("source")
    return Prepared(connection, len(data))


def _award(column: str, index: int) -> str:
    threshold, percent, cap = THRESHOLDS[index], PERCENTS[index], CAPS[index]
    return (
        f"CASE WHEN {column} >= {threshold} "
        f"THEN least(({column} * ({percent} + uplift::BIGINT) + 50) // 100, {cap}) ELSE 0 END"
    )


# Three-valued AND and OR of SQL are just what the gates and the uplift need; the two places where
# SQL would lose an unknown (CASE and least) come only after the verdict is known to be "pay".
JUDGE = f"""
CREATE OR REPLACE TEMP TABLE r AS
WITH judged AS (
  SELECT i, project, enterprise, year, equipment, robot, it,
    grade = {GRADE_A} OR echelon AS uplift,
    {" AND ".join(GATES)} AND grade <> {GRADE_D} AS eligible,
    CASE
      WHEN NOT eligible THEN 2
      WHEN equipment < {THRESHOLDS[0]} AND robot < {THRESHOLDS[1]} AND it < {THRESHOLDS[2]} THEN 1
      WHEN eligible IS NULL OR uplift IS NULL OR equipment IS NULL OR robot IS NULL OR it IS NULL
        THEN 3
      ELSE 0
    END::TINYINT AS verdict
  FROM p
),
awards AS (
  SELECT i, project, enterprise, year, verdict,
    CASE WHEN verdict = 0 THEN {_award("equipment", 0)} END AS a1,
    CASE WHEN verdict = 0 THEN {_award("robot", 1)} END AS a2,
    CASE WHEN verdict = 0 THEN {_award("it", 2)} END AS a3
  FROM judged
)
SELECT i, project, enterprise, year, verdict,
  CASE WHEN verdict = 0 THEN greatest(a1, a2, a3) ELSE 0 END AS amount,
  CASE WHEN verdict <> 0 THEN 0 WHEN a1 >= a2 AND a1 >= a3 THEN 1 WHEN a2 >= a3 THEN 2 ELSE 3
  END::TINYINT AS measure
FROM awards
"""
# Amount and key in one integer: the winner of a group is a single maximum, with no sort.
PICK = """
SELECT arg_max(i, (amount << 21) - project) AS i FROM r WHERE verdict = 0
GROUP BY enterprise, year
"""


def run(prepared: Prepared) -> Result:
    """Judge and price in one pass, then one aggregate for the winners.

    A join or a window for the winners took half as long again.
    """
    connection = prepared.connection
    connection.execute(JUDGE)
    columns = connection.execute("SELECT i, verdict, measure, amount FROM r").fetchnumpy()
    winners = connection.execute(PICK).fetchnumpy()["i"]
    order = columns["i"]
    verdict = np.empty(prepared.rows, np.int8)
    measure = np.empty(prepared.rows, np.int8)
    amount = np.empty(prepared.rows, np.int64)
    verdict[order], measure[order] = columns["verdict"], columns["measure"]
    amount[order] = columns["amount"]
    selected = np.zeros(prepared.rows, np.bool_)
    selected[winners] = True
    return Result(verdict, measure, amount, selected)
