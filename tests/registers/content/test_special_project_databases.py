"""Databases on a theme are views over the project library; a project in two counts once."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import Project
from jigai.registers.entry_values import prepare
from jigai.registers.models import Entry, Register
from jigai.registers.services.add_theme_project import add_theme_project
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.special.project_source import ProjectFacts
from jigai.registers.special.stored_lists import theme_union
from jigai.registers.special.theme_projects import Member, unite
from tests.factories import SIBLING, make_enterprise, make_project, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("special-project-databases")
CODES = ("service-mfg-projects", "overseas-capacity-projects", "five-hundreds-projects")
DAY = dt.date(2030, 1, 1)


def facts(
    pk: int, name: str = "示例", total: int | None = 100, same: int | None = None
) -> ProjectFacts:
    return ProjectFacts(pk, name, "370812", "", None, "", "", "", 2021, total, same)


def test_one_project_in_two_databases_counts_once() -> None:
    """玩具实现会漏掉: one table for each theme."""
    rows = [Member(1, "a", "7", "示例", "甲"), Member(2, "b", "7", "旧名", "乙"),
            Member(3, "b", "8", "示例", "乙"), Member(4, "a", "9", "示例", "甲"),
            Member(5, "a", "404", "示例", "甲"), Member(6, "b", "", "示例", "乙"),
            Member(7, "b", "七", "示例", "乙")]  # fmt: skip
    # The ledger row 9 repeats 8.
    library = {7: facts(7), 8: facts(8, total=None), 9: facts(9, same=8)}
    found = unite(rows, library, ["a", "b", "c"])
    assert (found.total, found.rows, found.counts) == (2, 4, {"a": 2, "b": 2, "c": 0})
    assert found.invested == 100
    assert [p.facts.pk for p in found.projects] == [7, 8]
    assert found.projects[0].renamed == ["旧名"]
    assert [m.entry for m in found.orphans] == [5, 6, 7]


@pytest.fixture
def databases(db: None) -> list[Register]:
    """The three databases as shipped."""
    make_regions()
    return [ship(code) for code in CODES]


@pytest.fixture
def clerk(databases: list[Register]) -> User:
    """The office."""
    return make_user("section-clerk", name="经办人")


@pytest.fixture
def project(databases: list[Register]) -> Project:
    """A project of the library."""
    return make_project(make_enterprise("示例厂"), "示例柔性产线", total_fen=500_000_00)


def take(code: str, project: Project, by: User, theme: str = "other") -> Entry:
    return add_theme_project(database=code, project=project.pk, theme=theme, by=by,
                             access=access_of(by))  # fmt: skip


def approve(entry: Entry) -> None:
    chief = make_user("section-chief", name=f"审核人{entry.pk}")
    decide_proposal(proposal=entry.proposals.get().pk, approve=True, by=chief,
                    access=access_of(chief))  # fmt: skip


def test_entries_hold_the_key_and_the_library_tells_the_rest(clerk: User, project: Project) -> None:
    for code in CODES[:2]:
        entry = take(code, project, clerk)
        assert entry.values["project"] == str(project.pk) and "total" not in entry.values
        assert entry.enterprise == project.enterprise
        approve(entry)
    Project.objects.filter(pk=project.pk).update(name="示例改名产线", total_fen=600_000_00)
    union, _ = theme_union(access_of(clerk), DAY)
    assert (union.total, union.rows, union.invested) == (1, 2, 600_000_00)
    assert union.projects[0].facts.name == "示例改名产线"
    assert union.projects[0].renamed == ["示例柔性产线"]


def test_no_key_that_is_not_in_the_library(clerk: User, project: Project) -> None:
    far = make_project(make_enterprise(region=SIBLING))
    for pk in (project.pk + 10_000, far.pk):
        with pytest.raises(JigaiError, match="项目库里没有"):
            add_theme_project(database=CODES[0], project=pk, theme="other", by=clerk,
                              access=access_of(clerk))  # fmt: skip
    assert not Entry.objects.exists()


@pytest.mark.parametrize("key", ["99999999", "示例", "１２", "7" * 30])
def test_forms_and_imports_refuse_such_a_key_too(databases: list[Register], key: str) -> None:
    for register in databases:
        (row,) = prepare(register, [{"name": "示例", "project": key, "theme": "other"}])
        assert [p.field for p in row.problems] == ["project"]


def test_a_repeated_ledger_row_is_the_same_project(clerk: User, project: Project) -> None:
    again = make_project(project.enterprise, "示例柔性产线", year=2022, duplicate_of=project)
    first = take(CODES[0], again, clerk)
    assert first.values["project"] == str(project.pk)
    for twin in (project, again):
        with pytest.raises(JigaiError, match="已有这个项目"):
            take(CODES[0], twin, clerk)
    # A row that came in by another way under the repeated key still is one project.
    approve(first)
    put(Register.objects.select_related("current").get(code=CODES[1]),
        {"name": "示例柔性产线", "project": str(again.pk), "theme": "other",
         "enterprise": {"id": again.enterprise_id, "name": "示例厂"}})  # fmt: skip
    union, _ = theme_union(access_of(clerk), DAY)
    assert (union.total, union.rows) == (1, 2)


def test_the_pages_choose_by_search_and_show_orphans(
    clerk: User, project: Project, databases: list[Register], client: Client
) -> None:
    client.force_login(clerk)
    at = reverse("theme-project-new")
    assert f"?project={project.pk}" in client.get(at, {"q": "柔性"}).content.decode()
    form = client.get(at, {"project": project.pk}).content.decode()
    assert "示例柔性产线" in form and "五个一百" in form
    nonce = {"nonce": str(uuid.uuid4())}
    bad = client.post(f"{at}?project={project.pk}", {"theme": "nothing|x", **nonce})
    assert bad.status_code == 422 and not Entry.objects.exists()
    good = client.post(f"{at}?project={project.pk}", {"theme": f"{CODES[0]}|whole", **nonce})
    assert good.status_code == 302
    entry = Entry.objects.get()
    assert entry.values["theme"] == "whole" and entry.state == "proposed"
    approve(entry)
    gone = make_project(make_enterprise("示例乙厂"))
    put(databases[1], {"name": "示例无主项目", "project": str(gone.pk), "theme": "other",
                       "enterprise": {"id": project.enterprise_id, "name": "示例厂"}})  # fmt: skip
    gone.delete()
    page = client.get(reverse("theme-projects"), {"on": DAY.isoformat()}).content.decode()
    assert reverse("project-detail", args=[project.pk]) in page
    assert "对不上项目库的" in page and "示例无主项目" in page
    assert client.get(at, {"project": project.pk + 10_000}).status_code == 404


def test_the_page_takes_as_many_queries_for_many(
    clerk: User, databases: list[Register], client: Client
) -> None:
    client.force_login(clerk)

    def rows(number: int) -> None:
        for _ in range(number - Entry.objects.count()):
            one = make_project(make_enterprise())
            firm = {"id": one.enterprise_id, "name": "示例"}
            put(databases[0], {"name": one.name, "project": str(one.pk), "theme": "other",
                               "enterprise": firm})  # fmt: skip

    assert_query_count(client, reverse("theme-projects"), rows, most=40)
    assert theme_union(access_of(clerk), DAY)[0].total == 15
