"""What the keys of an analysis are called and where each leads further down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from jigai.core.enterprise_register import SIZE_NAMES
from jigai.core.industries import load_industries
from jigai.core.project_tags import tag_of
from jigai.core.region_years import below_in, codes_of_place, name_in, path_in
from jigai.projects.analysis.narrowing import Question

UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Named:
    """A key with its name and the question that opens it."""

    key: str
    name: str
    deeper: Question | None = None


@cache
def region_keys(region: str, year: int) -> dict[str, str]:
    """Every code that lies in a region in a year, to the line it stands in: the region below it, or
    ``=370800`` for what stands at the region itself. A code of no region of the year has none."""
    members = below_in(region, year)
    found = {}
    for code in codes_of_place(region or UNKNOWN, year):
        path = path_in(code, year)
        found[code] = next((step for step in path if step in members), f"={region}")
    return found


def _region(asked: Question, key: str) -> Named:
    if key == UNKNOWN:
        return Named(key, "区划不明")
    if key.startswith("="):
        return Named(key, f"{name_in(key[1:], asked.year)}本级（未分到下级）")
    deeper = asked.within(region=key)
    return Named(key, name_in(key, asked.year), deeper if key.endswith("00") else None)


def _industry(asked: Question, key: str) -> Named:
    if not key:
        return Named("", "行业不明")
    entry = load_industries().get(key)
    name = f"{key} {entry.name}" if entry else key
    return Named(key, name, asked.within(industry=key) if len(key) < 4 else None)


def _direction(asked: Question, key: str) -> Named:
    if not key:
        return Named("", "没有标方向")
    return Named(key, tag_of(key).name)


def _size(asked: Question, key: str) -> Named:
    return Named(key, SIZE_NAMES.get(key, key) if key else "规模不明")


def _month(asked: Question, key: str) -> Named:
    return Named(key, f"{key} 月")


NAMERS: dict[str, Callable[[Question, str], Named]] = {
    "region": _region, "industry": _industry, "direction": _direction, "size": _size,
    "month": _month,
}  # fmt: skip
