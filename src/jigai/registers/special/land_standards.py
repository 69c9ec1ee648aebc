"""Which land standard holds for an industry in a place on a day; pure.

Where several rows fit, the one of the smallest place goes first, then the one that names the
industry most closely. Rows that still tie contradict each other and give no standard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# Indicators a project is checked for, with the term of the packs that takes the standard.
CHECKED = {
    "investment": ("投资强度", "mu_investment_standard"),
    "output": ("产出强度", "mu_output_standard"),
    "plot_ratio": ("容积率", "plot_ratio_standard"),
    "coverage": ("建筑系数", "building_coverage_standard"),
}
_PER_HECTARE = 15
_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Standard:
    """One row: ``value`` in ``unit`` (``mu`` 万元/亩, ``hectare`` 万元/公顷, ``ratio``,
    ``percent``); no industries: all of them; ``place`` empty: the whole country."""

    id: int
    name: str
    number: str
    indicator: str
    industries: tuple[str, ...]
    place: str
    grade: str
    value: Decimal
    unit: str
    basis: str = ""
    pending: bool = False

    @property
    def as_asked(self) -> str:
        """The value as a calculator takes it: money for one 亩, a ratio, or per cent."""
        if self.unit == "hectare":
            yuan = (self.value * 10_000 / _PER_HECTARE).quantize(_FEN, ROUND_HALF_UP)
            return f"{yuan.normalize():f}元"
        suffix = {"mu": "万元", "percent": "%"}.get(self.unit, "")
        return f"{self.value.normalize():f}{suffix}"


@dataclass(frozen=True, slots=True)
class Found:
    """What is said of one indicator: a standard, or why there is none."""

    indicator: str
    name: str
    term: str
    standard: Standard | None
    why: str = ""
    others: tuple[Standard, ...] = ()


def find_standards(
    rows: Sequence[Standard], industry: str, region: str, grade: str = ""
) -> list[Found]:
    """One answer an indicator. ``industry`` and ``region`` are codes, either may be empty."""
    return [
        _find([row for row in rows if row.indicator == code], code, industry, region, grade)
        for code in CHECKED
    ]


def _find(rows: Iterable[Standard], code: str, industry: str, region: str, grade: str) -> Found:
    name, term = CHECKED[code]
    ranked = [
        (rank, row) for row in rows if (rank := _rank(row, industry, region, grade)) is not None
    ]
    if not ranked:
        return Found(code, name, term, None, "这个行业、地区当日没有登记标准，答缺数据")
    best = max(rank for rank, _ in ranked)
    fitting = [row for rank, row in ranked if rank == best]
    others = tuple(row for rank, row in ranked if rank != best)
    if len({(row.value, row.unit) for row in fitting}) > 1:
        numbers = "、".join(row.number for row in fitting)
        return Found(code, name, term, None, f"几条标准不一致：{numbers}，先核对", tuple(fitting))
    return Found(code, name, term, fitting[0], "", others)


def _rank(row: Standard, industry: str, region: str, grade: str) -> tuple[int, int, int] | None:
    """How closely a row fits (place, industry, grade); ``None`` where it does not."""
    if row.place and not region.startswith(_stem(row.place)):
        return None
    named = [len(code) for code in row.industries if code and industry.startswith(code)]
    if row.industries and not named:
        return None
    if row.grade and row.grade != grade:
        return None
    return (len(_stem(row.place)) if row.place else 0, max(named, default=0), bool(row.grade))


def _stem(place: str) -> str:
    """A code without the zeros that stand for everything below."""
    stem = place.rstrip("0")
    return stem + "0" * (len(stem) % 2)
