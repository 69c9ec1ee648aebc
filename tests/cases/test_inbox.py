"""The inbox: whose work is where, in which order, how many, and many at once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.cases.access import desk_of
from jigai.cases.inbox_rows import SORTS, addresses, count_of, fetch
from jigai.cases.models import Case, CaseProcedure, CaseRecord, CaseStep, Task
from jigai.cases.services.start_case import new_case
from jigai.core.access import access_of
from jigai.core.models import Delegation, FormNonce, User
from jigai.core.screens.keyset import Cursor
from tests.cases.conftest import CONTENT, Do, People, publish
from tests.factories import COUNTY, SIBLING, make_department, make_enterprise, make_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
INBOX = "/cases/"


def a_client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_task(
    procedure: CaseProcedure, due: dt.date | None = None, *, days: int = 5, title: str = "示例事项",
    kind: str = "handle", **to: Any,
) -> Task:  # fmt: skip
    """A running case with one task, straight into the tables."""
    case = new_case(procedure, None, COUNTY, to.pop("firm", None), title=title)
    Case.objects.filter(pk=case.pk).update(state="open")
    step = CaseStep.objects.create(
        case=case, code="ecology", name="环评审查", place=2, days=days, due=due,
        started_on=dt.date(2026, 11, 2),
    )  # fmt: skip
    return Task.objects.create(case=case, step=step, due=due, kind=kind, **to)


def rows_on(user: User, tab: str = "todo") -> list[int]:
    parts = addresses(tab, desk_of(access_of(user)))
    return [pk for pk, _ in fetch(parts, SORTS[tab], 50).rows]


def test_every_address_of_a_person_leads_to_the_desk(
    people: People, procedure: CaseProcedure
) -> None:
    clerk, other = people["ecology"], people["ecology-2"]
    today, office = timezone.localdate(), make_department(line="ecology")
    pooled = a_task(procedure, department=office)
    own = a_task(procedure, department=office, person=clerk)
    lent = a_task(procedure, person=other, deputy=clerk, deputy_until=today)
    a_task(procedure, person=other, deputy=clerk, deputy_until=today - dt.timedelta(days=1))
    a_task(procedure, department=office, person=other)
    a_task(procedure, department=make_department(line="land"))
    a_task(procedure, department=make_department(SIBLING, "ecology", "任城生态局"))
    assert sorted(rows_on(clerk)) == sorted([pooled.pk, own.pk, lent.pk])


def test_the_work_of_an_absent_person_comes_to_the_one_who_stands_in(
    people: People, procedure: CaseProcedure
) -> None:
    absent, taker = people["ecology"], people["land"]
    task = a_task(procedure, person=absent)
    assert rows_on(taker) == []
    now = timezone.now()
    Delegation.objects.create(
        giver=absent, taker=taker, starts=now - dt.timedelta(hours=1),
        ends=now + dt.timedelta(days=2), reason="休假",
    )  # fmt: skip
    cache.clear()
    assert rows_on(taker) == [task.pk]
    page = a_client(taker).get(INBOX).content.decode()
    assert f"代{absent}" in page


def test_the_enterprises_own_tasks_come_to_its_people(
    people: People, procedure: CaseProcedure
) -> None:
    task = a_task(procedure, enterprise=people.enterprise)
    a_task(procedure, enterprise=make_enterprise())
    assert rows_on(people["applicant"]) == [task.pk]


def test_the_most_urgent_stands_first_and_what_has_no_day_last(
    people: People, procedure: CaseProcedure
) -> None:
    clerk, office = people["ecology"], make_department(line="ecology")
    late = a_task(procedure, dt.date(2026, 11, 30), department=office)
    none = a_task(procedure, None, person=clerk)
    soon = a_task(procedure, dt.date(2026, 11, 20), person=clerk)
    assert rows_on(clerk) == [soon.pk, late.pk, none.pk]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_forth_and_back_show_every_row_once(
    people: People, procedure: CaseProcedure, size: int
) -> None:
    clerk, office = people["ecology"], make_department(line="ecology")
    days = [dt.date(2026, 11, 20), dt.date(2026, 11, 20), dt.date(2026, 11, 23), None, None]
    for at, due in enumerate(days * 2):
        to: dict[str, Any] = {"person": clerk} if at % 2 else {"department": office}
        a_task(procedure, due, **to)
    parts, sort = addresses("todo", desk_of(access_of(clerk))), SORTS["todo"]
    whole = [pk for pk, _ in fetch(parts, sort, 50).rows]
    assert len(whole) == len(set(whole)) == 10
    walked, cursor = [], None
    for _ in range(20):
        page = fetch(parts, sort, size, cursor)
        walked.append([pk for pk, _ in page.rows])
        if not page.after:
            break
        cursor = Cursor.read(page.after, sort)
    assert [pk for rows in walked for pk in rows] == whole
    for rows in reversed(walked[:-1]):
        page = fetch(parts, sort, size, Cursor.read(page.before, sort))
        assert [pk for pk, _ in page.rows] == rows
    assert page.before == ""


def test_a_row_found_under_two_addresses_stands_once(
    people: People, procedure: CaseProcedure
) -> None:
    clerk, absent = people["ecology"], people["ecology-2"]
    now = timezone.now()
    Delegation.objects.create(
        giver=absent, taker=clerk, starts=now - dt.timedelta(hours=1),
        ends=now + dt.timedelta(days=1), reason="休假",
    )  # fmt: skip
    cache.clear()
    a_task(procedure, person=absent, deputy=clerk, deputy_until=timezone.localdate())
    parts = addresses("todo", desk_of(access_of(clerk)))
    assert (len(fetch(parts, SORTS["todo"], 10).rows), count_of(parts)) == (1, 1)


def test_counts_stop_at_a_bound(people: People, procedure: CaseProcedure) -> None:
    clerk = people["ecology"]
    for _ in range(4):
        a_task(procedure, person=clerk)
    parts = addresses("todo", desk_of(access_of(clerk)))
    assert (count_of(parts), count_of(parts, 2), count_of(parts, 3)) == (4, 3, 4)


def test_the_inbox_asks_the_same_however_much_waits(
    people: People, procedure: CaseProcedure
) -> None:
    clerk, office = people["ecology"], make_department(line="ecology")

    def grow(size: int) -> None:
        while Task.objects.count() < size:
            a_task(procedure, dt.date(2026, 11, 25), department=office, firm=make_enterprise())

    assert_query_count(a_client(clerk), INBOX, grow, most=20)


@pytest.mark.parametrize("tab", ["done", "mine", "copy"])
def test_the_other_tabs_ask_the_same_too(
    people: People, procedure: CaseProcedure, tab: str
) -> None:
    clerk = people["ecology"]

    def grow(size: int) -> None:
        while Task.objects.count() < size:
            kind = "copy" if tab == "copy" else "handle"
            row = a_task(procedure, dt.date(2026, 11, 25), person=clerk, kind=kind)
            if tab == "done":
                Task.objects.filter(pk=row.pk).update(
                    state="done", acted_by=clerk, done_at=timezone.now()
                )
            Case.objects.filter(pk=row.case_id).update(started_by=clerk)

    assert_query_count(a_client(clerk), f"{INBOX}?tab={tab}", grow, most=22)


def test_lights_and_words_of_the_inbox(
    people: People, procedure: CaseProcedure, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 2026-11-22 is a Sunday.
    monkeypatch.setattr(timezone, "localdate", lambda *a: dt.date(2026, 11, 22))
    clerk = people["ecology"]
    red = a_task(procedure, dt.date(2026, 11, 18), person=clerk, title="红")
    amber = a_task(procedure, dt.date(2026, 11, 25), person=clerk, title="黄")
    green = a_task(procedure, dt.date(2026, 12, 1), person=clerk, title="绿")
    paused = a_task(procedure, None, person=clerk, title="停")
    free = a_task(procedure, None, days=0, person=clerk, title="无")
    CaseStep.objects.filter(pk=amber.step_id).update(amber_from=dt.date(2026, 11, 20))
    client = a_client(clerk)
    page = client.get(INBOX).content.decode()
    assert [word for word in ("超 2 个工作日", "剩 3 个工作日", "剩 7 个工作日", "暂停", "时限未定")
            if word not in page] == []  # fmt: skip
    found = {
        light: client.get(INBOX, {"light": light}).context["lines"]
        for light in ("red", "amber", "green", "paused", "none")
    }
    assert {light: [line.pk for line in lines] for light, lines in found.items()} == {
        "red": [red.pk], "amber": [amber.pk], "green": [green.pk], "paused": [paused.pk],
        "none": [free.pk],
    }  # fmt: skip


def test_conditions_narrow_every_address(people: People, procedure: CaseProcedure) -> None:
    clerk, office = people["ecology"], make_department(line="ecology")
    other = publish({**CONTENT, "kind": "service"}, "other-way", name="另一种办法")
    wanted = a_task(other, department=office, title="示例热处理改造")
    a_task(procedure, person=clerk, title="示例节能改造")
    client = a_client(clerk)
    for query in ({"procedure": other.pk}, {"q": "热处理"}, {"q": wanted.case.number[-6:]},
                  {"procedure": other.pk, "region": COUNTY}):  # fmt: skip
        assert [line.pk for line in client.get(INBOX, query).context["lines"]] == [wanted.pk]
    assert client.get(INBOX, {"region": SIBLING}).context["lines"] == []
    page = client.get(INBOX, {"region": SIBLING}).content.decode()
    assert "没有符合条件的办件" in page


@pytest.mark.parametrize(
    ("tab", "words"),
    [("todo", "没有待办"), ("done", "还没有办过"), ("mine", "还没有发起过"), ("copy", "没有抄送")],
)
def test_an_empty_tab_says_so(people: People, tab: str, words: str) -> None:
    response = a_client(people["land"]).get(INBOX, {"tab": tab})
    assert words in response.content.decode()
    assert a_client(people["land"]).get(INBOX, {"tab": "nothing"}).status_code == 404


def test_a_row_says_from_whom_it_came(opened: Case, people: People, do: Do) -> None:
    client = a_client(people["land"])
    (line,) = client.get(INBOX).context["lines"]
    assert (line.sender, line.step) == ("示例approval", "用地审查")
    do(opened, "agree", "ecology")
    assert client.get(INBOX).context["lines"][0].sender == "示例approval"


def send(client: Client, verb: str, tab: str, rows: list[int], nonce: str = "") -> Any:
    data = {"row": rows, "tab": tab, "nonce": nonce or str(uuid.uuid4())}
    return client.post(reverse("case-bulk", args=[verb]), data)


def test_many_are_agreed_to_each_by_itself_and_only_once(
    people: People, opened: Case, submitted: Case, do: Do, procedure: CaseProcedure
) -> None:
    from tests.cases.conftest import VALUES, make_file

    second = new_case(procedure, people["applicant"], COUNTY, people.enterprise)
    file = make_file(people["applicant"])
    do(second, "submit", "applicant", values=VALUES,
       evidence={"application": file.pk, "land_paper": "defer"})  # fmt: skip
    do(second, "accept", "approval")
    tasks = list(Task.objects.filter(step__code="ecology", state="open").order_by("id"))
    assert len(tasks) == 2
    nonce = str(uuid.uuid4())
    client, keys = a_client(people["ecology"]), [task.pk for task in tasks]
    outcomes = send(client, "agree", "todo", keys, nonce).context["outcomes"]
    assert [one.done for one in outcomes] == [True, True]
    again = send(client, "agree", "todo", keys, nonce).context["outcomes"]
    assert [one.done for one in again] == [True, True]
    assert CaseRecord.objects.filter(verb="agree").count() == 2


def test_what_must_be_looked_at_is_refused_and_the_rest_is_done(
    people: People, opened: Case, do: Do
) -> None:
    spec = {**CONTENT, "fields": [
        {**field, "required": True} if field["id"] == "opinion_no" else field
        for field in CONTENT["fields"]]}  # fmt: skip
    strict = publish(spec, "strict")
    a_case = new_case(strict, None, COUNTY, None)
    Case.objects.filter(pk=a_case.pk).update(state="open")
    office = make_department(line="approval")
    step = CaseStep.objects.create(case=a_case, code="decide", name="决定", place=4,
                                   started_on=dt.date(2026, 11, 2))  # fmt: skip
    filled = Task.objects.create(case=a_case, step=step, department=office)
    first = CaseStep.objects.create(case=a_case, code="accept", name="受理", place=0,
                                    started_on=dt.date(2026, 11, 2))  # fmt: skip
    accepting = Task.objects.create(case=a_case, step=first, department=office)
    for who in ("ecology", "land", "land", "market"):
        do(opened, "agree", who)
    plain = Task.objects.get(case=opened, step__code="decide")
    found = send(a_client(people["approval"]), "agree", "todo",
                 [filled.pk, plain.pk, accepting.pk])  # fmt: skip
    outcomes = found.context["outcomes"]
    assert [one.done for one in outcomes] == [False, True, False]
    assert "要填写批文号" in outcomes[0].said and "受理要逐件" in outcomes[2].said
    opened.refresh_from_db()
    assert opened.state == "done"
    filled.refresh_from_db()
    assert filled.state == "open"


def test_a_refused_row_may_be_sent_again_when_it_can_be_done(
    people: People, opened: Case, do: Do
) -> None:
    """The number of a refused row is not used up, and that of a done row is."""
    task = Task.objects.get(case=opened, step__code="ecology", state="open")
    client, nonce = a_client(people["land"]), str(uuid.uuid4())
    (refused,) = send(client, "agree", "todo", [task.pk], nonce).context["outcomes"]
    assert not refused.done and "没有可以同意的待办" in refused.said
    assert not FormNonce.objects.filter(path=reverse("case-bulk", args=["agree"])).exists()


def test_somebody_elses_cases_are_left_out_of_many(people: People, opened: Case) -> None:
    far = make_user("approval", SIBLING, department=make_department(SIBLING, "land", "任城自然局"))
    task = Task.objects.filter(case=opened, state="open").earliest("id")
    found = send(a_client(far), "agree", "todo", [task.pk])
    assert found.context["outcomes"] == [] and found.context["missing"] == 1
    task.refresh_from_db()
    assert task.state == "open"


def test_claiming_many_takes_them_from_the_pool(people: People, opened: Case) -> None:
    task = Task.objects.get(case=opened, step__code="ecology", state="open")
    clerk = people["ecology"]
    (one,) = send(a_client(clerk), "claim", "todo", [task.pk]).context["outcomes"]
    assert one.done
    task.refresh_from_db()
    assert task.person == clerk
    assert rows_on(people["ecology-2"]) == []


def test_the_applicant_urges_from_the_tab_of_own_cases(people: People, opened: Case) -> None:
    client = a_client(people["applicant"])
    (line,) = client.get(INBOX, {"tab": "mine"}).context["lines"]
    (one,) = send(client, "urge", "mine", [line.pk]).context["outcomes"]
    assert one.done and CaseRecord.objects.filter(case=opened, verb="urge").exists()


def test_copies_are_marked_as_read_by_whom_they_are_for(
    people: People, opened: Case, do: Do
) -> None:
    reader = people["market"]
    do(opened, "copy", "ecology", to=[reader.pk])
    copy = Task.objects.get(case=opened, kind="copy")
    (line,) = a_client(reader).get(INBOX, {"tab": "copy"}).context["lines"]
    assert line.unread and line.pk == copy.pk
    assert rows_on(reader) == []
    (refused,) = send(a_client(people["ecology"]), "read", "copy", [copy.pk]).context["outcomes"]
    assert not refused.done
    (done,) = send(a_client(reader), "read", "copy", [copy.pk]).context["outcomes"]
    assert done.done
    (line,) = a_client(reader).get(INBOX, {"tab": "copy"}).context["lines"]
    assert not line.unread


@pytest.mark.parametrize(
    ("verb", "tab", "rows", "status"),
    [("void", "todo", [1], 404), ("agree", "done", [1], 404), ("agree", "todo", [], 422),
     ("agree", "todo", list(range(1, 102)), 422)],
)  # fmt: skip
def test_what_cannot_be_done_to_many(
    people: People, verb: str, tab: str, rows: list[int], status: int
) -> None:
    assert send(a_client(people["land"]), verb, tab, rows).status_code == status


def test_a_form_without_a_number_does_nothing(people: People, opened: Case) -> None:
    task = Task.objects.get(case=opened, step__code="ecology", state="open")
    response = send(a_client(people["ecology"]), "agree", "todo", [task.pk], "x")
    assert response.status_code == 422 and "已失效" in response.content.decode()
    task.refresh_from_db()
    assert task.state == "open"


def test_a_blind_step_keeps_the_applicant_from_the_inbox(people: People) -> None:
    spec = {**CONTENT, "steps": [
        {**step, "hide": ["project"]} if step["id"] == "ecology" else step
        for step in CONTENT["steps"]]}  # fmt: skip
    blind = publish(spec, "blind", name="示例盲审")
    task = a_task(blind, person=people["ecology"], title="示例甲公司改造", firm=people.enterprise)
    page = a_client(people["ecology"]).get(INBOX).content.decode()
    assert task.case.number in page
    assert "示例甲公司改造" not in page and people.enterprise.name not in page
    listed = a_client(people["ecology"]).get(reverse("case-list")).content.decode()
    assert task.case.number in listed
    assert "示例甲公司改造" not in listed and people.enterprise.name not in listed
