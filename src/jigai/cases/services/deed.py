"""What a verb works with: the locked case, who acts, how, and the record of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from jigai.cases.access import Desk, acting_for
from jigai.cases.flow.shapes import Procedure, Step
from jigai.cases.flow.verbs import Verb
from jigai.cases.models import Case, CaseRecord, CaseStep, Task
from jigai.core.access import Access
from jigai.core.calendar import WorkCalendar
from jigai.core.models import User
from jigai.core.platform_calendar import platform_calendar

# Plain Any: without Django's plugin a checker takes members of choices for tuples.
CaseState: Any = Case.State
CaseResult: Any = Case.Result
StepState: Any = CaseStep.State
TaskState: Any = Task.State
TaskKind: Any = Task.Kind


@dataclass(slots=True)
class Deed:
    """One use of a verb. ``task`` and ``step`` are set for verbs that act on one's own task;
    ``data`` is what the form of the verb brought. ``by`` is ``None`` where time itself acts."""

    case: Case
    verb: str
    by: User | None
    access: Access | None
    desk: Desk | None
    tasks: list[Task]
    today: dt.date
    calendar: WorkCalendar
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    task: Task | None = None
    rule: Verb | None = None

    @property
    def spec(self) -> Procedure:
        """The version of the procedure this case follows."""
        return self.case.release.spec

    @property
    def step(self) -> CaseStep:
        """The step of the task."""
        assert self.task is not None and self.task.step is not None
        return self.task.step

    @property
    def shape(self) -> Step:
        """What the procedure says of that step."""
        return self.spec.step(self.step.code)

    def settle(self, decision: str, opinion: str = "") -> None:
        """Mark the task as done by whoever acts, for whom it was."""
        task = self.task
        assert task is not None
        task.state, task.decision = Task.State.DONE, decision
        task.opinion = (opinion or self.reason)[:2000]
        task.acted_by, task.done_at = self.by, timezone.now()
        task.on_behalf = acting_for(task, self.desk) if self.desk else ""
        task.save()

    def note(
        self, reason: str | None = None, step: CaseStep | None = None, task: Task | None = None,
        verb: str = "", **data: Any,
    ) -> CaseRecord:  # fmt: skip
        """Write a line of 流转记录."""
        at = task or self.task
        lent = acting_for(at, self.desk) if at and self.desk else ""
        unit = str(at.department or at.enterprise or "") if at else ""
        return CaseRecord.objects.create(
            case=self.case, step=step or (at.step if at else None), task=at,
            verb=verb or self.verb, by=self.by, on_behalf=lent, unit=unit,
            reason=(self.reason if reason is None else reason)[:2000], data=data,
        )  # fmt: skip


def deed_of_time(case: Case, verb: str) -> Deed:
    """A deed nobody does: a day passed. The caller holds the lock of the case."""
    return Deed(
        case, verb, None, None, None, list(case.tasks.select_related("step", "department")),
        timezone.localdate(), platform_calendar(),
    )  # fmt: skip
