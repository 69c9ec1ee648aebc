"""Progress of upgrade plans is that of the library's projects, and of nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.projects.chains.plans import (
    FINISHED_ALL,
    GOING,
    NONE,
    STOPPED,
    UNDATED,
    WAITING,
    Member,
    Plan,
    members_on,
    plans_on,
    progress,
)
from jigai.projects.models import Project
from jigai.projects.states import STATES
from jigai.registers.models import Entry, Register
from tests.factories import SIBLING, make_enterprise, make_project, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("enterprise-upgrade-plans")


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ([], NONE), (["planned"], WAITING), (["planned", "admitted"], WAITING),
        (["building"], GOING), (["planned", "building"], GOING), (["planned", "completed"], GOING),
        (["completed"], FINISHED_ALL), (["completed", "evaluated"], FINISHED_ALL),
        (["stopped"], STOPPED), (["completed", "withdrawn"], FINISHED_ALL),
        (["stopped", "planned"], WAITING),
    ],
)  # fmt: skip
def test_what_the_states_of_projects_come_to(states: list[str], found: str) -> None:
    assert progress(states) == found


def test_every_state_says_something() -> None:
    assert {progress([state]) for state in STATES} == {WAITING, GOING, FINISHED_ALL, STOPPED}


@pytest.fixture
def lists(db: None) -> dict[str, Register]:
    """Plans and enterprises as shipped."""
    make_regions()
    return {code: ship(code) for code in ("upgrade-plans", "upgrade-plan-enterprises")}


@pytest.fixture
def clerk(lists: dict[str, Register]) -> User:
    """The office of the county."""
    return make_user("section-clerk", name="经办人")


def make_plan(lists: dict[str, Register], name: str = "示例计划", **more: Any) -> Entry:
    values = {"name": name, "kind": "equipment", "from_year": "2021", "to_year": "2022",
              "document": "示例〔2021〕1号", **more}  # fmt: skip
    return put(lists["upgrade-plans"], values)[0]


def join(lists: dict[str, Register], plan: Entry, *firms: Enterprise) -> None:
    at = {"id": plan.pk, "name": plan.title}
    put(lists["upgrade-plan-enterprises"],
        *({"plan": at, "enterprise": {"id": f.pk, "name": f.name}} for f in firms))  # fmt: skip


def told(user: User, plan: Entry) -> dict[str, Member]:
    access, today = access_of(user), timezone.localdate()
    found = [one for one in plans_on(access, today) if one.entry == plan.pk]
    return {m.name: m for m in members_on(access, found, today).get(plan.pk, [])}


def test_progress_is_read_from_the_library(clerk: User, lists: dict[str, Register]) -> None:
    """玩具实现会漏掉: 计划对象与项目库不通."""
    plan, busy, idle = make_plan(lists), make_enterprise("示例甲厂"), make_enterprise("示例乙厂")
    join(lists, plan, busy, idle)
    row = make_project(busy, "示例技改", year=2021, state="planned")
    found = told(clerk, plan)
    assert found["示例甲厂"].state == WAITING and found["示例甲厂"].projects == (row,)
    assert found["示例乙厂"].state == NONE
    assert found["示例乙厂"].look == ("missing", "项目库里没有项目")
    for state, expected in (("building", GOING), ("accepted", FINISHED_ALL), ("stopped", STOPPED)):
        Project.objects.filter(pk=row.pk).update(state=state)
        assert told(clerk, plan)["示例甲厂"].state == expected


def test_only_projects_of_the_same_enterprise_in_the_period_count(
    clerk: User, lists: dict[str, Register]
) -> None:
    plan, firm = make_plan(lists), make_enterprise("示例甲厂")
    join(lists, plan, firm)
    inside = make_project(firm, year=2022, state="building")
    make_project(firm, year=2020)
    make_project(firm, year=2023)
    make_project(firm, year=2021, duplicate_of=inside)
    make_project(make_enterprise("示例丙厂"), year=2021)
    # Begun before the plan and still in the ledger of its first year.
    rolled = make_project(firm, year=2019, ledger_years=[2019, 2021], state="completed")
    found = told(clerk, plan)["示例甲厂"]
    assert found.projects == (inside, rolled) and found.state == GOING


def test_a_plan_may_ask_for_directions(clerk: User, lists: dict[str, Register]) -> None:
    plan = make_plan(lists, tags=["信息化", "没有的方向"])
    firm = make_enterprise("示例甲厂")
    join(lists, plan, firm)
    wanted = make_project(firm, tags=["direction/信息化", "direction/绿色化"])
    make_project(firm, tags=["direction/绿色化"])
    assert told(clerk, plan)["示例甲厂"].projects == (wanted,)
    (read,) = [p for p in plans_on(access_of(clerk), timezone.localdate()) if p.entry == plan.pk]
    assert (read.tags, read.unknown_tags) == (("direction/信息化",), ("没有的方向",))


def test_without_a_period_nothing_is_said(clerk: User, lists: dict[str, Register]) -> None:
    firm = make_enterprise("示例甲厂")
    make_project(firm, year=2021, state="completed")
    for more in ({"from_year": None, "to_year": None}, {"to_year": None}):
        plan = make_plan(lists, f"示例{len(more)}", **more)
        join(lists, plan, firm)
        found = told(clerk, plan)["示例甲厂"]
        assert found.state == UNDATED and found.projects == ()


def test_plans_of_the_documents_ship_without_made_up_periods(
    clerk: User, lists: dict[str, Register]
) -> None:
    rows: dict[str, Plan] = {p.name: p for p in plans_on(access_of(clerk), dt.date(2030, 1, 1))}
    # 苏南 2017 二.二 gives two plans and no period; those of a province are for its people.
    assert set(rows) == {"企业制造装备升级计划（苏南）", "企业互联网化提升计划（苏南）"}
    assert all(not plan.years for plan in rows.values())
    south = make_user("section-clerk", "440000")
    basis = next(p for p in plans_on(access_of(south), dt.date(2030, 1, 1)) if "强基" in p.name)
    assert basis.years == (2018, 2019, 2020) and basis.period == "2018—2020 年"


def test_the_pages(clerk: User, lists: dict[str, Register], client: Client) -> None:
    client.force_login(clerk)
    plan, firm = make_plan(lists), make_enterprise("示例甲厂")
    join(lists, plan, firm, make_enterprise("示例乙厂"))
    row = make_project(firm, "示例技改", state="building", total_fen=500_000_00)
    page = client.get(reverse("upgrade-plans")).content.decode()
    assert "示例计划" in page and "2021—2022 年" in page and "没有写期限" in page
    body = client.get(reverse("upgrade-plan", args=[plan.pk])).content.decode()
    assert reverse("project-detail", args=[row.pk]) in body and "在建" in body
    assert "50.00 万元" in body and "推进中" in body and "项目库里没有项目" in body
    undated = Entry.objects.get(title="企业互联网化提升计划（苏南）")
    assert "进度不能算" in client.get(reverse("upgrade-plan", args=[undated.pk])).content.decode()
    assert client.get(reverse("upgrade-plan", args=[firm.pk + 10_000])).status_code == 404
    assert client.get(reverse("upgrade-plans"), {"on": "x"}).status_code == 422
    # An office elsewhere learns nothing of these enterprises.
    client.force_login(make_user("section-clerk", SIBLING))
    assert "示例甲厂" not in client.get(reverse("upgrade-plan", args=[plan.pk])).content.decode()


def test_the_pages_take_as_many_queries_for_many(
    clerk: User, lists: dict[str, Register], client: Client
) -> None:
    client.force_login(clerk)
    plan = make_plan(lists)

    def rows(number: int) -> None:
        for _ in range(number - Project.objects.count()):
            firm = make_enterprise()
            join(lists, plan, firm)
            make_project(firm)

    assert_query_count(client, reverse("upgrade-plans"), rows, most=35)
    assert_query_count(client, reverse("upgrade-plan", args=[plan.pk]), rows, most=35,
                       sizes=(15, 20))  # fmt: skip
