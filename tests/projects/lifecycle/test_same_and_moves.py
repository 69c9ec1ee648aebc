"""Projects that are moved, merged or entered by two offices: counted once, nothing rewritten."""

from __future__ import annotations

import datetime as dt

import pytest

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.lifecycle.selectors import same_codes
from jigai.projects.lifecycle.services.move_project import move_project
from jigai.projects.lifecycle.services.settle_same import settle_same
from jigai.projects.models import (
    Level,
    LibraryEntry,
    MonthlyReport,
    Project,
    ProjectMove,
)
from jigai.projects.stored_ledger import stored_projects
from tests.factories import (
    CITY,
    COUNTY,
    SIBLING,
    make_enterprise,
    make_project,
    make_regions,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.system("three-level-dynamic-library")]
CODE = "2104-370812-07-02-513195"


@pytest.fixture
def city() -> User:
    make_regions()
    return make_user("section-chief", CITY)


def settle(row: Project, kept: Project | None, by: User, reason: str = "已电话核对") -> Project:
    seen = Project.objects.get(pk=row.pk).version
    return settle_same(repeats=row.pk, keeps=kept.pk if kept else None, reason=reason, seen=seen,
                       by=by, access=access_of(by))  # fmt: skip


def test_two_counties_with_one_code_are_listed_and_settled_by_the_city(city: User) -> None:
    first = make_project(code=CODE)
    second = make_project(code=CODE, region=SIBLING)
    make_project(code="2104-370812-07-02-100001")
    assert [(same.code, {row.pk for row in same.rows}) for same in same_codes(access_of(city))] == [
        (CODE, {first.pk, second.pk})
    ]
    settle(second, first, city)
    assert list(same_codes(access_of(city))) == []
    counted = [p for p in stored_projects(CITY, 2021) if p.duplicate_of_row is None]
    assert CODE in {p.project_code for p in counted}
    assert sum(p.project_code == CODE for p in counted) == 1
    settle(second, None, city)
    assert len(list(same_codes(access_of(city)))) == 1


def test_a_county_does_not_decide_about_its_neighbour() -> None:
    first, second = make_project(code=CODE), make_project(code=CODE, region=SIBLING)
    chief = make_user("section-chief", COUNTY)
    with pytest.raises(Denied):
        settle(first, second, chief)
    assert list(same_codes(access_of(chief))) == []


@pytest.mark.parametrize("case", ["self", "chain-up", "chain-down", "reason"])
def test_what_cannot_be_settled(case: str, city: User) -> None:
    first, second, third = (make_project(code=CODE) for _ in range(3))
    if case == "chain-up":
        settle(second, third, city)
    if case == "chain-down":
        settle(third, first, city)
    kept = first if case == "self" else second
    with pytest.raises(JigaiError) as raised:
        settle(first, kept, city, reason=" " if case == "reason" else "已核对")
    assert raised.value.code == {
        "self": "same-self", "chain-up": "same-chain", "chain-down": "same-chain",
        "reason": "same-reason",
    }[case]  # fmt: skip
    assert Project.objects.get(pk=first.pk).duplicate_of_id is None


def test_a_moved_project_keeps_number_years_and_reports(city: User) -> None:
    project = make_project(code=CODE)
    number = Project.objects.get(pk=project.pk).number
    MonthlyReport.objects.create(
        project=project, region_code=COUNTY, year=2021, month=3, current_fen=100,
        cumulative_fen=100, origin="clerk",
    )  # fmt: skip
    for level, keeper in ((Level.COUNTY, COUNTY), (Level.CITY, CITY)):
        LibraryEntry.objects.create(
            project=project, level=level, region_code=keeper, status="in",
            reported_on=dt.date(2021, 1, 5), admitted_on=dt.date(2021, 1, 8),
        )  # fmt: skip
    other = make_enterprise("兖州合并后机械有限公司")
    move_project(
        project=project.pk, to_region=SIBLING, to_enterprise=other.pk,
        effective=dt.date(2021, 6, 1), reason="区划调整并企业合并", seen=1, by=city,
        access=access_of(city),
    )  # fmt: skip
    row = Project.objects.get(pk=project.pk)
    assert (row.number, row.region_code, row.enterprise_id) == (number, SIBLING, other.pk)
    assert MonthlyReport.objects.get().region_code == COUNTY
    entries = LibraryEntry.objects.order_by("level").values_list("region_code", "admitted_on")
    assert list(entries) == [(CITY, dt.date(2021, 1, 8)), (SIBLING, dt.date(2021, 1, 8))]
    move = ProjectMove.objects.get()
    assert (move.from_region, move.to_region, move.from_enterprise_id) == (COUNTY, SIBLING, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to_region": COUNTY}, "move-nowhere"),
        ({"effective": dt.date(2999, 1, 1)}, "move-day"),
        ({"reason": " "}, "move-reason"),
        ({"to_region": "999999"}, "unknown-region"),
        ({"to_enterprise": 0}, "unknown-enterprise"),
        ({"seen": 7}, "changed"),
    ],
)
def test_what_cannot_be_moved(change: dict[str, object], code: str, city: User) -> None:
    project = make_project()
    given: dict[str, object] = {
        "to_region": SIBLING, "to_enterprise": None, "effective": dt.date(2021, 6, 1),
        "reason": "区划调整", "seen": 1, **change,
    }  # fmt: skip
    with pytest.raises(JigaiError) as raised:
        move_project(project=project.pk, by=city, access=access_of(city), **given)
    assert raised.value.code == code
    assert not ProjectMove.objects.exists()
