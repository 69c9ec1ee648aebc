"""Credit is asked again every day while a case runs: a record may come after it was handed in."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from jigai.cases.flow.verbs import RUNNING
from jigai.cases.gates import FAIL, Answer, Question
from jigai.cases.models import Case, CaseRecord, ProcedureVersion
from jigai.cases.services.ask_gates import GATE, record_answers
from jigai.cases.services.deed import TaskKind, TaskState
from jigai.cases.services.tell import tell_tasks
from jigai.registers.models import Entry
from jigai.registers.special.stored_credit import RECORDS
from jigai.workbench.credit_gate import NAME, TITLE, ask_credit

EVENT = "case-gate"
MOMENT = "recheck"


def recheck_credit(day: dt.date | None = None) -> int:
    """Ask again for every running case whose enterprise has any credit record; the number of cases
    whose answer changed. Whoever handles one that fails now is told at once."""
    on = day or timezone.localdate()
    return sum(_recheck(case, on) for case in _running().order_by("pk"))


def _running() -> QuerySet[Case]:
    releases = [
        version.pk
        for version in ProcedureVersion.objects.filter(cases__state__in=RUNNING).distinct()
        if NAME in version.spec.gates
    ]
    known = Entry.objects.filter(register__code=RECORDS, enterprise__isnull=False)
    return Case.objects.filter(
        state__in=RUNNING, release__in=releases, enterprise__in=known.values("enterprise")
    ).select_related("enterprise", "procedure", "release")  # fmt: skip


def _recheck(case: Case, on: dt.date) -> bool:
    answer = ask_credit(Question(case, MOMENT, on))
    last = CaseRecord.objects.filter(case=case, verb=GATE, data__title=TITLE).last()
    if last is not None and last.reason == f"{TITLE}：{answer.words}"[:2000]:
        return False
    record_answers(case.pk, [(TITLE, answer)], MOMENT, on, None)
    if answer.state == FAIL:
        _tell(case, answer)
    return True


def _tell(case: Case, answer: Answer) -> None:
    tasks = case.tasks.filter(state=TaskState.OPEN).exclude(kind=TaskKind.COPY)
    tell_tasks(
        case, tasks.select_related("person", "department"), EVENT, "信用核查不通过",
        f"{answer.words}。来源：{answer.source}，截至 {answer.as_of}。修复或异议成立之前不能办结。",
    )  # fmt: skip


@app.periodic(cron="37 5 * * *")
@app.task(name="jigai.workbench.credit", pass_context=False)
def by_the_clock(timestamp: int) -> None:
    """Before the offices open."""
    recheck_credit()
