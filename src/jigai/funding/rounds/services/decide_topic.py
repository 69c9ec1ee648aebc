"""What the meeting decided about a topic, entered by another person than who wrote it up."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.evidence import cite
from jigai.core.models import EvidenceFile, User
from jigai.errors import JigaiError
from jigai.funding.models import CaseTopic
from jigai.funding.rounds.access import OPEN
from jigai.funding.rounds.services.raise_topic import held_topic


def decide_topic(
    *, topic: int, agreed: bool, decision: str, amount_fen: int | None, met_on: dt.date,
    attendees: str, minutes: EvidenceFile | None, by: User, access: Access,
) -> CaseTopic:  # fmt: skip
    """Record decision, amount and minutes. The amount is the meeting's own; ``None`` where the
    meeting agreed to something else than money.

    Raises :class:`Denied` for who wrote the topic up and :class:`JigaiError` for a topic that is
    before no meeting, a decision without words or people, or an amount without minutes.
    """
    with transaction.atomic():
        row = held_topic(topic, access, OPEN)
        if row.created_by_id == by.pk:
            raise Denied("own-topic", "拟写议题的人不能登记决定", "请另一位有权限的人登记")
        if row.state != CaseTopic.State.TABLED:
            raise JigaiError("not-tabled", f"议题{row.get_state_display()}，不能登记决定",
                             "先提交会议；已议定的不能再改")  # fmt: skip
        _check(decision, attendees, amount_fen, agreed, met_on, minutes)
        row.state = CaseTopic.State.DECIDED if agreed else CaseTopic.State.REFUSED
        row.decision, row.attendees, row.met_on = decision.strip(), attendees.strip(), met_on
        row.amount_fen, row.minutes, row.decided_by = amount_fen, minutes, by
        row.version += 1
        row.save()
        if minutes is not None:
            cite(file=minutes, kind="topic", key=row.pk, label=row.title, purpose="会议纪要",
                 url=f"/topics/{row.pk}/", by=by)  # fmt: skip
    return row


def _check(
    decision: str, attendees: str, fen: int | None, agreed: bool, met_on: dt.date,
    minutes: EvidenceFile | None,
) -> None:  # fmt: skip
    if not decision.strip() or not attendees.strip():
        raise JigaiError("no-words", "没有写议定事项或参会人员", "照会议纪要填写")
    if met_on > timezone.localdate():
        raise JigaiError("not-met", "会议日期还没有到", "会后再登记")
    if fen is not None and not agreed:
        raise JigaiError("amount-refused", "没有同意的议题不能有金额", "清空金额")
    if fen is not None and fen <= 0:
        raise JigaiError("no-amount", "议定金额要大于零", "不给资金的把金额空着")
    if fen is not None and minutes is None:
        raise JigaiError("no-minutes", "议定了金额，没有上传会议纪要", "上传会议纪要再登记")
