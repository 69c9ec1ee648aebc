"""The makers of rows give what the rooms can work with."""

from __future__ import annotations

import pytest

from jigai.funding.models import Application
from jigai.ledgers.models import Account
from tests.funding.making import make_application, make_programme, make_round

pytestmark = pytest.mark.django_db


def test_a_fund_has_its_money_available() -> None:
    fund = make_programme(fen=5_000_00)
    held = dict(Account.objects.filter(book=fund.book).values_list("code", "balance"))
    assert (held["available"], held["source"], held["reserved"]) == (5_000_00, -5_000_00, 0)


def test_an_application_carries_its_amounts_as_far_as_it_has_come() -> None:
    round_ = make_round()
    reviewed = make_application(round_, state="reviewed", fen=7)
    paid = make_application(round_, state="paid", fen=9)
    assert (reviewed.reviewed_fen, reviewed.decided_fen) == (7, None)
    assert (paid.decided_fen, paid.paid_fen) == (9, 9)
    assert Application.objects.filter(round=round_).count() == 2
