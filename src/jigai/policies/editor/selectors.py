"""Reads of drafts, cut down to what a person may see, write or issue."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.access import Access, Denied, Reach, scoped
from jigai.policies.addressees import reaches
from jigai.policies.models import PackDraft
from jigai.policies.proposals import current_version, region_of

DRAFT, ISSUE = "pack.draft", "pack.issue"
DRAFTS = Reach(region="region_code", programme="slug")


def drafts_for(access: Access) -> QuerySet[PackDraft]:
    """Drafts for the regions where the person may write packs or issue them."""
    rows = PackDraft.objects.select_related("base", "created_by", "updated_by", "issued")
    rows = rows.defer("base__files", "issued__files")
    return scoped(rows, access, DRAFT, DRAFTS) | scoped(rows, access, ISSUE, DRAFTS)


def may(access: Access, capability: str, slug: str, region_code: str) -> bool:
    """Whether the person may do this to a document: where it is to apply, and where it does so far.

    Naming another region in a draft takes no document away from the one it belongs to.
    """
    regions = [region_code]
    current = current_version(slug)
    if current is not None:
        regions.append(region_of(current.region_code))
    return all(reaches(access, capability, code, slug=slug) for code in regions)


def require_reach(access: Access, capability: str, slug: str, region_code: str) -> None:
    """Raise :class:`Denied` where :func:`may` says no."""
    access.require(capability)
    if not may(access, capability, slug, region_code):
        raise Denied("out-of-reach", "这份文件适用的地区不在您的数据权限之内")
