"""The exact answer, row by row in plain Python: ``Decimal`` with half-up rounding, no NumPy maths.

It shares no formula with the contenders: amounts are worked in yuan as the clause states them.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from bench.rules.data import AMOUNTS, GATES, MAY_MISS, Data, Result

CENT = Decimal("0.01")
MEASURES = (
    (1, "equipment", Decimal(5_000_000), Decimal("0.03"), Decimal(1_000_000)),
    (2, "robot", Decimal(3_000_000), Decimal("0.05"), Decimal(1_000_000)),
    (3, "it", Decimal(2_000_000), Decimal("0.10"), Decimal(500_000)),
)
POINT = Decimal("0.01")


def answer(data: Data) -> Result:
    """Judge every project, then hand out one place per enterprise and year."""
    count = len(data)
    verdicts = [0] * count
    measures = [0] * count
    amounts = [0] * count
    best: dict[tuple[int, int], tuple[int, int, int]] = {}
    for index, row in enumerate(_rows(data)):
        verdicts[index], measures[index], amounts[index] = judge(row)
        if verdicts[index] == 0:
            place = (row["enterprise"], row["year"])
            offer = (-amounts[index], row["project"], index)
            if place not in best or offer < best[place]:
                best[place] = offer
    selected = np.zeros(count, np.bool_)
    selected[[index for _, _, index in best.values()]] = True
    return Result(
        np.array(verdicts, np.int8),
        np.array(measures, np.int8),
        np.array(amounts, np.int64),
        selected,
    )


def judge(row: dict[str, Any]) -> tuple[int, int, int]:
    """Verdict (0 pay, 1 zero, 2 excluded, 3 missing), measure and fen of one project.

    ``None`` is a value nobody knows.
    """
    gates = [row[name] for name in GATES]
    gates.append(None if row["grade"] is None else row["grade"] != 4)
    if False in gates:
        return 2, 0, 0
    yuan = {name: None if row[name] is None else Decimal(row[name]) / 100 for name in AMOUNTS}
    reached = [None if yuan[m[1]] is None else yuan[m[1]] >= m[2] for m in MEASURES]
    if reached == [False, False, False]:
        return 1, 0, 0
    uplift = _either(None if row["grade"] is None else row["grade"] == 1, row["echelon"])
    if None in gates or None in reached or uplift is None:
        return 3, 0, 0
    offers = []
    for (number, name, _, rate, cap), enough in zip(MEASURES, reached, strict=True):
        if enough:
            exact = yuan[name] * (rate + POINT if uplift else rate)
            award = min(exact.quantize(CENT, ROUND_HALF_UP), cap)
            offers.append((-award, number))
    award, number = min(offers)
    return 0, number, int(-award * 100)


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _rows(data: Data) -> Any:
    columns = {name: column.tolist() for name, column in data.columns.items()}
    for name in MAY_MISS:
        if name in data.missing:
            marks = data.missing[name].tolist()
            columns[name] = [
                None if mark else value for value, mark in zip(columns[name], marks, strict=True)
            ]
    names = list(columns)
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(names, values, strict=True))


def wrong_rows(result: Result, truth: Result) -> int:
    """How many rows differ from the exact answer in any of the four columns."""
    keep: Any = slice(None) if result.rows is None else result.rows
    differs = np.zeros(len(result.verdict), np.bool_)
    for name in ("verdict", "measure", "amount", "selected"):
        differs |= getattr(result, name) != getattr(truth, name)[keep]
    return int(differs.sum())
