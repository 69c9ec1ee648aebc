"""The text a consultation is about: an installed draft, or a version waiting to be installed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.errors import JigaiError
from jigai.outreach.models import Consultation
from jigai.policies.models import PackDraft, PackProposal, PackVersion
from jigai.policies.stored_packs import files_hash, model_of
from jigai.rules.loader import Pack

PROPOSALS = Reach(region="region_code", owner="created_by", programme="slug")


@dataclass(frozen=True, slots=True)
class Draft:
    """One text that may be opened; ``key`` is ``v<id>`` or ``p<id>``."""

    key: str
    title: str
    version: PackVersion
    drafted: bool = False

    @property
    def word(self) -> str:
        """Which of the two kinds it is."""
        if self.key.startswith("v"):
            return "征求意见稿"
        return "起草稿" if self.drafted else "待安装的版本"


def drafts(access: Access) -> list[Draft]:
    """Everything that may be opened by a person: installed drafts, and proposals within reach."""
    versions = PackVersion.objects.filter(is_current=True, status="draft").defer("files")
    found = [Draft(f"v{v.pk}", v.title, v) for v in versions.order_by("slug", "id")]
    return found + [
        Draft(f"p{row.pk}", row.title, of_proposal(row), row.draft_id is not None)
        for row in _proposals(access)
    ]


def draft_of(access: Access, key: str) -> Draft:
    """One of them. Raises :class:`JigaiError` for a text that is no draft or out of reach."""
    for found in drafts(access):
        if found.key == key:
            return found
    raise JigaiError(
        "no-draft",
        "这份文件现在不能征求意见",
        "只有征求意见稿、待安装的版本和通过审核的起草稿可以公开征求意见",
    )


def of_proposal(row: PackProposal) -> PackVersion:
    """A proposal as if installed, never saved: enough to read its pack."""
    return PackVersion(
        slug=row.slug, sha256=files_hash(row.files), title=row.title, files=row.files,
        region_code=row.region_code, status="draft",
    )  # fmt: skip


def text_of(item: Consultation) -> PackVersion:
    """The version whose text was opened.

    Raises :class:`JigaiError` when a proposal no longer holds the files that were opened.
    """
    if item.draft is not None:
        return item.draft
    found = of_proposal(item.proposal)
    if found.sha256 != item.sha256:
        raise JigaiError("draft-changed", "公开后待安装的版本换了内容", "对新内容另行征求意见")
    return found


def pack_of(item: Consultation) -> Pack:
    """The pack of the text that was opened."""
    return model_of(text_of(item)).pack


def headings(pack: Pack) -> dict[str, str]:
    """Clauses of a pack in its order: code and heading."""
    return {clause.id: clause.heading for clause in pack.clauses}


def _proposals(access: Access) -> QuerySet[PackProposal]:
    rows = PackProposal.objects.filter(status=PackProposal.Status.READY)
    # Of a draft only the text that passed its review, and only while the public is to be asked.
    asked = Q(draft__state=PackDraft.State.CONSULTATION, draft__consulted=F("pk"))
    rows = rows.filter(Q(draft=None) | asked)
    return scoped(rows, access, "consultation.manage", PROPOSALS).order_by("slug", "id")
