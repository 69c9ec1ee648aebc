"""What answers mean for the applications: paid, or waiting to be paid again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, Notice, NoticeChoice, User
from jigai.funding.applications.services.move_application import move_many
from jigai.funding.invoices.later_papers import start_recheck
from jigai.funding.models import Application, PaymentOrder

State: Any = Application.State
EVENT = "payment-answer"
# What has arrived, and on which day the last of it did where all of it has.
_SUMS = """
    UPDATE funding_application a SET paid_fen = s.fen,
      paid_on = CASE WHEN s.fen >= a.decided_fen THEN s.day ELSE NULL END
    FROM (SELECT application_id, sum(amount_fen)::bigint AS fen, max(paid_on) AS day
          FROM funding_paymentorder WHERE state = 'paid' AND application_id = ANY(%s)
          GROUP BY application_id) AS s
    WHERE a.id = s.application_id
"""


def carry_on(orders: Sequence[int], by: User) -> None:
    """Move the applications of just answered orders (primary keys); set-based."""
    told = PaymentOrder.objects.filter(pk__in=orders).order_by("id")
    rows = list(told.values_list("application", "state", "returned_reason"))
    keys = sorted({application for application, _state, _reason in rows})
    # Held until the transaction ends, in one order for everybody.
    held = Application.objects.select_for_update().filter(pk__in=keys).order_by("id")
    states = dict(held.values_list("pk", "state"))
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [keys])
    whole = Application.objects.filter(pk__in=keys, paid_on__isnull=False, state=State.PAYING)
    arrived = list(whole.order_by("id").values_list("pk", flat=True))
    move_many(applications=arrived, to=State.PAID, text="款项已到账", by=by)
    _recheck(arrived)
    by_reason: dict[str, set[int]] = defaultdict(set)
    moved: set[int] = set()
    for application, state, reason in rows:
        waits = state == PaymentOrder.State.RETURNED and states[application] == State.PAYING
        if waits and application not in moved:
            by_reason[reason].add(application)
            moved.add(application)
    for reason, applications in sorted(by_reason.items()):
        text = f"退票：{reason}；核对或更正收款账户后重新支付"
        move_many(applications=sorted(applications), to=State.CLEARED, text=text, by=by)
    transaction.on_commit(lambda: tell(arrived, dict.fromkeys(moved, "退票，请核对收款账户")))


def _recheck(arrived: Sequence[int]) -> None:
    """Papers may have changed while the money was on its way: is some of it due back?"""
    rows = Application.objects.filter(pk__in=arrived).exclude(stale="").order_by("id")
    stale = list(rows.values_list("pk", flat=True))
    if stale:
        start_recheck(stale)


def tell(arrived: Sequence[int], returned: dict[int, str]) -> None:
    """Notices to the people of the enterprises; four statements however many."""
    words = {**dict.fromkeys(arrived, "款项已到账"), **returned}
    told = Application.objects.filter(pk__in=words).order_by("id")
    rows = list(told.values_list("pk", "enterprise", "number", "title"))
    silent = NoticeChoice.objects.filter(event=EVENT, in_app=False).values("user")
    held = Assignment.objects.filter(in_force(), enterprise__in={row[1] for row in rows})
    held = held.filter(user__is_active=True).exclude(user__in=silent)
    people: dict[int, set[int]] = defaultdict(set)
    for firm, person in held.order_by("id").values_list("enterprise", "user"):
        people[firm].add(person)
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=person, event=EVENT, title=f"{words[pk]}：{number}"[:200], body=title,
                url=f"/applications/{pk}/",
            )
            for pk, firm, number, title in rows
            for person in sorted(people[firm])
        ],
        batch_size=2000,
    )  # fmt: skip
