"""Who sees and decides lists. What an enterprise may know of a list is published as a notice."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.access import Access, Denied, Reach, scoped
from jigai.funding.models import DecisionList, Round
from jigai.policies.addressees import reaches

VIEW, MAKE, APPROVE = "programme.view", "decision.make", "decision.approve"
REACH = Reach(region="round__region_code")
ROUNDS = Reach(region="region_code")


def lists_for(access: Access) -> QuerySet[DecisionList]:
    """Lists of rounds within reach."""
    return scoped(DecisionList.objects.all(), access, VIEW, REACH)


def rounds_for(access: Access, capability: str = VIEW) -> QuerySet[Round]:
    """Rounds within reach of a capability of the administration."""
    return scoped(Round.objects.all(), access, capability, ROUNDS)


def require_at(access: Access, capability: str, region_code: str) -> None:
    """Raises :class:`Denied` without the capability over the region."""
    access.require(capability)
    if not reaches(access, capability, region_code):
        raise Denied("out-of-reach", "这个地区不在您的数据权限之内", "由当地部门办理")
