"""Judges one target on one series: reached, gap, path, and a verdict that never guesses.

Clauses: JS 一.二, SN 一.二, GD 一, LA 一, YZ 二; readings U3 to U8, J1, Y48.
"""

from __future__ import annotations

from dataclasses import replace

from jigai.metrics import goal as words_of
from jigai.metrics.at_end import AT_END, base_of, base_value
from jigai.metrics.by_year import EACH_YEAR, judge_years
from jigai.metrics.goal import Finding, Goal, Words
from jigai.metrics.growth import shown
from jigai.metrics.limits import limit_of
from jigai.metrics.paths import required_path
from jigai.metrics.series import Series


def judge(goal: Goal, series: Series, words: Words, through: int) -> Finding:
    """Judge ``goal`` by figures up to year ``through`` (the last year that has ended).

    Before the last year of the period a target is 进行中, unless it can no longer be met or, being
    a sum, is met already. Qualitative targets are never judged (invariant 18); a figure nobody has
    is never taken for zero, and a 左右 without tolerance waits for a reading.
    """
    seen = Series({year: value for year, value in series.figures.items() if year <= through})
    if goal.qualitative:
        return Finding(words_of.QUALITATIVE, year=seen.last, trend=seen.trend())
    limit = limit_of(goal, words)
    if isinstance(limit, str):
        return Finding(words_of.NEEDS_READING, missing=[limit], trend=seen.trend())
    if goal.growth in EACH_YEAR:
        found = judge_years(goal, seen, words, limit, through)
    else:
        found = AT_END[goal.growth](goal, seen, words, limit, through)
    found.limit, found.trend = shown(limit.number), seen.trend()
    base_year = base_of(goal, words)
    base = base_value(goal, seen, base_year)
    found.path = required_path(goal, limit.number, base_year, base)
    return found


def with_period(goal: Goal, since: int | None, to: int | None) -> Goal:
    """The same target over a period that others decided (L21: the draft names no years)."""
    return replace(goal, since=since, to=to)
