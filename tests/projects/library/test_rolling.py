"""滚动库: a year's end moves the window, and everything is counted (invariant 9)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.models import PackVersion
from jigai.projects.library.compare import compare
from jigai.projects.library.services.roll_over import roll_over
from jigai.projects.library.window import read_only_because, window_of
from jigai.projects.models import LibraryEntry, Project, RollOver, RollOverLine
from jigai.projects.states import ENDED, FINISHED, NOT_STARTED, State
from tests.factories import make_project
from tests.projects.library.conftest import CITY, COUNTY, WAN, MakeProject, in_library

pytestmark = [pytest.mark.django_db, pytest.mark.system("rolling-three-year-library")]
END = dt.date(2021, 12, 31)
GONE = FINISHED | ENDED


def close(by: User, year: int = 2021, region: str = CITY, level: str = "city", **given: Any) -> Any:
    """Close a year of a library."""
    return roll_over(
        region=region, level=level, year=year, day=END.replace(year=year), by=by,
        access=access_of(by), **given,
    )  # fmt: skip


def outcomes(made: RollOver) -> dict[str, tuple[str, str]]:
    """Outcome and reason by the project's name."""
    rows = made.lines.select_related("project")
    return {line.project.name: (line.outcome, line.reason) for line in rows}


class TestYearsEnd:
    def test_the_finished_leave_the_running_stay_the_waiting_come(
        self, luan: PackVersion, fits: MakeProject, city: User
    ) -> None:
        for name, state in (("完工", "producing"), ("在建", "building"), ("停了", "stopped"),
                            ("没开工", "admitted")):  # fmt: skip
            start = dt.date(2021, 3, 1) if name == "没开工" else None
            in_library(fits(name, state=state, start=start), "city")
        for name, fixed in (("够的", 300 * WAN), ("不够的", 100 * WAN)):
            in_library(fits(name, fixed_fen=fixed), "city", status="reported", admitted_on=None)
        made = close(city)
        assert outcomes(made) == {
            "完工": ("out", "已投产，完工移出"),
            "停了": ("out", "停建，移出"),
            "在建": ("kept", "在建，续建顺延"),
            "没开工": ("kept", "超期未开工（计划 2021-03），顺延"),
            "够的": ("added", "待审的储备项目符合入库条件，补入"),
        }
        assert (made.before, made.moved_out, made.kept, made.added, made.after) == (4, 2, 2, 1, 3)
        stand = {e.project.name: e for e in LibraryEntry.objects.select_related("project")}
        assert stand["完工"].status == "out" and stand["完工"].left_on == END
        assert stand["停了"].reason == "2021 年末结转：停建，移出"
        assert stand["够的"].status == "in" and stand["够的"].decision is not None
        assert stand["不够的"].status == "reported"
        years = {p.name: p.ledger_years for p in Project.objects.all()}
        assert years["在建"] == years["没开工"] == years["够的"] == [2021, 2022]
        assert years["完工"] == years["停了"] == years["不够的"] == [2021]

    def test_a_reserve_of_a_later_year_stays_in_its_year(
        self, fits: MakeProject, city: User
    ) -> None:
        project = fits("后年的", year=2023)
        in_library(project, "city")
        assert outcomes(close(city))["后年的"] == ("kept", "储备，入账年度 2023")
        project.refresh_from_db()
        assert project.ledger_years == [2023]

    def test_the_window_moves_and_what_left_it_is_read_only(
        self, fits: MakeProject, city: User
    ) -> None:
        """A window that rolls is not three years that stay fixed."""
        assert window_of(CITY, "city").start == dt.date.today().year
        done, going = fits(state="completed"), fits(state="building")
        for project in (done, going):
            in_library(project, "city")
        close(city)
        assert list(window_of(CITY, "city")) == [2022, 2023, 2024]
        close(city, 2022)
        assert list(window_of(CITY, "city")) == [2023, 2024, 2025]
        done.refresh_from_db()
        going.refresh_from_db()
        assert "2023—2025" in read_only_because(done)
        assert read_only_because(going) == "" and going.ledger_years == [2021, 2022, 2023]

    def test_three_fixed_years_do_not_roll(
        self, luan: PackVersion, city: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from jigai.policies.fact_run import Settled
        from jigai.projects.library import rule

        answered = Settled(readings={"rolling_mode": {"option": "b"}})
        monkeypatch.setattr(rule, "settled_on", lambda pack, day: answered)
        with pytest.raises(JigaiError) as refused:
            close(city)
        assert refused.value.code == "window-fixed" and not RollOver.objects.exists()


class TestOnce:
    def test_a_second_run_of_a_year_is_refused_and_points_to_the_first(
        self, fits: MakeProject, city: User
    ) -> None:
        project = fits(state="building")
        in_library(project, "city")
        made = close(city)
        with pytest.raises(JigaiError) as refused:
            close(city)
        assert refused.value.code == "rolled-over" and f"结转单 {made.pk}" in str(refused.value)
        project.refresh_from_db()
        assert project.ledger_years == [2021, 2022]
        assert RollOverLine.objects.count() == 1

    def test_an_earlier_year_cannot_follow(self, city: User) -> None:
        close(city, 2022)
        with pytest.raises(JigaiError) as refused:
            close(city, 2021)
        assert "2022 年已经结转" in str(refused.value)

    def test_a_year_to_come_waits(self, city: User) -> None:
        with pytest.raises(JigaiError) as refused:
            roll_over(
                region=CITY, level="city", year=dt.date.today().year + 1, day=END, by=city,
                access=access_of(city),
            )  # fmt: skip
        assert refused.value.code == "rollover-early"

    def test_a_county_does_not_close_the_citys_library(self, county: User, city: User) -> None:
        with pytest.raises(Denied):
            close(county)

    def test_other_libraries_are_left_alone(
        self, fits: MakeProject, city: User, county: User
    ) -> None:
        project = fits(state="completed")
        in_library(project, "city")
        in_library(project, "county")
        close(city)
        assert LibraryEntry.objects.get(level="county").status == "in"
        assert close(county, region=COUNTY, level="county").moved_out == 1

    def test_lines_and_sheet_are_never_rewritten(self, fits: MakeProject, city: User) -> None:
        in_library(fits(), "city")
        made = close(city)
        for rows, change in ((RollOver.objects, {"kept": 0, "before": 0, "after": 0}),
                             (RollOverLine.objects, {"outcome": "out"})):  # fmt: skip
            with pytest.raises(Exception, match=r"stay|append"), transaction.atomic():
                rows.all().update(**change)
        assert RollOver.objects.get(pk=made.pk).kept == 1


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(list(State)),
            st.integers(2019, 2024),
            st.sampled_from(("in", "in", "reported", "returned", "out")),
            st.booleans(),
        ),
        max_size=15,
    )
)
def test_nothing_is_lost_and_nothing_counts_twice(city: User, rows: Any) -> None:
    """Invariant 9: before = out + kept, after = kept + added, over any library, year after year."""
    with transaction.atomic():
        first: Project | None = None
        for state, year, status, repeats in rows:
            project = make_project(
                region=COUNTY, state=state, year=year, duplicate_of=first if repeats else None
            )
            first = first or project
            left = END if status == "out" else None
            in_library(project, "city", status=status, left_on=left, reason="从前移出")
        counting = LibraryEntry.objects.filter(level="city", project__duplicate_of__isnull=True)
        for year in (2021, 2022):
            before = Counter(counting.filter(status="in").values_list("project__number", flat=True))
            made = close(city, year)
            after = Counter(counting.filter(status="in").values_list("project__number", flat=True))
            lines = {line.number: line.outcome for line in made.lines.all()}
            assert made.before == before.total() == made.moved_out + made.kept
            assert made.after == after.total() == made.kept + made.added
            assert max([*before.values(), *after.values(), 0]) <= 1
            assert len(lines) == made.moved_out + made.kept + made.added
            assert set(before) == {n for n, o in lines.items() if o in ("out", "kept")}
            assert set(after) == {n for n, o in lines.items() if o in ("added", "kept")}
            states = dict(Project.objects.values_list("number", "state"))
            assert all((states[n] in GONE) == (o == "out") for n, o in lines.items())
            assert all(states[n] in GONE or states[n] in NOT_STARTED | {"started", "building"}
                       for n in lines)  # fmt: skip
        transaction.set_rollback(True)


