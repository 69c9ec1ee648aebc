"""Publishes the rows of a notice whose amount was corrected, and only those."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import move_many
from jigai.funding.models import Application, Publicity, Round
from jigai.funding.pending_checks import checks_at_once
from jigai.funding.publicity.access import MANAGE
from jigai.funding.publicity.services.publish_list import begin_notice, finish_notice
from jigai.funding.rounds.access import require_reach

S: Any = Application.State
_LINES = """
    INSERT INTO funding_publicityline
      (publicity_id, application_id, place, name, title, measure, clause, amount_fen, state)
    SELECT %s, a.id, l.place, l.name, l.title, l.measure, l.clause, a.decided_fen, 'running'
    FROM funding_publicityline l JOIN funding_application a ON a.id = l.application_id
    WHERE l.publicity_id = %s AND l.state = 'changed' AND a.state = 'held'
      AND NOT EXISTS (SELECT 1 FROM funding_objection o JOIN funding_publicityline p
        ON p.id = o.line_id WHERE p.application_id = a.id AND o.state = 'open')
    ORDER BY l.place, l.id
    RETURNING application_id
"""


def publish_again(
    *, publicity: Publicity, by: User, access: Access, starts_on: dt.date | None = None
) -> Publicity:
    """A new notice with a full period of its own for every corrected row that nothing holds.

    Raises :class:`Denied` out of reach and :class:`JigaiError` where no row waits for it.
    """
    with transaction.atomic(), checks_at_once():
        round_ = Round.objects.select_for_update(of=("self",)).get(pk=publicity.round_id)
        require_reach(access, MANAGE, round_.region_code)
        first = Publicity.objects.select_for_update(of=("self",)).get(pk=publicity.pk)
        notice = begin_notice(
            round_, first.decision_list, by, starts_on, first.contact, again_of=first
        )
        with connection.cursor() as cursor:
            cursor.execute(_LINES, [notice.pk, first.pk])
            applications = [row[0] for row in cursor.fetchall()]
        if not applications:
            raise JigaiError(
                "nothing-changed", "没有更正后待重新公示的行", "异议成立并更正金额以后才需要"
            )
        move_many(
            applications=applications, to=S.PUBLIC,
            text=f"更正后重新公示 {notice.number}，{notice.ends_on:%Y-%m-%d} 期满", by=by,
        )  # fmt: skip
        finish_notice(notice, by)
    return notice
