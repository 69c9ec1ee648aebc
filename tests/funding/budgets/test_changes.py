"""Budgets change by two people; each fund of a region and year has a book of its own."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from jigai.core.access import Denied, access_of
from jigai.core.models import Notice
from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances, reserve
from jigai.funding.budgets.services.change_budget import decide_change, propose_change
from jigai.funding.models import BudgetChange, Programme
from tests.factories import SIBLING, give_role, make_user
from tests.funding.budgets.funds import DAY, change, fund_of, open_fund, two

pytestmark = [pytest.mark.django_db, pytest.mark.system("budget-control")]


def test_a_proposal_moves_nothing_until_another_approves(
    django_capture_on_commit_callbacks: object,
) -> None:
    people = two()
    fund = open_fund(people)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        made = propose_change(
            programme=fund.pk, kind="grant", amount_fen=500_00, document="示例财〔2021〕1号",
            happened_on=DAY, **people.by,
        )  # fmt: skip
    assert balances(fund).budget == 0
    assert Notice.objects.filter(user=people.chief, event="budget-proposed").exists()
    decided = decide_change(change=made.pk, approve=True, **people.over)
    assert decided.entry is not None
    assert decided.entry.basis == {"文号或依据": "示例财〔2021〕1号"}
    held = balances(fund)
    assert (held.budget, held.available) == (500_00, 500_00)
    with pytest.raises(JigaiError) as caught:
        decide_change(change=made.pk, approve=True, **people.over)
    assert caught.value.code == "decided"
    assert balances(fund).budget == 500_00


def test_nobody_approves_what_he_proposed() -> None:
    people = two()
    fund = open_fund(people)
    both = make_user("finance")
    give_role(both, "finance-chief")
    own = {"by": both, "access": access_of(both)}
    made = propose_change(
        programme=fund.pk, kind="grant", amount_fen=1, document="x", happened_on=DAY, **own
    )
    with pytest.raises(JigaiError) as caught:
        decide_change(change=made.pk, approve=True, **own)
    assert caught.value.code == "same-person"
    with pytest.raises(IntegrityError, match="budget_four_eyes"):
        BudgetChange.objects.filter(pk=made.pk).update(decided_by=both)


def test_a_refusal_says_why_and_moves_nothing() -> None:
    people = two()
    fund = open_fund(people)
    made = propose_change(
        programme=fund.pk, kind="add", amount_fen=1, document="x", happened_on=DAY, **people.by
    )
    with pytest.raises(JigaiError) as caught:
        decide_change(change=made.pk, approve=False, **people.over)
    assert caught.value.code == "no-reason"
    found = decide_change(change=made.pk, approve=False, note="缺文件", **people.over)
    assert (found.state, found.entry, balances(fund).budget) == ("refused", None, 0)


def test_a_cut_takes_only_what_is_free() -> None:
    people = two()
    fund = fund_of(people, 500_00)
    reserve(programme=fund, amounts={1: 400_00}, list_pk=1, on=DAY, by=None)
    with pytest.raises(JigaiError) as caught:
        change(people, fund, 200_00, "cut")
    assert caught.value.code == "account-short"
    change(people, fund, 100_00, "cut")
    held = balances(fund)
    assert (held.budget, held.available, held.reserved) == (400_00, 0, 400_00)


def test_sums_by_year_and_programme_stay_apart() -> None:
    people = two()
    one, two_ = fund_of(people, 500_00), fund_of(people, 70_00, year=2022)
    assert (balances(one).budget, balances(two_).budget) == (500_00, 70_00)
    with pytest.raises(JigaiError) as caught:
        open_fund(people)
    assert caught.value.code == "programme-exists"


def test_neither_another_county_nor_another_role() -> None:
    people, elsewhere = two(), two(SIBLING)
    fund = open_fund(people)
    for who in (elsewhere.by, {"by": people.chief, "access": access_of(people.chief)}):
        with pytest.raises(Denied):
            propose_change(
                programme=fund.pk, kind="grant", amount_fen=1, document="x", happened_on=DAY, **who
            )


def test_a_settled_fund_takes_no_change() -> None:
    people = two()
    fund = open_fund(people)
    Programme.objects.filter(pk=fund.pk).update(state="closed")
    with pytest.raises(JigaiError) as caught:
        change(people, fund, 1)
    assert caught.value.code == "programme-closed"


def test_an_amount_is_above_nought() -> None:
    people = two()
    fund = open_fund(people)
    with pytest.raises(JigaiError) as caught:
        change(people, fund, 0)
    assert caught.value.code == "no-amount"
