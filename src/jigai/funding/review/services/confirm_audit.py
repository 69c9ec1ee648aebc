"""The auditor's figures, line by line, and the bureau's word on them (四眼)."""

from __future__ import annotations

from django.db.models import Sum

from jigai.core.models import User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import note
from jigai.funding.invoices.uses import settle_audit
from jigai.funding.models import Application, ApplicationLine


def require_audited(application: Application) -> None:
    """Raise :class:`JigaiError` where a line has no audited figure."""
    open_ = ApplicationLine.objects.filter(application=application, audited_fen__isnull=True)
    if count := open_.count():
        raise JigaiError(
            "not-audited", f"还有 {count} 行发票没有写审定计入", "逐行填写，全部认可的可以一次填入"
        )


def confirm_audit(*, application: Application, by: User | None) -> None:
    """Take the auditor's figures: the audited base stands, what was cut comes free.

    The caller holds the row's lock. Raises :class:`JigaiError` for a line without a figure, or
    where whoever confirms wrote one of them.
    """
    require_audited(application)
    lines = ApplicationLine.objects.filter(application=application)
    if by is not None and lines.filter(audited_by=by).exists():
        raise JigaiError("own-audit", "审定计入是您填写的，不能由您自己核定", "请另一人核定")
    sums = lines.aggregate(claimed=Sum("share_fen"), audited=Sum("audited_fen"))
    before, base = sums["claimed"] or 0, sums["audited"] or 0
    application.audited_fen = base
    application.stale = "审定基数已核定，待测算"
    application.save(update_fields=["audited_fen", "stale"])
    settle_audit(application=application)
    told = f"审定基数 {formats.yuan(base)} 元"
    cut = f"，核减 {formats.yuan(before - base)} 元" if base != before else "，没有核减"
    note(application=application, text=told + cut, by=by)


def unconfirm(application: Application) -> None:
    """The confirmation does not count any more; what was audited stays as it was written."""
    application.audited_fen = application.reviewed_fen = None
    application.save(update_fields=["audited_fen", "reviewed_fen"])
