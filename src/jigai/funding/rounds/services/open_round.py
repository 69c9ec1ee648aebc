"""Opens a round: another person than who prepared it; from then on its terms are sealed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.jobs.start import start_job
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import Round
from jigai.funding.rounds.access import OPEN
from jigai.funding.rounds.notice import issue_notice
from jigai.funding.rounds.overlap import overlapping
from jigai.funding.rounds.services.edit_round import locked, require_draft
from jigai.funding.rounds.window import database_clock
from jigai.policies.standing import readings_on

TELL, OFFER = "round-tell", "round-offer"


def open_round(*, round_: int, by: User, access: Access, seen: int | None = None) -> Round:
    """Seal readings and terms, issue the notice, tell whom it is for.

    Every reading is written out, chosen or not, so that an answer that comes later changes nothing
    of this round. Raises :class:`Denied` for the person who prepared it and :class:`JigaiError`
    for a round without measures, past its window, or overlapping another without a reason.
    """
    with transaction.atomic():
        row = locked(round_, access, OPEN, seen)
        require_draft(row)
        if row.created_by_id == by.pk:
            raise Denied("own-round", "编制批次的人不能自己开放", "请另一位有权限的人核对后开放")
        _check(row)
        row.readings = {**readings_on(row.pack.slug, row.as_of), **row.readings}
        row.state, row.opened_by, row.opened_at = Round.State.OPEN, by, timezone.now()
        row.notice = issue_notice(row, by)
        row.version += 1
        row.save()
        kind = OFFER if row.mode == Round.Mode.CONFIRM else TELL
        title = "算出应享名单并通知企业" if kind == OFFER else "通知企业"
        start_job(kind=kind, title=f"{row.name}：{title}", owner=by, params={"round": row.pk})
    return row


def _check(row: Round) -> None:
    if not row.measures.exists():
        raise JigaiError("no-measures", "还没有选开放哪些措施", "在“措施与材料”里选")
    if row.closes_at <= database_clock():
        raise JigaiError("window-past", "截止时间已经过去，不能开放", "先改好申报时间")
    others = list(overlapping(row)[:3])
    if others and not row.overlap_reason:
        names = "、".join(f"{other.name}（{other.number}）" for other in others)
        raise JigaiError(
            "round-overlaps", f"同一措施在同一时间已由{names}开放",
            "改时间，或在“时限与承诺”里写明为什么要重叠",
        )  # fmt: skip
