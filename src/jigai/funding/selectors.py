"""Invoice lines and consortia within reach."""

from __future__ import annotations

from django.db.models import Count, QuerySet, Sum

from jigai.core.access import Access, Reach, scoped
from jigai.funding.models import Consortium, ConsortiumMember, InvoiceLine

CAPABILITY = "funding.view"
BOUGHT = Reach(region="region_code", enterprise="buyer")
OF_OWN_PROJECT = Reach(region="project__region_code", enterprise="project__enterprise")
MEMBER = Reach(region="region_code", enterprise="members__enterprise")
MEMBERSHIP = Reach(region="consortium__region_code", enterprise="enterprise")


def lines_for(access: Access) -> QuerySet[InvoiceLine]:
    """Lines within reach; an enterprise sees what it bought, and what its projects bought."""
    rows = scoped(InvoiceLine.objects.all(), access, CAPABILITY, BOUGHT)
    if any(grant.enterprise_id for grant in access.granting(CAPABILITY)):
        rows = rows | scoped(InvoiceLine.objects.all(), access, CAPABILITY, OF_OWN_PROJECT)
    return rows


def lines_of_project(access: Access, project: int) -> QuerySet[InvoiceLine]:
    """All lines of one project, when the project is within reach."""
    rows = InvoiceLine.objects.filter(project=project)
    return scoped(rows, access, CAPABILITY, OF_OWN_PROJECT)


def consortia_for(access: Access) -> QuerySet[Consortium]:
    """Consortia within reach; an enterprise sees those it belongs to."""
    # A member may stand in a list twice, so the join stays inside.
    inside = scoped(Consortium.objects.all(), access, CAPABILITY, MEMBER)
    return Consortium.objects.filter(pk__in=inside.order_by().values("pk"))


def memberships_for(access: Access) -> QuerySet[ConsortiumMember]:
    """Memberships within reach; an enterprise sees its own."""
    return scoped(ConsortiumMember.objects.all(), access, CAPABILITY, MEMBERSHIP)


def sums_of_consortia(ids: list[int]) -> dict[int, tuple[int, int]]:
    """Members and their stated equipment investment (fen) of each, repeated rows left out."""
    rows = (
        ConsortiumMember.objects.filter(consortium__in=ids, duplicate=False)
        .values("consortium")
        .annotate(members=Count("id"), fen=Sum("equipment_fen"))
        .order_by("consortium")
    )
    return {row["consortium"]: (row["members"], int(row["fen"] or 0)) for row in rows}
