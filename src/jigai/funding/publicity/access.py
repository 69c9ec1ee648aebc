"""Who sees which notices and objections."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.funding.models import Objection, Publicity, PublicityLine
from jigai.funding.rounds.access import rounds_for

VIEW, MANAGE = "round.view", "publicity.manage"
REACH = Reach(region="region_code")
OBJECTION = Reach(region="line__publicity__region_code")
# Taking in an objection, or anything else, is over for these.
OVER = (PublicityLine.State.CLEARED, PublicityLine.State.CHANGED, PublicityLine.State.DROPPED)


def publicities_for(access: Access) -> QuerySet[Publicity]:
    """Notices of rounds within reach; a notice is public, so an enterprise sees those too."""
    return Publicity.objects.filter(round__in=rounds_for(access).values("pk"))


def objections_for(access: Access) -> QuerySet[Objection]:
    """Objections within reach of whoever handles them."""
    return scoped(Objection.objects.all(), access, MANAGE, OBJECTION)


def public_notices() -> QuerySet[Publicity]:
    """What everybody may read: every notice that was given, running or archived."""
    return Publicity.objects.select_related("round__pack").defer("round__pack__files")


def public_lines(publicity: Publicity, words: str = "") -> QuerySet[PublicityLine]:
    """Rows of a notice; ``words`` is part of a name, a project or a supported matter."""
    rows = PublicityLine.objects.filter(publicity=publicity)
    if words:
        found = Q(name__icontains=words) | Q(title__icontains=words) | Q(measure__icontains=words)
        rows = rows.filter(found)
    return rows.order_by("place", "id")
