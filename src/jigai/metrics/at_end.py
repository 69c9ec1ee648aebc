"""Targets judged at the end of their period: levels, sums, growth on average, change in total."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

from jigai.metrics import goal as words_of
from jigai.metrics.goal import Finding, Goal, Words
from jigai.metrics.growth import change, compound_rate, compound_sign, mean_rate, shown
from jigai.metrics.limits import Limit
from jigai.metrics.series import Series


def base_of(goal: Goal, words: Words) -> int | None:
    """Base year: as written, else the year before the period or its first year (U6)."""
    if goal.base_year is not None:
        return goal.base_year
    if goal.since is None:
        return None
    return goal.since if words.base_year == "b" else goal.since - 1


def base_value(goal: Goal, series: Series, year: int | None) -> Fraction | None:
    """Figure of the base year: as the target states it, else from the series."""
    return goal.base_value if goal.base_value is not None else series.at(year)


def _verdict(goal: Goal, met: bool | None, through: int) -> str:
    """Verdict at the end of the period; before it nothing is lost and nothing won."""
    if goal.to is None or through < goal.to:
        return words_of.UNDER_WAY
    if met is None:
        return words_of.NO_DATA
    return words_of.ATTAINED if met else words_of.FAILED


# at the end of the period ------------------------------------------------------------------------


def _level(goal: Goal, series: Series, words: Words, limit: Limit, through: int) -> Finding:
    """A level or a stock at the end; without an end it is reached or still under way."""
    final = goal.to is not None and through >= goal.to
    known = series.known()
    year = goal.to if final else (known[-1][0] if known else None)
    value = series.at(year)
    found = Finding(_verdict(goal, None if value is None else limit.met(value), through), year=year)
    if value is None:
        found.missing = [f"{year}年的数" if year else "各年的数"]
        found.verdict = words_of.NO_DATA
        return found
    if goal.to is None and limit.met(value):
        found.verdict = words_of.ATTAINED
    found.value = shown(value)
    found.gap = shown(limit.short(value, goal.counted))
    return found


def _cumulative(goal: Goal, series: Series, words: Words, limit: Limit, through: int) -> Finding:
    """A sum over the period; what is not yet known cannot make a met sum unmet."""
    if goal.to is None or goal.since is None:
        return Finding(words_of.NO_DATA, missing=["起止年"])
    years = range(goal.since, min(goal.to, through) + 1)
    known = [v for year in years if (v := series.at(year)) is not None]
    total = sum(known, goal.base_value or Fraction(0))
    absent = [f"{year}年的数" for year in years if series.at(year) is None]
    found = Finding(words_of.UNDER_WAY, year=min(goal.to, through), missing=absent)
    if not years:
        return found
    if not known:
        found.verdict = words_of.NO_DATA
        return found
    growing = limit.symbol in (">=", ">") and all(value >= 0 for value in known)
    met = limit.met(total)
    if met and growing:
        found.verdict = words_of.ATTAINED
    else:
        found.verdict = _verdict(goal, None if absent else met, through)
    found.value, found.gap = shown(total), shown(limit.short(total, goal.counted))
    return found


def _change(goal: Goal, series: Series, words: Words, limit: Limit, through: int) -> Finding:
    """Total change against the base year (E19: 1.000 → 0.880 is exactly 12 %)."""
    base_year = base_of(goal, words)
    base, end, missing = _ends(goal, series, base_year, through)
    if base is None or end is None:
        return Finding(words_of.NO_DATA, missing=missing)
    year, value = end
    moved = change(base, value, goal.better) * 100
    found = Finding(_verdict(goal, limit.met(moved), through), shown(moved), year=year)
    found.gap = shown(limit.short(moved, False))
    return found


def _average(goal: Goal, series: Series, words: Words, limit: Limit, through: int) -> Finding:
    """Average yearly growth: compound, and the other two ways beside it (U5)."""
    base_year = base_of(goal, words)
    base, end, missing = _ends(goal, series, base_year, through)
    if base is None or end is None or base_year is None:
        return Finding(words_of.NO_DATA, missing=missing)
    year, value = end
    rate = limit.number / 100
    ways = {"a": limit.signed(compound_sign(base, value, year - base_year, rate))}
    yearly = _yearly_rates(goal, series, base_year, year)
    others: dict[str, bool | None] = {"a": ways["a"], "b": None, "c": None}
    if yearly:
        others["b"] = limit.met(mean_rate(yearly) * 100)
        others["c"] = all(limit.met(step * 100) for step in yearly)
    met = others[words.growth_method]
    found = Finding(_verdict(goal, met, through), year=year, other_readings=others)
    found.value = compound_rate(base, value, year - base_year)
    if words.growth_method == "b" and yearly:
        found.value = shown(mean_rate(yearly) * 100)
    if met is not None:
        reached = Fraction(found.value)
        found.gap = shown(Fraction(0) if met else max(limit.number - reached, Fraction(0)))
    else:
        found.missing = [f"{base_year}—{year}年各年的数"]
    return found


def _ends(
    goal: Goal, series: Series, base_year: int | None, through: int
) -> tuple[Fraction | None, tuple[int, Fraction] | None, list[str]]:
    """Base figure and the last figure of the period, or what is missing for them."""
    if goal.to is None or base_year is None:
        return None, None, ["起止年" if goal.to is None else "基年"]
    base, missing = base_value(goal, series, base_year), []
    if base is None:
        missing.append(f"基年{base_year}的数")
    elif base <= 0:
        return None, None, [f"基年{base_year}的数不大于零，算不出增长"]
    if through >= goal.to:
        value = series.at(goal.to)
        end = None if value is None else (goal.to, value)
        if value is None:
            missing.append(f"{goal.to}年的数")
    else:
        known = [(y, v) for y, v in series.known() if base_year < y <= goal.to]
        end = known[-1] if known else None
        if end is None:
            missing.append(f"{base_year}年以后的数")
    return base, end, missing


def _yearly_rates(goal: Goal, series: Series, base_year: int, last: int) -> list[Fraction]:
    """Growth of every year after the base; empty if any cannot be told."""
    first = base_value(goal, series, base_year)
    rest = [series.at(y) for y in range(base_year + 1, last + 1)]
    values = [v for v in (first, *rest) if v is not None and v > 0]
    if len(values) < len(rest) + 1:
        return []
    return [b / a - 1 for a, b in itertools.pairwise(values)]


AT_END: dict[str, Callable[[Goal, Series, Words, Limit, int], Finding]] = {
    "level": _level,
    "stock": _level,
    "cumulative": _cumulative,
    "change-from-base": _change,
    "average-growth": _average,
}
