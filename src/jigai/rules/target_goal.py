"""Targets of a pack as goals to judge: years, readings and tolerances put in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from jigai.metrics.goal import Finding, Goal, Words
from jigai.metrics.judge import judge
from jigai.metrics.series import Number, Series
from jigai.rules import schema_programme as shapes
from jigai.rules.binding import Environment
from jigai.rules.schema import Identity

# Sums and standing levels whose beginning is not written count from the year of the document.
_FROM_ISSUE = frozenset(("cumulative", "hold"))


def judge_target(
    target: shapes.Target,
    identity: Identity,
    env: Environment,
    figures: Mapping[int, Number | None],
    on: dt.date | None = None,
) -> Finding:
    """Judge a target by yearly figures in the unit of its indicator (see :mod:`jigai.metrics`).

    ``on`` is the day it is judged: years that have ended by then count (a year ends with its 31st
    of December). Without it the last listed year has just ended. What had to be assumed because
    the document does not say is in ``Finding.assumed``.
    """
    goal, assumed = goal_of(target, identity)
    series = Series.of(figures)
    found = judge(goal, series, words_of(env), _through(series, on))
    found.assumed = assumed
    return found


def _through(series: Series, on: dt.date | None) -> int:
    if on is None:
        return series.last or 0
    return on.year if (on.month, on.day) == (12, 31) else on.year - 1


def goal_of(target: shapes.Target, identity: Identity) -> tuple[Goal, list[str]]:
    """A target with its period in years, and what was assumed about it (U6)."""
    base = target.baseline
    since = target.since.year if target.since else None
    assumed = []
    if since is None and target.growth in _FROM_ISSUE and target.to and identity.issued:
        since = identity.issued.year
        assumed.append(f"起年没有写，从成文的{since}年算起")
    if base and base.year and target.growth == "change-from-base" and since is None:
        since = base.year + 1
    if target.growth == "average-growth" and not (base and base.year) and since is not None:
        assumed.append("基年没有写，按读法“增长基期”取")
    goal = Goal(
        growth=target.growth,
        comparator=target.comparator,
        better=target.better,
        value=_fraction(target.value),
        unit=target.unit,
        since=since,
        to=target.to.year if target.to else None,
        base_year=base.year if base else None,
        base_value=_fraction(base.value) if base and base.comparator == "=" else None,
    )
    return goal, assumed


def words_of(env: Environment) -> Words:
    """Readings U3 to U6 and J1 with the tolerances of 左右, as chosen for a run.

    A tolerance nobody has set stays ``None``: then a 左右 waits for a reading.
    """
    reading = env.readings.get
    points = _parameter(env, "about_points")
    return Words(
        about=reading("about_tolerance", ""),
        about_share=_parameter(env, "about_relative"),
        about_points=None if points is None else points * 100,
        reach=reading("reach_comparator", "a"),
        growth_method=reading("growth_method", "a"),
        base_year=reading("base_year", "a"),
        increment=reading("increment_basis", "a"),
    )


def _parameter(env: Environment, key: str) -> Fraction | None:
    found = env.parameters.get(key)
    return None if found is None or found.value is None else Fraction(found.value)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(Decimal(text))
