"""What joins or leaves a published list leaves a trace: who, why, in which version."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.test import Client

from jigai.core.access import Denied, access_of
from jigai.errors import JigaiError
from jigai.projects.models import KeyList, KeyListLine, KeyListVersion
from jigai.projects.work.key_lists import changed, conditions_told, digest, lines_now, rows_of
from jigai.projects.work.services.make_key_list import (
    change_line,
    join_list,
    leave_list,
    make_key_list,
)
from jigai.projects.work.services.publish_key_list import publish_key_list
from tests.factories import COUNTY, SIBLING, make_enterprise
from tests.projects.work.conftest import WAN, People, make_work
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("annual-key-project-list")]


@pytest.fixture
def work(people: People) -> dict[str, Any]:
    """Projects with different plans, one without, one of another county."""
    firm = people.firm
    return {
        "large": make_work(firm, "大项目", planned=5000, total_fen=9000 * WAN),
        "small": make_work(firm, "小项目", planned=300, total_fen=800 * WAN),
        "bare": make_work(firm, "没有计划", total_fen=7000 * WAN, state="admitted"),
        "late": make_work(firm, "后来的", planned=2000, state="planned", total_fen=2000 * WAN),
        "far": make_work(make_enterprise(region=SIBLING), "邻县", planned=9000),
    }


def make(people: People, who: str = "clerk", **changes: Any) -> KeyList:
    user = people[who]
    given = {"region": COUNTY, "year": 2021, "title": "2021年重点技改项目清单",
             "conditions": {"least_planned_fen": 1000 * WAN}, **changes}  # fmt: skip
    return make_key_list(by=user, access=access_of(user), **given)


def names(key_list: KeyList) -> list[str]:
    return [line.project.name for line in lines_now(key_list)]


def publish(people: People, key_list: KeyList, who: str = "chief") -> KeyListVersion:
    user = people[who]
    return publish_key_list(key_list=key_list.pk, by=user, access=access_of(user))


def unit(people: People, key_list: KeyList, **changes: Any) -> None:
    """Every line gets a responsible unit."""
    for line in lines_now(key_list):
        given = {"unit": "示例镇政府", "planned_fen": line.planned_fen, **changes}
        change_line(line=line.pk, seen=line.version, by=people["clerk"],
                    access=access_of(people["clerk"]), **given)  # fmt: skip


@pytest.fixture
def published(people: People, work: dict[str, Any]) -> KeyList:
    """大项目 and 后来的, published once."""
    row = make(people)
    unit(people, row)
    publish(people, row)
    return row


@pytest.mark.parametrize(("conditions", "expected"), [
    ({}, ["大项目", "后来的", "小项目", "没有计划"]),
    ({"least_planned_fen": 1000 * WAN}, ["大项目", "后来的"]),
    ({"least_total_fen": 2000 * WAN}, ["大项目", "后来的", "没有计划"]),
    ({"states": ["building"]}, ["大项目", "小项目"]),
    ({"most": 1}, ["大项目"]),
    ({"states": ["admitted"], "least_planned_fen": None}, ["没有计划"]),
])  # fmt: skip
def test_the_conditions_choose(
    people: People, work: dict[str, Any], conditions: dict[str, Any], expected: list[str]
) -> None:
    row = make(people, conditions=conditions)
    assert names(row) == expected
    assert dict(conditions_told(row.conditions)).keys() == {
        {"least_planned_fen": "计划不低于", "least_total_fen": "总投资不低于",
         "states": "所处阶段", "most": "最多"}[name]
        for name, value in conditions.items() if value
    }  # fmt: skip


def test_only_what_is_in_the_library_where_asked(people: People, work: dict[str, Any]) -> None:
    with pytest.raises(JigaiError, match="没有符合条件的项目"):
        make(people, conditions={"in_library": True})
    work["small"].entries.create(level="county", region_code=COUNTY, status="in",
                                 reported_on="2021-01-01", admitted_on="2021-01-02")  # fmt: skip
    assert names(make(people, conditions={"in_library": True})) == ["小项目"]


def test_changes_after_publication_keep_reason_and_difference(
    people: People, published: KeyList, work: dict[str, Any]
) -> None:
    """玩具实现: 清单发布后增减不留痕."""
    access = access_of(people["clerk"])
    large = published.lines.get(project=work["large"])
    with pytest.raises(JigaiError, match="没有写移出原因"):
        leave_list(line=large.pk, reason=" ", by=people["clerk"], access=access)
    leave_list(line=large.pk, reason="停建", by=people["clerk"], access=access)
    given = {"key_list": published.pk, "number": work["small"].number, "unit": "示例街道",
             "planned_fen": 300 * WAN, "by": people["clerk"], "access": access}  # fmt: skip
    with pytest.raises(JigaiError, match="没有写列入理由"):
        join_list(reason="", **given)
    join_list(reason="补短板", **given)
    other = published.lines.get(project=work["late"])
    change_line(line=other.pk, unit="示例镇政府", planned_fen=2500 * WAN, seen=other.version,
                by=people["clerk"], access=access)  # fmt: skip
    second = publish(people, published)
    assert [(one["name"], one["reason"]) for one in second.left] == [("大项目", "停建")]
    assert [(one["name"], one["reason"]) for one in second.joined] == [("小项目", "补短板")]
    first = published.versions.get(number=1)
    assert [row["name"] for row in first.rows] == ["大项目", "后来的"], "as it was"
    assert [row["name"] for row in second.rows] == ["后来的", "小项目"]
    assert changed(first, second.rows) == [
        {"name": "后来的", "field": "当年计划投资", "before": "2,000.00 万元",
         "after": "2,500.00 万元"},
    ]  # fmt: skip
    large.refresh_from_db()
    assert large.left_at is not None and large.left_reason == "停建"


def test_a_published_version_cannot_be_altered(published: KeyList) -> None:
    first = published.versions.get(number=1)
    assert first.root_hash == digest(first.rows)
    first.rows = []
    with pytest.raises(ProgrammingError), transaction.atomic():
        first.save()
    with pytest.raises(ProgrammingError), transaction.atomic():
        KeyListVersion.objects.filter(pk=first.pk).delete()


def test_who_left_may_come_back_and_both_are_told(
    people: People, published: KeyList, work: dict[str, Any]
) -> None:
    access = access_of(people["clerk"])
    line = published.lines.get(project=work["large"])
    leave_list(line=line.pk, reason="停建", by=people["clerk"], access=access)
    publish(people, published)
    join_list(key_list=published.pk, number=work["large"].number, unit="示例镇政府",
              planned_fen=None, reason="复工", by=people["clerk"], access=access)  # fmt: skip
    third = publish(people, published)
    assert [(one["name"], one["reason"]) for one in third.joined] == [("大项目", "复工")]
    assert KeyListLine.objects.filter(project=work["large"]).count() == 2


def test_what_is_not_published(people: People, work: dict[str, Any]) -> None:
    bare = make_work(None, "没有对应企业的", planned=1500)
    row = make(people)
    assert {line.unit for line in lines_now(row)} == {"示例镇", ""}, "first the enterprise's town"
    with pytest.raises(JigaiError, match=f"1 个项目没有写责任单位：{bare.name}"):
        publish(people, row)
    unit(people, row)
    publish(people, row)
    with pytest.raises(JigaiError, match="和第 1 版一样"):
        publish(people, row)
    with pytest.raises(Denied):
        publish(people, row, "clerk-2")
    own = make(people, "chief", title="自己的")
    with pytest.raises(JigaiError, match="不能自己发布"):
        publish(people, own)


@pytest.mark.parametrize(("which", "said"), [
    ("far", "没有编号"), ("large", "已在清单上"), ("", "没有编号"),
])  # fmt: skip
def test_what_cannot_join(
    people: People, published: KeyList, work: dict[str, Any], which: str, said: str
) -> None:
    number = work[which].number if which else "370812-2021-99999"
    with pytest.raises(JigaiError, match=said):
        join_list(key_list=published.pk, number=number, unit="x", planned_fen=None, reason="x",
                  by=people["clerk"], access=access_of(people["clerk"]))  # fmt: skip


def test_who_may_draw_one_up(people: People, work: dict[str, Any]) -> None:
    for who in ("leader", "firm", "sibling"):
        with pytest.raises(Denied):
            make(people, who)


def test_two_people_changing_a_line(people: People, published: KeyList) -> None:
    line = lines_now(published)[0]
    with pytest.raises(JigaiError, match="刚有人改过"):
        change_line(line=line.pk, unit="x", planned_fen=1, seen=line.version - 1,
                    by=people["clerk"], access=access_of(people["clerk"]))  # fmt: skip


def test_on_screen(client: Client, people: People, work: dict[str, Any]) -> None:
    client.force_login(people["clerk"])
    form = {"region": COUNTY, "year": 2021, "title": "重点清单", "least_planned": "1000",
            "nonce": uuid.uuid4().hex}  # fmt: skip
    answer = client.post("/project-work/key-lists/new/", form)
    row = KeyList.objects.get()
    url = f"/project-work/key-lists/{row.pk}/"
    assert answer.url == url and row.conditions == {"least_planned_fen": 1000 * WAN}
    page = client.get(url).content.decode()
    assert "大项目" in page and "1,000.00 万元" in page and "7,000.00 万元" in page
    for line in lines_now(row):
        sent = {"unit": "示例镇政府", "planned": str(line.planned_fen // WAN),
                "seen": line.version, "nonce": uuid.uuid4().hex}  # fmt: skip
        assert client.post(f"/project-work/key-lists/lines/{line.pk}/", sent).status_code == 302
    assert client.post(f"{url}publish/", {"nonce": uuid.uuid4().hex}).status_code == 403
    client.force_login(people["chief"])
    assert client.post(f"{url}publish/", {"nonce": uuid.uuid4().hex}).status_code == 302
    line = lines_now(row)[0]
    sent = {"reason": "停建", "nonce": uuid.uuid4().hex}
    assert client.post(f"/project-work/key-lists/lines/{line.pk}/leave/", sent).status_code == 302
    sent = {"number": work["bare"].number, "unit": "示例街道", "reason": "省重点",
            "nonce": uuid.uuid4().hex}  # fmt: skip
    assert client.post(f"{url}join/", sent).status_code == 302
    assert "有没有发布的改动" in client.get(url).content.decode()
    assert client.post(f"{url}publish/", {"nonce": uuid.uuid4().hex}).status_code == 302
    second = client.get(f"{url}versions/2/").content.decode()
    assert "停建" in second and "省重点" in second
    assert "停建" not in client.get(f"{url}versions/1/").content.decode()
    client.force_login(people["auditor"])
    assert client.get(url).url == f"{url}versions/2/", "others read what was published"
    client.force_login(people["sibling"])
    assert client.get(url).status_code == 404
    assert client.get(f"/project-work/key-lists/lines/{line.pk}/leave/").status_code == 404
    assert rows_of([]) == []


def test_the_list_asks_no_more_for_more_rows(
    client: Client, people: People, work: dict[str, Any]
) -> None:
    client.force_login(people["clerk"])

    def grow(count: int) -> None:
        while KeyList.objects.count() < count:
            make(people, title=f"清单 {KeyList.objects.count()}")

    assert_query_count(client, "/project-work/key-lists/", grow, most=30)

    def longer(count: int) -> None:
        row = KeyList.objects.order_by("id").first()
        assert row is not None
        while lines_now(row).count() < count:
            project = make_work(make_enterprise(), planned=1)
            KeyListLine.objects.create(key_list=row, project=project, place=9, unit="x")

    first = KeyList.objects.order_by("id").first()
    assert first is not None
    assert_query_count(client, f"/project-work/key-lists/{first.pk}/", longer, most=34)
