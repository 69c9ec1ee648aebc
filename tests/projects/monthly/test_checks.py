"""The checks between months by themselves, each at its edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.projects.monthly.checks import Entry, Limits, check_year, oversized
from jigai.projects.monthly.proposals import propose
from jigai.projects.monthly.told import flag_words, tell

YUAN = 100
TOTAL = 1_000 * YUAN


def flags(*entries: Entry, limits: Limits | None = None) -> dict[int, tuple[str, ...]]:
    return {m: c.flags for m, c in check_year(entries, limits or Limits()).items()}


def entry(month: int, current: int | None, cumulative: int | None, **more: int | None) -> Entry:
    """Figures in yuan."""

    def fen(value: int | None) -> int | None:
        return None if value is None else value * YUAN

    return Entry(month, fen(current), fen(cumulative), **{k: fen(v) for k, v in more.items()})


@pytest.mark.parametrize(("cumulative", "found"), [(50_000, ()), (50_001, ("E_M_UNIT",))])
def test_above_fifty_times_the_planned_total(cumulative: int, found: tuple[str, ...]) -> None:
    assert flags(entry(1, cumulative, cumulative, total=1_000))[1] == found


def test_one_figure_too_large_is_enough_and_without_a_total_nothing_is() -> None:
    assert flags(entry(1, 60_000, 10, total=1_000))[1] == ("E_M_UNIT",)
    assert "E_M_UNIT" not in flags(entry(1, 60_000, 60_000))[1]
    assert oversized(entry(1, 60_000, 10, total=1_000)) == {"current"}


@pytest.mark.parametrize(
    ("off", "found"), [(99, ()), (100, ("W_M_MISMATCH",)), (-100, ("W_M_MISMATCH",))]
)
def test_a_hundred_yuan_of_difference(off: int, found: tuple[str, ...]) -> None:
    assert flags(entry(1, 1_000, 1_000), entry(2, 500 + off, 1_500))[2] == found


def test_the_first_report_is_compared_to_nothing_before_it() -> None:
    assert flags(entry(5, 300, 900))[5] == ("W_M_MISMATCH",)
    assert flags(entry(5, 900, 900))[5] == ()


def test_a_fall_hides_the_mismatch_and_counts_all_the_same() -> None:
    found = check_year([entry(1, 100, 1_000), entry(2, 5, 900), entry(3, 100, 1_000)])
    assert found[2].flags == ("E_M_DECREASE",) and found[2].accepted
    assert found[3].flags == (), "compared to the fallen month, which was accepted"


def test_after_a_month_that_was_not_accepted_the_difference_says_nothing() -> None:
    months = [entry(1, 100, 100, total=1_000), entry(2, 1, 90_000, total=1_000),
              entry(3, 50, 400, total=1_000)]  # fmt: skip
    assert flags(*months) == {1: (), 2: ("E_M_UNIT",), 3: ()}


def test_a_missing_month_is_told_and_breaks_the_chain() -> None:
    found = check_year([entry(1, 100, 100), entry(3, 1, 300)])
    assert not found[2].reported and found[2].flags == ("W_M_MISSING",)
    assert found[3].flags == ()


@pytest.mark.parametrize(("cumulative", "found"), [(1_500, ()), (1_501, ("W_M_OVER_PLAN",))])
def test_above_one_and_a_half_times_the_plan(cumulative: int, found: tuple[str, ...]) -> None:
    assert flags(entry(1, cumulative, cumulative, year_plan=1_000))[1] == found


def test_ten_times_the_average_needs_three_months_before() -> None:
    months = [entry(m, 100, 100 * m) for m in (1, 2, 3)]
    assert flags(*months, entry(4, 1_000, 1_300))[4] == ("W_M_JUMP",)
    assert flags(*months, entry(4, 999, 1_299))[4] == ()
    assert flags(*months[:2], entry(3, 1_000, 1_200))[3] == ()
    idle = [entry(m, 0, 0) for m in (1, 2, 3)]
    assert flags(*idle, entry(4, 1_000, 1_000))[4] == (), "a start after idle months"


def test_limits_are_parameters() -> None:
    strict = Limits(unit_times=2, plan_percent=100, mismatch_fen=1, jump_times=2)
    assert flags(entry(1, 3_000, 3_000, total=1_000), limits=strict)[1] == ("E_M_UNIT",)


def test_no_cumulative_is_not_zero() -> None:
    found = check_year([entry(1, 10, None)])
    assert found[1].flags == ("E_M_EMPTY",) and not found[1].accepted


def test_nothing_reported_is_nothing_found() -> None:
    assert check_year([]) == {}


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
def test_a_truthful_year_has_no_doubts_but_jumps(monthly: list[int]) -> None:
    total, entries = 0, []
    for month, current in enumerate(monthly, 1):
        total += current
        entries.append(Entry(month, current, total, total=10**12))
    found = check_year(entries)
    assert all(set(c.flags) <= {"W_M_JUMP"} and c.accepted for c in found.values())


@given(st.integers(1, 10**8), st.sampled_from([10_000, 1_000]))
def test_a_proposal_is_exact_or_there_is_none(fen: int, factor: int) -> None:
    wrong = Entry(1, fen * factor, fen * factor, total=fen)
    made = propose(wrong, 0)
    assert made is None or (made.current in {fen, fen * factor // 10_000})


def test_a_proposal_never_falls_below_what_was_reached() -> None:
    wrong = entry(2, 600_000, 600_000, total=1_000)
    assert propose(wrong, 0) is not None
    assert propose(wrong, 10**9) is None
    assert propose(Entry(1, 7, 50_000_001, total=1), 0) is None, "not a whole fen"
    assert propose(entry(1, 10, 10, total=1_000), 0) is None, "nothing is suspect"


def test_findings_in_words_hold_their_figures() -> None:
    one = entry(2, 5, 900, total=1_000, year_plan=10)
    found = tell(("E_M_DECREASE", "W_M_OVER_PLAN"), one, 1_000 * YUAN, None, Limits())
    assert "900.00" in found[0].text and "少 100.00 元" in found[0].text
    assert "150%" in found[1].text and all(item.reasonable for item in found)
    assert not tell(("E_M_UNIT",), one, 0, None, Limits())[0].reasonable
    assert flag_words("W_M_MISSING") == "漏报"
