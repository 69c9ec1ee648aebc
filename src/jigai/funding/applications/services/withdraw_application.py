"""The applicant takes an application back before it is decided."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jigai.cases.models import Case
from jigai.cases.services.act import act
from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.editing import locked, require_applicant
from jigai.funding.applications.services.move_application import move
from jigai.funding.applications.states import WITHDRAWABLE
from jigai.funding.invoices.uses import give_back
from jigai.funding.models import Application

State: Any = Application.State
_RUNNING = (Case.State.SUBMITTED, Case.State.CORRECTION, Case.State.OPEN)


def withdraw_application(*, application: int, reason: str, by: User, access: Access) -> Application:
    """Invoices and the place it held are free again; a running review ends with it.

    Raises :class:`JigaiError` without a reason, or once it is decided.
    """
    if not reason.strip():
        raise JigaiError("no-reason", "还没有写撤回的原因", "写一句，主管部门会看到")
    with transaction.atomic():
        shown = Application.objects.select_related("case").get(pk=application)
        require_applicant(shown, access)
        _require_early(shown)
        if _runs(shown):
            # The case is locked first; its end takes the application back.
            act(case=shown.case_id, verb="withdraw", by=by, access=access, reason=reason.strip())
            return locked(application)
        row = locked(application)
        _require_early(row)
        move(application=row, to=State.WITHDRAWN, text=f"已撤回：{reason.strip()}", by=by)
        give_back(application=row, why="申报撤回")
    return row


def _require_early(row: Application) -> None:
    if row.state not in WITHDRAWABLE:
        raise JigaiError(
            "too-late", f"{row.number} {row.get_state_display()}，不能再撤回",
            "已审定的，要放弃请书面告知主管部门",
        )  # fmt: skip


def _runs(row: Application) -> bool:
    """Whether its review is still open."""
    return row.case is not None and row.case.state in _RUNNING
