"""A draft leads to its final version, and adopted comments are found again in it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.outreach.consultation_compare import changed_clauses, compared
from jigai.outreach.consultation_drafts import pack_of
from jigai.outreach.models import Consultation, ConsultationAnswer
from jigai.outreach.services.open_consultation import locked
from jigai.policies.models import PackDraft, PackVersion

Status: Any = Consultation.Status
Verdict: Any = ConsultationAnswer.Verdict


def final_versions(item: Consultation) -> QuerySet[PackVersion]:
    """Issued versions a draft may have become: of the same document, or of its region."""
    rows = PackVersion.objects.filter(status="issued").defer("files")
    if item.proposal is not None and item.proposal.draft_id is not None:
        # What a draft became is known; anything else would mix up draft and final.
        return rows.filter(pk__in=_issued(item.proposal.draft_id)).order_by("-id")
    region = pack_of(item).identity.region
    same = rows.filter(slug=item.slug)
    if region is not None:
        same = same | rows.filter(region_code=region.code, is_current=True)
    return same.exclude(pk=item.draft_id or 0).order_by("-id")


def _issued(draft: int) -> list[int]:
    rows = PackDraft.objects.filter(pk=draft, issued__isnull=False)
    return [pk for pk in rows.values_list("issued", flat=True) if pk is not None]


def link_final(*, consultation: int, final: int, by: User, access: Access) -> Consultation:
    """Say which installed version is the final one.

    Raises :class:`JigaiError` before the adoption is published, or for a version that is itself a
    draft or belongs elsewhere.
    """
    del by  # known to the history by the request
    with transaction.atomic():
        found = locked(consultation, access)
        if found.status != Status.PUBLISHED:
            raise JigaiError("not-published", "还没有公示采纳情况", "公示以后再登记定稿")
        version = final_versions(found).filter(pk=final).first()
        if version is None:
            raise JigaiError(
                "not-its-final",
                "所选的文件不能作为定稿",
                "定稿是同一地区已经印发的文件；征求意见稿不是定稿",
            )
        found.final, found.status = version, Status.FINAL
        found.version += 1
        found.save()
    return found


def mark_reflected(
    *,
    answer: int,
    reflected: bool,
    by: User,
    access: Access,
    seen: int,
    clause: str = "",
    note: str = "",
) -> ConsultationAnswer:
    """Say whether the final version carries what was adopted, and where.

    Raises :class:`JigaiError` for comments that were not adopted, a clause in which draft and final
    say the same, or an adopted comment left out without a word why.
    """
    del by
    with transaction.atomic():
        row = ConsultationAnswer.objects.select_related("consultation").get(pk=answer)
        item = locked(row.consultation_id, access)
        row = ConsultationAnswer.objects.select_for_update().get(pk=answer)
        if item.status != Status.FINAL:
            raise JigaiError("no-final", "还没有登记定稿", "先登记定稿")
        if row.verdict not in (Verdict.ADOPTED, Verdict.PARTLY):
            raise JigaiError("not-adopted", "没有采纳的意见不用标记", "只标记采纳和部分采纳的")
        if row.version != seen:
            raise JigaiError("changed-meanwhile", "别人刚标记过", "刷新后再改")
        if reflected and clause not in changed_clauses(compared(item)):
            raise JigaiError(
                "nothing-changed",
                f"定稿与草案在“{clause}”没有不同",
                "选有改动的条款，或标为没有体现",
            )
        if not reflected and not note.strip():
            raise JigaiError("no-note", "没有体现的要写说明", "写明为什么采纳了却没有写进定稿")
        row.reflected, row.reflected_clause = reflected, clause if reflected else ""
        row.reflected_note = note.strip()[:300]
        row.version += 1
        row.save()
    return row
