"""Who sees which rounds and topics."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jigai.core.access import Access, Denied, Reach, scoped
from jigai.core.access.scoping import region_prefix
from jigai.core.models import Enterprise, User
from jigai.funding.models import Application, CaseTopic, Round
from jigai.policies.addressees import reaches

VIEW, MANAGE, OPEN = "round.view", "round.manage", "round.open"
REVIEW = "application.review"
REACH = Reach(region="region_code")
TOPIC = Reach(region="region_code", enterprise="enterprise")
UNSEEN = (Round.State.DRAFT, Round.State.CANCELLED)


def rounds_for(access: Access) -> QuerySet[Round]:
    """Rounds within reach; an enterprise sees those opened for its region or a wider one."""
    rows = scoped(Round.objects.all(), access, VIEW, REACH)
    firms = [g.enterprise_id for g in access.granting(VIEW) if g.enterprise_id]
    if firms:
        codes = Enterprise.objects.filter(pk__in=firms).values_list("region_code", flat=True)
        wide = {up for code in codes for up in upwards(code)}
        # Both sides the same shape, or the two sets cannot be joined.
        rows = Round.objects.filter(
            Q(pk__in=rows.values("pk")) | (Q(region_code__in=wide) & ~Q(state__in=UNSEEN))
        )
    return rows


def topics_for(access: Access) -> QuerySet[CaseTopic]:
    """Topics within reach; an enterprise sees its own."""
    return scoped(CaseTopic.objects.all(), access, VIEW, TOPIC)


def upwards(code: str) -> list[str]:
    """A region and those above it: 370812 → 370812, 370800, 370000."""
    found = [code, code[:6], code[:4] + "00", code[:2] + "0000"]
    return list(dict.fromkeys(found)) if len(code) >= 6 else []


def require_reach(access: Access, capability: str, region_code: str) -> None:
    """Raise :class:`Denied` unless a grant of the capability covers the region."""
    access.require(capability)
    if not reaches(access, capability, region_code):
        raise Denied("out-of-reach", f"{region_code} 不在您的数据权限之内", "由当地部门办理")


def people_addressed(region_code: str) -> QuerySet[User]:
    """Active accounts of enterprises of a region that may apply."""
    held = Q(
        assignments__enterprise__region_code__startswith=region_prefix(region_code),
        assignments__role__capabilities__contains=["application.apply"],
    )
    return User.objects.filter(held, is_active=True).distinct().order_by("id")


def offers_for(access: Access, round_: Round) -> QuerySet[Application]:
    """Drafts the platform prepared in a round of 免申即享 for the person's enterprises."""
    firms = [g.enterprise_id for g in access.granting("application.apply") if g.enterprise_id]
    rows = Application.objects.filter(round=round_, enterprise__in=firms)
    return rows.select_related("enterprise", "measure").order_by("id")
