"""Hands an application in, exactly once, with a receipt."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.applications.checks import Problem, problems_of
from jigai.funding.applications.editing import locked, require_applicant
from jigai.funding.applications.quota import lock_applicant, require_place
from jigai.funding.applications.receipt import content_of, receipt_of
from jigai.funding.applications.services.move_application import move
from jigai.funding.applications.states import FILLING
from jigai.funding.compute.estimate import Estimate, estimate
from jigai.funding.invoices.uses import count_lines
from jigai.funding.models import Application
from jigai.funding.review.services.open_review import open_review
from jigai.funding.rounds.services.settle_instantly import settle_instantly
from jigai.funding.rounds.timetable import promise_of
from jigai.funding.rounds.window import require_open

State: Any = Application.State


def submit_application(
    *, application: int, by: User, access: Access, seen: int | None = None
) -> Application:
    """Submit a complete draft: invoices are counted and the review opens in the same transaction.

    A second time the application as it was handed in is given back. Decided by the clock of the
    database: a deadline crossed meanwhile refuses it and leaves the draft. Raises
    :class:`JigaiError` with what is missing; one enterprise's submissions wait for each other.
    """
    with transaction.atomic():
        row = locked(application)
        require_applicant(row, access)
        if row.submitted_at is not None and row.state not in FILLING:
            return row
        _require_seen(row, seen)
        moment = require_open(row.round)
        lock_applicant(row)
        require_place(row)
        found = estimate(row)
        require_complete(problems_of(row, found))
        row.submitted_at, row.submitted_by = moment, by
        row.promised_on = promise_of(row.round).on
        _hand_in(row, found, by)
        count_lines(application=row)
        if not settle_instantly(application=row, by=by):
            open_review(application=row, by=by)
        transaction.on_commit(lambda: _tell(row, by))
    return row


def require_complete(problems: list[Problem]) -> None:
    """Raise :class:`JigaiError` naming what stops the hand-in, all of it at once."""
    stopping = [problem for problem in problems if problem.blocking]
    if stopping:
        said = "；".join(
            f"{p.text}（条款 {p.clause}）" if p.clause else p.text for p in stopping[:5]
        )
        more = f"等 {len(stopping)} 处" if len(stopping) > 5 else ""
        raise JigaiError("not-complete", f"还不能提交：{said}{more}", "逐项改好后再提交")


def _require_seen(row: Application, seen: int | None) -> None:
    if seen is not None and seen != row.version:
        raise JigaiError(
            "changed-meanwhile", "共同填报人刚刚改过这份申报，还没有提交", "重新核对后再提交"
        )


def _hand_in(row: Application, found: Estimate | None, by: User) -> None:
    assert row.submitted_at is not None
    content = content_of(row)
    row.receipt = receipt_of(content, row.submitted_at, by.username)
    row.estimate_fen = found.amount if found else None
    row.save(update_fields=["submitted_at", "submitted_by", "promised_on", "receipt",
                            "estimate_fen"])  # fmt: skip
    data = {
        "receipt": row.receipt, "content": content, "at": row.submitted_at.isoformat(),
        "by": by.username,
    }  # fmt: skip
    move(application=row, to=State.SUBMITTED, text="已提交", by=by, data=data)


def _tell(row: Application, by: User) -> None:
    url = reverse("application-detail", args=[row.pk])
    for editor in row.editors.select_related("user").order_by("id"):
        if editor.user_id != by.pk:
            send_notice(
                user=editor.user, event="application", title=f"已提交：{row.title}", url=url
            )
