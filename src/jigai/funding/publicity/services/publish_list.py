"""Gives public notice of an approved list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.platform_calendar import platform_calendar
from jigai.core.selectors_regions import names_of_regions
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import move_many
from jigai.funding.models import Application, DecisionList, Publicity, Round
from jigai.funding.numbers import next_number
from jigai.funding.pending_checks import checks_at_once
from jigai.funding.publicity.access import MANAGE
from jigai.funding.publicity.paper import issue_paper
from jigai.funding.publicity.period import period_of
from jigai.funding.rounds.access import require_reach

S: Any = Application.State
# A person (个体工商户 carry a code that begins with 92) is named by the ends of the name only.
SHOWN_NAME = """
    CASE WHEN NOT (e.uscc LIKE '92%%' OR e.legal_type = 'individual') THEN {name}
      WHEN length({name}) <= 4 THEN left({name}, 1) || '＊＊'
      ELSE left({name}, 2) || '＊＊＊' || right({name}, 2) END
"""
_LINES = f"""
    INSERT INTO funding_publicityline
      (publicity_id, application_id, place, name, title, measure, clause, amount_fen, state)
    SELECT %s, a.id, l.place, {SHOWN_NAME.format(name="l.name")}, a.title, m.name, m.clause,
      l.decided_fen, 'running'
    FROM funding_decisionline l
      JOIN funding_application a ON a.id = l.application_id
      JOIN core_enterprise e ON e.id = a.enterprise_id
      JOIN funding_roundmeasure m ON m.id = a.measure_id
    WHERE l.decision_list_id = %s AND l.decided_fen > 0
    ORDER BY l.place, l.id
    RETURNING application_id
"""


def publish_list(
    *, decision_list: DecisionList, by: User, access: Access, starts_on: dt.date | None = None,
    contact: str = "",
) -> Publicity:  # fmt: skip
    """A notice of every supported row, for the working days of the round's timetable.

    A fixed number of statements, however many rows. Raises :class:`Denied` out of reach and
    :class:`JigaiError` for a list that is not approved for good or was published already, or a
    first day that is past.
    """
    with transaction.atomic(), checks_at_once():
        round_ = Round.objects.select_for_update(of=("self",)).get(pk=decision_list.round_id)
        require_reach(access, MANAGE, round_.region_code)
        row = DecisionList.objects.select_for_update().get(pk=decision_list.pk)
        _require_approved(row)
        notice = begin_notice(round_, row, by, starts_on, contact)
        with connection.cursor() as cursor:
            cursor.execute(_LINES, [notice.pk, row.pk])
            applications = [found[0] for found in cursor.fetchall()]
        if not applications:
            raise JigaiError("nothing-to-publish", "名单上没有拟支持的项目", "核对审定金额")
        move_many(
            applications=applications, to=S.PUBLIC,
            text=f"公示 {notice.number}，{notice.ends_on:%Y-%m-%d} 期满", by=by,
        )  # fmt: skip
        finish_notice(notice, by)
    return notice


def _require_approved(row: DecisionList) -> None:
    if row.state != DecisionList.State.APPROVED:
        raise JigaiError(
            "not-approved", f"名单{row.get_state_display()}，不能公示", "审定通过后再公示"
        )
    if not row.binding:
        raise JigaiError(
            "not-final", f"{row.get_stage_display()}通过后还要提请下一环节", "公示最终审定的一版"
        )
    if row.publicities.exists():
        raise JigaiError("published-already", "这一版名单已经公示过", "从公示页查看")


def begin_notice(
    round_: Round, row: DecisionList, by: User, starts_on: dt.date | None, contact: str,
    again_of: Publicity | None = None,
) -> Publicity:  # fmt: skip
    """The notice itself, without rows yet. Raises :class:`JigaiError` for a day that is past."""
    today = timezone.localdate()
    starts = starts_on or today
    if starts < today:
        raise JigaiError("day-past", f"公示开始日期 {starts} 已经过去", "从今天或以后开始")
    period = period_of(round_, starts, platform_calendar())
    again = "（变更事项重新公示）" if again_of else ""
    place = names_of_regions([round_.region_code]).get(round_.region_code, "")
    return Publicity.objects.create(
        round=round_, decision_list=row, number=next_number("GS", round_.region_code, round_.year),
        title=f"{round_.name}拟支持名单公示{again}", region_code=round_.region_code,
        starts_on=starts, days=period.days, ends_on=period.ends, provisional=period.provisional,
        contact=contact.strip() or f"{place}工业和信息化部门，在公示页面在线提出",
        again_of=again_of, created_by=by,
    )  # fmt: skip


def finish_notice(notice: Publicity, by: User) -> None:
    """Print the paper once the rows are there."""
    notice.document = issue_paper(notice, by)
    notice.save(update_fields=["document"])
