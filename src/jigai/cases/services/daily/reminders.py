"""The ladder: who hears of a step that is close to its limit or beyond it, each rung once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction

from jigai.cases.flow.shapes import RUNG_TO, Rung
from jigai.cases.models import Case, CaseRecord, CaseStep, ProcedureVersion, Task
from jigai.cases.services.advance import RUNNING
from jigai.cases.services.daily.lift import lift
from jigai.cases.services.daily.rung_people import RungPeople, send_digests
from jigai.cases.services.deed import StepState, TaskKind, TaskState
from jigai.core.platform_calendar import platform_calendar

Ladder = tuple[Rung, ...]


def remind(day: dt.date) -> int:
    """Give each rung that is reached today; on days off nothing is sent.

    Only steps that reach a rung are read: one query for each rung of each different ladder.
    """
    calendar = platform_calendar()
    if not calendar.is_workday(day):
        return 0
    found: list[tuple[CaseStep, Rung]] = []
    with transaction.atomic():
        for ladder, releases in _ladders().items():
            for place, rung in enumerate(ladder):
                # ``left`` working days or fewer: the last day is no later than that many from now.
                latest = calendar.add_workdays(day, rung.left)
                found += [(step, rung) for step in _reached(releases, place, latest)]
        _record(found)
        lift(step for step, rung in found if rung.to == "above")
        send_digests(_by_person(found))
    return len({step.case_id for step, _rung in found})


def _ladders() -> dict[Ladder, list[int]]:
    """The different ladders in use, the earliest rung first, with the versions that have them."""
    running = Case.objects.filter(state__in=RUNNING).values("release")
    found: dict[Ladder, list[int]] = defaultdict(list)
    for version in ProcedureVersion.objects.filter(pk__in=running):
        ladder = sorted(version.spec.ladder, key=lambda rung: -rung.left)
        found[tuple(ladder)].append(version.pk)
    return found


def _reached(releases: list[int], place: int, latest: dt.date) -> list[CaseStep]:
    """Steps that stand exactly before this rung and have reached it; marked as reminded."""
    rows = CaseStep.objects.filter(
        case__release__in=releases, case__state__in=RUNNING, state=StepState.ACTIVE,
        due__lte=latest, reminded=place,
    )  # fmt: skip
    steps = list(rows.select_related("case").order_by("due", "pk"))
    CaseStep.objects.filter(pk__in=[step.pk for step in steps]).update(reminded=place + 1)
    return steps


def _record(found: list[tuple[CaseStep, Rung]]) -> None:
    CaseRecord.objects.bulk_create(
        CaseRecord(
            case=step.case, step=step, verb="remind", data={"left": rung.left, "to": rung.to},
            reason=f"应办日期 {step.due}，{words(rung)}，提醒{RUNG_TO[rung.to]}",
        )
        for step, rung in found
    )  # fmt: skip


def words(rung: Rung) -> str:
    """How a rung reads: 还剩 1 个工作日, 今天到期, 已超期 1 个工作日."""
    if rung.left > 0:
        return f"还剩 {rung.left} 个工作日"
    return f"已超期 {-rung.left} 个工作日" if rung.left else "今天到期"


def _by_person(found: list[tuple[CaseStep, Rung]]) -> dict[int, list[tuple[CaseStep, str]]]:
    tasks: dict[int, list[Task]] = defaultdict(list)
    open_ = Task.objects.filter(
        step__in=[step.pk for step, _rung in found], state=TaskState.OPEN
    ).exclude(kind=TaskKind.COPY)
    for task in open_.select_related("person").order_by("pk"):
        tasks[task.step_id].append(task)
    people = RungPeople()
    told: dict[int, list[tuple[CaseStep, str]]] = defaultdict(list)
    for step, rung in found:
        once = {
            pk for task in tasks[step.pk] for pk in people.of(task, rung.to, step.case.region_code)
        }
        for pk in once:
            told[pk].append((step, words(rung)))
    return told
