"""Problems of projects: cases of one procedure, found by the project they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from jigai.cases.access import visible_cases
from jigai.cases.due_words import LIGHT_LOOKS, step_light, told
from jigai.cases.models import Case, CaseRecord, CaseStep
from jigai.core.access import Access, Reach, scoped
from jigai.core.platform_calendar import platform_calendar
from jigai.projects.work.access import VIEW

CODE, ABOUT = "project-issue", "project:"
RUNNING = (Case.State.SUBMITTED, Case.State.CORRECTION, Case.State.OPEN)
REACH = Reach(region="region_code", enterprise="enterprise", owner="started_by")
KINDS = {
    "land": "用地", "approval": "审批手续", "finance": "融资", "energy": "用能",
    "environment": "环保", "labour": "用工", "market": "市场与订单", "statistics": "入统",
    "other": "其他",
}  # fmt: skip
LINES = {
    "miit": "工业和信息化", "development": "发展改革", "approval": "行政审批", "land": "自然资源",
    "ecology": "生态环境", "finance": "财政", "tax": "税务", "market": "市场监督管理",
    "statistics": "统计",
}  # fmt: skip
# What became of a problem, as people ask for it.
WAITING, HANDLING, CONFIRMING, CLOSED, DROPPED = (
    "waiting", "handling", "confirming", "closed", "dropped",
)  # fmt: skip
STATES = {
    WAITING: "待分派", HANDLING: "办理中", CONFIRMING: "待确认销号", CLOSED: "已销号",
    DROPPED: "已撤回或作废",
}  # fmt: skip
LOOKS = {
    WAITING: "pending", HANDLING: "running", CONFIRMING: "ready", CLOSED: "done",
    DROPPED: "withdrawn",
}  # fmt: skip


def issues_for(access: Access) -> QuerySet[Case]:
    """The problems of projects within reach; an enterprise's people see those they raised."""
    rows = Case.objects.filter(procedure__code=CODE).exclude(state=Case.State.DRAFT)
    return scoped(rows, access, VIEW, REACH)


def open_issues(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those nobody has closed."""
    return rows.filter(state__in=RUNNING)


def overdue(rows: QuerySet[Case], today: dt.date) -> QuerySet[Case]:
    """Those with a running step beyond its limit."""
    late = CaseStep.objects.filter(case=OuterRef("pk"), state="active", due__lt=today)
    return open_issues(rows).filter(Exists(late))


def lifted(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those that were put before a level above their handlers."""
    told_above = CaseRecord.objects.filter(
        case=OuterRef("pk"), verb="remind", data__to__in=["chief", "leader", "above"]
    )
    return rows.filter(Exists(told_above))


def in_state(rows: QuerySet[Case], state: str) -> QuerySet[Case]:
    """Those in one of :data:`STATES`."""
    if state == CLOSED:
        return rows.filter(state=Case.State.DONE)
    if state == DROPPED:
        return rows.exclude(state=Case.State.DONE).exclude(state__in=RUNNING)
    at = CaseStep.objects.filter(case=OuterRef("pk"), state="active")
    codes = {WAITING: Q(code="assign"), CONFIRMING: Q(code__in=["confirm", "close"])}
    wanted = codes.get(state, ~Q(code__in=["assign", "confirm", "close"]))
    return open_issues(rows).filter(Exists(at.filter(wanted)))


def of_project(rows: QuerySet[Case], project: int) -> QuerySet[Case]:
    """Those about one project."""
    return rows.filter(about=f"{ABOUT}{project}")


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem as a list shows it. ``light`` is a look, ``light_words`` say how long is left;
    ``raised`` is the highest level it was put before; ``url`` is empty for who may not open it."""

    case: Case
    state: str
    step: str
    kind: str
    line: str
    due: dt.date | None
    light: str
    light_words: str
    raised: str
    url: str

    @property
    def look(self) -> str:
        """The code the state is drawn by."""
        return LOOKS[self.state]

    @property
    def word(self) -> str:
        """The state in words."""
        return STATES[self.state]


def told_issues(cases: Sequence[Case], access: Access, today: dt.date) -> list[Issue]:
    """The rows of a list, in three queries."""
    keys = [row.pk for row in cases]
    steps: dict[int, CaseStep] = {}
    for step in CaseStep.objects.filter(case__in=keys, state="active").order_by("id"):
        steps.setdefault(step.case_id, step)
    records = CaseRecord.objects.filter(case__in=keys, verb="remind").order_by("id")
    raised = {row.case_id: str(row.data.get("to")) for row in records}
    known = set(visible_cases(access).filter(pk__in=keys).values_list("pk", flat=True))
    return [_told(row, steps.get(row.pk), raised.get(row.pk, ""), row.pk in known, today)
            for row in cases]  # fmt: skip


_RAISED = {"chief": "科室负责人", "leader": "分管领导", "above": "上一级部门"}


def _told(case: Case, step: CaseStep | None, raised: str, may_open: bool, today: dt.date) -> Issue:
    state = state_of(case, step.code if step else "")
    light = step_light(step, today) if step else "none"
    words = told(light, step.due, today, platform_calendar()) if step and step.due else ""
    return Issue(
        case, state, step.name if step else "", KINDS.get(case.values.get("kind", ""), ""),
        LINES.get(case.values.get("handler_line", ""), ""), step.due if step else None,
        LIGHT_LOOKS[light], words, _RAISED.get(raised, ""),
        reverse("case-detail", args=[case.number]) if may_open else "",
    )  # fmt: skip


def state_of(case: Case, step: str) -> str:
    """One of :data:`STATES`; there is no problem without one."""
    if case.state == Case.State.DONE:
        return CLOSED
    if case.state not in RUNNING:
        return DROPPED
    if step in ("confirm", "close"):
        return CONFIRMING
    return WAITING if step in ("", "assign") else HANDLING


def project_keys(cases: Collection[Any]) -> dict[int, int]:
    """The projects these cases are about, by case."""
    found = {}
    for case in cases:
        prefix, _, pk = case.about.partition(":")
        if f"{prefix}:" == ABOUT and pk.isdigit():
            found[case.pk] = int(pk)
    return found
