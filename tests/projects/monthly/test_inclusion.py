"""入统: what belongs in and is not, the steps with their word, reasons, the mark."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import Project, StatisticsInclusion
from jigai.projects.monthly.inclusion import judged, verdict
from jigai.projects.monthly.parameters import entry_threshold, scope_natures
from jigai.projects.monthly.services.move_inclusion import move_inclusion, say_why_not
from tests.factories import SIBLING, make_enterprise, make_regions, make_user
from tests.projects.monthly.kit import WAN, project
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("statistics-inclusion")]


@pytest.fixture
def row(db: None) -> Project:
    make_regions()
    return project(name="数控改造", enterprise=make_enterprise(), nature="retrofit")


@pytest.fixture
def owner(row: Project) -> User:
    return make_user("enterprise-handler", enterprise=row.enterprise)


@pytest.fixture
def bureau(row: Project) -> User:
    return make_user("statistics")


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(JigaiError) as told:
        yield
    assert told.value.code == code


def move(row: Project, to: str, by: User, note: str = "", **options: Any) -> StatisticsInclusion:
    stored = StatisticsInclusion.objects.filter(project=row).first()
    given = {"included_from": None, "seen": stored.version if stored else 0, **options}
    return move_inclusion(project=row.pk, to=to, note=note, by=by, access=access_of(by), **given)


def judge(row: Project) -> str:
    found = judged(Project.objects.filter(pk=row.pk), entry_threshold(), scope_natures())
    return str(found.values_list("judged", flat=True).get())


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, "fits"),
        ({"total_fen": 500 * WAN}, "fits"),
        # The subsidy's threshold is 300万元: below the statistical one, neither refused nor passed.
        ({"total_fen": 500 * WAN - 1}, "pending"),
        ({"total_fen": 300 * WAN}, "pending"),
        ({"total_fen": None}, "unknown"),
        ({"nature": None}, "unknown"),
        ({"nature": "new"}, "outside"),
        ({"state": "planned"}, "early"),
        ({"state": "withdrawn"}, "early"),
        ({"state": "completed"}, "fits"),
        ({"in_statistics": True}, "included"),
        ({"in_statistics": False}, "fits"),
    ],
)
def test_where_a_project_stands_by_hand_and_by_the_database(
    row: Project, fields: dict[str, Any], found: str
) -> None:
    Project.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    by_hand = verdict(
        status="none", in_statistics=row.in_statistics, state=row.state, nature=row.nature,
        total_fen=row.total_fen, threshold=500 * WAN, natures=("retrofit", "expansion", "purchase"),
    )  # fmt: skip
    assert by_hand == found
    assert judge(row) == found


def test_declared_returned_supplemented_included(row: Project, owner: User, bureau: User) -> None:
    move(row, "declared", owner)
    with refused("no-note"):
        move(row, "returned", bureau)
    move(row, "returned", bureau, "缺施工许可")
    move(row, "resubmitted", owner, "已补施工许可")
    with refused("no-month"):
        move(row, "included", bureau)
    done = move(row, "included", bureau, included_from=dt.date(2021, 6, 1))
    row.refresh_from_db()
    assert (done.status, done.included_from, row.in_statistics) == (
        "included", dt.date(2021, 6, 1), True,
    )  # fmt: skip
    assert judge(row) == "included"
    events: Any = apps.get_model("projects.StatisticsInclusionEvent")._default_manager
    steps = list(events.order_by("pgh_id").values_list("status", "note"))
    assert steps == [
        ("declared", ""), ("returned", "缺施工许可"), ("resubmitted", "已补施工许可"),
        ("included", ""),
    ]  # fmt: skip


def test_nobody_includes_for_himself(row: Project, owner: User) -> None:
    move(row, "declared", owner)
    with pytest.raises(Denied):
        move(row, "included", owner, included_from=dt.date(2021, 6, 1))


def test_steps_out_of_order_or_reach_or_date(row: Project, owner: User, bureau: User) -> None:
    with refused("no-such-step"):
        move(row, "returned", bureau, "缺件")
    with pytest.raises(Denied):
        move(row, "included", make_user("statistics", SIBLING), included_from=dt.date(2021, 6, 1))
    move(row, "declared", owner)
    with refused("changed"):
        move(row, "returned", bureau, "缺件", seen=0)


def test_a_ledger_that_says_included_is_where_the_record_starts(row: Project, bureau: User) -> None:
    Project.objects.filter(pk=row.pk).update(in_statistics=True)
    with refused("no-such-step"):
        move(row, "declared", make_user("section-clerk"))
    move(row, "none", bureau, "不属技改范畴")
    row.refresh_from_db()
    assert row.in_statistics is False and judge(row) == "fits"


def test_who_fits_and_is_not_in_says_why(row: Project, owner: User) -> None:
    def say(why: str) -> StatisticsInclusion:
        return say_why_not(project=row.pk, why_not=why, seen=0, by=owner, access=access_of(owner))

    with refused("no-reason"):
        say(" ")
    assert say("首次纳统材料准备中").why_not == "首次纳统材料准备中"
    assert judge(row) == "fits", "a reason does not include anything"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_list_of_what_fits_and_is_not_in(row: Project, owner: User, bureau: User) -> None:
    project(name="小项目", nature="retrofit", total_fen=300 * WAN)
    project(name="已在统", nature="retrofit", in_statistics=True)
    client = as_(bureau)
    page = client.get("/monthly/inclusion/?verdict=fits").content.decode()
    assert "数控改造" in page and "小项目" not in page and "已在统" not in page
    assert "符合条件而未入统 1 个，其中已写原因 0 个" in page
    pending = client.get("/monthly/inclusion/?verdict=pending").content.decode()
    assert "小项目" in pending and "入统待确认" in pending
    assert "数控改造" in client.get("/monthly/inclusion/?told=no&verdict=fits").content.decode()
    mine = as_(owner).get("/monthly/inclusion/").content.decode()
    assert "数控改造" in mine and "小项目" not in mine


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"nonce": str(uuid.uuid4()), **data})


def test_the_way_on_screen(row: Project, owner: User, bureau: User) -> None:
    url = f"/monthly/inclusion/{row.pk}/"
    enterprise, statistics = as_(owner), as_(bureau)
    assert "申报入统" in enterprise.get(url).content.decode()
    assert "确认已入统" not in enterprise.get(url).content.decode()
    post(enterprise, f"{url}why/", why_not="材料准备中", seen="0")
    post(enterprise, f"{url}declared/", seen="1")
    page = statistics.get(url).content.decode()
    assert "确认已入统" in page and "退回" in page and "材料准备中" in page
    assert post(statistics, f"{url}returned/", seen="2").status_code == 422
    post(statistics, f"{url}included/", seen="2", year="2021", month="6")
    page = statistics.get(url).content.decode()
    assert "2021-06" in page or "2021 年 6 月" in page or "2021年6月" in page
    assert "已申报" in page and "已入统" in page
    assert statistics.get(f"{url}nothing/").status_code == 404


def test_the_list_asks_no_more_for_more_rows(row: Project, bureau: User) -> None:
    made: list[Project] = []

    def grow(number: int) -> None:
        while len(made) < number:
            made.append(project(name=f"第{len(made)}个", nature="retrofit"))
            StatisticsInclusion.objects.create(project=made[-1])

    assert_query_count(as_(bureau), "/monthly/inclusion/", grow, most=24)
