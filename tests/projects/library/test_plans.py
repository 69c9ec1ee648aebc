"""规划与项目: plans rest on one another and are carried out by projects of the library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.library.plans import plans_of, projects_of, sums_of
from jigai.projects.library.services.link_plan import link_plan, unlink_plan
from jigai.projects.models import PlanProject, Project
from jigai.registers.models import Entry
from jigai.registers.selectors import register_by_code
from jigai.registers.services.load_content import FOLDER, load_file
from tests.projects.library.conftest import CITY, COUNTY, WAN, MakeProject

pytestmark = [pytest.mark.django_db, pytest.mark.system("plan-and-programme")]


@pytest.fixture
def plan(county: User) -> Callable[..., Entry]:
    """Enters a plan; the register ships with the platform."""
    load_file(FOLDER / "plans.yaml")
    register = register_by_code("plans")

    def make(name: str, parent: Entry | None = None, **values: Any) -> Entry:
        given = {"name": name, "form": "annual", "place": CITY, "first_year": "2021",
                 "last_year": "2021", **values}  # fmt: skip
        if parent is not None:
            given["parent"] = {"id": parent.pk, "title": parent.values["name"]}
        return Entry.objects.create(
            register=register,
            key=name, state="admitted", title=name, values=given, region_code=COUNTY,
            source="测试",
        )  # fmt: skip

    return make


def link(project: Project, entry: Entry, by: User, **given: Any) -> PlanProject:
    """List a project under a plan."""
    return link_plan(project=project.pk, plan=entry.pk, note="", by=by, access=access_of(by))


class TestSums:
    def test_a_plan_shows_the_sums_of_its_projects_each_once(
        self, plan: Callable[..., Entry], fits: MakeProject, county: User
    ) -> None:
        """A plan is not a document beside the library: its figures are those of its projects."""
        five = plan("十四五规划", form="five", last_year="2025")
        annual = plan("2021年推进计划", five)
        sector = plan("装备行业重点", annual, form="sector")
        first, second = fits(total_fen=500 * WAN), fits(total_fen=700 * WAN)
        link(first, five, county)
        link(first, annual, county)
        link(second, sector, county)
        found = plans_of(access_of(county))
        assert [(found[p.pk].own, found[p.pk].projects, found[p.pk].fen) for p in
                (five, annual, sector)] == [
            (1, 2, 1200 * WAN), (1, 2, 1200 * WAN), (1, 1, 700 * WAN),
        ]  # fmt: skip
        assert sums_of(projects_of(access_of(county), [five.pk, annual.pk])) == (1, 500 * WAN)

    def test_a_change_in_the_library_is_a_change_of_the_plan(
        self, plan: Callable[..., Entry], fits: MakeProject, county: User
    ) -> None:
        entry, project = plan("年度计划"), fits(total_fen=500 * WAN)
        link(project, entry, county)
        Project.objects.filter(pk=project.pk).update(total_fen=900 * WAN)
        assert plans_of(access_of(county))[entry.pk].fen == 900 * WAN

    def test_plans_that_name_one_another_in_a_ring_end(
        self, plan: Callable[..., Entry], fits: MakeProject, county: User,
        as_user: Callable[[User], Client],
    ) -> None:  # fmt: skip
        first = plan("甲计划")
        second = plan("乙计划", first)
        Entry.objects.filter(pk=first.pk).update(
            values={**first.values, "parent": {"id": second.pk}}
        )
        link(fits(), first, county)
        assert {p.projects for p in plans_of(access_of(county)).values()} == {1}
        page = as_user(county).get("/library/plans/").content.decode()
        assert "甲计划" in page and "乙计划" in page

    def test_sums_take_a_fixed_number_of_queries(
        self, plan: Callable[..., Entry], fits: MakeProject, county: User,
        django_assert_max_num_queries: Any,
    ) -> None:  # fmt: skip
        top = plan("规划")
        for number in range(6):
            link(fits(), plan(f"计划{number}", top), county)
        access = access_of(county)
        with django_assert_max_num_queries(4):
            assert plans_of(access)[top.pk].projects == 6


class TestLinks:
    def test_once_and_within_reach(
        self, plan: Callable[..., Entry], fits: MakeProject, county: User, other: User
    ) -> None:
        entry, project = plan("年度计划"), fits()
        link(project, entry, county)
        with pytest.raises(JigaiError) as refused:
            link(project, entry, county)
        assert refused.value.code == "planned-already"
        with pytest.raises((Denied, JigaiError)):
            link(fits(), entry, other)
        assert PlanProject.objects.count() == 1

    def test_a_repeated_row_carries_out_nothing(
        self, plan: Callable[..., Entry], fits: MakeProject, county: User
    ) -> None:
        twin = fits(duplicate_of=fits())
        with pytest.raises(JigaiError) as refused:
            link(twin, plan("年度计划"), county)
        assert refused.value.code == "repeats"

    def test_taken_off_the_history_stays(
        self, plan: Callable[..., Entry], fits: MakeProject, county: User
    ) -> None:
        from django.apps import apps

        made = link(fits(), plan("年度计划"), county)
        unlink_plan(link=made.pk, access=access_of(county))
        events = apps.get_model("projects.PlanProjectEvent").objects
        assert [e.pgh_label for e in events.order_by("pgh_id")] == ["insert", "delete"]


class TestPages:
    def test_from_the_project_to_the_plan_and_back(
        self, plan: Callable[..., Entry], fits: MakeProject, county: User,
        as_user: Callable[[User], Client],
    ) -> None:  # fmt: skip
        entry, project = plan("年度计划", goal="技改投资增长"), fits("进计划的")
        client = as_user(county)
        url = f"/library/projects/{project.pk}/plan/"
        assert "年度计划" in client.get(url).content.decode()
        sent = {"plan": entry.pk, "nonce": "6f2b6f0e-0000-4000-8000-000000000021"}
        assert client.post(url, sent).status_code == 302
        page = client.get(f"/library/plans/{entry.pk}/").content.decode()
        assert "进计划的" in page and "技改投资增长" in page and "500.00" in page
        own = client.get(f"/library/projects/{project.pk}/").content.decode()
        assert "年度计划" in own
        made = PlanProject.objects.get()
        assert client.get(f"/library/plan-links/{made.pk}/").status_code == 200
        gone = {"nonce": "6f2b6f0e-0000-4000-8000-000000000022"}
        assert client.post(f"/library/plan-links/{made.pk}/", gone).status_code == 302
        assert not PlanProject.objects.exists()

    def test_without_plans_the_page_says_how_to_begin(
        self, county: User, as_user: Callable[[User], Client]
    ) -> None:
        load_file(FOLDER / "plans.yaml")
        assert "还没有登记规划" in as_user(county).get("/library/plans/").content.decode()
