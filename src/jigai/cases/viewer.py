"""How one person sees one case: as whom, with which tasks, and what is kept from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from jigai.cases.access import Desk, desk_of, holds, own_tasks, relations_of
from jigai.cases.flow.shapes import Procedure
from jigai.cases.models import Case, ProcedureVersion, Task
from jigai.cases.services.deed import TaskKind, TaskState
from jigai.core.access import Access

# Reasons and opinions in these stay inside until the case is closed.
OPINIONS = frozenset({"agree", "disagree", "send_back"})
# Who handed what to whom inside the offices is not the applicant's.
INTERNAL = frozenset({"claim", "transfer", "delegate", "add_signer", "copy", "write", "skip",
                      "remind", "urge", "move"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Viewer:
    """``tasks`` are all of the case's, ``open_tasks`` those of them the person may do now.

    ``as_applicant``: the person stands on the applicant's side only. Then what departments think
    (opinions, reasons of a decision, fields filled in by a step) is shown once the case is closed,
    because before that it is advice that may still change (行政许可法 38 asks for reasons of the
    decision, not of the drafts); how the case passed from hand to hand inside is never shown.
    ``hidden`` are fields a blind step keeps from those who do it; ``blind`` says that these would
    tell who applied, so that name and title go as well.
    """

    case: Case
    access: Access
    desk: Desk
    tasks: tuple[Task, ...]
    relations: frozenset[str]
    open_tasks: tuple[Task, ...]
    as_applicant: bool
    hidden: frozenset[str]
    blind: bool

    @property
    def spec(self) -> Procedure:
        """The version of the procedure the case follows."""
        return self.case.release.spec

    @property
    def running(self) -> tuple[Task, ...]:
        """What anybody still has to do in the case."""
        return tuple(t for t in self.tasks if t.state == TaskState.OPEN and t.kind != TaskKind.COPY)

    @property
    def tells_opinions(self) -> bool:
        """Whether what departments think may be shown."""
        return not self.as_applicant or self.case.closed_on is not None

    @property
    def in_office(self) -> bool:
        """Whether the person has worked on the case or oversees it."""
        worked = {"handler", "deputy", "past", "supervisor"} & self.relations
        return bool(worked) and not self.as_applicant

    @property
    def title(self) -> str:
        """The title, unless it would tell too much."""
        return self.case.procedure.name if self.blind else self.case.title

    @property
    def applicant(self) -> str:
        """Who applied; names of those without an account are for handlers only."""
        case = self.case
        if self.blind:
            return "不显示"
        if case.applicant_name:
            return case.applicant_name if self.in_office else "（匿名）"
        return str(case.enterprise or case.started_by or "平台")


def viewer_of(case: Case, access: Access) -> Viewer:
    """How a person sees a case; ``relations`` is empty for somebody out of reach."""
    desk = desk_of(access)
    rows = Task.objects.filter(case=case).select_related(
        "step", "department", "enterprise", "person", "deputy", "acted_by", "added_by"
    )
    tasks = tuple(rows.order_by("id"))
    relations = frozenset(relations_of(case, access, list(tasks), desk))
    own = [t for t in tasks if t.kind != TaskKind.COPY and holds(t, desk)]
    open_ = tuple(t for t in own if t.state == TaskState.OPEN)
    as_applicant = "applicant" in relations and not _in_office(tasks, desk, relations)
    hidden = frozenset[str]()
    if not {"supervisor"} & relations and not as_applicant:
        hidden = hidden_by(case.release.spec, {t.step.code for t in open_ or own if t.step})
    elif as_applicant:
        hidden = _never_for_applicants(case.release.spec)
    return Viewer(
        case, access, desk, tasks, relations, open_, as_applicant, hidden,
        not as_applicant and tells_who(case.release.spec, hidden),
    )  # fmt: skip


def _in_office(tasks: Iterable[Task], desk: Desk, relations: Collection[str]) -> bool:
    if "supervisor" in relations:
        return True
    named = (t for t in tasks if t.step is not None or t.kind == TaskKind.COPY)
    return any(
        t.department_id in desk.departments or (t.person_id in desk.people and not _own(t))
        for t in named
    )


def _own(task: Task) -> bool:
    """Whether a task came to a person as the one who applied."""
    return task.person_id == task.case.started_by_id and task.department_id is None


def hidden_by(spec: Procedure, steps: Collection[str]) -> frozenset[str]:
    """Fields that these steps keep from those who do them."""
    return frozenset(name for step in spec.steps if step.id in steps for name in step.hide)


def _never_for_applicants(spec: Procedure) -> frozenset[str]:
    steps = {step.id for step in spec.steps if any(unit.applicant for unit in step.who)}
    return hidden_by(spec, steps)


def tells_who(spec: Procedure, hidden: Collection[str]) -> bool:
    """Whether one of these fields says who applied: its name, or the field that names the case."""
    return any(
        item.id in hidden and (item.type == "enterprise" or item.id == spec.title)
        for item in spec.fields
    )


def blind_cases(cases: Collection[Case], access: Access) -> set[int]:
    """Those of these cases whose applicant a blind step keeps from this person."""
    desk = desk_of(access)
    tasks = Task.objects.filter(own_tasks(desk), case__in=[c.pk for c in cases], step__isnull=False)
    steps: dict[int, set[str]] = {}
    for case, code in tasks.exclude(kind="copy").values_list("case", "step__code"):
        steps.setdefault(case, set()).add(code)
    releases = ProcedureVersion.objects.in_bulk({c.release_id for c in cases if c.pk in steps})
    return {
        case.pk for case in cases
        if case.pk in steps and case.release_id in releases
        and tells_who(releases[case.release_id].spec,
                      hidden_by(releases[case.release_id].spec, steps[case.pk]))
    }  # fmt: skip
