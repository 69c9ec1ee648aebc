"""Who sees and who keeps the register of public money from elsewhere."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.core.models import Enterprise
from jigai.funding.models import OtherFunding

VIEW, KEEP = "funding.view", "funding.other"
REACH = Reach(region="region_code", enterprise="enterprise")
FIRM = Reach(region="region_code", enterprise="pk")


def funding_for(access: Access, capability: str = VIEW) -> QuerySet[OtherFunding]:
    """Entries that a grant of the capability reaches; an enterprise sees its own."""
    return scoped(OtherFunding.objects.all(), access, capability, REACH)


def firms_for(access: Access) -> QuerySet[Enterprise]:
    """Enterprises for which the person keeps the register."""
    return scoped(Enterprise.objects.all(), access, KEEP, FIRM)
