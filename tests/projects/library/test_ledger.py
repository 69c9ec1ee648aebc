"""两类工作台账: one record in two views, with problems, people and freshness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import Notice, User
from jigai.projects.library.ledgers import late, ledger_rows, ledgers
from jigai.projects.library.problems import open_problems, register_problems
from jigai.projects.library.services.remind_late import remind_late
from jigai.projects.models import MonthlyReport, Project, Visit, ZoneDuty
from tests.factories import make_user
from tests.projects.library.conftest import COUNTY, MakeProject
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("project-ledger")]


def age(project: Project, days: int) -> Project:
    """As if it had been entered so many days ago."""
    Project.objects.filter(pk=project.pk).update(
        created_at=timezone.now() - dt.timedelta(days=days)
    )
    return project


class TestTwoViews:
    def test_one_record_stands_in_both_or_in_one(self, fits: MakeProject, county: User) -> None:
        for nature in ("new", "retrofit", "expansion", None):
            fits(str(nature), nature=nature)
        rows = ledger_rows(access_of(county))
        names = {
            key: set(rows.filter(one.condition).values_list("name", flat=True))
            for key, one in ledgers().items()
        }
        assert names["retrofit"] == {"retrofit", "expansion"}
        assert names["industrial"] == {"new", "retrofit", "expansion", "None"}
        assert Project.objects.count() == 4

    def test_a_repeated_row_stands_in_neither(self, fits: MakeProject, county: User) -> None:
        fits(duplicate_of=fits())
        assert ledger_rows(access_of(county)).count() == 1

    def test_the_page_has_progress_problems_people_and_time(
        self, fits: MakeProject, county: User, as_user: Callable[[User], Client]
    ) -> None:
        """A ledger is more than the table of projects: it has a column of problems."""
        project = fits(nature="retrofit", state="building")
        ZoneDuty.objects.create(
            person=county, region_code=COUNTY, since=dt.date(2021, 1, 1), created_by=county
        )
        for month, fen, accepted in ((5, 100_000_000, True), (6, 200_000_000, False)):
            MonthlyReport.objects.create(
                project=project, region_code=COUNTY, year=2021, month=month, cumulative_fen=fen,
                progress="厂房封顶", accepted=accepted, origin="clerk",
            )  # fmt: skip
        register_problems("test", lambda access, keys: {project.pk: 2})
        try:
            page = as_user(county).get("/library/ledger/?ledger=retrofit")
        finally:
            register_problems("test", lambda access, keys: {})
        text = page.content.decode()
        assert "2021-05 累计 100.00 万元，厂房封顶" in text
        assert "县科长" in text and "0 天前" in text
        row = page.context["lines"][0]
        assert "2" in [str(cell.content) for cell in row["cells"]]

    def test_without_anybody_who_counts_there_are_no_problems(self, county: User) -> None:
        assert open_problems(access_of(county), [1, 2]) == {}

    def test_tickets_that_nobody_closed_are_counted(
        self, fits: MakeProject, county: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from jigai.projects.library import pages

        first, second = fits(), fits()

        class Rows(list[Any]):
            def filter(self, about__in: list[str]) -> Rows:
                return Rows(row for row in self if row.about in about__in)

            def only(self, *names: str) -> Rows:
                return self

            def order_by(self, *names: str) -> Rows:
                return self

        cases = Rows(
            type("Case", (), {"pk": pk, "about": f"project:{project.pk}"})()
            for pk, project in enumerate((first, first, second))
        )
        monkeypatch.setattr(pages, "issues_for", lambda access: cases)
        monkeypatch.setattr(pages, "open_issues", lambda rows: rows)
        assert pages.open_tickets(access_of(county), [first.pk]) == {first.pk: 2}


class TestLate:
    @pytest.mark.parametrize(("days", "expected"), [(30, []), (32, ["久的"])])
    def test_after_the_period_it_is_late(
        self, fits: MakeProject, county: User, days: int, expected: list[str]
    ) -> None:
        age(fits("久的"), days)
        assert [row.name for row in late(ledger_rows(access_of(county)), 31)] == expected

    def test_anything_recorded_makes_it_fresh(self, fits: MakeProject, county: User) -> None:
        project = age(fits(), 90)
        rows = ledger_rows(access_of(county))
        assert late(rows, 31).count() == 1
        Visit.objects.create(
            project=project, visited_on=dt.date.today(), visitor=county, found="在建"
        )
        assert late(rows, 31).count() == 0

    def test_a_report_that_does_not_count_makes_nothing_fresh(
        self, fits: MakeProject, county: User
    ) -> None:
        project = age(fits(), 90)
        MonthlyReport.objects.create(
            project=project, region_code=COUNTY, year=2021, month=6, accepted=False,
            origin="import",
        )  # fmt: skip
        assert late(ledger_rows(access_of(county)), 31).count() == 1

    def test_what_is_over_is_not_asked_for(self, fits: MakeProject, county: User) -> None:
        for state in ("producing", "withdrawn"):
            age(fits(state=state), 90)
        assert late(ledger_rows(access_of(county)), 31).count() == 0

    def test_the_filter_takes_the_period_asked_for(
        self, fits: MakeProject, county: User, as_user: Callable[[User], Client]
    ) -> None:
        age(fits("四十天没动"), 40)
        client = as_user(county)
        assert "四十天没动" in client.get("/library/ledger/?late=yes").content.decode()
        page = client.get("/library/ledger/?late=yes&days=60").content.decode()
        assert "四十天没动" not in page


class TestReminder:
    def test_who_answers_is_told_once_a_month_with_the_number(
        self, fits: MakeProject, county: User
    ) -> None:
        person = make_user("section-clerk", COUNTY)
        ZoneDuty.objects.create(
            person=person, region_code=COUNTY, since=dt.date(2021, 1, 1), created_by=county
        )
        for _ in range(3):
            age(fits(), 60)
        age(fits(), 3)
        assert remind_late() == 1 and remind_late() == 0
        notice = Notice.objects.get(event="project-ledger")
        assert notice.user == person and "等 3 个项目" in notice.title
        assert remind_late(now=timezone.now() + dt.timedelta(days=45)) == 1

    def test_without_anybody_the_county_is_told(self, fits: MakeProject, county: User) -> None:
        age(fits(), 60)
        assert remind_late() == 1
        assert Notice.objects.get(event="project-ledger").user == county

    def test_the_button_reaches_no_further_than_ones_region(
        self, fits: MakeProject, county: User, other: User, as_user: Callable[[User], Client]
    ) -> None:
        age(fits(), 60)
        given = {"days": "31", "nonce": "6f2b6f0e-0000-4000-8000-000000000009"}
        assert as_user(other).post("/library/ledger/remind/", given).status_code == 302
        assert not Notice.objects.filter(event="project-ledger").exists()


def test_a_longer_ledger_asks_no_more(
    fits: MakeProject, county: User, as_user: Callable[[User], Client]
) -> None:
    def grow(count: int) -> None:
        while Project.objects.count() < count:
            fits()

    assert_query_count(as_user(county), "/library/ledger/", grow, most=30)