class TestCompared:
    def test_two_years_ends_join_up_and_tell_what_moved_between(
        self, fits: MakeProject, city: User
    ) -> None:
        stays, leaves, ends = (fits(state="building") for _ in range(3))
        for project in (stays, leaves, ends):
            in_library(project, "city")
        first = close(city)
        LibraryEntry.objects.filter(project=leaves).update(
            status="out", left_on=END, reason="企业退出"
        )
        Project.objects.filter(pk=ends.pk).update(state="completed")
        comes = fits(state="started")
        in_library(comes, "city")
        second = close(city, 2022)
        found = compare(second, first)
        assert (found.first, found.second) == (first, second)
        assert [one.number for one in found.left] == [leaves.number]
        assert [one.number for one in found.came] == [comes.number]
        assert [one.number for one in found.changed] == [ends.number]
        assert found.carried == 2 and found.adds_up

    def test_two_libraries_are_not_compared(self, city: User, county: User) -> None:
        with pytest.raises(JigaiError) as refused:
            compare(close(city), close(county, region=COUNTY, level="county"))
        assert refused.value.code == "two-libraries"


def test_a_year_of_many_costs_no_more_queries_than_one_of_few(
    fits: MakeProject, city: User
) -> None:
    firm = fits().enterprise
    asked = []
    for year, count in ((2021, 4), (2022, 80)):
        for place in range(count):
            state = ("building", "completed", "admitted", "withdrawn")[place % 4]
            in_library(make_project(firm, state=state, year=year), "city")
        with CaptureQueriesContext(connection) as caught:
            close(city, year)
        asked.append(len(caught))
    assert asked[1] <= asked[0] + 1 <= 30


