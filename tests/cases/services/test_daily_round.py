"""What time itself does to cases, day by day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jigai.cases.hooks import register_hook
from jigai.cases.models import Case, CaseRound, CaseStep, Task
from jigai.cases.services.daily_round import daily_round
from jigai.cases.services.start_case import start_case
from jigai.core.access import access_of
from jigai.core.models import Department, DepartmentMerger, Notice
from jigai.errors import JigaiError
from tests.cases.conftest import CONTENT, VALUES, Do, People, make_file, open_tasks, publish
from tests.cases.time_travel import Clock
from tests.cases.time_travel import clock as clock
from tests.factories import make_department

ASKED = {"items": [{"id": "application", "say": "没有盖章"}]}


@pytest.fixture
def waiting(clock: Clock, submitted: Case) -> Case:
    """Handed in on Monday, 2 March 2026."""
    return submitted


def handed_in(people: People, do: Do, content: dict[str, Any], code: str) -> Case:
    """An application by another procedure, complete."""
    user = people["applicant"]
    case = start_case(procedure=publish(content, code), by=user, access=access_of(user))
    return do(
        case,
        "submit",
        "applicant",
        values=VALUES,
        evidence={"application": make_file(user).pk, "land_paper": make_file(user).pk},
    )


@pytest.mark.system("time-limited-approval")
def test_five_working_days_of_silence_are_acceptance(waiting: Case, clock: Clock) -> None:
    """Calendar days would have accepted on Sunday the 8th."""
    assert daily_round(clock.at(3, 9)) == 1, "the step is one day short: reminded, not accepted"
    waiting.refresh_from_db()
    assert waiting.state == "submitted"
    daily_round(clock.at(3, 10))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.accepted_by_silence) == ("open", True)
    assert waiting.accepted_on == waiting.clock_from == dt.date(2026, 3, 2)
    assert waiting.due == dt.date(2026, 3, 30), "from the day of receipt, not from today"
    assert open_tasks(waiting) == ["land", "ecology"]
    line = waiting.records.get(verb="silence")
    assert line.by is None and "行政许可法第三十二条第一款第（四）项" in line.reason
    assert waiting.promised_on == dt.date(2026, 3, 24), "promised materials count from today"


def test_whoever_was_told_is_not_accepted_by_silence(waiting: Case, do: Do, clock: Clock) -> None:
    do(waiting, "correct", "approval", reason="请补", **ASKED)
    for day in (10, 17, 24):
        daily_round(clock.at(3, day))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.accepted_on) == ("submitted", None)
    assert waiting.corrections.get().lapsed_on == dt.date(2026, 3, 10)
    assert waiting.steps.get(code="accept").started_on == dt.date(2026, 3, 10)
    do(waiting, "refuse_acceptance", "approval", reason="逾期未补正")


def test_after_full_supply_the_five_days_run_anew(
    waiting: Case, do: Do, people: People, clock: Clock
) -> None:
    do(waiting, "correct", "approval", reason="请补", **ASKED)
    clock.at(3, 6)
    do(waiting, "supply", "applicant", evidence={"application": make_file(people["applicant"]).pk})
    daily_round(clock.at(3, 13))
    waiting.refresh_from_db()
    assert waiting.state == "submitted"
    daily_round(clock.at(3, 14))
    waiting.refresh_from_db()
    assert waiting.clock_from == dt.date(2026, 3, 6)


def test_silence_means_nothing_outside_licensing(clock: Clock, people: People, do: Do) -> None:
    case = handed_in(people, do, {**CONTENT, "kind": "subsidy"}, "subsidy")
    daily_round(clock.at(4, 20))
    case.refresh_from_db()
    assert case.state == "submitted"


@pytest.mark.parametrize(("silence", "state"), [("withdrawn", "withdrawn"), ("continue", "open")])
def test_an_unanswered_correction_does_what_the_round_says(
    clock: Clock, people: People, do: Do, silence: str, state: str
) -> None:
    content = {**CONTENT, "kind": "subsidy", "correction": {"days": 5, "silence": silence}}
    case = handed_in(people, do, content, "subsidy")
    do(case, "accept", "approval")
    do(case, "correct", "ecology", reason="请补", **ASKED)
    daily_round(clock.at(3, 9))
    case.refresh_from_db()
    assert case.state == "correction", "the last day is the applicant's in full"
    daily_round(clock.at(3, 10))
    case.refresh_from_db()
    assert case.state == state
    assert case.pauses.get().ends == dt.date(2026, 3, 10)
    assert case.records.filter(verb="unanswered", by=None).count() == 1


def test_a_wait_passes_by_itself_after_working_days(clock: Clock, people: People, do: Do) -> None:
    steps = [*CONTENT["steps"][:1], {"id": "public", "name": "公示", "deed": "wait", "days": 5},
             {"id": "decide", "name": "决定", "who": {"line": "approval"}, "days": 3}]  # fmt: skip
    case = handed_in(people, do, {**CONTENT, "kind": "subsidy", "steps": steps}, "with-publicity")
    do(case, "accept", "approval")
    daily_round(clock.at(3, 9))
    assert open_tasks(case) == []
    daily_round(clock.at(3, 10))
    assert open_tasks(case) == ["decide"]
    assert case.steps.get(code="public").done_on == dt.date(2026, 3, 10)


def decided(case: Case, do: Do) -> Case:
    """Agreed by everybody."""
    for who in ("ecology", "land", "land", "market"):
        do(case, "agree", who)
    return do(case, "agree", "approval")


@pytest.mark.system("tolerance-approval")
@pytest.mark.parametrize("finished", [True, False])
def test_a_conclusion_lapses_when_the_promise_is_not_kept(
    waiting: Case, do: Do, people: People, clock: Clock, finished: bool
) -> None:
    case = do(waiting, "accept", "approval")
    if finished:
        case = decided(case, do)
        assert (case.state, case.result) == ("done", "agreed")
    daily_round(clock.at(3, 16))
    case.refresh_from_db()
    assert case.state == ("done" if finished else "open"), "the promised day is theirs in full"
    daily_round(clock.at(3, 17))
    case.refresh_from_db()
    assert (case.state, case.result) == ("lapsed", "")
    assert open_tasks(case) == []
    assert case.evidence.get(item="land_paper").state == "late"
    line = case.records.get(verb="lapse")
    assert line.by is None and "用地材料（2026-03-16）" in line.reason
    with pytest.raises(JigaiError, match="已失效的办件不能补齐"):
        do(case, "supply_deferred", "applicant",
           evidence={"land_paper": make_file(people["applicant"]).pk})  # fmt: skip


@pytest.mark.system("tolerance-approval")
def test_a_promise_that_was_kept_lets_nothing_lapse(
    waiting: Case, do: Do, people: People, clock: Clock
) -> None:
    case = decided(do(waiting, "accept", "approval"), do)
    do(
        case,
        "supply_deferred",
        "applicant",
        evidence={"land_paper": make_file(people["applicant"]).pk},
    )
    daily_round(clock.at(4, 20))
    case.refresh_from_db()
    assert (case.state, case.result) == ("done", "agreed")


def test_other_rooms_hear_of_a_conclusion_that_lapsed(
    waiting: Case, do: Do, clock: Clock, monkeypatch: Any
) -> None:
    monkeypatch.setattr("jigai.cases.hooks._HOOKS", {})
    heard: list[str] = []
    register_hook("approval-test", "ended", lambda case, _by: heard.append(case.state))
    decided(do(waiting, "accept", "approval"), do)
    assert heard == []
    daily_round(clock.at(3, 17))
    assert heard == ["lapsed"]


def notices(people: People, name: str) -> list[str]:
    """What somebody was told about limits, oldest first."""
    rows = Notice.objects.filter(user=people[name], event="case-late").order_by("pk")
    return list(rows.values_list("title", flat=True))


@pytest.mark.system("time-limited-approval")
def test_each_rung_of_the_ladder_is_told_once(
    waiting: Case, do: Do, people: People, clock: Clock, django_capture_on_commit_callbacks: Any
) -> None:
    """环评审查 is due on Monday the 16th; the weekend is on nobody's account."""
    assert people["chief"] != people["ecology"]
    do(waiting, "accept", "approval")
    Task.objects.filter(step__code="land").update(state="cancelled")
    CaseStep.objects.filter(code="land").update(state="cancelled")
    waiting.evidence.filter(state="deferred").update(state="given")
    assert waiting.steps.get(code="ecology").due == dt.date(2026, 3, 16)

    def on(*day: int) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            daily_round(clock.at(*day))

    on(3, 12)
    assert notices(people, "ecology") == []
    for day in (13, 14, 15):
        on(3, day)
    assert len(notices(people, "ecology")) == 1
    assert "还剩 1 个工作日" in notices(people, "ecology")[0]
    on(3, 16)
    assert notices(people, "chief") == []
    on(3, 17)
    on(3, 17)
    assert ["已超期 1 个工作日" in one for one in notices(people, "chief")] == [True]
    on(3, 18)
    on(3, 19)
    assert len(notices(people, "chief")) == 2, "no leader of the office: who oversees hears again"
    on(3, 27)
    assert len(notices(people, "chief")) == 2
    assert waiting.steps.get(code="ecology").reminded == 3
    assert waiting.records.filter(verb="remind").count() == 3


