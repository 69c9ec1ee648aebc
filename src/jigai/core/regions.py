"""Administrative regions by GB/T 2260 code, dated by year, and groups of them named by policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, cast

from jigai.core.tables import read_table

Level = Literal["province", "city", "county"]


class UnknownRegionError(LookupError):
    """A code that is not in the table, or was not in force on the date asked for."""


@dataclass(frozen=True, slots=True)
class Region:
    """One code with one name for a span of whole years, both ends included.

    ``valid_from`` or ``valid_to`` is ``None`` when the table records no start or no end. In the
    year of a change both the old and the new code hold, since the source knows only the year.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    valid_from: int | None
    valid_to: int | None

    def holds_in(self, year: int) -> bool:
        """Whether the code carried this name at some time in ``year``."""
        started = self.valid_from is None or self.valid_from <= year
        return started and (self.valid_to is None or year <= self.valid_to)


@dataclass(frozen=True, slots=True)
class RegionGroup:
    """A set of regions a policy document names, such as 苏南五市; not a statutory division."""

    id: str
    name: str
    members: tuple[str, ...]
    source: str


@cache
def load_regions() -> tuple[Region, ...]:
    """Every region, past and present, by code and then by year."""
    return tuple(
        Region(
            code=row["code"],
            name=row["name"],
            level=cast(Level, row["level"]),
            parent=row["parent"] or None,
            valid_from=_year(row["valid_from"]),
            valid_to=_year(row["valid_to"]),
        )
        for row in read_table("regions")
    )


def region(code: str, on: date | None = None) -> Region:
    """The region behind a six-digit code on a date, or its latest state without a date.

    Raises ``UnknownRegionError`` when the code is unknown or was not in force in that year.
    """
    rows = _by_code().get(code)
    if not rows:
        raise UnknownRegionError(f"行政区划代码 {code} 不在 GB/T 2260 表中,请核对六位代码。")
    if on is None:
        return rows[-1]
    held = [row for row in rows if row.holds_in(on.year)]
    if not held:
        spans = "、".join(f"{row.name}({_span(row)})" for row in rows)
        raise UnknownRegionError(f"行政区划代码 {code} 在 {on.year} 年不是有效代码:{spans}。")
    return held[-1]


def is_within(code: str, ancestor: str, on: date | None = None) -> bool:
    """Whether a region is, or lies in, another region or a region group (by code or group id).

    Raises ``UnknownRegionError`` when either is unknown on that date.
    """
    group = region_groups().get(ancestor)
    if group is not None:
        return any(is_within(code, member, on) for member in group.members)
    target = region(ancestor, on).code
    current: str | None = code
    while current is not None:
        found = region(current, on)
        if found.code == target:
            return True
        current = found.parent
    return False


def find_regions(name: str, *, on: date | None = None, within: str | None = None) -> list[Region]:
    """Every region with exactly this name that holds on the date (today's table without one)."""
    found = [
        row
        for row in _by_name().get(name, [])
        if (row.valid_to is None if on is None else row.holds_in(on.year))
    ]
    return [row for row in found if within is None or is_within(row.code, within, on)]


@cache
def region_groups() -> dict[str, RegionGroup]:
    """The region groups by id."""
    groups: dict[str, RegionGroup] = {}
    for row in read_table("region_groups"):
        known = groups.get(row["id"])
        members = (*known.members, row["code"]) if known else (row["code"],)
        groups[row["id"]] = RegionGroup(row["id"], row["name"], members, row["source"])
    return groups


@cache
def _by_code() -> dict[str, list[Region]]:
    index: dict[str, list[Region]] = {}
    for row in load_regions():
        index.setdefault(row.code, []).append(row)
    return index


@cache
def _by_name() -> dict[str, list[Region]]:
    index: dict[str, list[Region]] = {}
    for row in load_regions():
        index.setdefault(row.name, []).append(row)
    return index


def _year(text: str) -> int | None:
    return int(text) if text else None


def _span(row: Region) -> str:
    return f"{row.valid_from or '…'}—{row.valid_to or '今'}"
