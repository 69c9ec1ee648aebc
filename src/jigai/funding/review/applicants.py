"""Who is told about an application on the applicant's side."""

from __future__ import annotations

from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, User


def people_of_enterprise(enterprise: int) -> list[User]:
    """The active accounts of an enterprise."""
    held = Assignment.objects.filter(in_force(), enterprise=enterprise, user__is_active=True)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("id"))
