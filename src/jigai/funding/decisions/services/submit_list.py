"""提请审定: the applications on a draft are proposed."""

from __future__ import annotations

from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.funding.applications.services.move_application import move_many
from jigai.funding.decisions.access import MAKE, require_at
from jigai.funding.decisions.frozen import require_unchanged
from jigai.funding.decisions.services.locked import locked_list, save_list
from jigai.funding.models import DecisionList
from jigai.funding.pending_checks import checks_at_once


def submit_list(
    *, decision_list: int, by: User, access: Access, seen: int | None = None
) -> DecisionList:
    """Propose what is on the draft; from now on no other draft can hold the same applications.

    Raises :class:`JigaiError` where something on it changed since it was drawn up.
    """
    with transaction.atomic(), checks_at_once():
        row = locked_list(decision_list, "draft", seen)
        require_at(access, MAKE, row.round.region_code)
        before = "proposed" if row.follows_id else "reviewed"
        require_unchanged(row, [before])
        paid = row.lines.filter(decided_fen__gt=0).values_list("application", flat=True)
        if row.follows_id:
            _take_off(row, by)
        else:
            move_many(applications=list(paid), to="proposed", text=_words(row), by=by)
        row.state = DecisionList.State.SUBMITTED
        save_list(row, "state")
    return row


def _take_off(row: DecisionList, by: User) -> None:
    """What a later version gives nothing goes back to where it was."""
    gone = row.lines.filter(decided_fen=0, application__state="proposed")
    keys = list(gone.values_list("application", flat=True))
    if keys:
        text = f"第 {row.number} 版名单没有安排资金"
        move_many(applications=keys, to="reviewed", text=text, by=by)


def _words(row: DecisionList) -> str:
    return f"列入第 {row.number} 版名单，提请{row.get_stage_display()}"
