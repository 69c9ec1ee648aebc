"""The rows of the inbox as they are shown, in a fixed number of queries a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from jigai.cases.access import Desk, acting_for
from jigai.cases.due_words import (
    LIGHT_LOOKS,
    RESULT_LOOKS,
    STATE_LOOKS,
    case_light,
    case_words,
    step_light,
    told,
)
from jigai.cases.models import Case, CaseRecord, CaseStep, Task
from jigai.cases.services.deed import TaskState
from jigai.cases.viewer import blind_cases
from jigai.core.access import Access
from jigai.core.calendar import WorkCalendar

DECISIONS = {"agree": "同意", "disagree": "不同意", "abstain": "弃权", "back": "退回"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row. ``look`` and ``words`` are the light; ``pk`` is ticked for actions on many."""

    pk: int
    url: str
    look: str
    words: str
    number: str
    title: str
    enterprise: str
    procedure: str
    step: str
    due: dt.date | None
    sender: str
    note: str
    state_look: str
    state: str
    unread: bool = False
    at: dt.datetime | None = None


def lines_of(
    tab: str, keys: list[int], access: Access, desk: Desk, today: dt.date, calendar: WorkCalendar
) -> list[Line]:
    """The rows with these keys, in their order; blind steps keep from their people who applied."""
    if tab == "mine":
        cases = {row.pk: row for row in _cases(keys)}
        steps = steps_of(keys)
        return [_case(cases[pk], steps.get(pk, ""), today, calendar) for pk in keys if pk in cases]
    tasks = {row.pk: row for row in _tasks(keys)}
    blind = blind_cases([task.case for task in tasks.values()], access)
    for task in tasks.values():
        if task.case_id in blind:
            task.case.title, task.case.enterprise = str(task.case.procedure), None
    return [_task(tab, tasks[pk], desk, today, calendar) for pk in keys if pk in tasks]


def _cases(keys: list[int]) -> QuerySet[Case]:
    rows = Case.objects.filter(pk__in=keys).defer("values", "words", "search")
    return rows.select_related("procedure", "enterprise")


def _tasks(keys: list[int]) -> QuerySet[Task]:
    # What was done last before a task came into being is what brought it here: under the lock
    # of the case nothing else can stand between.
    sent = CaseRecord.objects.filter(
        case=OuterRef("case"), by__isnull=False, at__lte=OuterRef("created_at")
    ).order_by("-id")
    rows = Task.objects.filter(pk__in=keys).annotate(
        sender=Subquery(sent.values("by__name")[:1])
    )  # fmt: skip
    rows = rows.select_related(
        "case__procedure", "case__enterprise", "step", "person", "department", "added_by"
    )
    return rows.defer("case__values", "case__words", "case__search")


def steps_of(cases: list[int]) -> dict[int, str]:
    """The names of the steps that run, by case."""
    found: dict[int, list[str]] = {}
    rows = CaseStep.objects.filter(case__in=cases, state="active").order_by("place")
    for case, name in rows.values_list("case", "name"):
        found.setdefault(case, []).append(name)
    return {case: "、".join(names) for case, names in found.items()}


def _common(case: Case) -> dict[str, Any]:
    shown = case.get_result_display() if case.state == "done" else case.get_state_display()
    look = RESULT_LOOKS.get(case.result, "done") if case.state == "done" else ""
    return {
        "number": case.number, "title": case.title, "procedure": str(case.procedure),
        "enterprise": str(case.enterprise or ""), "state": shown,
        "state_look": look or STATE_LOOKS[case.state],
    }  # fmt: skip


def _case(case: Case, steps: str, today: dt.date, calendar: WorkCalendar) -> Line:
    light = case_light(case, today)
    return Line(
        pk=case.pk, url=reverse("case-detail", args=[case.number]), look=LIGHT_LOOKS[light],
        words=case_words(case, light, today, calendar), step=steps, due=case.due,
        sender="", note="", **_common(case),
    )  # fmt: skip


def _task(tab: str, task: Task, desk: Desk, today: dt.date, calendar: WorkCalendar) -> Line:
    case, url = task.case, reverse("case-detail", args=[task.case.number])
    if tab == "todo" and task.step is not None:
        light, due = step_light(task.step, today), task.step.due
        words = told(light, due, today, calendar)
    else:
        light, due = case_light(case, today), case.due
        words = case_words(case, light, today, calendar)
    is_open = task.state == TaskState.OPEN
    return Line(
        pk=task.pk, url=f"{url}?task={task.pk}" if is_open else url, look=LIGHT_LOOKS[light],
        words=words, step=_where(task), due=due, sender=_sender(task), at=task.done_at,
        note=_note(tab, task, desk), unread=tab == "copy" and is_open, **_common(case),
    )  # fmt: skip


def _where(task: Task) -> str:
    name = str(task.step or "")
    return f"{name}（加签）" if task.kind == "sign" else name


def _sender(task: Task) -> str:
    return str(task.added_by or getattr(task, "sender", "") or "平台")


def _note(tab: str, task: Task, desk: Desk) -> str:
    """How it comes to be here, or what was decided."""
    if tab == "done":
        lent = f"代{task.on_behalf}" if task.on_behalf else ""
        return "　".join(filter(None, (DECISIONS.get(task.decision, "已办"), lent)))
    if tab == "copy":
        return ""
    lent = acting_for(task, desk)
    if lent:
        return f"代{lent}"
    return "待领办" if task.person_id is None and not task.enterprise_id else ""
