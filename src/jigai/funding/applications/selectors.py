"""Which applications a person sees."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from jigai.core.access import Access, Reach, scoped
from jigai.funding.applications.states import FILLING
from jigai.funding.models import Application, MemberSignature, Round

REACH = Reach(region="region_code", enterprise="enterprise")
VIEW, APPLY, REVIEW = "application.view", "application.apply", "application.review"


def applications_for(access: Access, capability: str = VIEW) -> QuerySet[Application]:
    """Applications that a grant of the capability reaches.

    Somebody of the administration sees what was handed in, and of a sealed round only what lies
    in the open: nothing before it closes.
    """
    rows = scoped(Application.objects.all(), access, capability, REACH)
    firms = own_enterprises(access, capability)
    unseen = Q(state__in=FILLING) | Q(round__sealed=True, round__closes_at__gt=timezone.now())
    return rows.filter(Q(enterprise__in=firms) | ~unseen)


def own_enterprises(access: Access, capability: str = APPLY) -> list[int]:
    """The enterprises (primary keys) for which the person holds the capability."""
    grants = access.granting(capability)
    return sorted({g.enterprise_id for g in grants if g.enterprise_id is not None})


def is_applicant(access: Access, application: Application) -> bool:
    """Whether the person acts for the enterprise that applies, or was let in to fill it."""
    if application.enterprise_id in own_enterprises(access):
        return True
    user = access.user
    return user is not None and application.editors.filter(user=user).exists()


def to_sign(access: Access) -> QuerySet[MemberSignature]:
    """Places of the person's enterprises under agreements of consortia, newest first."""
    firms = own_enterprises(access)
    rows = MemberSignature.objects.filter(enterprise__in=firms, left_at__isnull=True)
    return rows.exclude(application__state__in=("withdrawn", "refused"))


def open_rounds() -> QuerySet[Round]:
    """Rounds that take applications at this moment."""
    now = timezone.now()
    rows = Round.objects.filter(state=Round.State.OPEN, opens_at__lte=now, closes_at__gt=now)
    return rows.order_by("closes_at", "id")


def mine(access: Access) -> QuerySet[Application]:
    """Applications this person fills: of its own enterprises, and those it was let in to."""
    wanted = Q(enterprise__in=own_enterprises(access))
    if access.user is not None:
        wanted |= Q(editors__user=access.user)
    return Application.objects.filter(wanted).distinct()


def seen_by(access: Access) -> QuerySet[Application]:
    """Applications whose page this person may open."""
    reached = applications_for(access).values("pk")
    return Application.objects.filter(Q(pk__in=reached) | Q(pk__in=mine(access).values("pk")))
