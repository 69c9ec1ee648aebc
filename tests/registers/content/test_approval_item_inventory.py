"""审批事项清单与放权: from the effective day on the old level takes no application."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry
from jigai.registers.services.record_event import record
from jigai.registers.special.handling import (
    CANCELLED,
    DELEGATED,
    OPEN,
    UNKNOWN,
    Change,
    Item,
    handle,
    lies_in,
    refusal,
)
from jigai.registers.special.stored_handling import every_handling, handling_of
from tests.factories import COUNTY, SIBLING, make_department, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.system("approval-item-inventory")]
DAY = dt.timedelta(days=1)
FROM = dt.date(2020, 7, 1)
ELSEWHERE = "371602"
ITEM = Item("B-1", "示例备案", "city", "approval", "行政审批局", dt.date(2018, 1, 1),
            basis="示例目录",
            procedure="filing")  # fmt: skip


def change(kind: str = "delegate", effective: dt.date = FROM, **more: Any) -> Change:
    given = {"before": "city", "after": "county", "document": "示例〔2020〕1号", **more}
    return Change("B-1", kind, effective, **given)


def on(day: dt.date, *changes: Change, region: str = COUNTY, zone: str = "") -> Any:
    return handle(ITEM, changes, day, region, zone)


def test_the_old_level_takes_applications_until_the_day_before_and_none_from_then_on() -> None:
    before, after = on(FROM - DAY, change()), on(FROM, change())
    assert (before.state, before.level, before.procedure) == (OPEN, "city", "filing")
    assert refusal(before, "city") == "" and "市级" in refusal(before, "county")
    assert (after.state, after.level, after.since) == (DELEGATED, "county", FROM)
    assert refusal(after, "county") == ""
    told = refusal(after, "city")
    assert "不由市级受理" in told and "自 2020-07-01 起由县级行政审批局办理" in told
    assert "示例〔2020〕1号" in told
    assert on(FROM + 400 * DAY, change()).level == "county"


def test_a_revoked_delegation_returns_the_item_on_that_day() -> None:
    gone = change(ends=dt.date(2021, 1, 1))
    assert on(dt.date(2020, 12, 31), gone).level == "county"
    back = on(dt.date(2021, 1, 1), gone)
    assert (back.state, back.level, back.since) == (OPEN, "city", dt.date(2021, 1, 1))
    assert "县级" in refusal(back, "county") and refusal(back, "city") == ""
    assert "不再有效" in back.history[0].why


def test_a_recall_by_a_later_document_returns_level_and_department() -> None:
    steps = (
        change(line="miit", department="工信局"),
        change(
            "recall", dt.date(2022, 1, 1), before="county", after="city", document="示例〔2022〕9号"
        ),
    )
    assert on(FROM, *steps).department == "工信局"
    back = on(dt.date(2022, 1, 1), *reversed(steps))
    assert (back.state, back.level, back.department) == (OPEN, "city", "行政审批局")
    assert back.document == "示例〔2022〕9号" and back.since == dt.date(2022, 1, 1)


@pytest.mark.parametrize(
    ("region", "zone", "level"),
    [(COUNTY, "示例园区", "zone"), (COUNTY, "", "city"), (COUNTY, "别的园区", "city"),
     (SIBLING, "示例园区", "city")],
)  # fmt: skip
def test_a_delegation_to_a_pilot_zone_counts_only_there(region: str, zone: str, level: str) -> None:
    pilot = change(after="zone", regions=(COUNTY,), zones=("示例园区",))
    found = on(FROM, pilot, region=region, zone=zone)
    assert found.level == level
    # Who did not say which zone is told that it is otherwise there.
    assert bool(found.notes) is (region == COUNTY and not zone)


@pytest.mark.parametrize(
    ("region", "level"),
    [(COUNTY, "county"), (SIBLING, "county"), (ELSEWHERE, "city"), ("", "city")],
)
def test_a_delegation_of_a_city_leaves_other_cities_as_they_were(region: str, level: str) -> None:
    assert on(FROM, change(regions=("370800",)), region=region).level == level
    assert lies_in(COUNTY, "370000") and not lies_in(ELSEWHERE, "370800") and lies_in("", "000000")


def test_cancelled_and_merged_items_take_nothing_anywhere() -> None:
    ended = on(FROM, change("cancel", before="", after=""))
    merged = on(FROM, change("merge", before="", after="", into="B-2"))
    assert ended.state == merged.state == CANCELLED and ended.level == ""
    assert "不再受理" in refusal(ended, "city") and "按“B-2”办理" in refusal(merged, "county")
    assert on(FROM - DAY, change("cancel", before="", after="")).state == OPEN


def test_what_nobody_registered_refuses_nothing() -> None:
    found = handle(None, [], FROM, COUNTY)
    early = on(dt.date(2017, 12, 31), change())
    assert found.state == early.state == UNKNOWN and "不能断定" in found.sentence
    assert refusal(found, "city") == refusal(early, "county") == ""


def test_a_change_from_another_level_than_the_registered_one_is_doubted() -> None:
    (note,) = on(FROM, change(before="province")).notes
    assert "写的原层级是省级" in note and "请核对" in note


@pytest.fixture
def clerk(db: None) -> User:
    """The county with a delegated item, as stored."""
    make_regions()
    items, changes = ship("approval-items"), ship("approval-log")
    put(items, {"code": "B-1", "name": "示例技改备案", "kind": "filing", "level": "city",
                "line": "approval", "department": "行政审批部门", "basis": "示例目录",
                "effective": "2018-01-01", "checked": "done"})  # fmt: skip
    put(changes, stored())
    return make_user("section-clerk", name="经办人")


def stored(**more: Any) -> dict[str, Any]:
    return {"item": "B-1", "kind": "delegate", "before": "city", "after": "county",
            "document": "示例〔2020〕1号", "effective": "2020-07-01", "regions": ["370800"],
            "checked": "done", **more}  # fmt: skip


def test_the_stored_item_is_refused_at_the_old_level_from_its_day(
    clerk: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        after = handling_of("B-1", FROM, COUNTY)
    assert (after.level, after.document) == ("county", "示例〔2020〕1号")
    assert "不由市级受理" in refusal(after, "city")
    assert refusal(handling_of("B-1", FROM - DAY, COUNTY), "city") == ""
    assert handling_of("B-1", FROM, ELSEWHERE).level == "city"
    assert handling_of("nothing", FROM, COUNTY).state == UNKNOWN


def test_revoking_the_stored_change_gives_the_item_back(clerk: User) -> None:
    entry = Entry.objects.get(register__code="approval-item-changes", title="示例〔2020〕1号")
    record(entry=entry, kind="revoke", effective=dt.date(2021, 1, 1), by=clerk, reason="文件废止")
    assert handling_of("B-1", dt.date(2020, 12, 31), COUNTY).level == "county"
    back = handling_of("B-1", dt.date(2021, 1, 1), COUNTY)
    assert (back.level, back.since) == ("city", dt.date(2021, 1, 1))


def test_a_level_corrected_in_the_catalogue_counts_from_its_day(clerk: User) -> None:
    entry = Entry.objects.get(register__code="approval-items", title="B-1")
    moved = {**entry.values, "level": "province"}
    record(entry=entry, kind="change", effective=dt.date(2020, 3, 1), by=clerk, values=moved)
    before = handling_of("B-1", dt.date(2020, 2, 29), COUNTY)
    after = handling_of("B-1", dt.date(2020, 3, 1), COUNTY)
    assert (before.level, after.level) == ("city", "province")
    assert after.since == dt.date(2020, 3, 1) and refusal(before, "city") == ""
    # What the delegation says it came from no longer fits.
    assert "写的原层级是市级" in handling_of("B-1", FROM, COUNTY).notes[0]
    record(entry=entry, kind="remove", effective=dt.date(2023, 1, 1), by=clerk, reason="废止")
    assert handling_of("B-1", dt.date(2022, 12, 31), COUNTY).level == "county"
    assert handling_of("B-1", dt.date(2023, 1, 1), COUNTY).state == CANCELLED


def test_a_merged_item_is_told_by_the_name_of_what_it_became(clerk: User) -> None:
    put(ship("approval-items"), {
        "code": "B-2", "name": "示例合并事项", "kind": "filing", "level": "county",
        "department": "示例部门", "basis": "示例", "effective": "2018-01-01", "checked": "done",
    })  # fmt: skip
    merged = stored(kind="merge", into="B-2", document="示例〔2022〕1号", effective="2022-01-01")
    put(ship("approval-log"), merged)
    found = handling_of("B-1", dt.date(2022, 1, 1), COUNTY)
    assert (found.state, found.into) == (CANCELLED, "B-2")
    assert "按“示例合并事项”办理" in refusal(found, "county")
    by_code = {one.code: one for one in every_handling(dt.date(2022, 1, 1), COUNTY)}
    assert by_code["B-1"].word == "已并入“示例合并事项”"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"after": None}, "没有写新层级"), ({"after": "city"}, "新层级与原层级相同"),
        ({"kind": "merge"}, "没有写并入的事项"),
        ({"regions": ["999999"]}, "没有“999999”这些区划代码"),
        ({"item": "B-9"}, "不在被引用的名录里"),
    ],
)  # fmt: skip
def test_a_change_that_says_nothing_is_refused(clerk: User, more: dict[str, Any], why: str) -> None:
    register = ship("approval-log")
    with pytest.raises(JigaiError, match=why):
        prepare_one(register, stored(document="示例〔2021〕3号", **more))


@pytest.mark.django_db
def test_cancellations_that_ship_take_effect_on_their_day() -> None:
    make_regions()
    ship("approval-items"), ship("approval-log")
    for code, first in (("HP-03", "2017-10-01"), ("SB-01", "2017-09-22")):
        day = dt.date.fromisoformat(first)
        assert handling_of(code, day - DAY, COUNTY).state == OPEN
        assert handling_of(code, day, COUNTY).state == CANCELLED
    # Divided by a catalogue of its own: no level is refused.
    graded = handling_of("XM-01", dt.date(2021, 1, 1), COUNTY)
    assert graded.level == "graded" and refusal(graded, "province") == ""
    assert {one.code for one in every_handling(dt.date(2021, 1, 1), COUNTY)} >= {"XM-01", "SG-01"}


def test_the_page_answers_before_and_after_with_history(clerk: User, client: Client) -> None:
    make_department(COUNTY, "approval", "示例区行政审批服务局")
    client.force_login(clerk)

    def page(**query: str) -> str:
        return client.get(reverse("handling-question"), query).content.decode()

    after = page(item="B-1", region=COUNTY, on="2020-07-01")
    assert "自 2020-07-01 起由县级行政审批部门办理" in after and "示例区行政审批服务局" in after
    assert "原层级不再受理" in after and "下放（市级 → 县级）" in after
    before = page(item="B-1", region=COUNTY, on="2020-06-30")
    assert "起由市级行政审批部门办理" in before and "还没有到" in before
    assert "没有选地区" in page(item="B-1") and "示例技改备案" in page(region=COUNTY)
    assert client.get(reverse("handling-question"), {"item": "nothing"}).status_code == 422


def test_anybody_may_ask_on_the_portal(clerk: User, client: Client) -> None:
    def page(**query: str) -> str:
        answer = client.get(reverse("portal-handling"), query)
        assert answer.status_code == 200
        return answer.content.decode()

    assert "起由县级行政审批部门办理" in page(item="B-1", place="兖州区", on="2020-07-01")
    assert "起由市级行政审批部门办理" in page(item="B-1", place="兖州区", on="2020-06-30")
    assert "没有填地区" in page(item="B-1") and "没有“无此地”这个地区" in page(place="无此地")
    assert "不是日期" in page(on="昨天") and "示例技改备案" in page()
    assert "示例〔2020〕1号" in client.get(
        reverse("portal-list", args=["approval-item-changes"])
    ).content.decode()  # fmt: skip


def test_the_page_takes_the_same_queries_for_many_items(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    register, made = ship("approval-items"), 0

    def grow(size: int) -> None:
        nonlocal made
        for number in range(made, size):
            put(register, {"code": f"M-{number}", "name": f"示例事项{number}", "kind": "other",
                           "level": "county", "department": "示例部门", "basis": "示例",
                           "effective": "2018-01-01", "checked": "done"})  # fmt: skip
        made = size

    assert_query_count(client, reverse("handling-question") + f"?region={COUNTY}", grow, most=30)
