"""Steps of a project's life that still stand."""

from __future__ import annotations

from collections.abc import Iterable

from jigai.projects.models import ProjectStep


def standing(steps: Iterable[ProjectStep]) -> list[ProjectStep]:
    """In order, without those taken back and without the taking back."""
    told = sorted(steps, key=lambda step: step.pk)
    gone = {step.takes_back_id for step in told if step.takes_back_id}
    return [step for step in told if step.pk not in gone and not step.takes_back_id]


def standing_steps(project: int) -> list[ProjectStep]:
    """Those of one project."""
    return standing(ProjectStep.objects.filter(project=project))
