"""Rules for money that does not reach, against a calculation of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.funding.decisions.shares import (
    ENOUGH,
    PRO_RATA,
    QUEUE,
    STOP,
    Wanted,
    effects,
    in_order,
    share,
)

pytestmark = pytest.mark.system("budget-control")

AMOUNTS = st.lists(st.integers(min_value=1, max_value=10**13), min_size=1, max_size=40)


def asked(amounts: list[int]) -> list[Wanted]:
    return [Wanted(key, fen, (key % 3,)) for key, fen in enumerate(amounts)]


def got(wanted: list[Wanted], budget: int, rule: str) -> dict[int, int]:
    return {key: one.fen for key, one in share(wanted, budget, rule).items()}


@given(AMOUNTS, st.data())
def test_in_proportion_the_budget_is_given_to_the_fen(amounts: list[int], data: Any) -> None:
    budget = data.draw(st.integers(min_value=0, max_value=sum(amounts)))
    given_ = got(asked(amounts), budget, PRO_RATA)
    assert sum(given_.values()) == budget
    assert all(0 <= given_[key] <= fen for key, fen in enumerate(amounts))


@given(AMOUNTS, st.data())
def test_nobody_is_a_fen_from_the_exact_share(amounts: list[int], data: Any) -> None:
    budget = data.draw(st.integers(min_value=0, max_value=sum(amounts)))
    given_, total = got(asked(amounts), budget, PRO_RATA), Decimal(sum(amounts))
    for key, fen in enumerate(amounts):
        assert abs(Decimal(given_[key]) - Decimal(fen) * budget / total) < 1


@given(AMOUNTS, st.data())
def test_the_order_of_the_list_changes_nothing(amounts: list[int], data: Any) -> None:
    budget = data.draw(st.integers(min_value=0, max_value=sum(amounts)))
    wanted = asked(amounts)
    mixed = data.draw(st.permutations(wanted))
    for rule in (PRO_RATA, QUEUE, STOP):
        assert share(wanted, budget, rule) == share(mixed, budget, rule)


def test_equal_claims_and_one_fen_too_few() -> None:
    wanted = [Wanted(key, 100) for key in (7, 3, 5)]
    assert got(wanted, 200, PRO_RATA) == {3: 67, 5: 67, 7: 66}


@given(AMOUNTS, st.data())
def test_a_queue_pays_in_order_until_nothing_is_left(amounts: list[int], data: Any) -> None:
    budget = data.draw(st.integers(min_value=0, max_value=sum(amounts)))
    wanted = asked(amounts)
    given_ = got(wanted, budget, QUEUE)
    assert sum(given_.values()) == budget
    shares = [(given_[one.key], one.fen) for one in in_order(wanted)]
    cut = [place for place, (fen, full) in enumerate(shares) if fen < full]
    if cut:
        assert all(fen == 0 for fen, _full in shares[cut[0] + 1 :])


def test_a_queue_says_who_is_cut_by_how_much_and_who_waits() -> None:
    wanted = [Wanted(1, 500_00, (1,)), Wanted(2, 300_00, (0,)), Wanted(3, 200_00, (2,))]
    found = share(wanted, 600_00, QUEUE)
    assert [(found[key].fen, found[key].words) for key in (2, 1, 3)] == [
        (300_00, "第 1 位，足额"),
        (300_00, "第 2 位，资金到此排完，安排余额，尚缺 200.00 元"),
        (0, "第 3 位，资金已排完，排队等待"),
    ]


def test_a_budget_that_reaches_offers_nothing_to_cut_and_one_that_does_not_offers_all_ways() -> (
    None
):
    wanted = [Wanted(1, 400), Wanted(2, 600)]
    assert effects(wanted, 1000) == {ENOUGH: {"granted": 1000, "full": 2, "part": 0, "none": 0}}
    assert effects(wanted, 999) == {
        PRO_RATA: {"granted": 999, "full": 1, "part": 1, "none": 0},
        QUEUE: {"granted": 999, "full": 1, "part": 1, "none": 0},
        STOP: {"granted": 0, "full": 0, "part": 0, "none": 2},
    }


def test_no_budget_at_all_gives_nothing_and_breaks_nothing() -> None:
    for budget in (0, -5):
        assert got([Wanted(1, 400)], budget, PRO_RATA) == {1: 0}
        assert got([Wanted(1, 400)], budget, QUEUE) == {1: 0}
