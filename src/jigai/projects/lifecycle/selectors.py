"""What is shown of a project's life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F, QuerySet

from jigai.core.access import Access
from jigai.core.models import EvidenceFile
from jigai.projects.models import Project, ProjectStep
from jigai.projects.selectors import projects_for
from jigai.projects.selectors_steps import standing
from jigai.projects.states import ENDED, LIFE, State
from jigai.projects.views.common import files_of

STEP_KIND = "project-step"


@dataclass(slots=True)
class Told:
    """One recorded step with its files."""

    step: ProjectStep
    before: str
    after: str
    gone: bool
    files: list[EvidenceFile] = field(default_factory=list)


def way_of(project: Project, told: Iterable[ProjectStep]) -> list[tuple[str, str]]:
    """The stages of life, each ``done``, ``current`` or ``todo``; a halt stands at the end.

    ``told`` are all steps on record. Being admitted or filed is shown as done only where it is on
    record: work may begin without either.
    """
    steps = standing(told)
    at = State(project.state)
    # A halted project got as far as where it was halted.
    halted = next((s.before for s in reversed(steps) if s.after in ENDED), State.PLANNED)
    far = LIFE.index(State(halted) if at in ENDED else at)
    missing = {State.FILED} if project.filing != Project.Filing.YES else set()
    if not project.entries.filter(admitted_on__isnull=False).exists():
        missing.add(State.ADMITTED)
    way = [
        (s.label, "current" if s is at else "done" if n <= far and s not in missing else "todo")
        for n, s in enumerate(LIFE)
    ]
    return [*way, (at.label, "current")] if at in ENDED else way


def told_steps(project: int) -> list[Told]:
    """Every step on record, the newest first."""
    steps = list(
        ProjectStep.objects.filter(project=project).select_related("created_by").order_by("-id")
    )
    gone = {step.takes_back_id for step in steps if step.takes_back_id}
    files = files_of(STEP_KIND, [step.pk for step in steps])
    return [
        Told(step, State(step.before).label, State(step.after).label, step.pk in gone,
             files.get(step.pk, []))
        for step in steps
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Same:
    """Records in reach that share a code."""

    code: str
    rows: tuple[Project, ...]


def same_codes(access: Access, most: int = 200) -> Iterator[Same]:
    """Codes that several counting records in reach carry, by code."""
    own = projects_for(access).filter(duplicate_of__isnull=True).exclude(code=None)
    codes = list(
        own.order_by().values("code").annotate(n=Count("pk")).filter(n__gt=1)
        .order_by("code").values_list("code", flat=True)[:most]
    )  # fmt: skip
    rows: QuerySet[Project] = own.filter(code__in=codes).select_related("enterprise")
    found: dict[str, list[Project]] = {}
    for row in rows.defer("search", "enterprise__search").order_by(F("code"), "number"):
        found.setdefault(str(row.code), []).append(row)
    for code, same in found.items():
        yield Same(code, tuple(same))
