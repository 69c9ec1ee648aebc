"""Every way a target may grow, on its boundary, with figures missing, before and after its end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.metrics.goal import VERDICTS, WITHOUT_NUMBER, Finding, Goal, Words
from jigai.metrics.judge import judge, with_period
from jigai.metrics.series import Series

WORDS = Words(about="a", about_share=Fraction(5, 100), about_points=Fraction(1))
GROWTHS = (
    "level", "stock", "yearly", "yearly-increase", "cumulative", "average-growth",
    "yearly-growth", "change-from-base", "hold", "direction",
)  # fmt: skip


def goal(growth: str, value: str, **more: Any) -> Goal:
    """A target ``>= value`` over 2021–2023."""
    period = {"since": 2021, "to": 2023, "unit": "%"}
    options = {"comparator": ">=", "better": "up", **period, **more}
    return Goal(growth, value=Fraction(value), **options)


def found(target: Goal, figures: dict[int, Any], through: int = 2023, **words: Any) -> Finding:
    return judge(target, Series.of(figures), replace(WORDS, **words), through)


def verdict(*args: Any, **words: Any) -> str:
    return found(*args, **words).verdict


# each kind ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "figures", "through", "expected", "gap"),
    [
        (goal("level", "50"), {2023: 50}, 2023, "达成", "0"),
        (goal("level", "50"), {2023: "49.9"}, 2023, "未达成", "0.1"),
        (goal("level", "50", comparator=">"), {2023: 50}, 2023, "未达成", "0"),
        (goal("level", "10", comparator="<=", better="down"), {2023: 11}, 2023, "未达成", "1"),
        (goal("level", "50"), {2022: 60}, 2022, "进行中", "0"),
        (goal("level", "50"), {2022: 60, 2023: None}, 2023, "缺数据", None),
        (goal("level", "50", to=None), {2022: 60}, 2022, "达成", "0"),
        (goal("level", "50", to=None), {2022: 40}, 2022, "进行中", "10"),
        (goal("stock", "500", unit="家", comparator=">"), {2023: 500}, 2023, "未达成", "1"),
        (goal("cumulative", "30"), {2021: 10, 2022: 10, 2023: 10}, 2023, "达成", "0"),
        (goal("cumulative", "30"), {2021: 10, 2022: 10, 2023: 9}, 2023, "未达成", "1"),
        (goal("cumulative", "30"), {2021: 20, 2022: 10}, 2022, "达成", "0"),
        (goal("cumulative", "30"), {2021: 20, 2022: None, 2023: 10}, 2023, "达成", "0"),
        (goal("cumulative", "30"), {2021: 20, 2022: None, 2023: 5}, 2023, "缺数据", "5"),
        (goal("cumulative", "30", since=None), {2023: 40}, 2023, "缺数据", None),
        (goal("cumulative", "30"), {2021: 40, 2022: -20}, 2022, "进行中", "10"),
        (goal("yearly", "30"), {2021: 30, 2022: 31, 2023: 30}, 2023, "达成", "0"),
        (goal("yearly", "30"), {2021: 30, 2022: 29}, 2022, "未达成", "1"),
        (goal("yearly", "30"), {2021: 30, 2022: None, 2023: 30}, 2023, "缺数据", "0"),
        (goal("yearly", "30", since=None), {2021: 1, 2023: 30}, 2023, "达成", "0"),
        (goal("yearly", "30", since=None), {2021: 1}, 2021, "进行中", None),
        (goal("yearly", "30", to=None), {2021: 30, 2022: 30}, 2022, "进行中", "0"),
        (goal("hold", "90"), {2021: 95, 2022: 90, 2023: 91}, 2023, "达成", "0"),
        (goal("hold", "90"), {2021: 95, 2022: "89.9", 2023: 99}, 2023, "未达成", "0.1"),
        (goal("yearly-increase", "2"), {2020: 1, 2021: 3, 2022: 5, 2023: 7}, 2023, "达成", "0"),
        (goal("yearly-increase", "2"), {2020: 1, 2021: 9, 2022: 10}, 2022, "未达成", "1"),
        (goal("yearly-increase", "2"), {2021: 3, 2022: 5, 2023: 7}, 2023, "缺数据", "0"),
        (goal("yearly-growth", "0", comparator=">"), {2020: 5, 2021: 5}, 2021, "未达成", "0"),
        (goal("yearly-growth", "8"), {2020: 100, 2021: 108}, 2021, "进行中", "0"),
        (goal("yearly-growth", "8"), {2020: 0, 2021: 108}, 2021, "缺数据", None),
        (goal("average-growth", "10"), {2020: 1000, 2023: 1331}, 2023, "达成", "0"),
        (goal("average-growth", "10"), {2020: 1000, 2023: "1330.9"}, 2023, "未达成", "0.002755"),
        (goal("average-growth", "10"), {2020: None, 2023: 1331}, 2023, "缺数据", None),
        (goal("average-growth", "10"), {2020: 0, 2023: 1331}, 2023, "缺数据", None),
        (goal("average-growth", "10"), {2020: 1000, 2022: 1}, 2022, "进行中", "106.837722"),
        (goal("change-from-base", "12", better="down"), {2020: 1, 2023: "0.88"}, 2023, "达成", "0"),
        (goal("change-from-base", "12"), {2020: 100, 2023: 111}, 2023, "未达成", "1"),
        (goal("change-from-base", "12", base_year=2015), {2020: 1, 2023: 9}, 2023, "缺数据", None),
    ],
)  # fmt: skip
def test_on_the_boundary_and_beside_it(
    target: Goal, figures: dict[int, Any], through: int, expected: str, gap: str | None
) -> None:
    result = found(target, figures, through)
    assert result.verdict == expected
    assert result.gap == (None if gap is None else Decimal(gap))


# boundary cases of the table ---------------------------------------------------------------------

FIVE = {2020: 100, 2021: 112, 2022: 110, 2023: 125, 2024: 135, 2025: 150}
PLAN = {"since": 2021, "to": 2025, "base_year": 2020}


@pytest.mark.system("growth-calculator")
def test_growth_on_average_may_be_attained_while_one_year_fell() -> None:
    """E21, Y48: the two requirements are two targets; neither hides the other."""
    average = found(goal("average-growth", "8", **PLAN), FIVE, 2025)
    every_year = found(goal("yearly-growth", "0", comparator=">", **PLAN), FIVE, 2025)
    assert (average.verdict, average.value) == ("达成", Decimal("8.447177"))
    assert (every_year.verdict, every_year.failed_years) == ("未达成", [2022])
    assert average.other_readings == {"a": True, "b": True, "c": False}


@pytest.mark.parametrize(
    ("value", "method", "expected"),
    [
        ("20", "a", "达成"), ("20", "b", "达成"), ("20", "c", "未达成"),
        ("21", "a", "未达成"), ("21", "b", "达成"), ("-10", "c", "达成"),
    ],
)  # fmt: skip
def test_the_reading_of_average_growth_decides(value: str, method: str, expected: str) -> None:
    """U5: compound exactly 20 %; the mean of 60 and −10 is 25; the worst year is −10."""
    figures = {2021: 100, 2022: 160, 2023: 144}
    target = goal("average-growth", value, base_year=2021)
    assert verdict(target, figures, growth_method=method) == expected


def test_the_base_year_not_written_is_the_year_before_or_the_first() -> None:
    """U6."""
    target, figures = goal("average-growth", "10"), {2020: 1000, 2021: 1, 2023: 1331}
    assert verdict(target, figures) == "达成"
    assert found(target, figures, base_year="b").value == Decimal("3548.287269")


@pytest.mark.system("target-register")
@pytest.mark.parametrize("growth", ["average-growth", "change-from-base"])
def test_without_a_base_nothing_is_attained(growth: str) -> None:
    """The base is asked for by year; an end figure however high attains nothing."""
    for missing in ({2023: 10**9}, {2020: None, 2023: 10**9}):
        result = found(goal(growth, "8"), missing)
        assert (result.verdict, result.missing) == ("缺数据", ["基年2020的数"])
    unstated = found(goal(growth, "8", since=None), {2020: 1, 2023: 10**9})
    assert (unstated.verdict, unstated.missing) == ("缺数据", ["基年"])
    endless = found(goal(growth, "8", to=None), {2020: 1, 2023: 10**9})
    assert (endless.verdict, endless.missing) == ("缺数据", ["起止年"])


def test_yearly_parts_are_attained_and_the_sum_is_short_by_one() -> None:
    """E18, G1."""
    figures = {2018: 8200, 2019: 8300, 2020: 8500}
    options = {"unit": "家", "since": 2018, "to": 2020, "base_value": Fraction(0)}
    whole = found(goal("cumulative", "25000", comparator=">", **options), figures, 2020)
    assert (whole.verdict, whole.value, whole.gap) == ("未达成", Decimal(25000), Decimal(1))
    for year, value in figures.items():
        part = goal("yearly", str(value), unit="家", since=year, to=year)
        assert verdict(part, figures, 2020) == "达成"
        assert verdict(replace(part, value=Fraction(value + 1)), figures, 2020) == "未达成"


# words -------------------------------------------------------------------------------------------


@pytest.mark.system("quantifier-semantics")
@pytest.mark.parametrize(
    ("unit", "value", "figure", "words", "expected"),
    [
        ("个", "30", "29", {}, "达成"),
        ("个", "30", "28", {}, "未达成"),
        ("个", "30", "28.5", {}, "达成"),
        ("个", "30", "10000", {}, "达成"),
        ("%", "12", "11.4", {}, "达成"),
        ("%", "12", "11.39", {}, "未达成"),
        ("%", "12", "11", {"about": "b"}, "达成"),
        ("%", "12", "10.99", {"about": "b"}, "未达成"),
        ("%", "12", "11.99", {"about": "c"}, "未达成"),
        ("%", "12", "12", {"about": "c"}, "达成"),
        ("%", "12", "12", {"about": ""}, "待定读法"),
        ("%", "12", "12", {"about_share": None}, "待定读法"),
        ("%", "12", "12", {"about": "b", "about_points": None}, "待定读法"),
        ("个", "30", "30", {"about": "b"}, "待定读法"),
    ],
)
def test_about_needs_a_tolerance_somebody_chose(
    unit: str, value: str, figure: str, words: dict[str, Any], expected: str
) -> None:
    """U3: only the low side is relaxed; without a reading or its parameter nothing is judged."""
    target = goal("level", value, comparator="about", unit=unit)
    assert verdict(target, {2023: figure}, **words) == expected


def test_about_is_relaxed_upward_where_less_is_better() -> None:
    target = goal("level", "20", comparator="about", better="down")
    assert verdict(target, {2023: 21}) == "达成"
    assert verdict(target, {2023: "21.01"}) == "未达成"


@pytest.mark.parametrize(("reading", "expected"), [("a", "达成"), ("b", "未达成")])
def test_to_reach_may_be_read_as_to_equal(reading: str, expected: str) -> None:
    """U4."""
    assert verdict(goal("stock", "500", unit="家"), {2023: 501}, reach=reading) == expected
    assert verdict(goal("stock", "500", unit="家"), {2023: 500}, reach=reading) == "达成"
    assert verdict(goal("hold", "5"), dict.fromkeys((2021, 2022, 2023), 6), reach="b") == "达成"


@pytest.mark.parametrize(("reading", "expected"), [("a", "未达成"), ("b", "达成")])
def test_a_yearly_increase_may_be_the_amount_of_the_year(reading: str, expected: str) -> None:
    """J1; percentage points are always a difference."""
    figures = dict.fromkeys((2020, 2021, 2022, 2023), 1500)
    money = goal("yearly-increase", "1500", unit="亿元")
    assert verdict(money, figures, increment=reading) == expected
    points = goal("yearly-increase", "2", unit="百分点")
    assert verdict(points, dict.fromkeys(figures, 50), increment=reading) == "未达成"


# never judged ------------------------------------------------------------------------------------


@pytest.mark.system("qualitative-target-tracker")
@given(
    growth=st.sampled_from(GROWTHS),
    comparator=st.sampled_from(sorted(WITHOUT_NUMBER)),
    figures=st.dictionaries(st.integers(2015, 2030), st.integers(-100, 100), max_size=8),
    value=st.one_of(st.none(), st.integers(-100, 100)),
)
def test_what_has_no_number_is_never_judged(
    growth: str, comparator: str, figures: dict[int, int], value: int | None
) -> None:
    """Invariant 18, for every shape, however good the figures are."""
    for better in ("up", "down"):
        number = None if value is None else Fraction(value)
        target = Goal(growth, comparator, better, number, "%", 2021, 2023)
        result = found(target, figures, 2030)
        assert (result.verdict, result.gap, result.limit) == ("定性不判", None, None)
        assert result.trend == Series.of(figures).trend()
    direction = goal("direction", "5")
    assert verdict(direction, figures, 2030) == "定性不判"


@given(
    growth=st.sampled_from(GROWTHS),
    comparator=st.sampled_from([">=", ">", "<=", "<", "=", "about"]),
    figures=st.dictionaries(
        st.integers(2018, 2025), st.one_of(st.none(), st.integers(0, 200)), max_size=8
    ),
    value=st.integers(0, 150),
    through=st.integers(2018, 2026),
    ends=st.tuples(st.booleans(), st.booleans()),
)
def test_any_series_gives_a_verdict_that_can_be_explained(
    growth: str,
    comparator: str,
    figures: dict[int, int | None],
    value: int,
    through: int,
    ends: tuple[bool, bool],
) -> None:
    """Nothing is attained before its end except a sum or what has no end; 缺数据 says what."""
    since, to = (2021 if ends[0] else None), (2023 if ends[1] else None)
    target = Goal(growth, comparator, "up", Fraction(value), "%", since, to)
    result = found(target, figures, through)
    assert result.verdict in VERDICTS
    if result.verdict == "缺数据":
        assert result.missing
    if result.verdict == "达成":
        assert through >= 2023 or growth == "cumulative" or to is None
        assert not result.failed_years
    if result.verdict == "未达成" and growth not in (
        "yearly",
        "yearly-increase",
        "yearly-growth",
        "hold",
    ):
        assert through >= 2023
    later = {year: figure for year, figure in figures.items() if year <= through}
    assert found(target, later, through) == result, "figures after the day change nothing"


# paths -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (goal("average-growth", "10", base_year=2020), [1100, 1210, 1331]),
        (goal("change-from-base", "30", base_year=2020), [1100, 1200, 1300]),
        (goal("change-from-base", "30", better="down", base_year=2020), [900, 800, 700]),
        (goal("level", "1600", base_year=2020), [1200, 1400, 1600]),
        (goal("yearly-increase", "5", base_year=2020), [1005, 1010, 1015]),
        (goal("cumulative", "30"), [10, 20, 30]),
        (goal("yearly", "30"), [30, 30, 30]),
        (goal("average-growth", "10", to=None), []),
    ],
)
def test_what_each_year_needs(target: Goal, path: list[int]) -> None:
    result = found(target, {2020: 1000}, 2020)
    assert list(result.path.values()) == path
    assert list(result.path) == [2021, 2022, 2023][: len(path)]


def test_following_the_path_attains_the_target() -> None:
    for growth in ("average-growth", "change-from-base", "level", "yearly-increase"):
        target = goal(growth, "7", base_year=2020, base_value=Fraction(3))
        path = found(target, {2020: 3}, 2020).path
        assert verdict(target, {2020: 3, **path}) == "达成", growth
        short = {**path, 2023: path[2023] - Fraction(1, 10**9)}
        assert verdict(target, {2020: 3, **short}) == "未达成", growth


def test_a_period_decided_elsewhere_makes_a_target_judgeable() -> None:
    """L21: the draft names no years; somebody must."""
    target, figures = goal("average-growth", "10", since=None, to=None), {2020: 100, 2023: 200}
    assert verdict(target, figures) == "缺数据"
    assert verdict(with_period(target, 2021, 2023), figures) == "达成"