def test_nobody_is_reminded_while_the_applicant_corrects(
    waiting: Case, do: Do, clock: Clock
) -> None:
    clock.at(3, 9)
    do(waiting, "correct", "approval", reason="请补", **ASKED)
    daily_round(clock.at(3, 12))
    assert waiting.steps.get(code="accept").reminded == 0


def test_open_tasks_follow_a_merger_and_the_record_names_it(
    waiting: Case, do: Do, people: People, clock: Clock
) -> None:
    do(waiting, "accept", "approval")
    old, new = make_department(line="ecology"), make_department(line="land")
    Department.objects.filter(pk=old.pk).update(valid_to=dt.date(2026, 3, 5))
    DepartmentMerger.objects.create(
        old=old, new=new, on=dt.date(2026, 3, 5), note="示例机构改革方案"
    )
    daily_round(clock.at(3, 4))
    assert Task.objects.get(step__code="ecology").department == old
    daily_round(clock.at(3, 5))
    assert Task.objects.get(step__code="ecology").department == new
    line = waiting.records.get(verb="move")
    assert line.reason == (
        f"{old.name}于 2026-03-05 并入{new.name}（示例机构改革方案），待办随之转移"
    )
    daily_round(clock.at(3, 6))
    assert waiting.records.filter(verb="move").count() == 1
    task = Task.objects.get(step__code="ecology")
    do(waiting, "agree", "land", task=task.pk)
    assert waiting.steps.get(code="ecology").state == "done"