class TestPages:
    def test_first_the_list_then_the_work_once(
        self, luan: PackVersion, fits: MakeProject, city: User, as_user: Callable[[User], Client]
    ) -> None:
        in_library(fits("会走的", state="completed"), "city")
        client = as_user(city)
        given = {"region": CITY, "level": "city", "year": 2021, "add": "on"}
        shown = client.post("/library/roll-overs/new/", given)
        assert shown.status_code == 200 and not RollOver.objects.exists()
        assert "会走的" in shown.content.decode() and shown.context["plan"].moved_out == 1
        from jigai.core.jobs import run_job
        from jigai.core.models import Job

        nonce = "6f2b6f0e-0000-4000-8000-000000000001"
        sent = client.post("/library/roll-overs/new/", {**given, "confirm": "1", "nonce": nonce})
        assert sent.status_code == 302
        job = Job.objects.get(kind="library-roll-over")
        run_job(job_id=job.pk)
        made = RollOver.objects.get()
        assert made.moved_out == 1
        page = client.get(f"/library/roll-overs/{made.pk}/").content.decode()
        assert "已投产" not in page and "已竣工，完工移出" in page
        lines = client.get(f"/library/roll-over-lines/?rollover={made.pk}&outcome=out")
        assert "会走的" in lines.content.decode()
        again = client.post("/library/roll-overs/new/", given)
        assert again.status_code == 422 and f"结转单 {made.pk}" in again.content.decode()

    def test_two_sheets_stand_side_by_side(
        self, fits: MakeProject, city: User, as_user: Callable[[User], Client]
    ) -> None:
        project = fits(state="building")
        in_library(project, "city")
        first = close(city)
        Project.objects.filter(pk=project.pk).update(state="completed")
        second = close(city, 2022)
        client = as_user(city)
        assert "与 2022 年比" in client.get(f"/library/roll-overs/{first.pk}/").content.decode()
        page = client.get(f"/library/roll-overs/{first.pk}/compare/{second.pk}/").content.decode()
        assert project.number in page and "正是后一次结转前的 1" in page
        assert client.get("/library/roll-overs/").content.decode().count("六安市") >= 2

    def test_another_county_sees_no_sheet(
        self, city: User, other: User, as_user: Callable[[User], Client]
    ) -> None:
        made = close(city)
        assert as_user(other).get(f"/library/roll-overs/{made.pk}/").status_code == 404
