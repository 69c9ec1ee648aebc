"""Makes tasks for every project a rule says is late; the same round a second time makes none."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, User
from jigai.core.screens.list_filters import below
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.projects.models import Project, WorkTask
from jigai.projects.selectors import projects_for
from jigai.projects.work.access import MANAGE, VIEW, require_region, responsible_for
from jigai.projects.work.nudges import PROGRESS, START, Nudge, Unclear, nudge
from jigai.projects.work.standings import standings

EVENTS = {START: "project-start-task", PROGRESS: "project-progress-task"}
TITLES = {START: "催开工", PROGRESS: "催进度"}
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('projects.nudges'))"


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules say of a region: tasks to make, and projects they cannot tell of."""

    nudges: tuple[Nudge, ...]
    unclear: tuple[Unclear, ...]
    looked_at: int

    @property
    def counts(self) -> dict[str, int]:
        """Tasks by kind."""
        return dict(Counter(one.kind for one in self.nudges))


def look(
    access: Access, *, region: str, year: int, month: int, lag: int = 0
) -> Found:  # fmt: skip
    """What would be made. Raises :class:`Denied` out of reach and :class:`JigaiError` for a month
    that is not over."""
    require_region(access, MANAGE, region)
    today = timezone.localdate()
    if (year, month) > (today.year, today.month):
        raise JigaiError("month-ahead", f"{year} 年 {month} 月还没有到", "选已经开始的月份")
    rows = below(_projects(access), "region_code", region).filter(ledger_years__contains=[year])
    listed = standings(rows, year, month)
    told = [nudge(one, year=year, month=month, on=_day(year, month, today), lag=lag)
            for one in listed]  # fmt: skip
    return Found(
        tuple(one for one in told if isinstance(one, Nudge)),
        tuple(one for one in told if isinstance(one, Unclear)), len(listed),
    )  # fmt: skip


def _projects(access: Access) -> QuerySet[Project]:
    return projects_for(access).filter(duplicate_of__isnull=True)


def _day(year: int, month: int, today: dt.date) -> dt.date:
    """The first day after the month, but not one to come."""
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    return min(after, today)


@dataclass(frozen=True, slots=True)
class Made:
    """How many tasks of each kind are new, and how many were there already."""

    start: int
    progress: int
    existing: int
    unclear: int


def make_tasks(
    *, region: str, year: int, month: int, due_on: dt.date, by: User, access: Access,
    lag: int = 0,
) -> Made:  # fmt: skip
    """Make them and tell whoever has to answer.

    Raises as :func:`look` does, and :class:`JigaiError` for a limit that has passed.
    """
    if due_on < timezone.localdate():
        raise JigaiError("due-past", "反馈限期已经过去", "填今天或以后的一天")
    found = look(access, region=region, year=year, month=month, lag=lag)
    name = f"{year}-{month:02d}"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        known = set(
            WorkTask.objects.filter(round=name, project__in=[n.project for n in found.nudges])
            .values_list("project_id", "kind")
        )  # fmt: skip
        wanted = [one for one in found.nudges if (one.project, one.kind) not in known]
        projects = list(
            Project.objects.filter(pk__in=[one.project for one in wanted])
            .select_related("enterprise").defer("search", "enterprise__search")
        )  # fmt: skip
        people = responsible_for(projects, timezone.localdate())
        made = WorkTask.objects.bulk_create([
            WorkTask(project_id=one.project, kind=one.kind, round=name, text=one.text,
                     because=one.because, due_on=due_on, created_by=by,
                     person=people.get(one.project))
            for one in wanted
        ])  # fmt: skip
        by_key = {project.pk: project for project in projects}
        transaction.on_commit(lambda: tell([(task, by_key[task.project_id]) for task in made]))
    count = Counter(task.kind for task in made)
    return Made(count[START], count[PROGRESS], len(found.nudges) - len(made), len(found.unclear))


def tell(tasks: Sequence[tuple[WorkTask, Project]]) -> None:
    """One message for each kind to everybody who has to answer, however many tasks."""
    firms = {p.enterprise_id for _t, p in tasks if p.enterprise_id}
    held = Assignment.objects.filter(
        in_force(), enterprise__in=firms, user__is_active=True,
        role__capabilities__contains=[VIEW],
    )  # fmt: skip
    handlers: dict[int, set[int]] = {}
    for firm, user in held.values_list("enterprise", "user"):
        handlers.setdefault(firm, set()).add(user)
    lines: dict[tuple[int, str], list[WorkTask]] = {}
    for task, project in tasks:
        wanted = handlers.get(project.enterprise_id or 0, set()) | {task.person_id}
        for person in wanted - {None}:
            lines.setdefault((person, task.kind), []).append(task)
    users = User.objects.in_bulk({person for person, _kind in lines})
    for (person, kind), listed in sorted(lines.items()):
        _send(users[person], kind, listed)


def _send(person: User, kind: str, tasks: list[WorkTask]) -> None:
    one = len(tasks) == 1
    url = reverse("task-detail", args=[tasks[0].pk]) if one else reverse("task-list")
    words = {
        START: "请说明没有开工的原因和新的开工日期",
        PROGRESS: "请说明落后的原因和赶进度的措施",
    }
    send_notice(
        user=person, event=EVENTS[kind],
        title=f"{TITLES[kind]}：{len(tasks)} 个项目，请在 {tasks[0].due_on} 前反馈",
        body=tasks[0].text if one else words[kind], url=f"{url}" if one else f"{url}?kind={kind}",
    )  # fmt: skip


def remind(today: dt.date, after: dt.date, before: dt.date) -> int:
    """Tell of tasks nobody has answered that fall due by the next working day (``after``), and of
    those that became overdue since the last one (``before``); the number of tasks."""
    rows = WorkTask.objects.filter(status=WorkTask.Status.OPEN).select_related("project", "person")
    soon = list(rows.filter(due_on__gt=today, due_on__lte=after).order_by("id"))
    late = list(rows.filter(due_on__gte=before, due_on__lt=today).order_by("id"))
    _remind(soon, "即将到期")
    _remind(late, "已逾期")
    return len(soon) + len(late)


def _remind(tasks: Iterable[WorkTask], word: str) -> None:
    for task in tasks:
        if task.person is None:
            continue
        send_notice(
            user=task.person, event=EVENTS[task.kind],
            title=f"{task.get_kind_display()}{word}：{task.project.name}", body=task.text,
            url=reverse("task-detail", args=[task.pk]),
        )  # fmt: skip
