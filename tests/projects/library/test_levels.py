"""三级库: up by steps, back with a reason, one row at every level, sums without double counting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jigai.core.access import access_of
from jigai.core.models import Notice, User
from jigai.errors import JigaiError
from jigai.projects.library.levels import ANY, Tally, fold, summary_of, tallies
from jigai.projects.library.services.decide_entries import (
    admit_entries,
    remove_entries,
    return_entries,
)
from jigai.projects.library.services.report_up import report_up
from jigai.projects.models import LibraryEntry, Project
from tests.factories import make_project, make_user
from tests.projects.library.conftest import (
    CITY,
    COUNTY,
    DAY,
    OTHER,
    PROVINCE,
    WAN,
    MakeProject,
    in_library,
    let_in,
    put_up,
)

pytestmark = [pytest.mark.django_db, pytest.mark.system("three-level-dynamic-library")]
YEAR = 2021


class TestUp:
    def test_step_by_step_to_the_province_on_one_record(
        self, fits: MakeProject, county: User, city: User, province: User
    ) -> None:
        project = fits()
        for level, keeper in (("county", county), ("city", city), ("province", province)):
            let_in(put_up(project, level, county), keeper)
        entries = LibraryEntry.objects.filter(project=project)
        assert {(e.level, e.region_code, e.status) for e in entries} == {
            ("county", COUNTY, "in"), ("city", CITY, "in"), ("province", PROVINCE, "in"),
        }  # fmt: skip
        assert Project.objects.filter(number=project.number).count() == 1

    def test_no_level_is_skipped(self, fits: MakeProject, county: User) -> None:
        done = report_up(
            projects=[fits("跳级").pk], level="city", day=DAY, by=county, access=access_of(county)
        )
        assert done.count == 0
        assert done.refused == [("跳级", "还不在县级库，逐级上报")]

    def test_what_the_city_keeps_itself_begins_there(self, fits: MakeProject, city: User) -> None:
        assert put_up(fits(region=CITY), "city", city).region_code == CITY

    def test_nobody_reports_the_projects_of_another_county(
        self, fits: MakeProject, other: User
    ) -> None:
        done = report_up(
            projects=[fits().pk], level="county", day=DAY, by=other, access=access_of(other)
        )
        assert done.count == 0 and not LibraryEntry.objects.exists()

    def test_a_repeated_row_is_never_reported(self, fits: MakeProject, county: User) -> None:
        project = fits()
        twin = fits(duplicate_of=project)
        done = report_up(
            projects=[project.pk, twin.pk], level="county", day=DAY, by=county,
            access=access_of(county),
        )  # fmt: skip
        assert done.count == 1
        assert LibraryEntry.objects.get().project == project


class TestBack:
    def test_a_return_says_why_to_whoever_reported(
        self, fits: MakeProject, county: User, city: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        project = fits("要补证的")
        in_library(project)
        entry = put_up(project, "city", county)
        with django_capture_on_commit_callbacks(execute=True):
            return_entries(entries=[entry.pk], reason="缺备案证", by=city, access=access_of(city))
        entry.refresh_from_db()
        assert (entry.status, entry.reason) == ("returned", "缺备案证")
        notice = Notice.objects.get(user=county)
        assert "要补证的" in notice.title and notice.body == "缺备案证"

    def test_what_was_returned_comes_again(
        self, fits: MakeProject, county: User, city: User
    ) -> None:
        project = fits()
        in_library(project)
        entry = put_up(project, "city", county)
        return_entries(entries=[entry.pk], reason="缺证", by=city, access=access_of(city))
        later = DAY + dt.timedelta(days=9)
        again = put_up(project, "city", county, later)
        assert (again.pk, again.status, again.reason) == (entry.pk, "reported", "")
        assert again.reported_on == later

    @pytest.mark.parametrize("verb", ["return", "remove"])
    def test_without_a_reason_nothing_goes_back(
        self, fits: MakeProject, county: User, city: User, verb: str
    ) -> None:
        entry = in_library(fits(), "city", status="in" if verb == "remove" else "reported",
                           admitted_on=DAY)  # fmt: skip
        given: dict[str, Any] = {"entries": [entry.pk], "reason": " ", "by": city,
                                 "access": access_of(city)}  # fmt: skip
        with pytest.raises(JigaiError) as refused:
            remove_entries(day=DAY, **given) if verb == "remove" else return_entries(**given)
        assert refused.value.code == "library-reason"


class TestAtOnce:
    def test_the_second_of_two_clerks_is_told(
        self, fits: MakeProject, county: User, city: User
    ) -> None:
        project = fits("两人办")
        in_library(project)
        entry = put_up(project, "city", county)
        seen = {entry.pk: entry.version}
        access = access_of(city)
        return_entries(entries=[entry.pk], reason="缺证", by=city, access=access, versions=seen)
        done = admit_entries(
            entries=[entry.pk], day=DAY, by=city, access=access, reason="可以", versions=seen
        )
        assert done.count == 0
        assert done.refused == [("两人办", "预览之后被他人办理，没有改动")]
        entry.refresh_from_db()
        assert entry.status == "returned"

    def test_a_project_changed_since_the_preview_is_not_reported(
        self, fits: MakeProject, county: User
    ) -> None:
        project = fits()
        done = report_up(
            projects=[project.pk], level="county", day=DAY, by=county, access=access_of(county),
            versions={project.pk: project.version + 1},
        )  # fmt: skip
        assert done.count == 0 and "预览之后" in done.refused[0][1]


class TestUpward:
    def test_a_later_change_of_the_county_is_seen_above(
        self, fits: MakeProject, city: User
    ) -> None:
        project = fits(total_fen=500 * WAN)
        in_library(project)
        in_library(project, "city")
        access = access_of(city)
        assert summary_of(access, CITY, YEAR).total.fen["city"] == 500 * WAN
        Project.objects.filter(pk=project.pk).update(total_fen=800 * WAN, name="改过的")
        assert summary_of(access, CITY, YEAR).total.fen["city"] == 800 * WAN
        entry = LibraryEntry.objects.select_related("project").get(project=project, level="city")
        assert entry.project.name == "改过的"

    def test_one_project_at_three_levels_counts_once(
        self, fits: MakeProject, province: User
    ) -> None:
        project = fits()
        for level in ("county", "city", "province"):
            in_library(project, level)
        found = summary_of(access_of(province), PROVINCE, YEAR)
        assert [(name, count) for name, count, _ in found.total.cells] == [
            ("county", 1), ("city", 1), ("province", 1), (ANY, 1),
        ]  # fmt: skip
        assert found.total.fen[ANY] == project.total_fen

    def test_the_page_opens_the_rows_behind_each_figure(
        self, fits: MakeProject, city: User, as_user: Callable[[User], Client]
    ) -> None:
        for region in (COUNTY, COUNTY, OTHER):
            in_library(fits(region=region))
        client = as_user(city)
        page = client.get(f"/library/summary/?parent={CITY}")
        lines = {line["name"]: line["cells"][0] for line in page.context["lines"]}
        assert {name: cell["count"] for name, cell in lines.items()} == {"金安区": 2, "裕安区": 1}
        rows = client.get(lines["金安区"]["url"])
        assert str(rows.context["count"]) == "2"
        of_any = next(
            line["cells"][-1] for line in page.context["lines"] if line["name"] == "裕安区"
        )
        assert "1 个项目" in client.get(of_any["url"]).content.decode()

    def test_a_county_sees_only_its_own(
        self, fits: MakeProject, county: User, as_user: Callable[[User], Client]
    ) -> None:
        in_library(fits())
        theirs = in_library(fits("邻县的", region=OTHER))
        client = as_user(county)
        assert "邻县的" not in client.get("/library/").content.decode()
        assert client.get(f"/library/projects/{theirs.project_id}/").status_code == 404


# Counties of two cities, a city itself, and a park below a county.
PLACES = (COUNTY, OTHER, CITY, f"{COUNTY}001", "340102", "340100")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.integers(0, 10**12) | st.none(),
        st.sets(st.sampled_from(("county", "city", "province"))),
        st.booleans(),
        st.sampled_from((None, *PLACES)),
    ),
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_sums_of_places_add_up_without_double_counting(db: None, rows: Any) -> None:
    """Invariant 8: the province is what its cities and counties are, each project once, however
    many levels it stands in, whether it moved, whatever rows repeat it."""
    user = make_user("section-chief", PROVINCE)
    with transaction.atomic():
        expected: dict[str, list[Project]] = {"county": [], "city": [], "province": [], ANY: []}
        first: Project | None = None
        for place, fen, levels, repeats, moved in rows:
            project = make_project(
                region=place, total_fen=fen, duplicate_of=first if repeats else None
            )
            for level in levels:
                in_library(project, level)
            if moved:
                Project.objects.filter(pk=project.pk).update(region_code=moved)
            if first is None:
                first = project
            if project.duplicate_of_id is None and levels:
                for level in (*levels, ANY):
                    expected[level].append(project)
        total = summary_of(access_of(user), PROVINCE, YEAR).total
        for level, projects in expected.items():
            assert total.projects.get(level, 0) == len({p.number for p in projects})
            assert total.fen.get(level, 0) == sum(p.total_fen or 0 for p in projects)
        _check_places(user)
        transaction.set_rollback(True)


def _check_places(user: User) -> None:
    """Every place is the sum of its lines, down to the counties."""
    access = access_of(user)
    for parent in (PROVINCE, CITY, "340100"):
        found = summary_of(access, parent, YEAR)
        below = Tally()
        for line in found.lines:
            below.add(line.tally)
        assert below.projects == found.total.projects or not found.lines
        assert below.fen == found.total.fen or not found.lines


@given(
    counts=st.dictionaries(
        st.sampled_from((*PLACES[:3], "340102", "000000", "")), st.integers(1, 99), max_size=6
    )
)
def test_every_code_lands_in_exactly_one_line(counts: dict[str, int]) -> None:
    """What lies outside every place is told and not lost."""
    found = fold({code: Tally({"county": n}, {}) for code, n in counts.items()}, "", YEAR)
    assert found.total.projects.get("county", 0) == sum(counts.values())
    assert sum(line.tally.projects["county"] for line in found.lines) == sum(counts.values())


def test_sums_take_one_query_a_column(fits: MakeProject, django_assert_num_queries: Any) -> None:
    for region in (COUNTY, OTHER):
        in_library(fits(region=region))
    with django_assert_num_queries(4):
        found = tallies(Project.objects.all())
    assert {code: tally.projects[ANY] for code, tally in found.items()} == {COUNTY: 1, OTHER: 1}
