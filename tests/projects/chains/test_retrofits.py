"""Safety and metrology: tagged projects and their records; neither may be left out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.core.project_tags import named_tags
from jigai.projects.chains.retrofits import METROLOGY, SAFETY, TAGS, labels_with, retrofits
from jigai.projects.chains.views.retrofits import by_industry, matrix
from jigai.projects.labels.systems import label_systems
from jigai.projects.labels.views import label_counts
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.registers.models import Register
from tests.factories import SIBLING, make_enterprise, make_project, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

safety = pytest.mark.system("safety-upgrade-tracker")
metrology = pytest.mark.system("metrology-upgrade")


@pytest.fixture
def lists(db: None) -> dict[str, Register]:
    """Both registers as shipped."""
    make_regions()
    return {code: ship(code) for code in (SAFETY, METROLOGY)}


@pytest.fixture
def clerk(lists: dict[str, Register]) -> User:
    """The office of the county."""
    return make_user("section-clerk", name="经办人")


def note(register: Register, project: Project, theme: str, **more: Any) -> None:
    firm = {"id": project.enterprise_id, "name": "示例"}
    put(register, {"name": project.name, "project": str(project.pk), "theme": theme,
                   "enterprise": firm, **more})  # fmt: skip


def assessed(side: str, level: str, day: str) -> dict[str, str]:
    return {side: level, f"{side}_on": day, f"{side}_number": "示例评 1 号"}


def tagged(code: str, name: str = "示例技改", **more: Any) -> Project:
    return make_project(make_enterprise(), name, tags=[TAGS[code]], **more)


@safety
def test_levels_before_and_after_are_counted_by_industry(
    clerk: User, lists: dict[str, Register]
) -> None:
    """玩具实现会漏掉: 安全效益不计."""
    better, worse, open_, bare = (tagged(SAFETY, f"示例{n}") for n in range(4))
    before = assessed("before", "major", "2021-01-01")
    note(lists[SAFETY], better, "casting", **before, **assessed("after", "low", "2021-06-01"))
    note(lists[SAFETY], worse, "casting", **before, **assessed("after", "grave", "2021-06-01"))
    note(lists[SAFETY], open_, "mining", **before)
    kept = retrofits(access_of(clerk), SAFETY, timezone.localdate())
    assert [r.project for r in kept.rows] == [better, worse, open_, bare]
    # Down, same, up, unknown: what was not assessed afterwards is not an improvement.
    assert by_industry(kept.rows) == [
        ("铸造", 2, [1, 0, 1, 0]), ("没有登记", 1, [0, 0, 0, 1]), ("采选", 1, [0, 0, 0, 1]),
    ]  # fmt: skip
    table = dict(matrix(kept.rows))
    assert table["较大"] == [1, 0, 0, 1, 1] and table["没有评"] == [0, 0, 0, 0, 1]
    assert sum(sum(line) for line in table.values()) == len(kept.rows)
    assert (kept.unrecorded, kept.untagged) == (1, 0)


@safety
def test_a_record_without_its_tag_counts_and_is_told(
    clerk: User, lists: dict[str, Register]
) -> None:
    plain = make_project(make_enterprise())
    note(lists[SAFETY], plain, "casting")
    again = make_project(plain.enterprise, year=2022, duplicate_of=plain, tags=[TAGS[SAFETY]])
    far = make_project(make_enterprise(region=SIBLING), tags=[TAGS[SAFETY]])
    kept = retrofits(access_of(clerk), SAFETY, timezone.localdate())
    assert [(r.project, r.tagged) for r in kept.rows] == [(plain, False)]
    assert kept.untagged == 1 and again.pk != far.pk
    # Two rows of the ledger for one project are one retrofit.
    note(lists[SAFETY], again, "casting")
    assert len(retrofits(access_of(clerk), SAFETY, timezone.localdate()).rows) == 1


@safety
def test_the_safety_page_leads_to_what_is_missing(
    clerk: User, lists: dict[str, Register], client: Client
) -> None:
    client.force_login(clerk)
    empty = client.get(reverse("safety-retrofits")).content.decode()
    assert "还没有安全提升类项目" in empty
    bare, plain, gone = tagged(SAFETY), make_project(make_enterprise()), tagged(SAFETY, "示例删去")
    note(lists[SAFETY], plain, "mining", **assessed("before", "grave", "2021-01-01"))
    note(lists[SAFETY], gone, "mining")
    gone.delete()
    page = client.get(reverse("safety-retrofits")).content.decode()
    assert reverse("project-enlist", args=[bare.pk]) in page
    assert reverse("project-tags", args=[plain.pk]) in page
    assert "1 个项目有标签、没有登记" in page and "1 个已登记的项目没有标签" in page
    assert "对不上项目库的登记" in page and "示例删去" in page
    assert client.get(reverse("safety-retrofits"), {"on": "x"}).status_code == 422


@metrology
def test_metrology_counts_as_intelligent() -> None:
    """玩具实现会漏掉: 整项被忽略. 广东 2019 二.二 takes it in."""
    assert set(TAGS.values()) <= set(named_tags())
    found = [(system.id, label.name) for system, label in labels_with(TAGS[METROLOGY])]
    assert ("guangdong-tasks", "智能化改造") in found


@metrology
def test_both_kinds_are_registered_and_in_the_label(
    clerk: User, lists: dict[str, Register]
) -> None:
    old, lab, only = (tagged(METROLOGY, f"示例{n}") for n in range(3))
    note(lists[METROLOGY], old, "retrofit", machines="12", done="2021-06-01")
    note(lists[METROLOGY], lab, "capability")
    kept = retrofits(access_of(clerk), METROLOGY, timezone.localdate())
    assert [r.shown["theme"] for r in kept.rows] == ["旧设备计量改造", "测试能力建设", ""]
    assert kept.rows[2].project == only and kept.unrecorded == 1
    lines, total, _ = label_counts(projects_for(access_of(clerk)),
                                   label_systems()["guangdong-tasks"])  # fmt: skip
    counts = {line.label.name: line.projects for line in lines}
    assert counts["智能化改造"] == total == 3


@metrology
def test_the_metrology_page_tells_who_is_not_in_the_label(
    clerk: User, lists: dict[str, Register], client: Client
) -> None:
    client.force_login(clerk)
    assert "还没有计量改造项目" in client.get(reverse("metrology-retrofits")).content.decode()
    note(lists[METROLOGY], tagged(METROLOGY), "retrofit", machines="12", quantity="长度")
    plain = make_project(make_enterprise())
    note(lists[METROLOGY], plain, "retrofit", machines="3", done="2021-06-01")
    page = client.get(reverse("metrology-retrofits"))
    context = page.context
    assert context["machines"] == 15 and context["finished"] == 1
    assert [n for system, _, n in context["labels"] if system.id == "guangdong-tasks"] == [1]
    body = page.content.decode()
    assert reverse("project-tags", args=[plain.pk]) in body and "没有标签" in body
    assert "长度" in body and "旧设备计量改造" in body
    assert client.get(reverse("metrology-retrofits"), {"on": "x"}).status_code == 422


@metrology
@safety
@pytest.mark.parametrize(("name", "code", "theme"), [
    ("safety-retrofits", SAFETY, "casting"), ("metrology-retrofits", METROLOGY, "retrofit"),
])  # fmt: skip
def test_pages_take_as_many_queries_for_many(
    clerk: User, lists: dict[str, Register], client: Client, name: str, code: str, theme: str
) -> None:
    client.force_login(clerk)

    def rows(number: int) -> None:
        for _ in range(number - Project.objects.count()):
            note(lists[code], tagged(code), theme)
            tagged(code)

    assert_query_count(client, reverse(name), rows, most=30)
