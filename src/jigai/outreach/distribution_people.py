"""Who signs for a unit on this platform, and what has come for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, User
from jigai.outreach.models import Delivery, Distribution

SEND, VIEW = "distribution.send", "distribution.view"
REACH = Reach(region="region_code", owner="created_by")
_RECEIPTS = Reach(region="distribution__region_code", owner="distribution__created_by")
_Key = tuple[str, int]


def people_of(deliveries: Iterable[Delivery]) -> dict[int, list[User]]:
    """Active accounts of each addressee by the delivery's id, in one query."""
    rows = list(deliveries)
    serving = _serving(
        {row.department_id for row in rows if row.department_id},
        {row.enterprise_id for row in rows if row.enterprise_id},
        {row.institution_id for row in rows if row.institution_id},
    )
    return {row.pk: serving.get(_key(row), []) for row in rows}


def _key(row: Any) -> _Key:
    for name in ("department", "enterprise", "institution"):
        pk = getattr(row, f"{name}_id")
        if pk:
            return name, pk
    return "", 0


def _serving(departments: set[int], enterprises: set[int], institutions: set[int]) -> Any:
    own = Q(department__in=departments, role__capabilities__contains=[VIEW])
    held = Assignment.objects.filter(
        in_force(),
        own | Q(enterprise__in=enterprises) | Q(institution__in=institutions),
        user__is_active=True,
    ).select_related("user")
    found: dict[_Key, dict[int, User]] = defaultdict(dict)
    for item in held.order_by("id"):
        found[_key(item)].setdefault(item.user_id, item.user)
    return {key: list(users.values()) for key, users in found.items()}


def inbox_of(access: Access) -> QuerySet[Delivery]:
    """What has been sent to the units a person signs for."""
    mine = _holders(access)
    rows = Delivery.objects.filter(distribution__status=Distribution.Status.SENT)
    return rows.filter(mine) if mine else rows.none()


def _holders(access: Access) -> Q:
    mine = Q()
    for grant in access.grants:
        if grant.department_id and VIEW in grant.capabilities:
            mine |= Q(department=grant.department_id)
        if grant.enterprise_id:
            mine |= Q(enterprise=grant.enterprise_id)
        if grant.institution_id:
            mine |= Q(institution=grant.institution_id)
    return mine


def distributions_for(access: Access, capability: str = VIEW) -> QuerySet[Distribution]:
    """Documents sent out in the person's regions; drafts only for those who may send."""
    rows = scoped(Distribution.objects.all(), access, capability, REACH)
    if capability == SEND:
        return rows
    drafts = scoped(Distribution.objects.all(), access, SEND, REACH)
    sent = Q(status=Distribution.Status.SENT)
    return rows.filter(sent | Q(pk__in=drafts.order_by().values("pk")))


def receipts_for(access: Access) -> QuerySet[Delivery]:
    """Receipts of the documents sent out in the person's regions."""
    rows = Delivery.objects.filter(distribution__status=Distribution.Status.SENT)
    return scoped(rows, access, VIEW, _RECEIPTS)
