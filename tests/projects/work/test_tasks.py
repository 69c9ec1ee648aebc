"""未开工 is asked to start, 已开工 to speed up: two rules, two texts, two answers."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jigai.core.access import Denied, access_of
from jigai.core.models import Notice
from jigai.errors import JigaiError
from jigai.projects.models import Project, WorkTask, ZoneDuty
from jigai.projects.work.nudges import Nudge, Standing, Unclear, last_day, nudge
from jigai.projects.work.services.answer_task import answer_task, receive_task, settle_task
from jigai.projects.work.services.make_tasks import look, make_tasks, remind
from tests.factories import COUNTY, SIBLING, make_enterprise
from tests.projects.work.conftest import TODAY, WAN, Clock, People, make_work, report
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.system("start-nudge")]
DUE = dt.date(2021, 7, 30)
JULY = dt.date(2021, 7, 1)


def asked(**known: Any) -> Nudge | Unclear | None:
    given = {"pk": 1, "name": "示例项目", "state": "building", **known}
    return nudge(Standing(**given), year=2021, month=6, on=JULY)


def test_the_two_kinds_have_their_own_rule_text_and_figures() -> None:
    """玩具实现: 两类用同一条提醒."""
    start = asked(state="admitted", planned_start=dt.date(2021, 3, 1))
    progress = asked(planned_fen=1000 * WAN, done_fen=300 * WAN, done_month=6)
    assert isinstance(start, Nudge) and isinstance(progress, Nudge)
    assert (start.kind, progress.kind) == ("start", "progress")
    assert "没有开工的原因" in start.text and "已晚 122 天" in start.text
    assert "投资" not in start.text
    assert "完成 30.0%" in progress.text and "时间已过 50.0%" in progress.text
    assert "没有开工" not in progress.text
    assert not set(start.because) & set(progress.because)


@pytest.mark.parametrize(("state", "kind"), [
    ("planned", "start"), ("filed", "start"), ("admitted", "start"), ("started", "progress"),
    ("building", "progress"), ("completed", None), ("evaluated", None), ("stopped", None),
    ("withdrawn", None),
])  # fmt: skip
def test_the_state_decides_the_kind(state: str, kind: str | None) -> None:
    found = asked(state=state, planned_start=dt.date(2021, 1, 1), planned_fen=WAN, done_fen=0)
    assert getattr(found, "kind", None) == kind


@pytest.mark.parametrize(("day", "precision", "last"), [
    ((2021, 1, 1), "year", (2021, 12, 31)), ((2021, 2, 1), "month", (2021, 2, 28)),
    ((2021, 4, 1), "quarter", (2021, 6, 30)), ((2021, 7, 1), "half", (2021, 12, 31)),
    ((2021, 3, 9), "day", (2021, 3, 9)), ((2021, 3, 9), None, (2021, 3, 9)),
])  # fmt: skip
def test_a_date_known_to_the_month_is_late_after_the_month(
    day: tuple[int, ...], precision: str | None, last: tuple[int, ...]
) -> None:
    assert last_day(dt.date(*day), precision) == dt.date(*last)


def test_a_start_within_a_year_known_only_so_is_not_late_in_june() -> None:
    assert asked(state="filed", planned_start=dt.date(2021, 1, 1), precision="year") is None
    assert asked(state="filed", planned_start=JULY) is None
    assert asked(state="filed", planned_start=dt.date(2021, 6, 30)) is not None


@pytest.mark.parametrize(("known", "missing"), [
    ({"state": "filed"}, "没有计划开工日期"), ({"done_fen": 0}, "没有当年计划投资"),
    ({"planned_fen": 0, "done_fen": 0}, "没有当年计划投资"),
    ({"planned_fen": WAN}, "没有计入的月报"),
])  # fmt: skip
def test_unknown_is_neither_late_nor_in_time(known: dict[str, Any], missing: str) -> None:
    found = asked(**known)
    assert isinstance(found, Unclear) and found.missing == missing


@given(
    planned=st.integers(1, 10**13), done=st.integers(0, 10**13), month=st.integers(1, 12),
    lag=st.integers(0, 100),
)  # fmt: skip
def test_behind_means_below_the_share_of_the_year_less_what_is_allowed(
    planned: int, done: int, month: int, lag: int
) -> None:
    from fractions import Fraction

    behind = Fraction(done, planned) < Fraction(month, 12) - Fraction(lag, 100)
    standing = Standing(1, "示例", "building", planned_fen=planned, done_fen=done)
    assert isinstance(nudge(standing, year=2021, month=month, on=JULY, lag=lag), Nudge) == behind


def make(people: People, who: str = "chief", **changes: Any) -> Any:
    user = people[who]
    values = {"region": COUNTY, "year": 2021, "month": 6, "due_on": DUE, **changes}
    return make_tasks(by=user, access=access_of(user), **values)


@pytest.fixture
def late(people: People) -> dict[str, Project]:
    """One not started, one behind, one in time, one unknown, one of another county."""
    return {
        "start": make_work(people.firm, "没开工", state="admitted", start=dt.date(2021, 3, 1)),
        "progress": make_work(people.firm, "慢了", planned=1000, done={5: 250, 6: 300}),
        "fine": make_work(people.firm, "正常", planned=1000, done={6: 500}),
        "unknown": make_work(people.firm, "没有计划", done={6: 1}),
        "far": make_work(make_enterprise(region=SIBLING), state="filed",
                         start=dt.date(2021, 1, 1)),
    }  # fmt: skip


@pytest.mark.django_db
def test_a_round_makes_both_kinds_once(people: People, late: dict[str, Project]) -> None:
    first = make(people)
    assert (first.start, first.progress, first.existing, first.unclear) == (1, 1, 0, 1)
    rows = {row.project.name: row for row in WorkTask.objects.select_related("project")}
    assert {name: row.kind for name, row in rows.items()} == {"没开工": "start", "慢了": "progress"}
    assert rows["慢了"].because["累计完成（分）"] == 300 * WAN
    again = make(people)
    assert (again.start, again.progress, again.existing) == (0, 0, 2)
    assert WorkTask.objects.count() == 2
    assert make(people, month=7).existing == 0


@pytest.mark.django_db
def test_reports_that_do_not_count_and_later_ones_are_not_seen(people: People) -> None:
    row = make_work(people.firm, planned=1000, done={5: 200, 7: 900})
    row.reports.create(year=2021, month=6, cumulative_fen=900 * WAN, accepted=False,
                       region_code=COUNTY, origin="clerk")  # fmt: skip
    (found,) = look(access_of(people["chief"]), region=COUNTY, year=2021, month=6).nudges
    assert found.because["月报月份"] == 5 and found.because["累计完成（分）"] == 200 * WAN


@pytest.mark.django_db
def test_the_plan_of_the_library_goes_before_that_of_the_reports(people: People) -> None:
    row = make_work(people.firm, done={})
    report(row, 5, 100, year_plan_fen=400 * WAN)
    report(row, 6, 100, year_plan_fen=800 * WAN)
    access = access_of(people["chief"])
    (found,) = look(access, region=COUNTY, year=2021, month=6).nudges
    assert found.because["年度计划（分）"] == 800 * WAN
    row.investments.create(year=2021, statement="planned", kind="total", amount_fen=150 * WAN)
    assert look(access, region=COUNTY, year=2021, month=6).nudges == ()


@pytest.mark.django_db
def test_who_is_told_and_each_kind_apart(
    people: People, late: dict[str, Project], django_capture_on_commit_callbacks: Any
) -> None:
    ZoneDuty.objects.create(person=people["leader"], region_code=COUNTY, since=JULY,
                            created_by=people["chief"])  # fmt: skip
    assert people["firm"] and people["stranger"]
    with django_capture_on_commit_callbacks(execute=True):
        make(people)
    events = Notice.objects.values_list("user__name", "event")
    assert set(events) == {
        (name, event) for name in ("示例leader", "示例企业经办")
        for event in ("project-start-task", "project-progress-task")
    }  # fmt: skip
    assert {task.person for task in WorkTask.objects.all()} == {people["leader"]}


@pytest.mark.django_db
def test_who_may_make_tasks(people: People, late: dict[str, Project]) -> None:
    for who in ("leader", "firm", "sibling"):
        with pytest.raises(Denied):
            make(people, who)
    with pytest.raises(JigaiError, match="还没有到"):
        make(people, month=8)
    with pytest.raises(JigaiError, match="已经过去"):
        make(people, due_on=dt.date(2021, 7, 14))


@pytest.fixture
def task(people: People, late: dict[str, Project]) -> WorkTask:
    make(people)
    return WorkTask.objects.get(kind="progress")


def answered(people: People, task: WorkTask, who: str = "firm", **changes: Any) -> WorkTask:
    values = {"task": task.pk, "answer": "设备晚到，八月赶上", "seen": task.version, **changes}
    return answer_task(by=people[who], access=access_of(people[who]), **values)


def settled(people: People, task: WorkTask, who: str = "chief", **changes: Any) -> WorkTask:
    values = {"task": task.pk, "verdict": "done", "result": "核实属实", "seen": task.version}
    return settle_task(by=people[who], access=access_of(people[who]), **{**values, **changes})


@pytest.mark.django_db
def test_receipt_answer_and_result(people: People, task: WorkTask) -> None:
    access = access_of(people["firm"])
    got = receive_task(task=task.pk, by=people["firm"], access=access)
    assert got.received_at is not None and got.status == "open"
    first = got.received_at
    assert receive_task(task=task.pk, by=people["firm"], access=access).received_at == first
    done = answered(people, got)
    assert (done.status, done.received_at) == ("answered", first)
    back = settled(people, done, verdict="back", due_on=dt.date(2021, 8, 10))
    assert (back.status, back.due_on, back.result) == ("open", dt.date(2021, 8, 10), "核实属实")
    over = settled(people, answered(people, back))
    assert over.status == "done"
    with pytest.raises(JigaiError, match="不能再反馈"):
        answered(people, over)


@pytest.mark.django_db
def test_what_is_refused_on_the_way(people: People, task: WorkTask) -> None:
    for who in ("stranger", "sibling"):
        with pytest.raises(Denied):
            answered(people, task, who)
    with pytest.raises(Denied):
        answered(people, task, "leader")
    with pytest.raises(JigaiError, match="还没有反馈"):
        settled(people, task)
    with pytest.raises(JigaiError, match="刚有人办过"):
        answered(people, task, seen=99)
    with pytest.raises(JigaiError, match="没有写反馈"):
        answered(people, task, answer="  ")
    done = answered(people, task)
    with pytest.raises(Denied):
        settled(people, done, "firm")
    with pytest.raises(JigaiError, match="新限期"):
        settled(people, done, verdict="back")
    with pytest.raises(JigaiError, match="没有写核实结果"):
        settled(people, done, result="")
    assert settled(people, done, verdict="cancelled").status == "cancelled"


@pytest.mark.django_db
def test_nobody_settles_their_own_task(people: People, task: WorkTask) -> None:
    WorkTask.objects.filter(pk=task.pk).update(person=people["clerk"])
    task.refresh_from_db()
    done = answered(people, task, "clerk")
    with pytest.raises(JigaiError, match="不能自己核实"):
        settled(people, done, "clerk")
    assert settled(people, done, "chief").status == "done"


@pytest.mark.django_db
def test_each_task_is_reminded_of_once_before_and_once_after(
    people: People, task: WorkTask
) -> None:
    """The limit is Friday the 30th."""
    from jigai.core.platform_calendar import platform_calendar

    calendar = platform_calendar()
    WorkTask.objects.filter(kind="start").delete()
    WorkTask.objects.update(person=people["leader"])
    told = {}
    for number in range(26, 37):
        day = dt.date(2021, 7, 1) + dt.timedelta(days=number)
        if calendar.is_workday(day):
            told[day.isoformat()] = remind(
                day, calendar.add_workdays(day, 1), calendar.add_workdays(day, -1)
            )
    assert {day for day, count in told.items() if count} == {"2021-07-29", "2021-08-02"}
    titles = list(Notice.objects.order_by("id").values_list("title", flat=True))
    assert ["即将到期" in titles[0], "已逾期" in titles[1]] == [True, True]


@pytest.mark.django_db
def test_look_first_then_make_on_screen(
    client: Client, people: People, late: dict[str, Project], clock: Clock
) -> None:
    client.force_login(people["chief"])
    values = {"region": COUNTY, "year": 2021, "month": 6, "lag": 0, "due_on": "2021-07-30"}
    query = "&".join(f"{k}={v}" for k, v in values.items())
    page = client.get(f"/project-work/tasks/new/?{query}").content.decode()
    assert "没开工" in page and "慢了" in page and "没有当年计划投资" in page
    assert not WorkTask.objects.exists()
    answer = client.post("/project-work/tasks/new/", {**values, "nonce": uuid.uuid4().hex})
    assert answer.status_code == 302 and WorkTask.objects.count() == 2
    listed = client.get("/project-work/tasks/?kind=start").content.decode()
    assert "没开工" in listed and "慢了" not in listed
    agenda = client.get("/project-work/calendar/").content.decode()
    assert "催开工" in agenda and "催进度" in agenda
    row = WorkTask.objects.get(kind="start")
    for url in (f"/project-work/tasks/{row.pk}/", f"/projects/{row.project_id}/tasks/"):
        assert client.get(url).status_code == 200
    client.force_login(people["firm"])
    got = client.post(f"/project-work/tasks/{row.pk}/receive/", {"nonce": uuid.uuid4().hex})
    assert got.status_code == 302
    form = {"answer": "八月一日开工", "seen": "2", "nonce": uuid.uuid4().hex}
    assert client.post(f"/project-work/tasks/{row.pk}/answer/", form).status_code == 302
    client.force_login(people["chief"])
    form = {"verdict": "done", "result": "已核", "seen": "3", "nonce": uuid.uuid4().hex}
    assert client.post(f"/project-work/tasks/{row.pk}/settle/", form).status_code == 302
    row.refresh_from_db()
    assert row.status == "done"
    client.force_login(people["sibling"])
    assert client.get(f"/project-work/tasks/{row.pk}/").status_code == 404


@pytest.mark.django_db
def test_the_list_asks_no_more_for_more_rows(client: Client, people: People) -> None:
    client.force_login(people["chief"])

    def grow(count: int) -> None:
        while WorkTask.objects.count() < count:
            make_work(make_enterprise(), state="filed", start=dt.date(2021, 1, 1))
            make(people)

    assert_query_count(client, "/project-work/tasks/", grow, most=30)
    assert_query_count(client, "/project-work/calendar/?month=2021-07", grow, most=30)
    assert TODAY.year == 2021
