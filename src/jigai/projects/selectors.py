"""Projects within reach."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.projects.models import Project

REACH = Reach(region="region_code", enterprise="enterprise", owner="created_by")


def projects_for(access: Access) -> QuerySet[Project]:
    """The projects this person may see."""
    return scoped(Project.objects.all(), access, "project.view", REACH)
