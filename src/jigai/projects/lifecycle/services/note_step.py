"""Writes down that a project reached another stage, for services that have checked that it may."""

from __future__ import annotations

import datetime as dt

from jigai.core.models import User
from jigai.projects.models import Project, ProjectStep
from jigai.projects.states import State


def note_step(
    *,
    row: Project,
    to: State,
    happened_on: dt.date | None,
    reason: str,
    duty: str,
    by: User | None,
    takes_back: ProjectStep | None = None,
) -> ProjectStep:
    """Change the stage of a locked row and keep the step; the caller's transaction holds both."""
    step = ProjectStep.objects.create(
        project=row, before=row.state, after=to, happened_on=happened_on, reason=reason, duty=duty,
        takes_back=takes_back, created_by=by,
    )  # fmt: skip
    row.state, row.state_since = to, happened_on
    row.version += 1
    row.save(update_fields=["state", "state_since", "version"])
    return step
