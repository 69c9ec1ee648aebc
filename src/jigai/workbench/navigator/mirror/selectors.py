"""Lists and their rows within reach, and how far the notices have got."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.outreach.models import Delivery
from jigai.workbench.models import AudienceEntry, AudienceList, AudienceNotice

VIEW, NOTIFY = "audience.view", "audience.notify"
_LISTS = Reach(region="region_code", owner="created_by")
_ENTRIES = Reach(region="region_code", enterprise="enterprise_id")


def lists_for(access: Access, capability: str = VIEW) -> QuerySet[AudienceList]:
    """Lists over the person's regions."""
    rows = AudienceList.objects.select_related("pack", "created_by").defer("pack__files")
    return scoped(rows, access, capability, _LISTS)


def entries_for(access: Access, capability: str = VIEW) -> QuerySet[AudienceEntry]:
    """Rows of lists whose enterprise or project lies within reach."""
    return scoped(AudienceEntry.objects.all(), access, capability, _ENTRIES)


def notices_about(audience: AudienceList, measure: str) -> QuerySet[AudienceNotice]:
    """Everything sent about a measure for the same document and year, from whatever list."""
    return AudienceNotice.objects.filter(
        audience__pack__slug=audience.pack.slug, audience__year=audience.year, measure=measure
    )


def deliveries_about(
    audience: AudienceList, measure: str, enterprises: Iterable[int] | None = None
) -> QuerySet[Delivery]:
    """What enterprises got about a measure, newest first."""
    sent = notices_about(audience, measure).order_by().values("distribution")
    rows = Delivery.objects.filter(distribution__in=sent, enterprise__isnull=False)
    if enterprises is not None:
        rows = rows.filter(enterprise__in=list(enterprises))
    return rows.select_related("distribution").order_by("-id")
