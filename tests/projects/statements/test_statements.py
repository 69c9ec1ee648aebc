"""Three statements of one project beside one another: none stands in for another."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import MonthlyReport, Project, ProjectInvestment
from jigai.projects.statements.enter import enter_investment
from jigai.projects.statements.table import KINDS, STATEMENTS, statements_of
from tests.factories import COUNTY, SIBLING, make_line, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.system("project-lifecycle")]


@pytest.fixture
def clerk() -> User:
    return make_user("section-clerk", COUNTY)


@pytest.fixture
def project() -> Project:
    return make_project(total_fen=900_000_000, fixed_fen=800_000_000, equipment_fen=600_000_000)


def report(project: Project, year: int, month: int, fen: int | None, accepted: bool = True) -> None:
    MonthlyReport.objects.create(
        project=project, region_code=COUNTY, year=year, month=month, current_fen=fen,
        cumulative_fen=fen, accepted=accepted, origin="clerk",
    )  # fmt: skip


def enter(project: Project, by: User, **more: object) -> ProjectInvestment:
    given = {"year": 2021, "statement": "planned", "kind": "total", "fen": 300_000_000,
             "source": "年度计划表", **more}  # fmt: skip
    return enter_investment(project=project.pk, by=by, access=access_of(by), **given)


def test_each_statement_has_its_own_figures(project: Project, clerk: User) -> None:
    make_line(project, amount_fen=100_000_000, item_class="equipment", date=dt.date(2021, 5, 1))
    make_line(project, amount_fen=70_000_000, item_class="robot", date=dt.date(2022, 2, 1))
    make_line(project, amount_fen=-10_000_000, item_class="robot", date=dt.date(2022, 3, 1))
    report(project, 2021, 11, 500_000_000)
    report(project, 2021, 12, 640_000_000)
    report(project, 2022, 1, 90_000_000)
    enter(project, clerk)
    found = statements_of(project, access_of(clerk))
    whole = {kind: {n: a.fen for n, a in row.items()} for kind, row in found.whole.items()}
    assert whole["total"] == {
        "filed": 900_000_000, "invoiced": None, "statistical": 730_000_000, "planned": None,
    }  # fmt: skip
    assert whole["equipment"] == {
        "filed": 600_000_000, "invoiced": 160_000_000, "statistical": None, "planned": None,
    }  # fmt: skip
    assert whole["robot"]["invoiced"] == 60_000_000
    assert found.years[2021]["total"]["statistical"].fen == 640_000_000
    assert found.years[2021]["total"]["planned"].fen == 300_000_000
    assert found.years[2022]["robot"]["invoiced"].fen == 60_000_000


def test_what_is_not_known_is_not_zero(clerk: User) -> None:
    project = make_project()
    report(project, 2021, 3, 400_000_000, accepted=False)
    found = statements_of(project, access_of(clerk))
    assert {a.fen for row in found.whole.values() for a in row.values()} == {None}
    assert set(found.whole) == set(KINDS) and set(found.whole["total"]) == set(STATEMENTS)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"statement": "statistical"}, "statement-derived"),
        ({"statement": "invoiced"}, "statement-derived"),
        ({"kind": "land"}, "statement-derived"),
        ({"source": " "}, "statement-source"),
        ({"fen": -1}, "statement-negative"),
        ({"kind": "fixed", "fen": 400_000_000}, "statement-part"),
    ],
)
def test_what_cannot_be_entered(
    change: dict[str, object], code: str, project: Project, clerk: User
) -> None:
    enter(project, clerk)
    with pytest.raises(JigaiError) as raised:
        enter(project, clerk, **change)
    assert raised.value.code == code
    assert ProjectInvestment.objects.get().amount_fen == 300_000_000


def test_entering_again_replaces_and_keeps_the_history(project: Project, clerk: User) -> None:
    enter(project, clerk)
    enter(project, clerk, fen=320_000_000)
    assert ProjectInvestment.objects.get().amount_fen == 320_000_000
    events = ProjectInvestment.pgh_event_model.objects
    assert list(events.order_by("pgh_id").values_list("amount_fen", flat=True)) == [
        300_000_000, 320_000_000,
    ]  # fmt: skip


def test_a_neighbour_enters_nothing(project: Project) -> None:
    with pytest.raises(Denied):
        enter(project, make_user("section-clerk", SIBLING))


def test_the_part_of_the_page_and_its_form(project: Project, clerk: User, client: Client) -> None:
    client.force_login(clerk)
    page = client.get(f"/projects/{project.pk}/statements/").content.decode()
    assert "9,000,000.00" in page and "不互相代替" in page
    form = client.get(f"/projects/{project.pk}/investment/?year=2021&statement=planned")
    assert form.status_code == 200 and "年度计划要写年度" not in form.content.decode()


def test_who_may_not_see_invoices_is_told(project: Project, client: Client) -> None:
    make_line(project, amount_fen=100_000_000, item_class="equipment", date=dt.date(2021, 5, 1))
    client.force_login(make_user("tax", COUNTY))
    page = client.get(f"/projects/{project.pk}/statements/").content.decode()
    assert "没有权限查看" in page and "1,000,000.00" not in page
