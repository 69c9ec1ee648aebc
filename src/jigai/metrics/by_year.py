"""Targets every year of which must be met: 每年, 逐年, 每年提高, 保持."""

from __future__ import annotations

from fractions import Fraction

from jigai.metrics import goal as words_of
from jigai.metrics.goal import Finding, Goal, Words, YearFinding
from jigai.metrics.growth import shown
from jigai.metrics.limits import Limit
from jigai.metrics.series import Series

EACH_YEAR = frozenset(("yearly", "yearly-increase", "yearly-growth", "hold"))
_AGAINST_LAST = frozenset(("yearly-increase", "yearly-growth"))


def judge_years(goal: Goal, series: Series, words: Words, limit: Limit, through: int) -> Finding:
    """One failed year fails the target (Y48, E21); a year nobody knows leaves it open.

    An amount ``yearly`` with an end and no beginning is that of the last year (J7, J9); a target
    without an end is never attained for good.
    """
    years = _years(goal, series, through)
    steps = [_step(goal, series, words, limit, year) for year in years]
    found = Finding(words_of.UNDER_WAY, years=steps)
    found.missing = _missing(goal, series, words, steps)
    judged = [step for step in steps if step.judged is not None]
    if judged:
        last = judged[-1]
        assert last.judged is not None
        found.year, found.value = last.year, shown(last.judged)
        found.gap = shown(
            max(limit.short(s.judged, goal.counted) for s in judged if s.judged is not None)
        )
    if any(step.attained is False for step in steps):
        found.verdict = words_of.FAILED
    elif not judged:
        begins = goal.since if goal.since is not None else goal.to
        if steps or begins is None or through >= begins:
            found.verdict = words_of.NO_DATA
            found.missing = found.missing or ["各年的数"]
    elif goal.to is not None and through >= goal.to:
        open_ = any(step.attained is None for step in steps)
        found.verdict = words_of.NO_DATA if open_ else words_of.ATTAINED
    return found


def _years(goal: Goal, series: Series, through: int) -> list[int]:
    """Years to judge: the whole period so far, even where figures are missing."""
    last = through if goal.to is None else min(goal.to, through)
    if goal.since is None and goal.to is not None and goal.growth == "yearly":
        return [goal.to] if through >= goal.to else []
    first = goal.since
    if first is None:
        known = [year for year, _value in series.known()]
        if not known:
            return []
        first = known[0] + (goal.growth in _AGAINST_LAST)
    return list(range(first, last + 1))


def _step(goal: Goal, series: Series, words: Words, limit: Limit, year: int) -> YearFinding:
    figure = series.at(year)
    judged = _judged(goal, series, words, year)
    attained = None if judged is None else limit.met(judged)
    return YearFinding(year, figure, judged, limit.number, attained)


def _judged(goal: Goal, series: Series, words: Words, year: int) -> Fraction | None:
    """What is compared in a year: its figure, or its change against the year before (J1 a)."""
    figure = series.at(year)
    if figure is None or not _against_last(goal, words):
        return figure
    before = series.at(year - 1)
    if before is None and goal.base_year == year - 1:
        before = goal.base_value
    if before is None:
        return None
    if goal.growth == "yearly-increase":
        moved = figure - before
        return -moved if goal.better == "down" else moved
    return (figure / before - 1) * 100 if before > 0 else None


def _against_last(goal: Goal, words: Words) -> bool:
    if goal.growth == "yearly-increase" and goal.unit != "百分点" and words.increment == "b":
        return False
    return goal.growth in _AGAINST_LAST


def _missing(goal: Goal, series: Series, words: Words, steps: list[YearFinding]) -> list[str]:
    """Years whose figure would have to be known, once each; an amount of the year alone is one."""
    wanted: dict[int, None] = {}
    for step in steps:
        if step.judged is not None:
            continue
        if _against_last(goal, words) and series.at(step.year - 1) is None:
            wanted[step.year - 1] = None
        if step.figure is None:
            wanted[step.year] = None
    named = [f"{year}年的数" for year in wanted]
    nothing = [s.year - 1 for s in steps if s.judged is None and s.year - 1 not in wanted]
    named += [
        f"{year}年的数不大于零，算不出增速" for year in nothing if series.at(year) is not None
    ]
    if goal.to is None and goal.since is None:
        named.insert(0, "起止年")
    return named
