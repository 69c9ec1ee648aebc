"""Shares of a fund: 未定 is never nought, sums reconcile with the book, two people send."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.budgets.services.allocate import (
    NewShare,
    plan_shares,
    report_share,
    send_share,
    set_share,
    shared_out,
)
from jigai.funding.models import Allocation
from tests.funding.budgets.funds import DAY, Two, fund_of, two

pytestmark = [pytest.mark.django_db, pytest.mark.system("city-block-grant")]


def refused(code: str, act: Any) -> None:
    with pytest.raises(JigaiError) as caught:
        act()
    assert caught.value.code == code


def a_share(people: Two, fen: int = 1000_00, **given: Any) -> tuple[Any, Allocation]:
    fund = fund_of(people, fen)
    made = plan_shares(programme=fund.pk, shares=[NewShare("示例一市", **given)], **people.by)
    return fund, made[0]


def send(people: Two, share: Allocation) -> Allocation:
    return send_share(allocation=share.pk, document="示例财〔2021〕9号", on=DAY, **people.over)


def put(people: Two, share: Allocation, fen: int, seen: int = 1) -> Allocation:
    return set_share(allocation=share.pk, amount_fen=fen, seen=seen, **people.by)


def test_an_amount_nobody_has_set_is_not_nought() -> None:
    people = two()
    _fund, share = a_share(people)
    assert (share.amount_fen, share.state) == (None, "open")
    refused("undetermined", lambda: send(people, share))
    with pytest.raises(IntegrityError, match="allocation_set_has_amount"):
        Allocation.objects.filter(pk=share.pk).update(state="set")


def test_nought_may_be_decided() -> None:
    people = two()
    fund, share = a_share(people)
    put(people, share, 0)
    sent = send(people, share)
    assert (sent.amount_fen, sent.state, sent.entry) == (0, "sent", None)
    assert balances(fund).allocated == 0


def test_what_is_sent_leaves_the_fund() -> None:
    people = two()
    fund, share = a_share(people)
    put(people, share, 700_00)
    send(people, share)
    held = balances(fund)
    assert (held.available, held.allocated, held.budget) == (300_00, 700_00, 1000_00)
    refused("sent", lambda: send(people, share))
    refused("sent", lambda: put(people, share, 1, seen=3))


def test_no_more_is_sent_than_there_is() -> None:
    people = two()
    _fund, share = a_share(people)
    put(people, share, 1000_01)
    refused("account-short", lambda: send(people, share))
    assert Allocation.objects.get(pk=share.pk).state == "set"


def test_who_set_it_does_not_send_it() -> None:
    people = two()
    _fund, share = a_share(people)
    put(people, share, 5)
    Allocation.objects.filter(pk=share.pk).update(set_by=people.chief)
    refused("same-person", lambda: send(people, share))
    with pytest.raises(IntegrityError, match="allocation_four_eyes"):
        Allocation.objects.filter(pk=share.pk).update(sent_by=people.chief)


def test_two_who_set_at_once_are_told() -> None:
    people = two()
    _fund, share = a_share(people)
    put(people, share, 5)
    refused("changed", lambda: put(people, share, 6, seen=1))


def test_spending_is_reported_after_sending_and_within_it() -> None:
    people = two()
    _fund, share = a_share(people)

    def report(fen: int, seen: int) -> Allocation:
        return report_share(
            allocation=share.pk, used_fen=fen, performance="改造设备 12 台", seen=seen, **people.by
        )

    refused("not-sent", lambda: report(1, 1))
    put(people, share, 500_00)
    send(people, share)
    refused("above-share", lambda: report(500_01, 3))
    found = report(400_00, 3)
    assert (found.used_fen, found.performance) == (400_00, "改造设备 12 台")


def test_shares_come_after_those_there_are() -> None:
    people = two()
    fund, _share = a_share(people)
    made = plan_shares(
        programme=fund.pk, base_fen=100_01, **people.by,
        shares=[NewShare("甲", pct=Decimal(50)), NewShare("乙"), NewShare("丙", pct=Decimal(50))],
    )  # fmt: skip
    assert [(row.place, row.amount_fen, row.state) for row in made] == [
        (2, 50_01, "set"), (3, None, "open"), (4, 50_00, "set"),
    ]  # fmt: skip


def test_more_than_a_hundred_per_cent() -> None:
    refused("above-hundred", lambda: shared_out(1, [Decimal(60), Decimal("40.0001")]))


@given(
    base=st.integers(0, 10**13),
    shares=st.lists(st.none() | st.decimals(0, 8, places=4), min_size=1, max_size=12),
)
def test_shares_of_a_whole_are_exact(base: int, shares: list[Decimal | None]) -> None:
    found = shared_out(base, shares)
    for pct, fen in zip(shares, found, strict=True):
        assert (fen is None) == (pct is None)
        if fen is not None and pct is not None:
            assert abs(Decimal(fen) - Decimal(base) * pct / 100) < 1
    whole = sum((pct or Decimal() for pct in shares), Decimal())
    # Everybody's rounding together is less than a fen for each.
    told = sum(fen or 0 for fen in found)
    assert abs(Decimal(told) - Decimal(base) * whole / 100) < 1
