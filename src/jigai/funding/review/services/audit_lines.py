"""The auditor writes what each invoice line counts; the claimed figure stays beside it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from jigai.cases.services.act import locked_case
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.funding.models import Application, ApplicationLine
from jigai.funding.review.auditors import require_auditor


def audit_lines(
    *, application: Application, figures: Mapping[int, tuple[int, str]], by: User
) -> int:
    """Keep ``figures``: line of the application to (fen counted, reason); how many changed.

    Raises :class:`Denied` for somebody who has no audit of it to do, and :class:`JigaiError` for a
    figure above what is claimed or below nothing, or a cut without a reason; then nothing changes.
    """
    with transaction.atomic():
        if application.case_id is None:
            raise JigaiError("no-review", f"{application.number} 没有在审核", "")
        locked_case(application.case_id)
        Application.objects.select_for_update().get(pk=application.pk)
        require_auditor(application, by)
        rows = {row.pk: row for row in application.lines.select_related("line").order_by("id")}
        changed = [row for pk, given in figures.items() if (row := _take(rows.get(pk), *given))]
        now = timezone.now()
        for row in changed:
            row.audited_by, row.audited_at = by, now
        ApplicationLine.objects.bulk_update(
            changed, ["audited_fen", "audit_reason", "audited_by", "audited_at"]
        )
    return len(changed)


def _take(row: ApplicationLine | None, fen: int, reason: str) -> ApplicationLine | None:
    """Put a figure into a row after checking it; the row where anything is new."""
    if row is None:
        raise JigaiError("unknown-line", "发票行已不在这项申报里", "刷新页面")
    name = f"发票 {row.line.invoice_no or '无号'} {row.line.item}"
    if not min(row.share_fen, 0) <= fen <= max(row.share_fen, 0):
        raise JigaiError(
            "audit-beyond", f"{name}：审定 {formats.yuan(fen)} 元超过申报 "
            f"{formats.yuan(row.share_fen)} 元", "审定只能等于或低于申报计入",
        )  # fmt: skip
    if fen != row.share_fen and not reason.strip():
        raise JigaiError("no-audit-reason", f"{name}：核减要写理由", "写明核减的依据")
    reason = reason.strip()[:400] if fen != row.share_fen else ""
    if (row.audited_fen, row.audit_reason) == (fen, reason):
        return None
    row.audited_fen, row.audit_reason = fen, reason
    return row
