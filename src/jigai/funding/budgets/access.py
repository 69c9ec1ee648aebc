"""Who sees and changes special funds: everything belongs where its fund is."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.access import Access, Denied, Reach, scoped
from jigai.funding.models import Allocation, BudgetChange, Programme
from jigai.policies.addressees import reaches

VIEW, MANAGE, APPROVE = "programme.view", "programme.manage", "programme.approve"
_OF_FUND = Reach(region="programme__region_code")


def programmes_for(access: Access, capability: str = VIEW) -> QuerySet[Programme]:
    """Special funds within reach."""
    return scoped(Programme.objects.all(), access, capability, Reach(region="region_code"))


def changes_for(access: Access, capability: str = VIEW) -> QuerySet[BudgetChange]:
    """Changes of the budgets within reach."""
    return scoped(BudgetChange.objects.all(), access, capability, _OF_FUND)


def allocations_for(access: Access, capability: str = VIEW) -> QuerySet[Allocation]:
    """Shares of the funds within reach."""
    return scoped(Allocation.objects.all(), access, capability, _OF_FUND)


def require_region(access: Access, capability: str, region_code: str) -> None:
    """Raises :class:`Denied` where the capability does not cover a region."""
    access.require(capability)
    if not reaches(access, capability, region_code):
        raise Denied("out-of-reach", "这个地区的资金不在您的数据权限之内", "选您所在的地区或其下级")
