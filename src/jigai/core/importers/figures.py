"""Yearly figures of a register: only what changed becomes a new dated fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jigai.core.imports.registry import Place
from jigai.core.models import ImportBatch
from jigai.sheets.table import Row, Table

STAGE = "incoming_figure"


@dataclass(frozen=True, slots=True)
class Term:
    """A yearly figure: the field it is read from and the column of the figures table it fills."""

    name: str
    field: str
    kind: str


TERMS = (
    Term("employees", "employees", "number"),
    Term("revenue", "revenue", "number"),
    Term("land", "land", "number"),
    Term("size_declared", "size_declared", "text"),
    Term("grade", "grade", "text"),
    Term("echelon", "echelon", "text"),
    Term("credit", "credit", "text"),
    Term("credit_text", "credit", "text"),
    Term("violation", "violation", "text"),
    Term("violation_major", "violation_major", "text"),
    Term("violation_date", "violation_date", "day"),
)
_TYPES = {"number": "bigint", "text": "text", "day": "date"}
# A row for each staged enterprise and term whose value is not the one known for the year.
_PLAN = """
    CREATE TEMP TABLE incoming_figure ON COMMIT DROP AS
    SELECT i.in_row, i.in_target, v.term, v.number, v.text, v.day, v.letter
    FROM incoming_enterprise AS i
    CROSS JOIN LATERAL (VALUES {values}) AS v(term, number, text, day, letter)
    LEFT JOIN (
        SELECT DISTINCT ON (enterprise_id, term) enterprise_id, term, number, text, day
        FROM core_enterprisefigure
        WHERE year = %s AND withdrawn_at IS NULL
          AND enterprise_id IN (SELECT in_target FROM incoming_enterprise WHERE NOT in_fresh)
        ORDER BY enterprise_id, term, id DESC
    ) AS known ON known.enterprise_id = i.in_target AND known.term = v.term
    WHERE (v.number, v.text, v.day) IS DISTINCT FROM (known.number, known.text, known.day)
"""
_WRITE = """
    INSERT INTO core_enterprisefigure (
        enterprise_id, term, year, number, text, day, source, batch_id, recorded_at, recorded_by_id
    )
    SELECT in_target, term, %s, number, text, day, %s || letter || in_row, %s, now(), %s
    FROM incoming_figure ORDER BY in_row, term
"""


def staged_columns() -> dict[str, str]:
    """Columns of the stage of enterprises that hold figures, with their types."""
    return {f"f_{term.name}": _TYPES[term.kind] for term in TERMS}


def staged_values(row: Row) -> Iterator[Any]:
    """Their values for one row of the file."""
    for term in TERMS:
        if term.name == "credit_text":
            text = row.parsed("credit").clean or row.text("credit") or None
            yield None if text is None else text[:400]
        else:
            yield row.get(term.field)


def plan_figures(cursor: Any, table: Table, place: Place) -> int:
    """Stage the figures that a commit would record; how many. Columns not in the file stay."""
    cursor.execute(f"DROP TABLE IF EXISTS {STAGE}")
    present = [term for term in TERMS if term.field in table.columns]
    values = [_value(term, table.columns[term.field].letter) for term in present]
    # Without any column the list must still be one that SQL accepts.
    values = values or ["('', NULL::bigint, NULL::text, NULL::date, '')"]
    cursor.execute(_PLAN.format(values=", ".join(values)), [place.year])
    cursor.execute(f"SELECT count(*) FROM {STAGE}")
    return int(cursor.fetchone()[0])


def _value(term: Term, letter: str) -> str:
    cells: Mapping[str, str] = {
        kind: f"i.f_{term.name}" if kind == term.kind else f"NULL::{sql}"
        for kind, sql in _TYPES.items()
    }
    return f"('{term.name}', {cells['number']}, {cells['text']}, {cells['day']}, '{letter}')"


def write_figures(cursor: Any, place: Place, batch: ImportBatch) -> None:
    """Record the staged figures with their cell as the source."""
    source = f"{batch.file.name[:80]} "
    cursor.execute(_WRITE, [place.year, source, batch.pk, batch.created_by_id])


def withdraw_figures(cursor: Any, batch: ImportBatch) -> None:
    """Take back what a batch recorded.

    Figures of enterprises that the undo removes go with them, those withdrawn earlier included;
    the others stay on record as withdrawn, so that the one before counts again.
    """
    cursor.execute(
        "DELETE FROM core_enterprisefigure AS f USING core_enterprise AS e "
        "WHERE e.id = f.enterprise_id AND e.batch_id = %s "
        "AND (f.batch_id = %s OR f.withdrawn_at IS NOT NULL)",
        [batch.pk, batch.pk],
    )
    cursor.execute(
        "UPDATE core_enterprisefigure SET withdrawn_at = now() "
        "WHERE batch_id = %s AND withdrawn_at IS NULL",
        [batch.pk],
    )
