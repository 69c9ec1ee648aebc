"""Jobs a person may see."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.access import Access
from jigai.core.models import Job


def visible_jobs(access: Access) -> QuerySet[Job]:
    """One's own; everybody's with the capability to see all."""
    if access.can("job.view-all"):
        return Job.objects.all()
    return Job.objects.filter(owner=access.user) if access.user else Job.objects.none()
