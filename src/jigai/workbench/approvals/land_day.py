"""The day land is delivered under 拿地即开工: who hears that the permit can be issued, or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from jigai.cases.access import SUPERVISE
from jigai.cases.flow.shapes import Step
from jigai.cases.models import Case, CaseRecord, CaseStep, Task
from jigai.cases.services.advance import latest_steps
from jigai.cases.services.deed import TaskKind, TaskState
from jigai.cases.services.give_tasks import department_of, people_of
from jigai.cases.services.tell import applicants, tell_people
from jigai.cases.unit_names import unit_words
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with
from jigai.workbench.approvals.land_ready import DELIVERED, ISSUE, readiness

EVENT, RECORD = "case-land", "land-day"
READY, MISSING = "ready", "missing"


@dataclass(frozen=True, slots=True)
class Owed:
    """A prior item that is not done: its name, whose it is in words, and their people."""

    item: str
    whose: str
    people: tuple[User, ...]


def delivered(case: Case, row: CaseStep, by: User | None) -> None:
    """The land is there: where items are missing, everybody hears which and whose they are, those
    who owe them that they do. Raises :class:`JigaiError` for a day that has not come: the permit
    would be issued for land nobody has yet.
    """
    day = dt.date.fromisoformat(case.values[DELIVERED])
    if day > timezone.localdate():
        raise JigaiError("not-delivered", f"土地 {day} 才交付，现在不能登记", "交付当天再登记")
    steps = latest_steps(case)
    owed = [_owed(case, one, steps.get(one.id)) for one in readiness(case, steps).open]
    if not owed or _told(case, day, MISSING):
        return
    missing = "、".join(f"{one.item}（由{one.whose}办）" for one in owed)
    _note(case, day, MISSING, f"还缺 {missing}")
    debtors = {person.pk: person for one in owed for person in one.people}
    for person in debtors.values():
        own = "、".join(one.item for one in owed if person in one.people)
        body = f"土地 {day} 交付，今日还不能发证。还缺 {missing}。办完后即可发证。"
        tell_people(case, [person], EVENT, f"土地已交付，还缺您单位的{own}", body)
    others = [one for one in _concerned(case) + people_with(SUPERVISE, case.region_code)
              if one.pk not in debtors]  # fmt: skip
    body = f"土地 {day} 交付。还缺 {missing}。办完后即可发证。"
    tell_people(case, _once(others), EVENT, f"今日还不能发证，还缺 {missing}", body)


def ready(case: Case, row: CaseStep, by: User | None) -> None:
    """The land is there and everything is done: today the permit can be issued."""
    day = dt.date.fromisoformat(case.values[DELIVERED])
    if _told(case, day, READY):
        return
    _note(case, day, READY, "先审事项都已办完，今日可发证")
    whose = _owed(case, case.release.spec.step(ISSUE), row).whose
    prior = readiness(case, latest_steps(case)).prior
    body = f"土地 {day} 交付，{prior} 项先审事项都已办完，由{whose}出证。"
    tell_people(case, _concerned(case), EVENT, "今日可发证", body)


def _told(case: Case, day: dt.date, what: str) -> bool:
    """Whether that was told of this day of delivery before; a step can be taken back and redone."""
    return case.records.filter(verb=RECORD, data__day=str(day), data__told=what).exists()


def _note(case: Case, day: dt.date, what: str, words: str) -> None:
    CaseRecord.objects.create(
        case=case, verb=RECORD, reason=f"土地 {day} 交付：{words}"[:2000],
        data={"day": str(day), "told": what},
    )  # fmt: skip


def _owed(case: Case, step: Step, row: CaseStep | None) -> Owed:
    """Whose a missing item is: who has it to do, or who will once it begins."""
    tasks = Task.objects.filter(case=case, step=row, state=TaskState.OPEN) if row else []
    open_ = [task for task in tasks if task.kind != TaskKind.COPY] or _planned(case, step)
    names = dict.fromkeys(str(t.department or t.enterprise or t.person or "") for t in open_)
    words = "、".join(name for name in names if name)
    whose = words or "、".join(unit_words(unit) for unit in step.who)
    return Owed(step.name, whose, tuple(_once(p for task in open_ for p in people_of(task))))


def _planned(case: Case, step: Step) -> list[Task]:
    """The tasks the departments of a step would have."""
    today = timezone.localdate()
    return [
        Task(case=case, department=department_of(unit, case.region_code, today))
        for unit in step.who if unit.line
    ]  # fmt: skip


def _concerned(case: Case) -> list[User]:
    """The applicant, every department that has or had something to do, and who issues."""
    rows = Task.objects.filter(case=case).exclude(state=TaskState.CANCELLED)
    tasks = [*rows.exclude(kind=TaskKind.COPY), *_planned(case, case.release.spec.step(ISSUE))]
    return _once([*applicants(case), *(person for task in tasks for person in people_of(task))])


def _once(people: Iterable[User]) -> list[User]:
    return list({person.pk: person for person in people}.values())
