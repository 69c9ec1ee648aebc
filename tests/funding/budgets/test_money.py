"""The money of a special fund goes its way once, and nobody decides on more than there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jigai.errors import JigaiError
from jigai.funding.budgets import money
from jigai.funding.budgets.money import balances
from jigai.funding.models import PaymentOrder, Programme, Repayment
from jigai.ledgers.models import Entry
from tests.funding.budgets.funds import DAY, fund_of, two

pytestmark = [pytest.mark.django_db, pytest.mark.system("budget-control")]


def an_order(reference: str, fen: int, application: int = 7) -> PaymentOrder:
    return PaymentOrder(reference=reference, amount_fen=fen, application_id=application)


@pytest.fixture
def fund() -> Programme:
    return fund_of(two(), 1000_00)


def go(fund: Programme, verb: Any, *orders: PaymentOrder) -> None:
    verb(programme=fund, orders=orders, on=DAY, by=None)


def stands(fund: Programme) -> tuple[int, ...]:
    held = balances(fund)
    return (held.available, held.reserved, held.transit, held.paid, held.receivable)


def test_from_the_budget_to_the_account(fund: Programme) -> None:
    money.reserve(programme=fund, amounts={7: 600_00, 8: 300_00, 9: 0}, list_pk=1, on=DAY, by=None)
    assert stands(fund) == (100_00, 900_00, 0, 0, 0)
    first = an_order("ZF1", 600_00)
    go(fund, money.order, first)
    assert stands(fund) == (100_00, 300_00, 600_00, 0, 0)
    go(fund, money.give_back, first)
    again = an_order("ZF1-2", 600_00)
    go(fund, money.order, again)
    go(fund, money.settle, again)
    assert stands(fund) == (100_00, 300_00, 0, 600_00, 0)
    assert balances(fund).spent == 900_00
    assert not Entry.objects.filter(about="application:9").exists()


def test_a_list_above_the_budget_binds_nothing(fund: Programme) -> None:
    """Who is cut by how much is for the meeting to choose: the book never cuts by itself."""
    with pytest.raises(JigaiError) as caught:
        money.reserve(programme=fund, amounts={7: 600_00, 8: 400_01}, list_pk=1, on=DAY, by=None)
    assert caught.value.code == "account-short"
    assert "还差 0.01 元" in caught.value.message
    assert stands(fund) == (1000_00, 0, 0, 0, 0)


def test_a_bank_answer_sent_again_pays_once(fund: Programme) -> None:
    money.reserve(programme=fund, amounts={7: 600_00}, list_pk=1, on=DAY, by=None)
    for verb in (money.order, money.settle):
        for _ in range(3):
            go(fund, verb, an_order("ZF1", 600_00))
    assert stands(fund) == (400_00, 0, 0, 600_00, 0)
    with pytest.raises(JigaiError) as caught:
        go(fund, money.settle, an_order("ZF1", 599_00))
    assert caught.value.code == "entry-key-reused"


def test_nothing_is_paid_that_was_not_decided(fund: Programme) -> None:
    with pytest.raises(JigaiError, match="已审定"):
        go(fund, money.order, an_order("ZF1", 1))
    with pytest.raises(JigaiError, match="在途"):
        go(fund, money.settle, an_order("ZF1", 1))


def test_what_is_released_can_be_decided_on_again(fund: Programme) -> None:
    money.reserve(programme=fund, amounts={7: 600_00}, list_pk=1, on=DAY, by=None)
    for _ in range(2):
        money.release(
            programme=fund, application=7, fen=200_00, key="release:7:1", text="公示后核减",
            on=DAY, by=None,
        )  # fmt: skip
    assert stands(fund) == (600_00, 400_00, 0, 0, 0)


class Back:
    """A recovery as far as the book sees it."""

    def __init__(self, fen: int, earlier: int = 0) -> None:
        self.number, self.amount_fen, self.application_id = "ZH1", fen, 7
        self.repayments = self
        self.earlier = earlier

    def filter(self, **given: Any) -> Back:
        return self

    def aggregate(self, **given: Any) -> dict[str, int]:
        return {"fen": self.earlier}


def a_repayment(recovery: Any, fen: int, reference: str) -> Any:
    class Row:
        pk, amount_fen, received_on = 9, fen, DAY

    row = Row()
    row.reference, row.recovery = reference, recovery  # type: ignore[attr-defined]
    return row


def test_money_that_comes_back_is_free_again_and_interest_is_not_budget(fund: Programme) -> None:
    money.reserve(programme=fund, amounts={7: 600_00}, list_pk=1, on=DAY, by=None)
    go(fund, money.order, an_order("ZF1", 600_00))
    go(fund, money.settle, an_order("ZF1", 600_00))
    recovery: Any = Back(200_00)
    money.call_back(programme=fund, recovery=recovery, on=DAY, by=None)
    assert stands(fund) == (400_00, 0, 0, 400_00, 200_00)
    first: Repayment = a_repayment(recovery, 150_00, "R1")
    money.repay(programme=fund, repayment=first, by=None)
    recovery.earlier = 150_00
    # 60 of which 10 are interest.
    money.repay(programme=fund, repayment=a_repayment(recovery, 60_00, "R2"), by=None)
    assert stands(fund) == (600_00, 0, 0, 400_00, 0)
    recovery.earlier = 210_00
    assert money.repay(programme=fund, repayment=a_repayment(recovery, 5_00, "R3"), by=None) is None


def test_what_will_not_come_back_is_written_off(fund: Programme) -> None:
    money.reserve(programme=fund, amounts={7: 600_00}, list_pk=1, on=DAY, by=None)
    go(fund, money.order, an_order("ZF1", 600_00))
    go(fund, money.settle, an_order("ZF1", 600_00))
    recovery: Any = Back(200_00)
    money.call_back(programme=fund, recovery=recovery, on=DAY, by=None)
    money.write_off(programme=fund, recovery=recovery, fen=200_00, on=DAY, by=None)
    held = balances(fund)
    assert (held.receivable, held.written_off, held.available) == (0, 200_00, 400_00)


def test_a_list_of_any_length_takes_the_same_number_of_statements(fund: Programme) -> None:
    def asked(size: int, list_pk: int) -> int:
        amounts = {application: 1 for application in range(1, size + 1)}
        with CaptureQueriesContext(connection) as caught:
            money.reserve(programme=fund, amounts=amounts, list_pk=list_pk, on=DAY, by=None)
        return len(caught)

    assert asked(10, 1) == asked(500, 2) <= 10
    assert balances(fund).reserved == 510
