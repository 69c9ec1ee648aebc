"""Who may run which briefing, and which enterprises can be told anything at all."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, User
from jigai.outreach.models import Briefing, Invitation

MANAGE, VIEW = "briefing.manage", "briefing.view"
REACH = Reach(region="region_code", owner="created_by")
_INVITED = Reach(region="briefing__region_code", owner="briefing__created_by")


def briefings_for(access: Access) -> QuerySet[Briefing]:
    """Briefings of the person's regions; drafts only for those who run them."""
    rows = scoped(Briefing.objects.all(), access, VIEW, REACH)
    mine = Q(pk__in=managed_by(access).order_by().values("pk"))
    return rows.filter(~Q(status=Briefing.Status.DRAFT) | mine)


def managed_by(access: Access) -> QuerySet[Briefing]:
    """Briefings the person may change: those of their own department and those they began.

    The tax office pushes its own and leaves those of the industry office alone.
    """
    held = [g.department_id for g in access.granting(MANAGE) if g.department_id]
    person = access.user.pk if access.user else None
    rows = scoped(Briefing.objects.all(), access, MANAGE, REACH)
    return rows.filter(Q(host__in=held) | Q(created_by=person))


def invitations_for(access: Access) -> QuerySet[Invitation]:
    """Invitations of briefings in the person's regions that have gone out."""
    rows = Invitation.objects.exclude(briefing__status=Briefing.Status.DRAFT)
    return scoped(rows, access, VIEW, _INVITED)


def own_invitations(access: Access) -> QuerySet[Invitation]:
    """What has come for the enterprises a person signs for."""
    held = {g.enterprise_id for g in access.granting(VIEW) if g.enterprise_id}
    rows = Invitation.objects.filter(enterprise__in=held)
    return rows.exclude(briefing__status=Briefing.Status.DRAFT)


def handlers() -> QuerySet[Assignment]:
    """Duties of active accounts for enterprises that open what is sent to them."""
    return Assignment.objects.filter(
        in_force(), user__is_active=True, enterprise__isnull=False,
        role__capabilities__contains=[VIEW],
    )  # fmt: skip


def has_contact(path: str = "enterprise") -> Exists:
    """The condition that an enterprise has somebody who can be told on the platform."""
    return Exists(handlers().filter(enterprise=OuterRef(path)))


def handlers_of(enterprises: set[int]) -> dict[int, list[User]]:
    """Accounts by enterprise, in one query."""
    found: dict[int, list[User]] = {}
    rows = handlers().filter(enterprise__in=enterprises).select_related("user").order_by("id")
    for item in rows:
        known = found.setdefault(item.enterprise_id or 0, [])
        if item.user not in known:
            known.append(item.user)
    return found
