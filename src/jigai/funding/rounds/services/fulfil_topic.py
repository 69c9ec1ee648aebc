"""Carries out what was decided about a topic through the special fund of its round."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.platform_calendar import platform_calendar
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import note
from jigai.funding.models import Application, CaseTopic, RoundMeasure
from jigai.funding.numbers import next_number
from jigai.funding.rounds.access import MANAGE
from jigai.funding.rounds.offered import offered_by
from jigai.funding.rounds.services.raise_topic import held_topic

State = Application.State


def fulfil_topic(*, topic: int, measure: int, by: User, access: Access) -> Application:
    """An application over exactly the decided amount, reviewed by the meeting that decided it.

    It goes on like any other: list within the budget, publicity, payment. Raises
    :class:`JigaiError` for a topic without a decided amount, one carried out already, or a measure
    with a formula.
    """
    with transaction.atomic():
        row = held_topic(topic, access, MANAGE)
        if row.state != CaseTopic.State.DECIDED or row.amount_fen is None:
            raise JigaiError(
                "nothing-to-fulfil", "没有议定的金额可以兑现", "先登记会议的决定和金额"
            )
        if row.application_id is not None:
            raise JigaiError("fulfilled-already", "这个议题已经进入兑现", "从议题页打开它的申报")
        chosen = _measure(row, measure)
        application = _application(row, chosen, by)
        row.application = application
        row.version += 1
        row.save(update_fields=["application", "version"])
    return application


def settle_topics() -> int:
    """Mark topics whose money has arrived; how many."""
    rows = CaseTopic.objects.filter(state=CaseTopic.State.DECIDED, application__state=State.PAID)
    done = list(rows.values_list("pk", flat=True))
    return CaseTopic.objects.filter(pk__in=done).update(state=CaseTopic.State.FULFILLED)


def _measure(row: CaseTopic, pk: int) -> RoundMeasure:
    assert row.round is not None
    found = RoundMeasure.objects.filter(round=row.round, pk=pk).first()
    if found is None:
        raise JigaiError("unknown-measure", "批次里没有这一事项", "从列表里选")
    known = {item.code: item for item in offered_by(row.round.pack)}
    if found.code in known and known[found.code].computes:
        raise JigaiError(
            "measure-computes", f"“{found.name}”有计算公式，不能一事一议", "选没有公式的事项"
        )
    return found


def _application(row: CaseTopic, measure: RoundMeasure, by: User) -> Application:
    assert row.round is not None and row.met_on is not None
    round_, today = row.round, timezone.localdate()
    application = Application.objects.create(
        number=next_number("SB", round_.region_code, round_.year), round=round_, measure=measure,
        region_code=round_.region_code, enterprise=row.enterprise, project=row.project,
        title=row.title, reviewed_fen=row.amount_fen, state=State.REVIEWED,
        submitted_at=timezone.now(), submitted_by=by, created_by=by,
        promised_on=platform_calendar().add_workdays(today, round_.pay_by_days),
    )  # fmt: skip
    note(
        application=application, by=by,
        text=f"一事一议：{row.meeting}（{row.met_on:%Y-%m-%d}）议定，议题 {row.number}",
    )  # fmt: skip
    return application
