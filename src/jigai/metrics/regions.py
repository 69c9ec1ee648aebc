"""Totals up a tree of regions in which nothing is counted twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """What one region reports of one thing: ``key`` names the project, whoever reports it;
    ``amount`` in any whole unit (fen), ``None`` where unknown."""

    region: str
    key: Hashable
    amount: int | None


@dataclass(frozen=True, slots=True)
class RegionTotal:
    """Distinct things of a region and all below it.

    ``amount`` sums the known amounts, ``unknown`` counts things without one; ``conflicts`` are the
    keys several regions report with different amounts, ``repeated`` the reports left out.
    """

    count: int
    amount: int
    unknown: int
    repeated: int
    conflicts: tuple[Hashable, ...]


class BrokenTreeError(ValueError):
    """A region is its own ancestor."""


def path_up(region: str, parents: Mapping[str, str]) -> Iterator[str]:
    """A region and those above it; one that the tree does not know stands alone.

    Raises :class:`BrokenTreeError` where the parents go round in a circle.
    """
    seen: set[str] = set()
    at: str | None = region
    while at:
        if at in seen:
            raise BrokenTreeError(f"{at} is its own ancestor")
        seen.add(at)
        yield at
        at = parents.get(at)


def distinct_totals(
    reports: Iterable[Report], parents: Mapping[str, str]
) -> dict[str, RegionTotal]:
    """Totals by region: a thing that county, city and province all report counts once in each of
    the regions it lies in.

    Of different amounts for one thing, that of the lowest region counts (it is nearest to the
    site), then that of the smaller code; unknown gives way to known. ``parents`` maps a region to
    the one above it.
    """
    groups: dict[str, dict[Hashable, list[tuple[int, str, int | None]]]] = {}
    for report in reports:
        path = list(path_up(report.region, parents))
        # The deeper a region the longer its path up: deeper ones sort first.
        entry = (-len(path), report.region, report.amount)
        for region in path:
            groups.setdefault(region, {}).setdefault(report.key, []).append(entry)
    return {region: _total(found) for region, found in sorted(groups.items())}


def _total(found: Mapping[Hashable, list[tuple[int, str, int | None]]]) -> RegionTotal:
    amount = unknown = repeated = 0
    conflicts = []
    for key, entries in found.items():
        repeated += len(entries) - 1
        known = sorted((d, r, a) for d, r, a in entries if a is not None)
        if not known:
            unknown += 1
            continue
        amount += known[0][2]
        if len({a for _, _, a in known}) > 1:
            conflicts.append(key)
    return RegionTotal(len(found), amount, unknown, repeated, tuple(sorted(conflicts, key=str)))
