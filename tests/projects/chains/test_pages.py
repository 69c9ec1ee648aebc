"""Pages of task chains and key technologies as people see them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.models import Notice, Region, User
from jigai.projects.chains.services.warn_chains import warn_chains
from jigai.registers.entry_values import prepare
from jigai.registers.models import Entry, Register
from jigai.registers.services.record_event import record
from tests.factories import COUNTY, SIBLING, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

one_dragon = pytest.mark.system("chain-sync-one-dragon")
technology = pytest.mark.system("key-tech-breakthrough")
CHAIN = "示例整机"


@pytest.fixture
def clerk(db: None) -> User:
    """The office of the county."""
    make_regions()
    return make_user("section-clerk", name="经办人")


def task(code: str, *needs: str, **more: Any) -> dict[str, Any]:
    return {"chain": CHAIN, "task": code, "name": f"示例任务{code}", "kind": "part",
            "needs": list(needs), "unit": "示例单位", "place": COUNTY, "starts": "2021-01-01",
            "due": "2021-12-31", **more}  # fmt: skip


@one_dragon
def test_a_late_task_is_told_with_its_way(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    empty = client.get(reverse("chain-tasks")).content.decode()
    assert "还没有任务链" in empty
    put(ship("chain-tasks"), task("A", due="2021-03-01", kind="material"), task("B", "A"),
        task("C", "B", kind="whole"))  # fmt: skip
    page = client.get(reverse("chain-tasks"), {"on": "2021-04-01"}).content.decode()
    assert "有环节滞后，整链有风险" in page
    assert "A 示例任务A → B 示例任务B → C 示例任务C" in page
    at = reverse("chain-task-chain")
    body = client.get(at, {"chain": CHAIN, "on": "2021-04-01"}).content.decode()
    assert "已滞后 31 天" in body and "末项至少推迟 31 天" in body
    assert "先进基础工艺、产业技术基础" in body
    before = client.get(at, {"chain": CHAIN, "on": "2021-02-01"}).content.decode()
    assert "按期推进" in before and "整链有风险" not in before
    for asked in ({}, {"chain": "没有的链"}, {"chain": CHAIN, "on": "x"}):
        assert client.get(at, asked).status_code == 404
    assert client.get(reverse("chain-tasks"), {"on": "x"}).status_code == 422
    client.force_login(make_user("section-clerk", SIBLING))
    assert client.get(at, {"chain": CHAIN}).status_code == 404


@one_dragon
def test_a_list_without_dependencies_says_so(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    put(ship("chain-tasks"), task("A"), task("B"))
    at = reverse("chain-task-chain")
    body = client.get(at, {"chain": CHAIN, "on": "2021-02-01"}).content.decode()
    assert "没有登记依赖，整链无法判断" in body and "按期推进" not in body


@one_dragon
def test_the_chains_take_as_many_queries_for_many(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    register: Register = ship("chain-tasks")

    def rows(number: int) -> None:
        for at in range(Entry.objects.count(), number):
            put(register, task(f"T{at}", *([f"T{at - 1}"] if at else [])))

    assert_query_count(client, reverse("chain-tasks"), rows, most=30)
    assert_query_count(client, reverse("chain-task-chain") + f"?chain={CHAIN}", rows, most=30,
                       sizes=(15, 20))  # fmt: skip


@one_dragon
def test_everybody_on_the_chain_is_told_once_and_of_nothing_out_of_reach(clerk: User) -> None:
    far, other = make_user("section-clerk", SIBLING), make_user("section-clerk", "340100")
    (late, _) = put(ship("chain-tasks"), task("A", due="2021-03-01"),
                    task("B", "A", place=SIBLING))  # fmt: skip
    day = dt.date(2021, 4, 1)
    assert warn_chains(dt.date(2021, 3, 1)) == 0
    # Those of both counties; nobody twice, however often the round comes.
    assert (warn_chains(day), warn_chains(day), warn_chains(dt.date(2021, 4, 2))) == (2, 0, 0)
    told = Notice.objects.filter(event="chain-late")
    assert set(told.values_list("user", flat=True)) == {clerk.pk, far.pk}
    assert not told.filter(user=other).exists()
    for notice in told:
        assert "示例整机 A" in notice.title and "31 天" in notice.body
        assert "示例任务" not in notice.title + notice.body
        assert "示例单位" not in notice.title + notice.body
    # A term that is put off and missed again is news.
    record(entry=late, kind="change", effective=dt.date(2021, 4, 3), by=None,
           values=prepare(late.register, [task("A", due="2021-05-01")], entry=late.pk)[0].values,
           reason="延期")  # fmt: skip
    assert warn_chains(dt.date(2021, 4, 15)) == 0
    assert warn_chains(dt.date(2021, 6, 1)) == 2


def project(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "place": COUNTY, "units": ["示例院"], "started": "2021-01-01",
            "due": "2030-12-31", "direction": {"name": "无人机整机装备"}, **more}  # fmt: skip


@technology
def test_directions_are_found_by_city_and_word(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    ship("key-technology-directions")
    Region.objects.create(code="320400", name="常州市", level="city", pinyin="changzhoushi")
    at = reverse("key-technologies")
    page = client.get(at, {"city": "320500"}).content.decode()
    assert "高端装备核心基础零部件" in page and "石墨烯" not in page and "无人机" not in page
    page = client.get(at, {"q": "1000千伏"}).content.decode()
    assert "特高压" in page and "石墨烯" not in page
    # The name of the city is searched as well as that of the direction.
    page = client.get(at, {"q": "常州"}).content.decode()
    assert "特高压" in page and "石墨烯" in page and "无人机" not in page
    page = client.get(at, {"city": COUNTY}).content.decode()
    assert "没有符合的方向" in page and "没有符合的攻关项目" in page
    assert client.get(at, {"on": "x"}).status_code == 422


@technology
def test_a_project_without_criteria_is_shown_as_not_judgeable(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    ship("key-technology-directions")
    bare, good = put(
        ship("key-technologies"), project("示例无据"),
        project("示例有据", indicator="示例指标", benchmark="不低于1", way="review",
                declared="2021-01-01", accepted="2021-02-01", measured="9"),
    )  # fmt: skip
    put(ship("key-technology-milestones"),
        {"technology": {"id": good.pk, "name": good.title}, "name": "示例节点", "place": COUNTY,
         "due": "2021-02-01"})  # fmt: skip
    at = reverse("key-technologies")
    page = client.get(at).content.decode()
    assert "无法认定" in page and "已验收，待认定" in page and "有滞后" in page
    only = client.get(at, {"state": "unjudgeable"}).content.decode()
    assert "示例无据" in only and "示例有据" not in only
    body = client.get(reverse("key-technology", args=[bare.pk])).content.decode()
    assert "缺判据指标、对标值、认定方式、判据确定日期" in body and "还没有里程碑" in body
    body = client.get(reverse("key-technology", args=[good.pk])).content.decode()
    assert "示例节点" in body and "滞后" in body and "没有判据" not in body
    client.force_login(make_user("section-clerk", SIBLING))
    assert client.get(reverse("key-technology", args=[bare.pk])).status_code == 404


@technology
def test_the_technologies_take_as_many_queries_for_many(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    ship("key-technology-directions")
    register, steps = ship("key-technologies"), ship("key-technology-milestones")

    def rows(number: int) -> None:
        for at in range(register.entries.count(), number):
            (one,) = put(register, project(f"示例{at}"))
            put(steps, {"technology": {"id": one.pk, "name": one.title}, "name": f"节点{at}",
                        "place": COUNTY, "due": "2021-02-01"})  # fmt: skip

    assert_query_count(client, reverse("key-technologies"), rows, most=40)
