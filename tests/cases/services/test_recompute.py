"""A corrected holiday moves every running clock, and says so where it did."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jigai.cases import jobs
from jigai.cases.models import Case, CaseStep, Task
from jigai.cases.services import recompute as module
from jigai.cases.services.recompute import recompute
from jigai.core.access import access_of
from jigai.core.models import Job, Workday
from jigai.core.services.enter_workdays import enter_workdays
from jigai.core.services.install_workdays import install_workdays
from tests.cases.conftest import VALUES, Do, People, make_file
from tests.cases.time_travel import Clock
from tests.cases.time_travel import clock as clock
from tests.factories import make_user

NOTICE = "示例放假通知"


def enter(year: int, *holidays: str) -> None:
    """The holidays of a year as somebody enters them on screen."""
    days = {dt.date.fromisoformat(day): ("holiday", "示例假日") for day in holidays}
    by = access_of(make_user("platform-admin"))
    enter_workdays(by=by, year=year, days=days, source=NOTICE)


def accepted(draft: Case, do: Do, people: People) -> Case:
    """Handed in and accepted today."""
    file = make_file(people["applicant"]).pk
    do(draft, "submit", "applicant", values=VALUES,
       evidence={"application": file, "land_paper": file})  # fmt: skip
    return do(draft, "accept", "approval")


@pytest.mark.system("time-limited-approval")
def test_spring_festival_with_its_worked_saturday(
    clock: Clock, draft: Case, do: Do, people: People
) -> None:
    """Accepted on Monday, 9 February 2026: of the next 34 calendar days 20 are worked, the
    Saturdays 14 and 28 among them."""
    clock.at(2, 9)
    case = accepted(draft, do, people)
    assert case.due == dt.date(2026, 3, 13)
    assert not case.provisional


@pytest.mark.system("time-limited-approval")
def test_year_end_is_provisional_until_the_notice_comes(
    clock: Clock, draft: Case, do: Do, people: People
) -> None:
    clock.at(2026, 12, 21)
    case = accepted(draft, do, people)
    assert (case.due, case.provisional) == (dt.date(2027, 1, 18), True)
    enter(2027, "2027-01-01")
    assert recompute() == module.Settled(1, 1)
    case.refresh_from_db()
    assert (case.due, case.provisional) == (dt.date(2027, 1, 19), False)
    line = case.records.get(verb="recompute")
    assert line.by is None
    assert line.reason == "放假安排有变化，应办结日期由 2027-01-18 改为 2027-01-19"


@pytest.mark.system("time-limited-approval")
def test_a_holiday_corrected_afterwards_moves_steps_tasks_and_pauses_alike(
    clock: Clock, draft: Case, do: Do, people: People
) -> None:
    """Two pauses on different branches, one over and one open; then the 12th becomes a holiday."""
    case = accepted(draft, do, people)
    clock.at(3, 4)
    do(case, "pause", "ecology", kind="expert", expected_days=3, reason="专家评审")
    clock.at(3, 6)
    do(case, "resume", "ecology")
    clock.at(3, 10)
    case = do(case, "pause", "land", kind="expert", expected_days=3, reason="专家评审")
    clock.at(3, 13)
    case = do(case, "resume", "land")
    before = {step.code: step.due for step in CaseStep.objects.filter(state="active")}
    assert case.due == dt.date(2026, 4, 7), "two days and three days later than the 30th"
    Workday.objects.filter(day__year=2026, day__gte=dt.date(2026, 9, 1)).delete()
    Workday.objects.create(day=dt.date(2026, 3, 12), kind="holiday", name="示例")
    assert recompute().moved == 0, "what was paused anyway moves nothing"
    case.refresh_from_db()
    assert case.due == dt.date(2026, 4, 7)
    assert not case.records.filter(verb="recompute").exists()
    Workday.objects.create(day=dt.date(2026, 3, 9), kind="holiday", name="示例")
    assert recompute().moved == 1
    case.refresh_from_db()
    assert case.due == dt.date(2026, 4, 8)
    after = {step.code: step.due for step in CaseStep.objects.filter(state="active")}
    assert all(after[code] > before[code] for code in ("land", "ecology"))
    for task in Task.objects.filter(state="open").select_related("step"):
        assert task.step is not None and task.due == task.step.due


def test_what_is_over_keeps_its_day(clock: Clock, draft: Case, do: Do, people: People) -> None:
    case = accepted(draft, do, people)
    do(case, "withdraw", "applicant", reason="示例")
    Workday.objects.create(day=dt.date(2026, 3, 9), kind="holiday", name="示例")
    assert recompute() == module.Settled(0, 0)


def test_many_cases_take_few_queries_and_every_batch_says_how_far(
    clock: Clock, draft: Case, do: Do, people: People, monkeypatch: Any
) -> None:
    case = accepted(draft, do, people)
    fields = {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields
              if f.attname not in ("id", "number", "search")}  # fmt: skip
    Workday.objects.create(day=dt.date(2026, 3, 9), kind="holiday", name="示例")
    recompute()
    made = Case.objects.bulk_create(Case(number=f"示例-{n}", **fields) for n in range(40))
    CaseStep.objects.bulk_create(
        CaseStep(case=one, code="land", name="用地", place=1, days=8, started_on=clock.day)
        for one in made
    )
    with CaptureQueriesContext(connection) as few:
        assert recompute() == module.Settled(41, 40)
    assert len(few) < 25
    monkeypatch.setattr(module, "BATCH", 20)
    seen: list[tuple[int, int]] = []
    recompute(lambda done, of: seen.append((done, of)))
    assert seen == [(0, 41), (20, 41), (40, 41)]


def test_entering_holidays_on_screen_starts_the_job(
    clock: Clock, draft: Case, do: Do, people: People, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        enter(2027, "2027-01-01")
    assert not Job.objects.filter(kind=jobs.RECOMPUTE).exists(), "no clock runs yet"
    accepted(draft, do, people)
    with django_capture_on_commit_callbacks(execute=True):
        enter(2027, "2027-01-01", "2027-02-05")
    job = Job.objects.get(kind=jobs.RECOMPUTE)
    assert job.title == "按新的放假安排重算办件时限"
    with django_capture_on_commit_callbacks(execute=True):
        enter(2028, "2028-01-03")
    assert Job.objects.filter(kind=jobs.RECOMPUTE).count() == 1, "the waiting one reads it anew"


def test_a_release_with_the_same_holidays_starts_nothing(
    clock: Clock, draft: Case, do: Do, people: People,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    accepted(draft, do, people)
    with django_capture_on_commit_callbacks(execute=True):
        install_workdays()
    assert not Job.objects.filter(kind=jobs.RECOMPUTE).exists()
    Workday.objects.filter(day=dt.date(2026, 5, 1)).delete()
    with django_capture_on_commit_callbacks(execute=True):
        install_workdays()
    assert Job.objects.filter(kind=jobs.RECOMPUTE).count() == 1
