"""A clerk says what kind of comment it is, or hides what is spam."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jigai.core.access import Access, check
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.outreach import rounds
from jigai.outreach.consultation_selectors import COMMENTS, MANAGE
from jigai.outreach.models import Consultation, ConsultationComment

Kind: Any = ConsultationComment.Kind


def classify_comment(
    *, comment: int, by: User, access: Access, seen: int, kind: str = "", hidden_reason: str = ""
) -> ConsultationComment:
    """Set the kind, and hide the comment where a reason is given; it is never deleted.

    ``seen`` is the version that was on screen. Raises :class:`JigaiError` when somebody else was
    faster, the adoption is published, or an answered comment is to be hidden.
    """
    with transaction.atomic():
        # The consultation first, as everybody does who changes something inside it.
        parent = ConsultationComment.objects.values_list("consultation", flat=True).get(pk=comment)
        rounds.hold(parent)
        item = Consultation.objects.select_for_update().get(pk=parent)
        found = ConsultationComment.objects.select_for_update().get(pk=comment)
        check(found, access, MANAGE, COMMENTS)
        still_open(item)
        if found.version != seen:
            raise JigaiError(
                "changed-meanwhile", f"{found.handled_by or '别人'}刚改过这条意见", "刷新后再改"
            )
        if kind not in Kind.values:
            raise JigaiError("no-kind", "没有选类别", "选赞成、建议修改、反对、询问或无关")
        if hidden_reason.strip() and found.answer_id:
            raise JigaiError("answered", "已经答复的意见不能改为不公开", "先从答复里移出")
        found.kind, found.hidden_reason = kind, hidden_reason.strip()[:200]
        found.handled_by = by
        found.version += 1
        found.save()
        if found.hidden_reason:
            rounds.moved(item, "answered", by)
    return found


def still_open(item: Consultation) -> None:
    """Raises :class:`JigaiError` once the adoption is published: what the public read stays."""
    if item.status != Consultation.Status.OPEN:
        raise JigaiError(
            "published", f"{item.get_status_display()}，意见和答复不能再改", "公示的内容保持原样"
        )