def test_who_came_over_handles_it_before_the_round_has_come_by(
    waiting: Case, do: Do, people: People, clock: Clock
) -> None:
    do(waiting, "accept", "approval")
    old, new = make_department(line="ecology"), make_department(line="market")
    DepartmentMerger.objects.create(old=old, new=new, on=clock.day, note="示例")
    do(waiting, "claim", "market")
    task = Task.objects.get(step__code="ecology")
    assert task.person == people["market"]
    daily_round(clock.day)
    task.refresh_from_db()
    assert (task.department, task.person) == (new, people["market"])


def test_a_day_is_done_once_and_none_is_left_out(waiting: Case, do: Do, clock: Clock) -> None:
    do(waiting, "accept", "approval")
    daily_round(clock.at(3, 3))
    assert daily_round(clock.at(3, 3)) == 0
    daily_round(clock.at(3, 20))
    days = list(CaseRound.objects.order_by("day").values_list("day", flat=True))
    assert days == [dt.date(2026, 3, 3) + dt.timedelta(days=n) for n in range(18)]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.closed_on) == ("lapsed", dt.date(2026, 3, 17)), (
        "as of the day it ran out, not of the day the platform was started again"
    )
    daily_round(clock.at(6, 1))
    assert CaseRound.objects.filter(day__gte=dt.date(2026, 5, 2)).count() == 31


def test_only_one_process_does_the_round(waiting: Case, clock: Clock, monkeypatch: Any) -> None:
    monkeypatch.setattr("jigai.cases.services.daily_round._LOCK", "SELECT false")
    assert daily_round(clock.at(3, 30)) == 0
    assert not CaseRound.objects.exists()


def test_one_case_that_cannot_go_on_does_not_keep_the_others(
    clock: Clock, people: People, do: Do, django_capture_on_commit_callbacks: Any
) -> None:
    whole = handed_in(people, do, CONTENT, "one")
    gone = {**CONTENT, "steps": [*CONTENT["steps"][:2], {**CONTENT["steps"][2],
            "who": {"line": "tax"}}]}  # fmt: skip
    tax = make_department(line="tax")
    stuck = handed_in(people, do, gone, "two")
    Department.objects.filter(pk=tax.pk).update(valid_to=dt.date(2026, 3, 3))
    chief = people["chief"]
    with django_capture_on_commit_callbacks(execute=True):
        daily_round(clock.at(3, 10))
    whole.refresh_from_db()
    stuck.refresh_from_db()
    assert (whole.state, stuck.state) == ("open", "submitted")
    told = Notice.objects.filter(user=chief, title__startswith="按期自动处理没有办成")
    assert told.count() == 1


def test_a_round_reads_what_is_due_and_not_what_is_open(
    waiting: Case, do: Do, clock: Clock
) -> None:
    do(waiting, "accept", "approval")
    daily_round(clock.at(3, 3))
    with CaptureQueriesContext(connection) as few:
        daily_round(clock.at(3, 4))
    fields = {f.attname: getattr(waiting, f.attname) for f in Case._meta.concrete_fields
              if f.attname not in ("id", "number", "search")}  # fmt: skip
    fields["state"] = "open"
    cases = Case.objects.bulk_create(Case(number=f"示例-{n}", **fields) for n in range(50))
    CaseStep.objects.bulk_create(
        CaseStep(case=case, code="ecology", name="环评审查", place=2, days=10,
                 started_on=clock.day, due=dt.date(2026, 3, 30))
        for case in cases
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        daily_round(clock.at(3, 5))
    assert len(many) == len(few)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
            "AND objid = hashtext('cases.daily')::bigint & 4294967295 "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert cursor.fetchone()[0] == 0, "the lock of the round is given back"
