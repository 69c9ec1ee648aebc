"""The figure each year needs so that a target is met at its end."""

from __future__ import annotations

from fractions import Fraction

from jigai.metrics.goal import Goal


def required_path(
    goal: Goal, limit: Fraction, base_year: int | None, base: Fraction | None
) -> dict[int, Fraction]:
    """Year → figure required, after the base year up to the last; empty where it cannot be told.

    Average growth compounds (U5 a); a level, a stock or a change against a base is approached in
    equal steps; a yearly amount is the same each year; a sum grows by the same share each year.
    """
    if goal.to is None:
        return {}
    first = goal.since if goal.since is not None else goal.to
    years = list(range(first, goal.to + 1))
    if goal.growth in ("yearly", "hold"):
        return dict.fromkeys(years, limit)
    if goal.growth == "cumulative":
        return {year: limit * (n + 1) / len(years) for n, year in enumerate(years)}
    if base is None or base_year is None or goal.to <= base_year:
        return {}
    return _from_base(goal, limit, base_year, base)


def _from_base(goal: Goal, limit: Fraction, base_year: int, base: Fraction) -> dict[int, Fraction]:
    assert goal.to is not None
    years = range(base_year + 1, goal.to + 1)
    span = goal.to - base_year
    if goal.growth == "average-growth":
        return {year: base * (1 + limit / 100) ** (year - base_year) for year in years}
    if goal.growth == "yearly-growth":
        return {year: base * (1 + limit / 100) ** (year - base_year) for year in years}
    if goal.growth == "yearly-increase":
        return {year: base + limit * (year - base_year) for year in years}
    end = limit
    if goal.growth == "change-from-base":
        end = base * (1 - limit / 100 if goal.better == "down" else 1 + limit / 100)
    return {year: base + (end - base) * (year - base_year) / span for year in years}
