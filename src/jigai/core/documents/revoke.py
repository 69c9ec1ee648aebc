"""Take an issued paper back; it stays on record and its check page says so."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.core.documents.context import one_line
from jigai.core.models import IssuedDocument, User
from jigai.errors import JigaiError


def revoke_document(*, document: int, reason: str, by: User) -> IssuedDocument:
    """Revoke the paper with this primary key, today, for a reason that everybody may read.

    The caller has checked that the person may. Raises :class:`JigaiError` without a reason, and
    for a paper that is not there or already revoked.
    """
    given = one_line(reason, "撤销原因", 200, required=True)
    with transaction.atomic():
        row = IssuedDocument.objects.select_for_update(of=("self",)).filter(pk=document).first()
        if row is None:
            raise JigaiError("no-document", "没有这份文书", "请从列表重新进入")
        if row.revoked_at is not None:
            raise JigaiError("already-revoked", f"“{row}”已经撤销", "刷新页面查看撤销的时间和原因")
        row.revoked_at, row.revoked_reason, row.revoked_by = timezone.now(), given, by
        row.save(update_fields=["revoked_at", "revoked_reason", "revoked_by"])
    return row
