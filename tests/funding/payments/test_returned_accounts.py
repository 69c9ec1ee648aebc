"""Accounts that sent money back are doubted, as many as there are, in one statement."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jigai.funding.models import BankAccount
from tests.funding.payments.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


def answered(back: int) -> tuple[Scene, int]:
    """Five payments of which some come back; the scene, and how many statements it took."""
    scene = Scene((100_00, 200_00, 300_00, 400_00, 500_00))
    batch = scene.sent()
    references = list(batch.orders.order_by("id").values_list("reference", flat=True))
    file = scene.answer_file(batch, back=references[:back])
    with CaptureQueriesContext(connection) as caught:
        scene.book(batch, file)
    return scene, len(caught)


def test_every_account_that_sent_money_back_is_to_be_checked_anew() -> None:
    scene, _count = answered(back=2)
    firms = [row.enterprise_id for row in scene.applications]
    rows = {row.enterprise_id: row for row in BankAccount.objects.filter(enterprise__in=firms)}
    told = [(rows[firm].state, rows[firm].note, rows[firm].verified_by_id) for firm in firms]
    doubted, fine = ("proposed", "退票：账号已销户", None), ("verified", "", scene.finance.pk)
    assert told == [doubted, doubted, fine, fine, fine]


def test_more_returned_payments_take_no_more_statements() -> None:
    assert answered(back=1)[1] == answered(back=4)[1]
