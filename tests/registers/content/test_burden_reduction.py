"""减负与降成本: what enterprises received, summed to the fen; no record is not zero."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare, prepare_one
from jigai.registers.models import Entry
from jigai.registers.services.propose_entry import propose_entry
from jigai.registers.special.burden import (
    KINDS,
    Benefit,
    Firm,
    Policy,
    gaps,
    period_days,
    reconciled,
    shown_publicly,
    summed,
    total,
)
from jigai.registers.special.stored_burden import (
    benefits_in_reach,
    firms_in_reach,
    policies_stored,
    sums_of_all,
)
from tests.factories import CITY, COUNTY, SIBLING, make_enterprise, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.system("burden-reduction")]
POWER, TAX = "示例电价优惠", "示例税收优惠"


def benefit(key: int, enterprise: int = 1, **more: Any) -> Benefit:
    given: dict[str, Any] = {"name": f"示例企业{enterprise}", "policy": 1, "policy_name": POWER,
                             "kind": "utility", "year": 2021, "month": 0, "amount": 100_01,
                             "region": COUNTY, "confirmed": False, **more}  # fmt: skip
    return Benefit(key, enterprise, **given)


ROWS = [
    benefit(1), benefit(2, month=3, amount=33_33, confirmed=True), benefit(3, 2),
    benefit(4, kind="tax", policy=2), benefit(5, 2, year=2022), benefit(6, 3, region=SIBLING),
]  # fmt: skip


def test_received_amounts_are_summed_and_every_row_is_in_one_sum() -> None:
    sums = summed(ROWS)
    by_key = {(s.kind, s.year, s.region): s for s in sums}
    here = by_key["utility", 2021, COUNTY]
    assert (here.amount, here.confirmed, here.waiting) == (233_35, 33_33, 200_02)
    assert (here.records, here.enterprises, here.word) == (3, 2, "水电")
    assert sum(s.records for s in sums) == len(ROWS) and reconciled(sums, ROWS) == 0
    assert sums[0].year == 2022 and len(sums) == 4
    assert reconciled(sums[1:], ROWS) == -100_01


def test_an_enterprise_in_several_groups_counts_once_in_the_total() -> None:
    whole = total(ROWS)
    assert whole.enterprises == 3 < sum(s.enterprises for s in summed(ROWS))
    assert whole.amount == sum(r.amount for r in ROWS)
    nameless = [benefit(7, name="甲"), benefit(8, name="乙")]
    loose = [Benefit(**{**_fields(b), "enterprise": None}) for b in nameless]
    assert total(loose).enterprises == 2


def _fields(row: Benefit) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Benefit.__slots__}


def policy(key: int = 1, **more: Any) -> Policy:
    given: dict[str, Any] = {"kind": "utility", "first": dt.date(2021, 7, 1), "last": None, **more}
    return Policy(key, POWER, "示例文号", **given)


FIRMS = [Firm(1, "甲", COUNTY, "3411"), Firm(2, "乙", COUNTY, "2641"), Firm(3, "丙", SIBLING, "34")]


@pytest.mark.parametrize(
    ("more", "year", "without"),
    [
        ({}, 2021, (2, 3)), ({}, 2020, None), ({"region": COUNTY}, 2021, (2,)),
        ({"industries": ("34",)}, 2021, (3,)), ({"last": dt.date(2021, 12, 31)}, 2022, None),
        ({"last": dt.date(2022, 1, 1)}, 2022, (1, 2, 3)),
    ],
)  # fmt: skip
def test_whoever_a_policy_admits_and_has_no_record_is_told(
    more: dict[str, Any], year: int, without: tuple[int, ...] | None
) -> None:
    found = gaps([policy(**more)], FIRMS, [benefit(1)], year)
    if without is None:
        assert found == []
        return
    assert tuple(f.key for f in found[0].without) == without
    assert found[0].admitted == found[0].recorded + len(without)


def test_a_recorded_nothing_is_a_record() -> None:
    (gap,) = gaps([policy()], FIRMS[:1], [benefit(1, amount=0)], 2021)
    assert gap.without == () and gap.recorded == 1


def test_groups_of_few_enterprises_are_not_public() -> None:
    rows = [benefit(n, n) for n in range(1, 6)]
    assert [shown for _, shown in shown_publicly(summed(rows), 5)] == [True]
    assert [shown for _, shown in shown_publicly(summed(rows[:4]), 5)] == [False]
    # Many records of one enterprise are still one enterprise.
    months = [benefit(n, 1, month=n) for n in range(1, 10)]
    assert [shown for _, shown in shown_publicly(summed(months), 5)] == [False]


def test_periods_end_on_their_last_day() -> None:
    assert period_days(2020, 2) == (dt.date(2020, 2, 1), dt.date(2020, 2, 29))
    assert period_days(2020, 0) == (dt.date(2020, 1, 1), dt.date(2020, 12, 31))


@pytest.fixture
def clerk(db: None) -> User:
    """Two policies of the county and an enterprise."""
    make_regions()
    policies = ship("burden-policies")
    ship("burden-benefits")
    put(policies, stored(POWER, "utility"), stored(TAX, "tax", last="2021-12-31"))
    return make_user("section-clerk", name="经办人")


def stored(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "number": "示例文号", "first": "2021-01-01",
            "whom": "示例", "rate": "示例", "department": "示例部门", "place": COUNTY,
            "checked": "done", **more}  # fmt: skip


def row(firm: Enterprise, **more: Any) -> dict[str, Any]:
    given = {"enterprise": {"id": firm.pk}, "policy": POWER, "year": "2021", "month": "3",
             "amount": "123.45元", "origin": "示例账单", "declared": "department",
             **more}  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


def test_what_ships_covers_the_five_kinds_and_its_ends(clerk: User) -> None:
    shipped = [p for p in policies_stored().values() if not p.region]
    assert {p.kind for p in shipped} == set(KINDS) == {"land", "tax", "logistics", "utility",
                                                      "finance"}  # fmt: skip
    toll = next(p for p in shipped if p.kind == "logistics")
    assert toll.in_force(dt.date(2020, 5, 5), dt.date(2020, 5, 5))
    assert not toll.in_force(dt.date(2020, 5, 6), dt.date(2020, 12, 31))
    assert all(e.source for e in Entry.objects.filter(register__code="burden-policies"))


@pytest.mark.parametrize("month", ["3", None])
def test_the_same_period_is_not_recorded_twice(clerk: User, month: str | None) -> None:
    register, firm = ship("burden-benefits"), make_enterprise()
    put(register, row(firm, month=month))
    with pytest.raises(JigaiError, match="已有"):
        propose_entry(register=register, values=row(firm, month=month, amount="9元"), by=clerk,
                      access=access_of(clerk))  # fmt: skip
    # A year holds its months.
    other = "4" if month is None else None
    with pytest.raises(JigaiError, match="同一期间已有记录"):
        prepare_one(register, row(firm, month=other))
    assert Entry.objects.filter(register=register).count() == 1


def test_two_rows_of_one_file_for_one_period_are_refused(clerk: User) -> None:
    firm = make_enterprise()
    rows = prepare(
        ship("burden-benefits"), [row(firm), row(firm, amount="9元"), row(firm, month="4")]
    )
    assert [bool(r.problems) for r in rows] == [False, True, False]
    assert "与第 1 行是同一企业" in rows[1].problems[0].message


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"month": "13"}, "月份“13”不对"), ({"year": "21"}, "年份“21”不对"),
        ({"year": "2020"}, "这个期间不在其内"), ({"amount": "-1元"}, "享受额小于零"),
        ({"policy": TAX, "year": "2022", "month": None}, "这个期间不在其内"),
        ({"confirmed": "是"}, "没有写确认部门"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(clerk: User, more: dict[str, Any], why: str) -> None:
    with pytest.raises(JigaiError, match=why):
        prepare_one(ship("burden-benefits"), row(make_enterprise(), **more))


@pytest.fixture
def recorded(clerk: User) -> tuple[Enterprise, Enterprise]:
    """One enterprise with two records, one without any."""
    firm, other = make_enterprise("示例有记录企业"), make_enterprise("示例无记录企业")
    put(ship("burden-benefits"), row(firm), row(firm, month="4", amount="0.10元", confirmed="是",
        confirmer="示例供电企业"))  # fmt: skip
    return firm, other


def test_the_summary_page_reconciles_and_tells_who_has_no_record(
    clerk: User, recorded: Any, client: Client
) -> None:
    client.force_login(clerk)
    text = client.get(reverse("burden-summary"), {"year": "2021"}).content.decode()
    assert "123.55" in text and "0.10" in text and "对不上" not in text
    assert "示例无记录企业" in text and "没有记录，不能说享受额为零" in text
    assert "用地、税费、物流、融资" in text
    address = reverse("burden-rows") + f"?kind=utility&year=2021&region={COUNTY}"
    assert address.replace("&", "&amp;") in text
    rows = client.get(address).content.decode()
    assert "合计 123.55 元，2 笔，1 家企业" in rows and "2021年4月" in rows
    assert "没有记录" in client.get(address.replace("2021", "2019")).content.decode()
    assert client.get(reverse("burden-summary"), {"year": "x"}).status_code == 422


def test_sums_and_firms_stay_within_reach(clerk: User, recorded: Any) -> None:
    far = make_enterprise("示例邻区企业", SIBLING)
    put(ship("burden-policies"), stored("示例市级优惠", "utility", place="370800"))
    put(ship("burden-benefits"), row(far, policy="示例市级优惠"))
    access = access_of(clerk)
    assert {b.region for b in benefits_in_reach(access)[0]} == {COUNTY}
    assert "示例邻区企业" not in {f.name for f in firms_in_reach(access)[0]}
    chief = make_user("section-clerk", CITY)
    seen = benefits_in_reach(access_of(chief))[0]
    assert {b.region for b in seen} == {COUNTY, SIBLING}
    # The one statement for the public adds up as the rows do.
    assert sums_of_all() == summed(seen) and len(sums_of_all()) == 2


def test_the_public_page_hides_few_enterprises(recorded: Any, client: Client) -> None:
    def page() -> str:
        return client.get(reverse("portal-burden")).content.decode()

    assert "企业太少，不公开" in page() and "123.55" not in page()
    put(ship("burden-benefits"), *(row(make_enterprise(), amount="100元") for _ in range(4)))
    assert "523.55" in page() and "企业太少" not in page()


def test_an_enterprise_sees_its_own_and_what_it_has_not(recorded: Any, client: Client) -> None:
    firm, other = recorded
    put(ship("burden-benefits"), row(other, amount="777.77元"))
    client.force_login(make_user("enterprise-handler", enterprise=firm))
    text = client.get(reverse("burden-mine"), {"year": "2021"}).content.decode()
    assert "2021 年享受 123.55 元，其中部门已确认 0.10 元" in text
    assert TAX in text and "777.77" not in text
    assert client.get(reverse("burden-mine"), {"year": "x"}).status_code == 422
    none = client.get(reverse("burden-mine"), {"year": "2019"}).content.decode()
    assert "2019 年没有享受记录，不能说享受额为零" in none and "0.00" not in none


def test_the_summary_asks_no_more_for_many_records(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    made = 0

    def grow(size: int) -> None:
        nonlocal made
        put(ship("burden-benefits"), *(row(make_enterprise()) for _ in range(made, size)))
        made = size

    assert_query_count(client, reverse("burden-summary") + "?year=2021", grow, most=40)
