"""Problems of projects: none without a state, none closed unconfirmed, late ones go up."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from jigai.cases.access import visible_cases
from jigai.cases.models import Case, Task
from jigai.cases.services.daily_round import daily_round
from jigai.core.access import Denied, access_of
from jigai.core.models import Notice
from jigai.errors import JigaiError
from jigai.projects.models import Project
from jigai.projects.work import issues
from jigai.projects.work.services.open_issue import open_issue
from tests.factories import CITY, make_department, make_enterprise, make_user
from tests.projects.work.conftest import Clock, Do, People, make_work
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("issue-coordination")]
GIVEN = {"heading": "临时用地没有批", "kind": "land", "told": "七月起停工，等临时用地批复"}
ASSIGNED = {"handler_line": "land", "limit_on": "2021-07-21", "order": "请尽快办理"}
HANDLED = {"taken": "已批临时用地", "outcome": "solved"}


def ticket(people: People, project: Project, who: str = "firm", **changes: Any) -> Case:
    user = people[who]
    return open_issue(
        project=project.pk, by=user, access=access_of(user), key=uuid.uuid4().hex,
        **{**GIVEN, **changes},
    )  # fmt: skip


@pytest.fixture
def case(people: People, project: Project) -> Case:
    return ticket(people, project)


@pytest.fixture
def assigned(case: Case, do: Do) -> Case:
    return do(case, "agree", "clerk", values=ASSIGNED)


def state(case: Case) -> str:
    case.refresh_from_db()
    at = case.steps.filter(state="active").first()
    return issues.state_of(case, at.code if at else "")


def test_a_problem_always_has_a_state_from_the_first_day_to_the_last(
    case: Case, do: Do, people: People, clock: Clock
) -> None:
    found = [state(case)]
    do(case, "agree", "clerk", values=ASSIGNED)
    found.append(state(case))
    do(case, "agree", "land", values=HANDLED)
    found.append(state(case))
    do(case, "agree", "firm", values={"feedback": "已经复工"})
    found.append(state(case))
    do(case, "agree", "clerk", values={"closing": "反馈属实，销号"})
    found.append(state(case))
    assert found == ["waiting", "handling", "confirming", "confirming", "closed"]
    rows = issues.issues_for(access_of(people["clerk"]))
    for name in issues.STATES:
        assert issues.in_state(rows, name).filter(pk=case.pk).exists() == (name == "closed")


def test_it_is_not_closed_before_whoever_raised_it_confirms(
    assigned: Case, do: Do, people: People
) -> None:
    do(assigned, "agree", "land", values=HANDLED)
    with pytest.raises((JigaiError, Denied)):
        do(assigned, "agree", "clerk", values={"closing": "办完了"})
    do(assigned, "disagree", "firm", reason="没有拿到批文", values={"feedback": "还没有批"})
    assert state(assigned) == "waiting"
    do(assigned, "agree", "clerk", values=ASSIGNED)
    assert state(assigned) == "handling"
    assert assigned.steps.filter(code="land").count() == 2


def test_a_case_that_skips_confirmation_cannot_end(case: Case, people: People) -> None:
    from jigai.projects.work.issue_course import require_confirmed

    case.values = {**case.values, **HANDLED, "feedback": "好", "closing": "好"}
    with pytest.raises(JigaiError, match="提出人还没有确认"):
        require_confirmed(case, people["clerk"])
    case.values.pop("feedback")
    with pytest.raises(JigaiError, match="没有写反馈意见"):
        require_confirmed(case, people["clerk"])


def test_whoever_handled_it_does_not_close_it(case: Case, do: Do) -> None:
    do(case, "agree", "clerk", values={**ASSIGNED, "handler_line": "miit"})
    do(case, "agree", "clerk", values=HANDLED)
    do(case, "agree", "firm", values={"feedback": "好了"})
    with pytest.raises(JigaiError, match="不能由您自己销号"):
        do(case, "agree", "clerk", values={"closing": "销号"})
    assert state(do(case, "agree", "clerk-2", values={"closing": "销号"})) == "closed"


def test_it_goes_to_another_department_and_back(assigned: Case, do: Do, people: People) -> None:
    with pytest.raises((JigaiError, Denied)):
        do(assigned, "agree", "clerk", values=HANDLED)
    do(assigned, "send_back", "land", to="assign", reason="属于财政")
    assert state(assigned) == "waiting"
    do(assigned, "agree", "clerk", values={**ASSIGNED, "handler_line": "finance"})
    task = Task.objects.get(case=assigned, state="open", kind="handle")
    assert task.department == make_department(line="finance")


def test_the_limit_is_the_day_fixed_for_this_problem(assigned: Case, clock: Clock) -> None:
    assert assigned.steps.get(code="land").due == dt.date(2021, 7, 21)


def test_a_limit_that_has_passed_is_refused(case: Case, do: Do) -> None:
    with pytest.raises(JigaiError, match="已经过去"):
        do(case, "agree", "clerk", values={**ASSIGNED, "limit_on": "2021-07-14"})


def test_what_stays_overdue_goes_up_level_by_level_across_departments(
    assigned: Case, people: People, clock: Clock, django_capture_on_commit_callbacks: Any
) -> None:
    """逾期升级: 1 day late the office's head, 3 days its leader, 5 days the city's land office,
    whose people until then cannot even see it."""
    above, narrow = people["cityland"], make_department(CITY, line="land")
    own = make_department(line="land")
    head = make_user("section-chief", department=own)
    leader = make_user("leader", department=own)
    handler = make_user("approval", CITY, department=narrow, scope="department")
    assert people["land"]

    def told(user: Any) -> int:
        rows = Notice.objects.filter(user=user, event="case-late", body__contains="已超期")
        return rows.count()

    def go(*day: int) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            daily_round(clock.at(*day))

    go(7, 19)
    assert Notice.objects.filter(user=people["land"], event="case-late").count() == 1
    go(7, 22)
    assert (told(head), told(leader), told(above)) == (1, 0, 0)
    go(7, 26)
    assert (told(leader), told(above)) == (1, 0) and state(assigned) == "handling"
    assert not visible_cases(access_of(handler)).filter(pk=assigned.pk).exists()
    rows = issues.issues_for(access_of(people["clerk"]))
    assert issues.overdue(rows, clock.day).count() == 1
    go(7, 27)
    assert told(above) == 0
    go(7, 28)
    assert told(above) == 1
    copy = Task.objects.get(case=assigned, kind="copy")
    assert copy.department == narrow
    assert visible_cases(access_of(handler)).filter(pk=assigned.pk).exists()
    last = assigned.records.filter(verb="remind").last()
    assert last is not None and last.data["to"] == "above"
    assert issues.lifted(rows).count() == 1
    (issue,) = issues.told_issues([assigned], access_of(people["clerk"]), clock.day)
    assert issue.raised == "上一级部门" and issue.light == "error"
    go(7, 30)
    assert Task.objects.filter(case=assigned, kind="copy").count() == 1


def test_who_may_open_one_and_who_sees_it(people: People, project: Project, case: Case) -> None:
    for name in ("sibling", "stranger"):
        with pytest.raises(Denied):
            ticket(people, project, name)
        assert not issues.issues_for(access_of(people[name])).exists()
    for name in ("clerk", "land", "firm", "city"):
        assert issues.issues_for(access_of(people[name])).filter(pk=case.pk).exists(), name


@pytest.mark.parametrize(("changes", "code"), [
    ({"heading": " "}, "no-words"), ({"told": ""}, "no-words"), ({"kind": "x"}, "no-kind"),
])  # fmt: skip
def test_what_is_no_problem(
    people: People, project: Project, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(JigaiError) as error:
        ticket(people, project, **changes)
    assert error.value.code == code and not Case.objects.exists()


def test_the_same_form_sent_twice_opens_one(people: People, project: Project) -> None:
    user = people["clerk"]
    given = {"project": project.pk, "by": user, "access": access_of(user), "key": "n1", **GIVEN}
    assert open_issue(**given).pk == open_issue(**given).pk
    assert Case.objects.count() == 1


def test_from_the_project_page_to_the_list(
    client: Client, people: People, project: Project
) -> None:
    client.force_login(people["clerk"])
    url = f"/projects/{project.pk}/issues/new/"
    assert client.post(url, {**GIVEN, "heading": ""}).status_code == 422
    answer = client.post(url, {**GIVEN, "nonce": uuid.uuid4().hex})
    assert answer.status_code == 302 and answer.url == f"/projects/{project.pk}/"
    case = Case.objects.get()
    assert case.about == f"project:{project.pk}" and case.enterprise is None
    part = client.get(f"/projects/{project.pk}/issues/").content.decode()
    assert "临时用地没有批" in part and "待分派" in part
    page = client.get("/project-work/issues/?state=waiting").content.decode()
    assert "临时用地没有批" in page and case.number in page
    assert "临时用地没有批" not in client.get("/project-work/issues/?state=closed").content.decode()
    number = client.get(f"/project-work/issues/?project={project.number}").content.decode()
    assert "临时用地没有批" in number
    back = client.get(f"/cases/{case.number}/").content.decode()
    assert f"/projects/{project.pk}/" in back


def test_out_of_reach_is_not_there(client: Client, people: People, project: Project) -> None:
    client.force_login(people["sibling"])
    assert client.get(f"/projects/{project.pk}/issues/").status_code == 404
    assert client.get(f"/projects/{project.pk}/issues/new/").status_code == 404


def test_the_list_asks_no_more_for_more_rows(client: Client, people: People) -> None:
    client.force_login(people["clerk"])

    def grow(count: int) -> None:
        while Case.objects.count() < count:
            ticket(people, make_work(make_enterprise()), "clerk")

    assert_query_count(client, "/project-work/issues/", grow, most=34)
