"""All ninety-seven targets of the documents meet figures: none is judged that must not be."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from jigai.metrics.goal import VERDICTS, WITHOUT_NUMBER, Finding
from jigai.rules.environment import build_environment
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model
from jigai.rules.schema_programme import Target
from jigai.rules.target_goal import goal_of, judge_target, words_of

PACKS = Path(__file__).parents[2] / "packs"
DOCUMENTS = ("jiangsu-2015", "sunan-2017", "guangdong-2019", "luan-2020", "yanzhou-2020")


@cache
def model(pack: str) -> Model:
    return build_model(load_pack(PACKS / pack))


TARGETS = [(pack, target) for pack in DOCUMENTS for target in model(pack).pack.targets]


def judged(pack: str, target: Target, figures: dict[int, int], **readings: str) -> Finding:
    found = model(pack)
    env = build_environment(found.pack, found.scope, year=2020, readings=readings)
    return judge_target(target, found.pack.identity, env, figures)


def target_of(pack: str, identifier: str) -> Target:
    (found,) = [target for target in model(pack).pack.targets if target.id == identifier]
    return found


def test_there_are_ninety_seven() -> None:
    assert len(TARGETS) == 97


@pytest.mark.system("qualitative-target-tracker")
@pytest.mark.parametrize(("pack", "target"), TARGETS, ids=lambda value: getattr(value, "id", ""))
def test_no_figures_attain_a_direction_and_none_attain_without_figures(
    pack: str, target: Target
) -> None:
    """Invariant 18 on every target of the five documents, with soaring and falling figures."""
    soaring = {year: 10**6 * (year - 2000) for year in range(2008, 2031)}
    falling = {year: 10**6 // (year - 2000) for year in range(2008, 2031)}
    verdicts = {judged(pack, target, figures).verdict for figures in (soaring, falling)}
    assert verdicts <= set(VERDICTS)
    if target.comparator in WITHOUT_NUMBER or target.growth == "direction":
        assert verdicts == {"定性不判"}
        assert target.comparator != "about"
    else:
        empty = dict.fromkeys(range(2008, 2031))
        found = model(pack)
        env = build_environment(found.pack, found.scope, year=2020)
        nothing = judge_target(target, found.pack.identity, env, empty)
        assert nothing.verdict == "缺数据"
        assert nothing.missing


def test_a_sum_without_a_first_year_counts_from_the_document_and_says_so() -> None:
    target = target_of("jiangsu-2015", "JS-T07")
    goal, assumed = goal_of(target, model("jiangsu-2015").pack.identity)
    assert (goal.since, goal.to) == (2015, 2017)
    assert assumed == ["起年没有写，从成文的2015年算起"]
    finding = judged("jiangsu-2015", target, {2014: 100, 2015: 60, 2016: 60, 2017: 80})
    assert (finding.verdict, finding.assumed) == ("达成", assumed)
    before = judged("jiangsu-2015", target, {2014: 999, 2015: 60, 2016: 60, 2017: 79})
    assert (before.verdict, int(before.gap or 0)) == ("未达成", 1)


def test_only_years_that_have_ended_count() -> None:
    found = model("yanzhou-2020")
    env = build_environment(found.pack, found.scope, year=2020)
    figures = {2020: 100, 2021: 112, 2022: 110, 2023: 125, 2024: 135, 2025: 150}

    def verdict(day: dt.date) -> str:
        target = target_of("yanzhou-2020", "YZ-T02")
        return judge_target(target, found.pack.identity, env, figures, day).verdict

    assert verdict(dt.date(2025, 12, 30)) == "进行中"
    assert verdict(dt.date(2025, 12, 31)) == verdict(dt.date(2026, 3, 1)) == "达成"


@pytest.mark.system("quantifier-semantics")
def test_about_follows_the_reading_and_waits_for_its_parameter() -> None:
    """U3: 30 个左右 → 29; nothing is judged while the tolerance is not set."""
    target = target_of("yanzhou-2020", "YZ-T01")
    assert judged("yanzhou-2020", target, {2020: 29}).failed_years == []
    assert judged("yanzhou-2020", target, {2020: 28}).failed_years == [2020]
    strict = judged("yanzhou-2020", target, {2020: 29}, about_tolerance="c")
    assert strict.failed_years == [2020]
    found = model("yanzhou-2020")
    unset = build_environment(found.pack, found.scope, year=2020, overrides={"左右相对容差": None})
    assert words_of(unset).about_share is None
    waiting = judge_target(target, found.pack.identity, unset, {2020: 30})
    assert (waiting.verdict, waiting.years) == ("待定读法", [])
    assert "左右容差" in waiting.missing[0]


def test_tolerances_come_from_the_parameters_of_the_pack() -> None:
    found = model("yanzhou-2020")
    wide = build_environment(found.pack, found.scope, year=2020, overrides={"左右相对容差": "10%"})
    target = target_of("yanzhou-2020", "YZ-T01")
    assert judge_target(target, found.pack.identity, wide, {2020: 27}).failed_years == []
    words = words_of(build_environment(found.pack, found.scope, year=2020))
    assert (words.about, words.about_share, words.about_points) == ("a", Fraction(1, 20), 1)
