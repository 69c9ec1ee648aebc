"""Several tags on one project: industries, directions, clusters; counted once in the total."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.industries import load_industries
from jigai.core.models import User
from jigai.core.project_tags import (
    KINDS,
    MOST,
    covered_by,
    named_tags,
    names_of_industry,
    read_tags,
    tag_of,
)
from jigai.errors import JigaiError
from jigai.projects.models import Project
from jigai.projects.services.tag_project import tag_project
from jigai.projects.tag_counts import TagCounts, tag_counts
from tests.factories import SIBLING, make_enterprise, make_project, make_regions, make_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.system("industry-taxonomy")
SEVERAL = ["name/装备", "direction/智能化", "cluster/智能电网"]


@pytest.fixture
def clerk(db: None) -> User:
    make_regions()
    return make_user("section-clerk", username="clerk")


@pytest.fixture
def web(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def test_names_and_codes_are_many_to_many() -> None:
    assert {tag.name for tag in names_of_industry("3484")} == {"机械", "装备"}
    assert len(tag_of("name/装备").codes) == 6 and tag_of("name/家电").codes == ("385",)
    assert names_of_industry("0610") == []


def test_every_tag_names_its_clause_and_the_fifteen_clusters_are_there() -> None:
    tags = named_tags().values()
    assert all(tag.source and tag.kind in KINDS for tag in tags)
    assert sum(tag.kind == "cluster" for tag in tags) == 15
    assert {tag.name for tag in tags if "广东 2019 三.一" in tag.source} == {
        "电子", "汽车", "机械", "家电", "民爆",
    }  # fmt: skip
    assert all(code in load_industries() for tag in tags for code in tag.codes)


@pytest.mark.parametrize(
    ("text", "ids", "unknown"),
    [
        ("装备、智能化；智能电网产业集群", SEVERAL, []),
        ("电子行业，C3484/3484", ["name/电子", "industry/3484"], []),
        ("新能源(光伏)", ["cluster/新能源（光伏）"], []),
        ("纺织业", ["industry/17"], []),
        ("乱写、装备", ["name/装备"], ["乱写"]),
        ("", [], []),
    ],
)
def test_a_cell_is_read(text: str, ids: list[str], unknown: list[str]) -> None:
    assert read_tags(text) == (ids, unknown)


def test_a_name_covers_single_industries_but_not_the_other_way() -> None:
    used = ["industry/3484", "industry/26", "name/装备", "direction/智能化"]
    assert covered_by("name/装备", used) == ["industry/3484", "name/装备"]
    assert covered_by("industry/34", used) == ["industry/3484"]
    assert covered_by("industry/3484", used) == ["industry/3484"]
    assert covered_by("direction/智能化", used) == ["direction/智能化"]


def lines(counts: TagCounts) -> dict[str, tuple[int, int]]:
    return {
        line.tag.id: (line.projects, line.total_fen) for _kind, own in counts.kinds for line in own
    }


@pytest.mark.django_db
def test_a_project_of_three_tags_counts_once() -> None:
    first = make_project(total_fen=1001, tags=SEVERAL)
    make_project(total_fen=20, tags=["name/装备", "industry/3484"])
    make_project(total_fen=300, tags=["industry/3484"])
    make_project(total_fen=4000, tags=[])
    make_project(total_fen=1001, tags=SEVERAL, duplicate_of=first)
    counts = tag_counts(Project.objects.all())
    assert (counts.projects, counts.total_fen) == (4, 5321)
    assert (counts.tagged, counts.tagged_fen) == (3, 1321)
    found = lines(counts)
    # Tagged by name, by name and code, by code only: three projects, none of them twice.
    assert found["name/装备"] == (3, 1321)
    assert found["name/机械"] == (2, 320) and found["industry/3484"] == (2, 320)
    assert found["cluster/智能电网"] == (1, 1001)
    assert sum(number for number, _fen in found.values()) > counts.tagged


@pytest.mark.django_db
def test_tagged_on_screen_listed_and_counted(web: Client) -> None:
    project = make_project(make_enterprise(industry_code="3484"), "示例改造", total_fen=1_000_000)
    make_project(None, "没有标签的项目")
    url = f"/projects/{project.pk}/tags/"
    assert "文件里称作" in web.get(url).content.decode()
    sent = {"tags": SEVERAL, "seen": project.version, "nonce": str(uuid.uuid4())}
    answer = web.post(url, sent)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    page = web.get(f"/projects/{project.pk}/").content.decode()
    assert all(tag_of(tag).label in page for tag in SEVERAL)
    for query, found in (
        ("tag=cluster/智能电网", True), ("tag=name/装备", True), ("tag=name/造纸", False),
    ):  # fmt: skip
        listed = web.get(f"/projects/?{query}").content.decode()
        assert ("示例改造" in listed) is found and "没有标签的项目" not in listed
    summary = web.get("/projects/tags/?year=2021").content.decode()
    assert "智能电网" in summary and "合计只计一次" in summary
    late = web.post(url, {**sent, "tags": [], "nonce": str(uuid.uuid4())})
    assert late.status_code == 422 and "刚有人改过" in late.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tags", "code"),
    [(["name/没有"], "unknown-tag"), (["industry/9999"], "unknown-tag"),
     ([f"industry/{code}" for code in list(load_industries())[1 : MOST + 2]], "too-many-tags")],
)  # fmt: skip
def test_what_is_no_tag_is_refused(clerk: User, tags: list[str], code: str) -> None:
    project = make_project()
    with pytest.raises(JigaiError) as refused:
        tag_project(project=project.pk, tags=tags, seen=1, by=clerk, access=access_of(clerk))
    assert refused.value.code == code
    project.refresh_from_db()
    assert project.tags == []


@pytest.mark.django_db
def test_out_of_reach_is_not_there(web: Client, clerk: User) -> None:
    other = make_project(make_enterprise(region=SIBLING))
    assert web.get(f"/projects/{other.pk}/tags/").status_code == 404
    with pytest.raises(JigaiError, match="数据权限"):
        tag_project(
            project=other.pk, tags=SEVERAL, seen=1, by=clerk, access=access_of(clerk)
        )  # fmt: skip


@pytest.mark.django_db
def test_the_summary_asks_the_same_for_more_projects(web: Client) -> None:
    def grow(size: int) -> None:
        while Project.objects.count() < size:
            make_project(tags=SEVERAL)

    assert_query_count(web, "/projects/tags/", grow, most=20)


@pytest.mark.django_db
def test_nothing_tagged_is_told(web: Client) -> None:
    def told(**query: Any) -> str:
        return web.get("/projects/tags/", query).content.decode()

    assert "还没有标签" in told() and "还没有标签" in told(year=1999)
