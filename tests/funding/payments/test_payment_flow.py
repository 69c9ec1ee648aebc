"""From cleared to paid: request, quota, batch by two persons, file, answers, reconciliation."""

from __future__ import annotations

import pytest

from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.payments.reconcile import reconcile
from tests.funding.payments.scene import Scene, states

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


def test_the_whole_way_and_the_money_at_each_step() -> None:
    scene = Scene((100_00, 200_00, 300_00))
    request = scene.granted()
    assert request.total_fen == 600_00 and request.rows == 3
    assert request.document is not None
    batch = scene.released(request)
    assert balances(scene.programme).reserved == 600_00
    assert states(*scene.applications) == ["cleared"] * 3
    batch = scene.send(batch)
    assert balances(scene.programme).transit == 600_00
    assert states(*scene.applications) == ["paying"] * 3
    record = scene.answer(batch)
    assert (record.paid, record.returned, record.problems) == (3, 0, [])
    assert states(*scene.applications) == ["paid"] * 3
    held = balances(scene.programme)
    assert (held.reserved, held.transit, held.paid) == (0, 0, 600_00)
    assert reconcile(scene.programme).agrees
    batch.refresh_from_db()
    assert batch.state == "settled"


def test_a_returned_payment_is_paid_anew_once() -> None:
    scene = Scene((100_00, 200_00))
    request = scene.granted()
    batch = scene.sent(request)
    back = batch.orders.order_by("id").first()
    assert back is not None
    scene.answer(batch, back=[back.reference])
    assert states(*scene.applications) == ["cleared", "paid"]
    back.account.refresh_from_db()
    assert back.account.state == "proposed" and "销户" in back.account.note
    with pytest.raises(JigaiError) as error:
        scene.made(request)
    assert "账户" in error.value.message
    back.account.state, back.account.verified_by = "verified", scene.treasury
    back.account.save()
    again = scene.sent(request)
    order = again.orders.get()
    assert order.replaces == back and order.amount_fen == 100_00
    scene.answer(again)
    assert states(*scene.applications) == ["paid", "paid"]
    assert balances(scene.programme).paid == 300_00
    assert reconcile(scene.programme).agrees
