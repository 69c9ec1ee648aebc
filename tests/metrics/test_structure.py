"""Share, contribution and pull: published figures, odd denominators, exact sums."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.metrics.structure import (
    Part,
    RatePart,
    base_from_growth,
    break_down,
    break_down_rates,
    contribution,
    growth,
    increment,
    pull,
    share,
)
from jigai.metrics.worked import Worked, rounded

pytestmark = pytest.mark.system("retrofit-investment-statistics")

AMOUNTS = st.integers(0, 10**14)


def D(text: str) -> Decimal:
    return Decimal(text)


def test_half_a_year_of_changzhou_is_reproduced() -> None:
    """2014H1: industry 846.9 亿元 (+14.1 %), technical transformation 357.1 亿元 (+22.0 %)."""
    whole = base_from_growth(D("846.9"), D("0.141"), "亿元")
    part = base_from_growth(D("357.1"), D("0.220"), "亿元")
    own = increment(part.value, D("357.1")).value
    total = increment(whole.value, D("846.9")).value
    assert share(D("357.1"), D("846.9")).shown() == D("42.2")
    assert pull(own, whole.value).shown() == D("8.7")
    assert contribution(own, total).shown() == D("61.5")
    assert whole.shown(1) == D("742.2") and part.shown(1) == D("292.7")


def test_shares_times_growth_of_shanxi_add_up() -> None:
    """2021H1: 44.3 % × 43.8 %, 17.7 % × 14.3 %, 38.0 % × −23.5 %."""
    found = break_down_rates(
        [
            RatePart("甲", D("0.443"), D("0.438")),
            RatePart("乙", D("0.177"), D("0.143")),
            RatePart("丙", D("0.380"), D("-0.235")),
        ]
    )
    assert [one.shown() for one in found.points] == [D("19.4"), D("2.5"), D("-8.9")]
    assert found.total.shown() == D("13.0")
    assert found.total.value == Fraction("0.443") * Fraction("0.438") + Fraction(
        "0.177"
    ) * Fraction("0.143") - Fraction("0.380") * Fraction("0.235")
    assert found.rest == 0


def test_the_sum_is_not_the_sum_of_rounded_points() -> None:
    parts = [RatePart(name, Fraction(1, 3), Fraction(1, 100)) for name in "甲乙丙"]
    found = break_down_rates(parts)
    assert found.total.shown() == D("1.0")
    assert sum(one.shown() or 0 for one in found.points) == D("0.9")


def test_shares_of_more_than_one_whole_are_refused_and_the_rest_is_told() -> None:
    with pytest.raises(ValueError, match="more than the whole"):
        break_down_rates([RatePart("甲", D("0.6"), D("0")), RatePart("乙", D("0.5"), D("0"))])
    assert break_down_rates([RatePart("甲", D("0.6"), D("0.1"))]).rest == Fraction(2, 5)


def test_an_unknown_part_makes_the_sum_unknown_not_smaller() -> None:
    found = break_down_rates([RatePart("甲", D("0.5"), D("0.1")), RatePart("乙", D("0.5"), None)])
    assert found.points[0].value == Fraction(1, 20)
    assert found.total.value is None and found.total.why == "缺数据：乙"
    whole = break_down([Part("a", "甲", 1, 2), Part("b", "乙", None, 3)])
    assert whole.base is None and whole.growth.value is None and whole.current == 5
    assert whole.lines[0].growth.value == 1
    assert whole.lines[0].pull.value is None and "上年同期总量" in whole.lines[0].pull.why
    assert whole.lines[0].share.value == Fraction(2, 5)


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        (share(None, 10), "缺数据：部分"),
        (share(None, None), "缺数据：部分、全体"),
        (share(0, 0), "不宜计算：全体不大于零"),
        (share(-1, 5), "不宜计算：部分是负数"),
        (share(6, 5), "不宜计算：部分大于全体，两个数的口径不一致"),
        (growth(None, 5), "缺数据：上年同期"),
        (growth(0, 5), "不宜计算：上年同期为零，本期是新增"),
        (growth(0, 0), "不宜计算：上年同期为零"),
        (growth(-5, 5), "不宜计算：上年同期是负数"),
        (base_from_growth(5, -1), "不宜计算：下降 100% 后推不出上年同期"),
        (base_from_growth(5, D("-1.2")), "不宜计算：下降超过 100%，增速有误"),
        (base_from_growth(5, None), "缺数据：同比"),
        (increment(None, 1), "缺数据：上年同期"),
        (contribution(5, 0), "不宜计算：总量没有增长（总增量不大于零），请看拉动"),
        (contribution(-5, -10), "不宜计算：总量没有增长（总增量不大于零），请看拉动"),
        (contribution(None, 10), "缺数据：本部分增量"),
        (pull(5, 0), "不宜计算：上年同期总量不大于零"),
        (pull(5, -1), "不宜计算：上年同期总量不大于零"),
        (pull(5, None), "缺数据：上年同期总量"),
    ],
)
def test_no_figure_is_made_up(figure: Worked, why: str) -> None:
    assert figure.value is None and figure.shown() is None
    assert figure.why == why


def test_zero_is_known() -> None:
    assert share(0, 5).value == 0 and growth(5, 0).value == -1
    assert contribution(0, 5).value == 0 and pull(0, 5).value == 0
    assert base_from_growth(0, D("0.5")).value == 0


@pytest.mark.parametrize(
    ("own", "total", "value", "note"),
    [
        (150, 100, Fraction(3, 2), "其余部分合计下降，所以大于 100%"),
        (-50, 100, Fraction(-1, 2), "本部分下降，所以是负数"),
        (40, 100, Fraction(2, 5), ""),
    ],
)
def test_increments_of_opposite_sign_are_noted(
    own: int, total: int, value: Fraction, note: str
) -> None:
    found = contribution(own, total)
    assert (found.value, found.note) == (value, note)


def test_where_the_whole_falls_pulls_still_tell_who_did_it() -> None:
    found = break_down([Part("a", "甲", 100, 120), Part("b", "乙", 100, 40)])
    assert found.growth.value == Fraction(-1, 5)
    assert all(line.contribution.value is None for line in found.lines)
    assert [line.pull.shown() for line in found.lines] == [D("10.0"), D("-30.0")]
    assert found.lines[1].pull.note == "本部分下降，拉低总量"


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=12))
def test_parts_add_up_to_the_whole_exactly(pairs: list[tuple[int, int]]) -> None:
    found = break_down([Part(str(n), "", base, now) for n, (base, now) in enumerate(pairs)])
    base, now = sum(b for b, _ in pairs), sum(c for _, c in pairs)
    assert found.increment.value == now - base
    assert sum(line.increment.value or 0 for line in found.lines) == now - base
    if base > 0:
        pulls = [line.pull.value for line in found.lines]
        assert None not in pulls
        assert sum(pulls, Fraction(0)) == found.growth.value == Fraction(now - base, base)
    if now > base:
        given = [line.contribution.value for line in found.lines]
        assert None not in given and sum(given, Fraction(0)) == 1
    if now > 0:
        assert sum((line.share.value or Fraction(0) for line in found.lines), Fraction(0)) == 1


@given(st.integers(1, 10**14), st.integers(1, 10**14), st.integers(1, 10**14))
def test_pull_is_share_of_the_base_times_growth(base: int, rest: int, now: int) -> None:
    own = increment(base, now).value
    direct = pull(own, base + rest).value
    rates = break_down_rates([RatePart("甲", Fraction(base, base + rest), growth(base, now).value)])
    assert direct == rates.total.value


@given(AMOUNTS.filter(bool), AMOUNTS)
def test_the_base_comes_back_from_its_growth(base: int, now: int) -> None:
    rate = growth(base, now).value
    if now:
        assert base_from_growth(now, rate).value == base


@pytest.mark.parametrize("factor", [1, 10_000, 100_000_000])
def test_rates_do_not_depend_on_the_unit(factor: int) -> None:
    """亿元, 万元 and 元 give one share, one contribution and one pull."""
    found = break_down(
        [Part("a", "甲", 3 * factor, 5 * factor), Part("b", "乙", 4 * factor, 4 * factor)]
    )
    first = found.lines[0]
    assert (first.share.value, first.contribution.value, first.pull.value) == (
        Fraction(5, 9), 1, Fraction(2, 7),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "places", "wanted"),
    [
        (Fraction(25, 1000), 2, "0.03"),
        (Fraction(-25, 1000), 2, "-0.03"),
        (Fraction(-893, 100), 1, "-8.9"),
        (Fraction(-4, 100), 1, "0.0"),
        (Fraction(1, 3), 0, "0"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(10**20 + 1, 2), 0, "50000000000000000001"),
    ],
)
def test_halves_go_away_from_zero(value: Fraction, places: int, wanted: str) -> None:
    assert str(rounded(value, places)) == wanted


def test_every_figure_keeps_what_it_was_made_of() -> None:
    found = pull(3, 12, "亿元")
    assert found.formula == "本部分增量 ÷ 上年同期总量"
    assert [(one.name, one.value, one.unit) for one in found.inputs] == [
        ("本部分增量", 3, "亿元"), ("上年同期总量", 12, "亿元"),
    ]  # fmt: skip
    assert found.unit == "点" and found.shown() == D("25.0")


def test_floats_do_not_enter() -> None:
    with pytest.raises(TypeError, match="not exact"):
        share(0.1, 1)  # type: ignore[arg-type]
