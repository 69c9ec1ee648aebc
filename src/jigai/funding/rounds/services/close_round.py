"""Closes rounds whose window is over, and cancels those that were opened in error."""

from __future__ import annotations

from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import Round
from jigai.funding.rounds.access import OPEN
from jigai.funding.rounds.services.edit_round import locked
from jigai.funding.rounds.window import database_clock


def close_round(*, round_: int, by: User, access: Access) -> Round:
    """Close by hand what is over already; before the end nobody closes a window that was promised.

    Raises :class:`JigaiError` before the end, or for a round that is not open.
    """
    with transaction.atomic():
        row = locked(round_, access, OPEN)
        if row.state != Round.State.OPEN:
            raise JigaiError("round-not-open", f"批次{row.get_state_display()}", "刷新页面查看状态")
        if database_clock() < row.closes_at:
            raise JigaiError(
                "window-open", "还没有到截止时间，不能提前截止",
                "截止时间已经向企业承诺；确有错误的取消这一批次",
            )  # fmt: skip
        _close(row)
    return row


def close_due() -> int:
    """Close every open round whose window is over; how many. Each in a transaction of its own."""
    now = database_clock()
    due = Round.objects.filter(state=Round.State.OPEN, closes_at__lte=now).order_by("id")
    return sum(_close_one(pk) for pk in due.values_list("pk", flat=True))


def _close_one(pk: int) -> bool:
    with transaction.atomic():
        row = Round.objects.select_for_update(of=("self",)).get(pk=pk)
        if row.state != Round.State.OPEN or row.closes_at > database_clock():
            return False
        _close(row)
    return True


def _close(row: Round) -> None:
    row.state = Round.State.CLOSED
    row.version += 1
    row.save(update_fields=["state", "version"])


def cancel_round(*, round_: int, reason: str, by: User, access: Access) -> Round:
    """Take back a round nobody has handed anything in for.

    Raises :class:`JigaiError` without a reason, or once there is something that must be answered.
    """
    if not reason.strip():
        raise JigaiError("no-reason", "没有写取消的理由", "写明为什么取消")
    with transaction.atomic():
        row = locked(round_, access, OPEN)
        if row.state not in (Round.State.DRAFT, Round.State.OPEN, Round.State.CLOSED):
            raise JigaiError("too-late", f"批次{row.get_state_display()}，不能取消", "")
        if row.applications.exclude(state__in=("draft", "signing", "withdrawn")).exists():
            raise JigaiError(
                "has-applications", "已有企业提交申报，不能取消", "逐件审核答复，或请企业撤回"
            )
        row.state = Round.State.CANCELLED
        row.version += 1
        # The reason stands in the history of the row beside who did it.
        row.overlap_reason = f"取消：{reason.strip()}"[:300]
        row.save(update_fields=["state", "version", "overlap_reason"])
    return row
