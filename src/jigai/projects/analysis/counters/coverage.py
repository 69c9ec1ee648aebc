"""Enterprises that carry out technical transformation, against the register of each year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from jigai.core.above_scale import above_scale
from jigai.core.access import Access
from jigai.core.screens.list_filters import below
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.selectors_figures import known_figures
from jigai.metrics.coverage import Coverage, coverage
from jigai.metrics.lives import states
from jigai.projects.analysis.counters.lives import Lived

FEN_PER_WAN = 1_000_000
_WAN = re.compile(r"(\d+)万元")


def coverage_of(
    access: Access, lives: Sequence[Lived], first: int, last: int, region: str = ""
) -> list[Coverage]:
    """Years from ``first`` to ``last``. Carrying out is read as GD ``guided_definition``: a project
    under way in the year, or newly filed in it. One query."""
    years = range(first, last + 1)
    took_part = taking_part(lives, years)
    registers = above_scale_by_year(access, years, region)
    return [one for one in coverage(took_part, registers) if first <= one.year <= last]


def taking_part(lives: Iterable[Lived], years: Iterable[int]) -> dict[int, set[int]]:
    """Enterprises by year; a project whose enterprise is not known counts for none."""
    known = {one.life.key: one for one in lives if one.enterprise is not None}
    found: dict[int, set[int]] = {}
    for year in years:
        state = states((one.life for one in known.values()), year)
        keys = {*state.carried, *state.begun}
        keys |= {key for key, one in known.items() if one.filed_in == year}
        found[year] = {owner for key in keys if (owner := known[key].enterprise) is not None}
    return found


def above_scale_by_year(
    access: Access, years: Iterable[int], region: str = ""
) -> dict[int, set[int]]:
    """规上 industrial enterprises by year, out of the revenue the register of the year gives.

    A year of which no revenue is on record has no entry. Industry is mining, manufacturing and
    utilities (GB/T 4754 divisions 06 to 46).
    """
    rows = enterprises_for(access).filter(industry_code__gte="06", industry_code__lt="47")
    if region:
        rows = below(rows, "region_code", region)
    given = list(years)
    figures = known_figures().filter(
        year__in=given, term="revenue", number__isnull=False,
        enterprise__in=rows.order_by().values("pk"),
    )  # fmt: skip
    latest = figures.order_by("enterprise_id", "year", "-pk").distinct("enterprise_id", "year")
    floors = {year: floor_fen(year) for year in given}
    found: dict[int, set[int]] = {}
    for enterprise, year, number in latest.values_list("enterprise_id", "year", "number"):
        floor = floors[year]
        if floor is None:
            continue
        members = found.setdefault(year, set())
        if number >= floor:
            members.add(enterprise)
    return found


def floor_fen(year: int) -> int | None:
    """The revenue from which an industrial enterprise is 规上 in a year, in fen."""
    found = _WAN.search(above_scale("1311", year, 0).threshold)
    return int(found[1]) * FEN_PER_WAN if found else None
