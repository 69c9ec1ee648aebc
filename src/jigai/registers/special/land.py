"""Industrial land: what plans said against what was supplied, and what zones still hold.

All areas are whole units of 0.01 m².
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NO_PLAN, NO_SUPPLY, SHORT, OVER, EVEN = "no-plan", "no-supply", "short", "over", "even"
WORDS = {
    NO_PLAN: "无计划供地",
    NO_SUPPLY: "有计划未供地",
    SHORT: "供地不足",
    OVER: "超计划供地",
    EVEN: "与计划一致",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a region and year: all industrial land, and what of it puts 技改 first."""

    region: str
    year: int
    area: int
    retrofit: int


@dataclass(frozen=True, slots=True)
class Supply:
    """One supply that happened."""

    region: str
    year: int
    area: int
    retrofit: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Planned and supplied side by side; ``None`` is "no plan", not zero."""

    region: str
    year: int
    planned: int | None
    supplied: int
    planned_retrofit: int | None
    supplied_retrofit: int
    count: int

    @property
    def difference(self) -> int | None:
        """Supplied less planned."""
        return None if self.planned is None else self.supplied - self.planned

    @property
    def retrofit_difference(self) -> int | None:
        """The same for technical renovation."""
        if self.planned_retrofit is None:
            return None
        return self.supplied_retrofit - self.planned_retrofit

    @property
    def state(self) -> str:
        """How plan and supply stand to each other."""
        if self.planned is None:
            return NO_PLAN
        if self.supplied == 0 and self.planned > 0:
            return NO_SUPPLY
        if self.supplied == self.planned:
            return EVEN
        return SHORT if self.supplied < self.planned else OVER

    @property
    def word(self) -> str:
        """The state in words."""
        return WORDS[self.state]

    @property
    def retrofit_missed(self) -> bool:
        """Whether less went to technical renovation than was planned, whatever the total."""
        return self.retrofit_difference is not None and self.retrofit_difference < 0


def gaps(plans: Iterable[Plan], supplies: Iterable[Supply]) -> list[Gap]:
    """One line for every region and year that has a plan or a supply, newest year first."""
    planned = {(plan.region, plan.year): plan for plan in plans}
    given: dict[tuple[str, int], list[Supply]] = defaultdict(list)
    for supply in supplies:
        given[supply.region, supply.year].append(supply)
    found = []
    for region, year in sorted({*planned, *given}, key=lambda key: (-key[1], key[0])):
        plan, supplied = planned.get((region, year)), given.get((region, year), [])
        found.append(
            Gap(
                region, year, plan.area if plan else None, sum(s.area for s in supplied),
                plan.retrofit if plan else None, sum(s.area for s in supplied if s.retrofit),
                len(supplied),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class ZoneUse:
    """A zone, what is placed in it, and what is left (negative: occupied beyond its area)."""

    key: int
    code: str
    area: int
    used: int
    projects: int
    name: str = ""

    @property
    def left(self) -> int:
        """Area still free."""
        return self.area - self.used

    @property
    def over(self) -> bool:
        """Whether more is occupied than there is."""
        return self.left < 0


def zone_uses(
    zones: Mapping[int, tuple[str, int, str]], placements: Iterable[tuple[int, int]]
) -> list[ZoneUse]:
    """Uses by zone: ``zones`` by key as (code, area, name), ``placements`` as (zone key, area)."""
    used: dict[int, int] = defaultdict(int)
    count: dict[int, int] = defaultdict(int)
    for zone, area in placements:
        used[zone] += area
        count[zone] += 1
    found = [
        ZoneUse(key, code, area, used[key], count[key], name)
        for key, (code, area, name) in zones.items()
    ]
    return sorted(found, key=lambda use: (not use.over, use.code))
