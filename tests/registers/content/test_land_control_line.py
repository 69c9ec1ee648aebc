"""工业用地控制线: planned against supplied, and zones that cannot be overfilled."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare, prepare_one
from jigai.registers.models import Entry
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.place_project import place_project
from jigai.registers.services.record_event import record
from jigai.registers.special.land import (
    EVEN,
    NO_PLAN,
    NO_SUPPLY,
    OVER,
    SHORT,
    Plan,
    Supply,
    gaps,
    zone_uses,
)
from jigai.registers.special.stored_land import gaps_in_reach, uses_in_reach
from tests.factories import COUNTY, SIBLING, make_regions, make_user
from tests.registers.content.loaded import load

pytestmark = [pytest.mark.django_db, pytest.mark.system("land-control-line")]
DAY = dt.date(2021, 1, 1)
# 亩 in units of 0.01 m²: 200 亩 is 13 3333.33 m², so round areas are given in m².
HECTARE = 1_000_000


@pytest.fixture
def clerk() -> User:
    """The office of the county with the four lists."""
    make_regions()
    load("land-zones", "land-supply-plans", "land-supplies", "land-placements")
    return make_user("section-clerk", name="经办人")


def put(name: str, /, **values: Any) -> Entry:
    register = register_by_code(name)
    row = prepare_one(register, values)
    return admit_entries(register=register, admissions=[Admission(row, DAY)])[0]


def zone(code: str = "ZL-01", place: str = COUNTY, area: str = "10公顷") -> Entry:
    return put(
        "land-zones",
        code=code,
        name=f"示例地块{code}",
        place=place,
        level="first",
        area=area,
        document="示例文",
    )


def supply(number: str, area: str, **more: Any) -> Entry:
    return put("land-supplies", **{"number": number, "parcel": number, "place": COUNTY,
                                   "supplied": "2021-06-01",
               "area": area, "kind": "new", "retrofit": "否", **more})  # fmt: skip


@pytest.mark.parametrize(
    ("planned", "supplied", "state"),
    [((10, 0), [], NO_SUPPLY), ((10, 0), [9], SHORT), ((10, 0), [4, 6], EVEN), ((10, 0), [11],
      OVER),
     (None, [3], NO_PLAN), ((0, 0), [], EVEN)],
)  # fmt: skip
def test_plan_and_supply_side_by_side(
    planned: tuple[int, int] | None, supplied: list[int], state: str
) -> None:
    plans = [] if planned is None else [Plan(COUNTY, 2021, *planned)]
    found = gaps(plans, [Supply(COUNTY, 2021, area, False) for area in supplied])
    assert [(g.state, g.supplied) for g in found] == [(state, sum(supplied))]
    assert found[0].difference == (None if planned is None else sum(supplied) - planned[0])


def test_years_and_counties_are_kept_apart() -> None:
    found = gaps(
        [Plan(COUNTY, 2020, 10, 4), Plan(SIBLING, 2021, 10, 4)],
        [Supply(COUNTY, 2021, 10, True), Supply(SIBLING, 2021, 10, False)],
    )
    assert [(g.region, g.year, g.state) for g in found] == [
        (SIBLING, 2021, EVEN), (COUNTY, 2021, NO_PLAN), (COUNTY, 2020, NO_SUPPLY),
    ]  # fmt: skip


def test_a_plan_met_in_total_may_still_miss_technical_renovation() -> None:
    (found,) = gaps([Plan(COUNTY, 2021, 10, 4)], [Supply(COUNTY, 2021, 10, False)])
    assert found.state == EVEN and found.retrofit_missed and found.retrofit_difference == -4


def test_zones_show_what_is_left_and_what_is_too_much() -> None:
    found = zone_uses({1: ("甲", 10, ""), 2: ("乙", 10, "")}, [(1, 4), (2, 6), (2, 5)])
    assert [(u.code, u.left, u.over, u.projects) for u in found] == [
        ("乙", -1, True, 2),
        ("甲", 6, False, 1),
    ]


def test_stored_plans_and_supplies_are_compared_within_reach(clerk: User) -> None:
    put(
        "land-supply-plans",
        title="2021年计划",
        place=COUNTY,
        year="2021",
        area="20公顷",
        retrofit="5公顷",
    )
    put(
        "land-supply-plans",
        title="2021年计划",
        place=SIBLING,
        year="2021",
        area="9公顷",
        retrofit="1公顷",
    )
    supply("G-1", "12公顷")
    supply("G-2", "1公顷", retrofit="是")
    supply("G-3", "3公顷", supplied="2020-12-31")
    found = gaps_in_reach(access_of(clerk), dt.date(2021, 12, 31))
    assert [(g.year, g.state, g.supplied, g.difference) for g in found] == [
        (2021, SHORT, 13 * HECTARE, -7 * HECTARE), (2020, NO_PLAN, 3 * HECTARE, None),
    ]  # fmt: skip
    assert found[0].retrofit_missed


def test_a_plan_cannot_put_more_first_than_it_holds(clerk: User) -> None:
    with pytest.raises(JigaiError, match="技改优先的面积大于计划面积"):
        put(
            "land-supply-plans",
            title="x",
            place=COUNTY,
            year="2022",
            area="1公顷",
            retrofit="2公顷",
        )


def place(clerk: User, area: str, project: str = "示例项目", where: str = "ZL-01") -> Entry:
    return place_project(
        values={"project": project, "zone": where, "place": COUNTY, "area": area},
        by=clerk, access=access_of(clerk),
    )  # fmt: skip


def test_a_zone_is_never_occupied_beyond_its_area(clerk: User) -> None:
    zone()
    place(clerk, "6公顷")
    with pytest.raises(JigaiError, match=r"只剩 60\.00 亩，不够再占 60\.015 亩"):
        place(clerk, "40010平方米", project="示例项目二")
    place(clerk, "4公顷", project="示例项目三")
    with pytest.raises(JigaiError, match="不够再占"):
        place(clerk, "0.01平方米", project="示例项目四")


def test_rows_of_one_file_add_up_and_unknown_zones_are_refused(clerk: User) -> None:
    zone()
    register = register_by_code("land-placements")
    rows = prepare(register, [
        {"project": f"项目{n}", "zone": "ZL-01", "place": COUNTY, "area": "6公顷"} for n in (1, 2)
    ])  # fmt: skip
    assert [len(row.problems) for row in rows] == [0, 1]
    with pytest.raises(JigaiError, match="不在被引用的名录里"):
        place(clerk, "1公顷", where="没有这块")


def test_over_occupation_that_came_in_otherwise_is_shown(clerk: User) -> None:
    held = zone()
    for number in (1, 2):
        put("land-placements", project=f"项目{number}", zone="ZL-01", place=COUNTY, area="5公顷")
    # The zone was drawn anew, smaller: what stands in it stays.
    record(
        entry=held,
        kind="change",
        effective=DAY,
        by=None,
        values=held.values | {"area": HECTARE * 8},
    )
    (use,) = uses_in_reach(access_of(clerk), dt.date(2021, 6, 1))
    assert use.over and use.left == -2 * HECTARE and use.projects == 2
