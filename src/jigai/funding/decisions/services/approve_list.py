"""通过、不通过: by another person than who drew the list up, in one transaction."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import move_many
from jigai.funding.budgets.money import reserve
from jigai.funding.decisions.access import APPROVE, require_at
from jigai.funding.decisions.frozen import require_unchanged
from jigai.funding.decisions.services.locked import locked_list, save_list
from jigai.funding.models import DecisionList, Programme, Round
from jigai.funding.pending_checks import checks_at_once

_DECIDED = """
    UPDATE funding_application a SET decided_fen = l.decided_fen
    FROM funding_decisionline l
    WHERE l.decision_list_id = %s AND l.decided_fen > 0 AND a.id = l.application_id
"""
# Who waits is told so in the course of the application; its state stays.
_WAITING = """
    INSERT INTO funding_applicationstep (application_id, state, text, data, by_id, at)
    SELECT a.id, a.state, left(%s || l.remark, 400), '{}'::jsonb, %s, now()
    FROM funding_decisionline l JOIN funding_application a ON a.id = l.application_id
    WHERE l.decision_list_id = %s AND l.decided_fen = 0 ORDER BY l.place
"""


def approve_list(
    *, decision_list: int, binding: bool, by: User, access: Access, seen: int | None = None
) -> DecisionList:
    """Approve a submitted list; ``binding`` reserves the money and decides the applications, else
    it only goes on to the next meeting.

    The floor of the special fund's book is the ceiling: where the budget does not reach any more
    nothing happens (``account-short``). Raises :class:`JigaiError` for one's own list, without a
    meeting on record, or where something on the list changed.
    """
    with transaction.atomic(), checks_at_once():
        row = locked_list(decision_list, "submitted", seen)
        _require(row, by, access)
        require_unchanged(row, ["proposed"])
        row.state, row.decided_by, row.decided_at = "approved", by, timezone.now()
        row.binding = binding
        save_list(row, "state", "decided_by", "decided_at", "binding")
        if binding:
            _bind(row, by)
    return row


def _require(row: DecisionList, by: User, access: Access) -> None:
    require_at(access, APPROVE, row.round.region_code)
    if row.made_by_id == by.pk:
        raise JigaiError("own-list", "名单是您拟订的，不能由您自己审定", "请另一人审定")
    if not (row.meeting and row.met_on and row.minutes):
        raise JigaiError("no-meeting", "没有登记审定会议和纪要", "先登记会议名称、日期和纪要")
    if row.round.programme.state != Programme.State.OPEN:
        raise JigaiError("programme-closed", "专项资金已结清，不能再审定", "换用执行中的专项资金")


def _bind(row: DecisionList, by: User) -> None:
    rows = row.lines.filter(decided_fen__gt=0).order_by("application")
    amounts: dict[int, int] = dict(rows.values_list("application", "decided_fen"))
    _write_decisions(row, list(amounts), by)
    if not amounts:
        return
    reserve(
        programme=row.round.programme, amounts=amounts, list_pk=row.pk,
        on=timezone.localdate(), by=by,
    )  # fmt: skip
    if row.round.state == Round.State.CLOSED:
        row.round.state = Round.State.DECIDED
        row.round.version += 1
        row.round.save(update_fields=["state", "version"])


def _write_decisions(row: DecisionList, decided: list[int], by: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, [row.pk])
        cursor.execute(_WAITING, [f"第 {row.number} 版名单：", by.pk, row.pk])
    if decided:
        text = f"{row.get_stage_display()}通过（第 {row.number} 版名单）"
        move_many(applications=decided, to="decided", text=text, by=by)


def refuse_list(
    *, decision_list: int, reason: str, by: User, access: Access, seen: int | None = None
) -> DecisionList:
    """Send a submitted list back with a reason; what was proposed is reviewed again."""
    with transaction.atomic(), checks_at_once():
        row = locked_list(decision_list, "submitted", seen)
        require_at(access, APPROVE, row.round.region_code)
        if row.made_by_id == by.pk:
            raise JigaiError("own-list", "名单是您拟订的，不能由您自己审定", "请另一人审定")
        if not reason.strip():
            raise JigaiError("no-reason", "不通过要写理由", "写明要改什么，退回拟订人")
        row.state, row.refusal = DecisionList.State.REFUSED, reason.strip()[:400]
        row.decided_by, row.decided_at = by, timezone.now()
        save_list(row, "state", "refusal", "decided_by", "decided_at")
        held = row.lines.filter(application__state="proposed")
        keys = list(held.values_list("application", flat=True))
        if keys:
            text = f"第 {row.number} 版名单未通过：{reason.strip()}"
            move_many(applications=keys, to="reviewed", text=text, by=by)
    return row
