"""Who sees waivers: the office of the region and the enterprise itself."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.funding.models import FeeWaiver

VIEW, MANAGE, APPROVE, APPEAL = (
    "application.view", "application.review", "round.open", "application.apply",
)  # fmt: skip
REACH = Reach(region="region_code", enterprise="enterprise")


def waivers_for(access: Access, capability: str = VIEW) -> QuerySet[FeeWaiver]:
    """Waivers within reach."""
    return scoped(FeeWaiver.objects.all(), access, capability, REACH)
