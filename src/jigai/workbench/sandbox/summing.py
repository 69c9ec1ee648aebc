"""What a result comes to: cost, beneficiaries, groups, how it lies. Whole fen; the parts add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from jigai.core.enterprise_register import SIZE_NAMES
from jigai.core.industries import UnknownIndustryError, industry
from jigai.metrics.distribution import (
    concentration,
    histogram,
    in_ten_thousandths,
    quantiles,
)
from jigai.rules.plan import BELOW, EXCLUDED, MISSING, PAY, UNDETERMINED
from jigai.workbench.sandbox.result_rows import Row, who

_WAN = 1_000_000
# Classes of what an enterprise gets, in fen.
EDGES = tuple(wan * _WAN for wan in (0, 5, 10, 20, 30, 50, 80, 100, 150, 200, 500))
GRADES = ("A", "B", "C", "D", "")
DIMENSIONS = {
    "measure": "措施", "industry": "行业", "size": "规模", "region": "地区", "grade": "评价等级",
}  # fmt: skip


def summary_of(rows: Sequence[Row]) -> dict[str, Any]:
    """The figures of a result, kept with it.

    ``total`` = ``projects`` + ``consortia`` + ``items`` (fen); ``open`` counts decisions that wait,
    with the most they may come to in ``open_high``; ``groups``: by dimension, each ``{code, label,
    heads, count, fen}``, adding up to the total; shares are whole ten-thousandths.
    """
    parts = Counter[str]()
    for row in rows:
        kind = {"project": "projects", "member": "consortia", "consortium": "consortia"}
        parts[kind.get(row["subject"], "items")] += row["given"]
    given = [row for row in rows if row["given"]]
    amounts = Counter[str]()
    for row in given:
        amounts[who(row)] += row["given"]
    decided = [row for row in rows if row["subject"] != "member"]
    open_ = [row for row in decided if _waits(row)]
    codes = Counter(row["verdict"] for row in decided)
    return {
        "total": sum(parts.values()),
        **{name: parts[name] for name in ("projects", "consortia", "items")},
        "heads": len(amounts),
        "awards": len(given),
        "decided": len(decided),
        "qualified": codes[PAY],
        "refused": codes[BELOW] + codes[EXCLUDED],
        "open": len(open_),
        "undetermined": sum(row["verdict"] == UNDETERMINED for row in open_),
        "open_high": sum(row["high"] or 0 for row in open_),
        "groups": {name: groups(given, name) for name in DIMENSIONS},
        **_spread(list(amounts.values())),
    }


def _waits(row: Row) -> bool:
    return row["verdict"] in (MISSING, UNDETERMINED) or (
        row["verdict"] == PAY and row["selected"] is None
    )


def _spread(amounts: list[int]) -> dict[str, Any]:
    """Quantiles, classes and concentration over what each beneficiary gets."""
    found = concentration(amounts)
    return {
        "quantiles": [[_percent(share), fen] for share, fen in quantiles(amounts)],
        "least": min(amounts, default=0),
        "most": max(amounts, default=0),
        "mean": _mean(amounts),
        "histogram": [
            {"low": b.low, "high": b.high, "count": b.count, "fen": b.total}
            for b in histogram(amounts, EDGES)
        ],
        "top": found.top,
        "top_share": in_ten_thousandths(found.top_share),
        "gini": in_ten_thousandths(found.gini),
        "hhi": in_ten_thousandths(found.hhi),
    }


def _percent(share: Fraction) -> int:
    return int(share * 100)


def _mean(amounts: list[int]) -> int:
    """Fen a head, halves upwards."""
    return (sum(amounts) * 2 + len(amounts)) // (2 * len(amounts)) if amounts else 0


# groups -----------------------------------------------------------------------------------------


def groups(given: Sequence[Row], dimension: str) -> list[dict[str, Any]]:
    """Paid rows by one dimension, in its own order; sums equal the total of the rows."""
    key = _KEYS[dimension](given)
    heads: dict[str, set[str]] = {}
    counts, fen = Counter[str](), Counter[str]()
    for row in given:
        code = key(row)
        heads.setdefault(code, set()).add(who(row))
        counts[code] += 1
        fen[code] += row["given"]
    return [
        {"code": code, "label": _LABELS[dimension](code), "heads": len(heads[code]),
         "count": counts[code], "fen": fen[code]}
        for code in sorted(heads, key=lambda c: _order(dimension, c))
    ]  # fmt: skip


def _measure(row: Row) -> str:
    return "＋".join(row["measures"]) or "其他"


def _region_of(given: Iterable[Row]) -> Callable[[Row], str]:
    """Regions, or the towns of the only one."""
    one = len({row["region"] for row in given}) < 2
    return (lambda row: row["town"] or row["region"]) if one else (lambda row: row["region"])


_KEYS: dict[str, Callable[[Sequence[Row]], Callable[[Row], str]]] = {
    "measure": lambda _given: _measure,
    "industry": lambda _given: lambda row: row["industry"],
    "size": lambda _given: lambda row: row["size"],
    "region": _region_of,
    "grade": lambda _given: lambda row: row["grade"],
}


def _division(code: str) -> str:
    try:
        return f"{code} {industry(code).name}" if code else "行业未定"
    except UnknownIndustryError:
        return "行业未定"


_LABELS: dict[str, Callable[[str], str]] = {
    "measure": str,
    "industry": _division,
    "size": lambda code: SIZE_NAMES.get(code, "规模未定"),
    "region": lambda code: code or "地区未填",
    "grade": lambda code: f"{code}类" if code else "没有等级",
}


def _order(dimension: str, code: str) -> tuple[int, str]:
    listed = {"size": list(SIZE_NAMES), "grade": list(GRADES)}.get(dimension, [])
    return (listed.index(code) if code in listed else len(listed), code)
