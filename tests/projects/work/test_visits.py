"""Somebody who is responsible and was never there is shown as that."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jigai.core.access import Denied, access_of
from jigai.core.documents.qr import qr_png
from jigai.core.models import EvidenceUse, Notice
from jigai.errors import JigaiError
from jigai.projects.models import Project, Visit, ZoneDuty
from jigai.projects.work.access import responsible_for, visits_for
from jigai.projects.work.services.give_duty import end_duty, give_duty
from jigai.projects.work.services.record_visit import record_visit
from jigai.projects.work.views.visits import visits_of
from tests.factories import COUNTY, SIBLING, make_enterprise
from tests.projects.work.conftest import Clock, People, make_work
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("zone-responsibility")]
FIRST = dt.date(2021, 1, 1)


def duty(people: People, person: str = "clerk", by: str = "chief", **changes: Any) -> ZoneDuty:
    user = people[by]
    given = {"person": people[person], "region": COUNTY, "since": FIRST, "by": user, **changes}
    return give_duty(access=access_of(user), **given)


def visit(people: People, project: Project, who: str = "clerk", **changes: Any) -> Visit:
    user = people[who]
    given = {"visited_on": dt.date(2021, 7, 1), "met": "示例厂长", "found": "设备到了一半"}
    return record_visit(project=project.pk, by=user, access=access_of(user), **{**given, **changes})


def test_a_duty_without_a_visit_says_so(client: Client, people: People, project: Project) -> None:
    """玩具实现: 有责任人没有走访记录, and nobody notices."""
    duty(people)
    client.force_login(people["chief"])
    before = client.get("/project-work/duties/").content.decode()
    assert "没有走访记录" in before
    due = client.get("/project-work/visits/due/?visited=never").content.decode()
    assert project.name in due and "从未走访" in due and "示例clerk" in due
    visit(people, project)
    assert "没有走访记录" not in client.get("/project-work/duties/").content.decode()
    after = client.get("/project-work/visits/due/?visited=never").content.decode()
    assert project.name not in after


def test_visits_of_others_or_before_the_duty_are_not_this_persons(
    people: People, project: Project
) -> None:
    held = duty(people, since=dt.date(2021, 6, 1))
    visit(people, project, "chief")
    visit(people, project, visited_on=dt.date(2021, 5, 31))
    visit(people, make_work(make_enterprise(region=SIBLING), region=SIBLING), "city")
    assert visits_of([held]) == {held.pk: []}
    visit(people, project, visited_on=dt.date(2021, 6, 1))
    assert visits_of([held]) == {held.pk: [dt.date(2021, 6, 1)]}


@pytest.mark.parametrize(("days", "late"), [(14, False), (13, True), (30, False)])
def test_the_period_is_a_parameter(
    client: Client, people: People, project: Project, days: int, late: bool
) -> None:
    """The visit was 14 days ago."""
    visit(people, project)
    client.force_login(people["chief"])
    page = client.get(f"/project-work/visits/due/?visited=late&days={days}").content.decode()
    assert (project.name in page) == late
    in_time = client.get(f"/project-work/visits/due/?visited=in_time&days={days}")
    assert (project.name in in_time.content.decode()) != late


def test_finished_and_repeated_projects_need_no_visit(client: Client, people: People) -> None:
    first = make_work(people.firm, "在建的项目")
    make_work(people.firm, "竣工的项目", state="completed")
    make_work(people.firm, "重复的项目", duplicate_of=first)
    client.force_login(people["chief"])
    page = client.get("/project-work/visits/due/").content.decode()
    assert "在建的项目" in page and "竣工的项目" not in page and "重复的项目" not in page


def test_the_nearest_duty_counts(people: People, project: Project) -> None:
    town = make_work(people.firm, "镇里的项目")
    park = make_work(make_enterprise(town="别的镇"), "园区的项目", park="示例园区")
    away = make_work(make_enterprise(town="别的镇"), "别处的项目")
    duty(people, "chief")
    duty(people, "clerk-2", zone="示例镇")
    duty(people, "clerk-3", zone="示例园区")
    duty(people, "clerk-4", region="", project=project.pk)
    found = responsible_for([project, town, park, away], dt.date(2021, 7, 15))
    assert [found[p.pk].name for p in (project, town, park, away)] == [
        "示例clerk-4", "示例clerk-2", "示例clerk-3", "示例chief",
    ]  # fmt: skip
    assert responsible_for([project], dt.date(2020, 12, 31)) == {}


def test_one_person_at_a_time_and_who_is_told(
    people: People, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        held = duty(people)
    assert Notice.objects.get(user=people["clerk"]).title.startswith("由您包干")
    with pytest.raises(JigaiError, match="由示例clerk负责"):
        duty(people, "clerk-2")
    end_duty(duty=held.pk, until=dt.date(2021, 6, 30), access=access_of(people["chief"]))
    assert duty(people, "clerk-2", since=dt.date(2021, 7, 1)).person == people["clerk-2"]
    with pytest.raises(JigaiError, match="包干从"):
        end_duty(duty=held.pk, until=dt.date(2020, 6, 30), access=access_of(people["chief"]))


def test_who_may_give_a_duty_and_to_whom(people: People) -> None:
    for name in ("auditor", "sibling"):
        with pytest.raises(Denied):
            duty(people, by=name)
    with pytest.raises(JigaiError, match="看不到这个地区"):
        duty(people, "sibling")
    with pytest.raises(JigaiError, match="止日早于起日"):
        duty(people, until=dt.date(2020, 1, 1))


@pytest.mark.parametrize(("changes", "code"), [
    ({"visited_on": dt.date(2021, 7, 16)}, "visit-day"),
    ({"met": " "}, "visit-empty"),
    ({"found": ""}, "visit-empty"),
    ({"next_on": dt.date(2021, 6, 30), "next_step": "x"}, "visit-next"),
    ({"next_on": dt.date(2021, 8, 1)}, "visit-next"),
])  # fmt: skip
def test_what_is_no_visit(
    people: People, project: Project, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(JigaiError) as error:
        visit(people, project, **changes)
    assert error.value.code == code and not Visit.objects.exists()


def test_the_responsible_may_record_and_enterprises_read_nothing(
    people: People, project: Project
) -> None:
    """A leader has no right to manage; being responsible for this project is enough."""
    with pytest.raises(Denied):
        visit(people, project, "leader")
    duty(people, "leader", region="", project=project.pk)
    visit(people, project, "leader")
    for name in ("firm", "sibling"):
        with pytest.raises(Denied):
            visit(people, project, name)
        assert not visits_for(access_of(people[name])).exists()


def test_from_the_project_page_with_a_photo(
    client: Client, people: People, project: Project, clock: Clock
) -> None:
    client.force_login(people["clerk"])
    out = io.BytesIO(qr_png("示例照片"))
    given = {"visited_on": "2021-07-14", "met": "示例厂长", "found": "基础完成",
             "next_step": "看设备到货", "next_on": "2021-08-02",
             "photo": SimpleUploadedFile("现场.png", out.getvalue()),
             "nonce": uuid.uuid4().hex}  # fmt: skip
    answer = client.post(f"/projects/{project.pk}/visits/new/", given)
    assert answer.status_code == 302
    row = Visit.objects.get()
    assert EvidenceUse.objects.get(kind="project-visit").key == str(row.pk)
    part = client.get(f"/projects/{project.pk}/visits/").content.decode()
    assert "基础完成" in part and "现场.png" in part
    agenda = client.get("/project-work/calendar/?month=2021-08").content.decode()
    assert "看设备到货" in agenda
    assert "看设备到货" not in client.get("/project-work/calendar/").content.decode()


def test_giving_and_ending_a_duty_on_screen(client: Client, people: People) -> None:
    client.force_login(people["chief"])
    given = {"person": people["clerk"].username, "region": COUNTY, "since": "2021-07-01",
             "nonce": uuid.uuid4().hex}  # fmt: skip
    assert client.post("/project-work/duties/new/", given).status_code == 302
    row = ZoneDuty.objects.get()
    again = {**given, "nonce": uuid.uuid4().hex}
    assert "由示例clerk负责" in client.post("/project-work/duties/new/", again).content.decode()
    url = f"/project-work/duties/{row.pk}/end/"
    ended = client.post(url, {"until": "2021-07-31", "nonce": uuid.uuid4().hex})
    assert ended.status_code == 302
    row.refresh_from_db()
    assert row.until == dt.date(2021, 7, 31)
    client.force_login(people["sibling"])
    assert client.get(url).status_code == 404


def test_lists_ask_no_more_for_more_rows(client: Client, people: People) -> None:
    client.force_login(people["chief"])
    duty(people)

    def grow(count: int) -> None:
        while Visit.objects.count() < count:
            visit(people, make_work(make_enterprise()))

    for url in ("/project-work/visits/due/", "/project-work/visits/", "/project-work/duties/"):
        assert_query_count(client, url, grow, most=34)
        Visit.objects.all().delete()
