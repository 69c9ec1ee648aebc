"""Requests and batches: quota, two persons, and everything that must stop a payment."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models.enterprise import EnterpriseName
from jigai.errors import JigaiError
from jigai.funding.budgets import money
from jigai.funding.budgets.money import balances
from jigai.funding.models import Application, BankAccount, PaymentOrder, RequestLine
from jigai.funding.payments.plan import plan_batch
from jigai.funding.payments.services.answer_request import (
    IN_ORDER,
    MOST,
    grant_request,
    return_request,
)
from jigai.funding.payments.services.make_batch import make_batch
from jigai.funding.payments.services.make_request import make_request
from jigai.funding.payments.services.release_batch import release_batch, void_batch
from jigai.funding.payments.services.send_batch import send_batch
from jigai.funding.payments.services.send_request import drop_request, send_request
from tests.factories import SIBLING, make_user
from tests.funding.payments.scene import Scene, states

pytestmark = [pytest.mark.django_db, pytest.mark.system("budget-control")]


@pytest.fixture
def scene() -> Scene:
    return Scene((300_00, 100_00, 200_00))


def code_of(act: Any) -> str:
    with pytest.raises(JigaiError) as error:
        act()
    return error.value.code


def test_an_application_stands_on_one_request(scene: Scene) -> None:
    first = scene.asked()
    assert (first.rows, first.total_fen) == (3, 600_00)
    assert code_of(scene.asked) == "nothing-waits"
    drop_request(request=first.pk, seen=first.version, by=scene.clerk,
                 access=access_of(scene.clerk))  # fmt: skip
    assert scene.asked().rows == 3


def test_what_waits_to_be_worked_out_anew_is_not_asked_for(scene: Scene) -> None:
    stale = scene.applications[0]
    Application.objects.filter(pk=stale.pk).update(stale="发票红冲")
    assert scene.asked().rows == 2
    with pytest.raises(JigaiError) as error:
        make_request(round_=scene.round, by=scene.clerk, access=access_of(scene.clerk),
                     only=[stale.pk])  # fmt: skip
    assert error.value.code == "not-waiting"


def test_a_request_is_not_sent_once_an_amount_changed(scene: Scene) -> None:
    row = scene.asked()
    Application.objects.filter(pk=scene.applications[0].pk).update(decided_fen=1)

    def send() -> Any:
        return send_request(
            request=row.pk, seen=row.version, by=scene.clerk, access=access_of(scene.clerk)
        )

    assert code_of(send) == "lines-changed"


def grant(scene: Scene, row: Any, **changes: Any) -> Any:
    given = {"quota_no": "测财指1号", "quota_on": timezone.localdate(), "fen": row.total_fen,
             "seen": row.version, "by": scene.finance, **changes}  # fmt: skip
    return grant_request(request=row.pk, access=access_of(given["by"]), **given)


def test_who_asks_does_not_grant_and_nobody_out_of_reach_does(scene: Scene) -> None:
    row = scene.sent_request()
    for by in (scene.clerk, make_user("finance", SIBLING)):
        with pytest.raises(Denied):
            grant(scene, row, by=by)
    assert code_of(lambda: grant(scene, row, seen=row.version - 1)) == "changed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quota_no": " "}, "no-quota-number"),
        ({"fen": 600_01}, "quota-amount"),
        ({"fen": 0}, "quota-amount"),
        ({"fen": 500_00}, "no-rule"),
        ({"fen": 500_00, "rule": "whatever"}, "no-rule"),
        ({"fen": 50_00, "rule": MOST}, "quota-reaches-nobody"),
        ({"quota_on": dt.date(2020, 1, 1)}, "quota-day"),
        ({"quota_on": dt.date(2099, 1, 1)}, "quota-day"),
    ],
)
def test_what_is_no_quota(scene: Scene, changes: dict[str, Any], code: str) -> None:
    row = scene.sent_request()
    assert code_of(lambda: grant(scene, row, **changes)) == code


@pytest.mark.parametrize(("rule", "paid"), [(IN_ORDER, [300_00]), (MOST, [100_00, 200_00])])
def test_less_than_asked_pays_whole_lines_by_the_rule_chosen(
    scene: Scene, rule: str, paid: list[int]
) -> None:
    row = scene.granted(350_00, rule)
    lines = row.lines.order_by("amount_fen")
    assert [n.amount_fen for n in lines.filter(state="granted")] == paid
    assert row.note
    batch = scene.made(row)
    assert sorted(batch.orders.values_list("amount_fen", flat=True)) == paid
    # The others can be asked for again.
    assert scene.asked().total_fen == 600_00 - sum(paid)


def test_a_request_sent_back_frees_its_applications(scene: Scene) -> None:
    row = scene.sent_request()
    by = {"by": scene.finance, "access": access_of(scene.finance)}
    assert code_of(lambda: return_request(
        request=row.pk, seen=row.version, reason=" ", **by)) == "no-reason"  # fmt: skip
    row = return_request(request=row.pk, seen=row.version, reason="科目不对", **by)
    assert row.state == "returned" and row.note == "科目不对"
    assert not RequestLine.objects.exclude(state="released").exists()
    assert scene.asked().rows == 3


def test_no_quota_no_batch(scene: Scene) -> None:
    row = scene.sent_request()
    assert code_of(lambda: scene.made(row)) == "no-quota"


def block_stale(scene: Scene) -> None:
    Application.objects.filter(pk=scene.applications[0].pk).update(stale="发票红冲")


def block_account(scene: Scene) -> None:
    BankAccount.objects.filter(enterprise=scene.applications[0].enterprise).update(
        state="proposed", verified_by=None
    )


def block_name(scene: Scene) -> None:
    firm = scene.applications[0].enterprise
    firm.name = "改了名的示例企业"
    firm.save()


def block_reserve(scene: Scene) -> None:
    money.release(
        programme=scene.programme, application=scene.applications[0].pk, fen=1, key="less",
        text="少占用一分", on=dt.date(2021, 12, 1), by=scene.clerk,
    )  # fmt: skip


def block_amount(scene: Scene) -> None:
    Application.objects.filter(pk=scene.applications[0].pk).update(decided_fen=299_99)


def block_state(scene: Scene) -> None:
    Application.objects.filter(pk=scene.applications[0].pk).update(state="held")


BLOCKS = {
    "待重算": block_stale, "没有核对过": block_account, "户名": block_name,
    "占用": block_reserve, "与请示不同": block_amount, "异议暂停": block_state,
}  # fmt: skip


@pytest.mark.parametrize("word", BLOCKS)
def test_what_stops_one_payment_leaves_the_others(scene: Scene, word: str) -> None:
    row = scene.granted()
    BLOCKS[word](scene)
    plan = plan_batch(row)
    assert [b.application.pk for b in plan.blocked] == [scene.applications[0].pk]
    assert word in plan.blocked[0].reason and plan.blocked[0].next
    assert scene.made(row).total_fen == 300_00


@pytest.mark.parametrize("word", [w for w in BLOCKS if w not in ("户名", "与请示不同")])
def test_what_changed_after_it_was_made_stops_the_sending(scene: Scene, word: str) -> None:
    batch = scene.released(scene.granted())
    BLOCKS[word](scene)
    with pytest.raises(JigaiError) as error:
        scene.send(batch)
    assert "作废" in error.value.hint
    assert balances(scene.programme).transit == 0
    assert not PaymentOrder.objects.filter(state="sent").exists()
    batch.refresh_from_db()
    void_batch(batch=batch.pk, seen=batch.version, reason="账户变了", by=scene.finance,
               access=access_of(scene.finance))  # fmt: skip
    assert scene.made(batch.request).total_fen == 300_00


def test_a_former_name_on_the_account_is_paid(scene: Scene) -> None:
    row = scene.granted()
    firm = scene.applications[0].enterprise
    EnterpriseName.objects.create(enterprise=firm, name=firm.name)
    block_name(scene)
    assert scene.made(row).rows == 3


def test_nothing_is_ordered_twice(scene: Scene) -> None:
    row = scene.granted()
    scene.made(row)
    assert code_of(lambda: scene.made(row)) == "nothing-to-pay"
    assert PaymentOrder.objects.count() == 3


def test_who_made_a_batch_does_not_release_it(scene: Scene) -> None:
    batch = scene.made(scene.granted())
    for by in (scene.finance, scene.clerk, make_user("finance-chief", SIBLING)):
        with pytest.raises(Denied):
            release_batch(batch=batch.pk, seen=batch.version, by=by, access=access_of(by))
    from tests.factories import give_role

    give_role(scene.finance, "finance-chief")
    with pytest.raises(Denied) as error:
        release_batch(batch=batch.pk, seen=batch.version, by=scene.finance,
                      access=access_of(scene.finance))  # fmt: skip
    assert error.value.code == "same-person"


def test_only_a_released_batch_is_sent(scene: Scene) -> None:
    batch = scene.made(scene.granted())
    assert code_of(lambda: scene.send(batch)) == "batch-state"
    for by in (scene.treasury, scene.clerk):
        with pytest.raises(Denied):
            send_batch(batch=batch.pk, seen=batch.version, by=by, access=access_of(by))


def test_sending_twice_is_one_sending(scene: Scene) -> None:
    batch = scene.released(scene.granted())
    first = scene.send(batch)
    again = scene.send(batch)
    assert (again.version, again.file_hash) == (first.version, first.file_hash)
    assert balances(scene.programme).transit == 600_00


def test_a_sent_batch_cannot_be_given_up(scene: Scene) -> None:
    batch = scene.sent()

    def void(reason: str) -> Any:
        return void_batch(batch=batch.pk, seen=batch.version, reason=reason, by=scene.finance,
                          access=access_of(scene.finance))  # fmt: skip

    assert code_of(lambda: void("错了")) == "batch-state"


def test_giving_up_the_new_order_for_a_returned_one_leaves_room_for_another(scene: Scene) -> None:
    row = scene.granted()
    batch = scene.sent(row)
    back = batch.orders.order_by("id")[0]
    scene.answer(batch, back=[back.reference])
    BankAccount.objects.filter(pk=back.account_id).update(
        state="verified", verified_by=scene.treasury
    )
    anew = scene.made(row)
    void_batch(batch=anew.pk, seen=anew.version, reason="账户又变了", by=scene.finance,
               access=access_of(scene.finance))  # fmt: skip
    assert scene.made(row).orders.get().replaces == back
    assert states(scene.applications[0]) == ["cleared"]


def test_the_quota_holds_whatever_is_on_the_lines(scene: Scene) -> None:
    row = scene.granted()
    type(row).objects.filter(pk=row.pk).update(quota_fen=599_99)
    assert code_of(lambda: scene.made(row)) == "over-quota"


def test_the_statements_do_not_grow_with_the_rows() -> None:
    counts = []
    for size in (4, 24):
        scene = Scene(tuple(range(100, 100 + size)))
        with CaptureQueriesContext(connection) as caught:
            batch = scene.sent()
            scene.answer(batch, name=f"{size}.csv")
        counts.append(len(caught))
        assert Application.objects.filter(round=scene.round, state="paid").count() == size
    # Notices to people go one by one; there are as many of those at both sizes.
    assert counts[1] <= counts[0], counts


def test_a_batch_of_some_of_them(scene: Scene) -> None:
    row = scene.granted()
    keys = [scene.applications[1].pk]
    batch = make_batch(request=row.pk, by=scene.finance, access=access_of(scene.finance), only=keys)
    assert batch.total_fen == 100_00
    assert scene.made(row).total_fen == 500_00
