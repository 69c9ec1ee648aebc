"""Consumption is judged by the standard of its own period, in its own unit, or not at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from django.test import Client

from jigai.errors import JigaiError
from jigai.registers.special.energy_limits import (
    ACCESS,
    ADVANCED,
    LIMIT,
    NO_VALUE,
    OVER,
    OVER_ACCESS,
    Limit,
    Standard,
    converted,
    excess_band,
    judge,
    standard_of,
)
from jigai.registers.special.limit_data import Library, library, surcharges_on
from tests.factories import make_regions, make_user
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("energy-limit-standards")
D = dt.date
AT = "/registers/special/energy-limit/"
LINE = [
    Standard(1, "x", "旧版", "示例 1", D(2008, 6, 1), D(2013, 9, 30)),
    Standard(2, "x", "新版", "示例 2", D(2013, 10, 1), None),
    Standard(3, "y", "别的", "示例 3", D(2000, 1, 1), None),
]
THREE = Limit(2, "综合能耗", "kgce/t", Decimal(120), Decimal(115), Decimal(110))


@pytest.mark.parametrize(("first", "last", "number"), [
    (D(2008, 6, 1), D(2008, 6, 1), 1), (D(2012, 1, 1), D(2013, 9, 30), 1),
    (D(2013, 10, 1), D(2013, 12, 31), 2), (D(2026, 1, 1), D(2026, 12, 31), 2),
])  # fmt: skip
def test_the_standard_of_the_period_is_chosen(first: D, last: D, number: int) -> None:
    assert standard_of(LINE, "x", first, last).id == number


@pytest.mark.parametrize(("first", "last", "code"), [
    (D(2013, 1, 1), D(2013, 12, 31), "two-standards"),
    (D(2013, 9, 30), D(2013, 10, 1), "two-standards"),
    (D(2008, 1, 1), D(2008, 12, 31), "two-standards"),
    (D(2007, 1, 1), D(2007, 12, 31), "no-standard"),
    (D(2014, 2, 1), D(2014, 1, 1), "period-order"),
])  # fmt: skip
def test_a_period_no_one_standard_covers_is_refused(first: D, last: D, code: str) -> None:
    with pytest.raises(JigaiError) as caught:
        standard_of(LINE, "x", first, last)
    assert caught.value.code == code


@pytest.mark.parametrize(("value", "new", "code"), [
    ("110", False, ADVANCED), ("110.01", False, ACCESS), ("115", False, ACCESS),
    ("115.01", False, LIMIT), ("120", False, LIMIT), ("120.01", False, OVER),
    ("115", True, ACCESS), ("115.01", True, OVER_ACCESS), ("125", True, OVER_ACCESS),
])  # fmt: skip
def test_three_values_and_which_of_them_binds(value: str, new: bool, code: str) -> None:
    assert judge(Decimal(value), "kgce/t", THREE, new=new).code == code


def test_units_of_one_family_are_turned_and_others_refused() -> None:
    assert converted(Decimal("0.12"), "吨标准煤/吨", "kgce/t") == 120
    assert converted(Decimal(13700), "千瓦时／吨", "kWh/t") == 13700
    assert converted(Decimal(13700), "kW·h/t", "kWh/t") == 13700
    with pytest.raises(JigaiError) as caught:
        converted(Decimal(1), "kWh/t", "kgce/t")
    assert caught.value.code == "unit-family"
    with pytest.raises(JigaiError) as caught:
        converted(Decimal(1), "斤/吨", "kgce/t")
    assert caught.value.code == "unknown-unit"


def test_missing_values_and_limits_below_zero_give_no_multiple() -> None:
    bare = Limit(2, "综合能耗", "kgce/t", None)
    assert judge(Decimal(1), "kgce/t", bare, new=False).code == NO_VALUE
    gaining = Limit(2, "转炉", "kgce/t", Decimal(-10), Decimal(-25), Decimal(-30))
    assert judge(Decimal(-5), "kgce/t", gaining, new=False).code == OVER
    assert judge(Decimal(-5), "kgce/t", gaining, new=False).times is None
    assert judge(Decimal(-30), "kgce/t", gaining, new=False).code == ADVANCED


@pytest.mark.parametrize(("times", "band"), [
    ("1", ""), ("1.001", "within"), ("1.999", "within"), ("2", "both"), ("2.001", "beyond"),
])  # fmt: skip
def test_bands_of_excess(times: str, band: str) -> None:
    assert excess_band(Decimal(times)) == band
    assert excess_band(None) == ""


@pytest.fixture
def shipped(db: None) -> Library:
    """The shipped limits and surcharges."""
    make_regions()
    ship("energy-limit-standards")
    ship("energy-price-surcharges")
    return library()


def test_shipped_editions_of_a_line_follow_one_another(shipped: Library) -> None:
    for line in shipped.lines:
        editions = [s for s in shipped.standards if s.line == line]
        for before, after in pairwise(editions):
            assert before.valid_to is not None
            assert before.valid_to + dt.timedelta(days=1) == after.valid_from, after.name
        assert editions[-1].valid_to is None


def test_shipped_values_do_not_ask_more_of_old_plants(shipped: Library) -> None:
    for one in shipped.limits:
        assert one.limit is not None
        assert one.access is not None
        assert one.advanced is not None
        assert one.advanced <= one.access <= one.limit, one


def ask(client: Client, **given: str) -> str:
    plain = {"indicator": "gb21346|铝液交流电耗", "value": "13650", "unit": "kWh/t",
             "first": "2015-01-01", "last": "2015-12-31"}  # fmt: skip
    return client.get(AT, {**plain, **given}).content.decode()


def test_one_reading_two_periods_two_answers(shipped: Library, client: Client) -> None:
    """What the 2013 edition refuses is not judged by it once the 2022 edition is in force."""
    client.force_login(make_user("section-clerk"))
    old = ask(client, value="13800")
    assert "GB 21346-2013" in old
    assert "超过限定值" in old
    new = ask(client, value="13800", first="2024-01-01", last="2024-12-31")
    assert "施行的是 <b>GB 21346-2022</b>" in new
    assert "不能用别的版代判" in new
    assert "超过限定值" not in new


def test_the_same_cement_reading_passes_before_and_fails_after(
    shipped: Library, client: Client
) -> None:
    client.force_login(make_user("section-clerk"))
    given = {"indicator": "gb16780|熟料综合能耗", "value": "0.119", "unit": "tce/t"}
    before = ask(client, **given, first="2022-01-01", last="2022-10-31")
    after = ask(client, **given, first="2022-11-01", last="2022-12-31")
    assert "GB 16780-2012" in before
    assert "在限定值以内" in before
    assert "<b>GB 16780-2021</b>" in after
    assert "超过限定值" in after
    assert "拆成两段" in ask(client, **given, first="2022-01-01", last="2022-12-31")
    given["unit"] = "kWh/t"
    mixed = ask(client, **given, first="2022-01-01", last="2022-10-31")
    assert "两者要按当量或等价系数折算" in mixed


def test_an_excess_shows_the_surcharge_of_its_day(shipped: Library, client: Client) -> None:
    client.force_login(make_user("section-clerk"))
    within = ask(client, value="14000")
    assert "能耗超过限额一倍以内" in within
    assert "未定" in within
    beyond = ask(client, value="28000")
    assert "0.3" in beyond
    assert "一倍以内</td>" not in beyond
    assert surcharges_on(D(2010, 5, 31), "beyond") == []
    assert [s.amount for s in surcharges_on(D(2010, 6, 1), "beyond")] == [Decimal("0.3")]
    assert len(surcharges_on(D(2015, 1, 1), "both")) == 2
    # A province that settled nothing is open, not zero and not the nation's amount.
    own = surcharges_on(D(2015, 3, 20), "within")
    assert [(s.amount, "没有写加价多少" in s.note) for s in own][-1] == (None, True)


def test_data_younger_than_the_librarys_check_say_so(shipped: Library, client: Client) -> None:
    client.force_login(make_user("section-clerk"))
    given = {"indicator": "gb16780|熟料综合能耗", "value": "110", "unit": "kgce/t"}
    assert "之后有没有新版请先核对" in ask(client, **given, first="2026-01-01", last="2026-01-31")
    assert "之后有没有新版" not in ask(client, **given, first="2023-01-01", last="2023-12-31")


def test_size_classes_are_shown_side_by_side_and_bad_input_is_told(
    shipped: Library, client: Client
) -> None:
    client.force_login(make_user("section-clerk"))
    page = ask(client, indicator="gb16780|熟料综合能耗", value="130", unit="kgce/t",
               first="2010-01-01", last="2010-12-31")  # fmt: skip
    assert "4000 t/d 及以上" in page
    assert "2000 至 4000 t/d" in page
    assert page.count("超过限定值") == 1
    assert "不认识单位" in ask(client, unit="斤")
    assert client.get(AT).status_code == 200


def test_a_local_edition_typed_in_is_used_from_its_day(db: None) -> None:
    register = ship("energy-limit-standards")
    row = {"指标": "铝液交流电耗", "单位": "kWh/t", "限定值": "13350", "准入值": "13200",
           "先进值": "13000", "核对": "已核对"}  # fmt: skip
    put(register, row, since=D(2024, 1, 1), edition="gb21346-2022")
    held = library()
    at = standard_of(held.standards, "gb21346", D(2024, 1, 1), D(2024, 1, 31))
    assert [each.limit for each in held.of(at, "铝液交流电耗")] == [Decimal(13350)]
