"""涉企收费清单: not only a list; reports are taken, checked and answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.core.access import Denied, access_of
from jigai.core.models import Notice, User
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry
from jigai.registers.services import report_charge as reports
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.report_charge import answer_report, report_charge, report_of
from jigai.registers.special.charges import (
    MAYBE,
    SURE,
    Charge,
    Payment,
    Waiver,
    against_list,
    find_charge,
    period_of,
    repeated,
    unlisted,
    waived_but_levied,
)
from jigai.registers.special.stored_charges import (
    charges_listed,
    check_payments,
    waivers_stored,
)
from tests.factories import COUNTY, SIBLING, make_enterprise, make_regions, make_user
from tests.registers.content.loaded import load

pytestmark = [pytest.mark.django_db, pytest.mark.system("charge-list")]
PAID = dt.date(2021, 5, 20)
JIANGSU = "320500"
LIST = [
    Charge("防空地下室易地建设费", ("人防易地建设费",), "administrative", True, "", dt.date(2000,
    1, 1), None, "依据"),
    Charge("城市基础设施配套费", (), "fund", True, "", dt.date(2002, 1, 1), None, "依据"),
    Charge("墙改基金", (), "fund", True, "", dt.date(2008, 1, 1), dt.date(2017, 4, 1), "依据"),
    Charge("区内收费", (), "administrative", False, "320000", dt.date(2000, 1, 1), None, "依据"),
]  # fmt: skip


def payment(key: int = 1, **changes: Any) -> Payment:
    given = {"enterprise": "示例机械", "charge": "城市基础设施配套费", "period": "2021",
             "amount": 100_00,
             "paid": PAID, "receipt": f"R{key}", "region": COUNTY, **changes}  # fmt: skip
    return Payment(key, **given)


@pytest.fixture
def clerk() -> User:
    """The office of the county with the lists loaded."""
    make_regions()
    load("charge-list", "charge-waivers", "charge-records", "charge-reports")
    return make_user("section-clerk", name="经办人")


def report(**changes: Any) -> Entry:
    given = {"charge": "示例服务费", "enterprise": "示例机械有限公司", "collector": "示例中心",
             "amount": "1200元",
             "paid": "2021-05-20", "receipt": "NO-0001", "place": COUNTY, "kind": "unlisted",
             "reporter": "示例举报人", "contact": "示例电话", **changes}  # fmt: skip
    return report_charge(values=given)


@pytest.mark.parametrize(
    ("name", "day", "region", "listed"),
    [
        ("城市基础设施配套费", "2021-05-20", COUNTY, True),
        ("人防易地建设费", "2021-05-20", COUNTY, True),
        ("城市 基础设施配套费（）", "2021-05-20", COUNTY, True),
        ("墙改基金", "2017-03-31", COUNTY, True),
        ("墙改基金", "2017-04-01", COUNTY, False),
        ("区内收费", "2021-05-20", COUNTY, False),
        ("区内收费", "2021-05-20", JIANGSU, True),
        ("示例服务费", "2021-05-20", COUNTY, False),
    ],
)
def test_listed_means_on_that_day_and_there(name: str, day: str, region: str, listed: bool) -> None:
    found = find_charge(LIST, name, dt.date.fromisoformat(day), region)
    assert (found is not None) is listed


def test_a_charge_that_was_abolished_is_told_with_the_day() -> None:
    assert "2017-04-01 取消" in against_list(LIST, "墙改基金", PAID, COUNTY)
    assert [s.certainty for s in unlisted([payment(charge="墙改基金"), payment(2)], LIST)] == [SURE]


def test_where_the_place_entered_no_charge_of_its_own_a_person_must_look() -> None:
    here, there = payment(charge="示例服务费"), payment(2, charge="示例服务费", region=JIANGSU)
    assert [s.certainty for s in unlisted([here, there], LIST)] == [MAYBE, SURE]
    assert "还没有登记进清单" in against_list(LIST, "示例服务费", PAID, COUNTY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", "2021-01-01", "2021-12-31"), ("2021年度", "2021-01-01", "2021-12-31"),
        ("2021-02", "2021-02-01", "2021-02-28"), ("2021年3月", "2021-03-01", "2021-03-31"),
        ("2021年第2季度", "2021-04-01", "2021-06-30"), ("2021Q4", "2021-10-01", "2021-12-31"),
        ("2021-01-01至2021-06-30", "2021-01-01", "2021-06-30"),
    ],
)  # fmt: skip
def test_periods_are_read(text: str, first: str, last: str) -> None:
    found = period_of(text)
    assert found is not None and (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize("text", ["", "上半年", "2021-13", "2021-06-30至2021-01-01"])
def test_a_period_that_cannot_be_read_is_not_guessed(text: str) -> None:
    assert period_of(text) is None


def test_the_same_enterprise_charge_and_period_twice_is_shown() -> None:
    found = repeated(
        [payment(1), payment(2), payment(3, enterprise="示例化工"), payment(4, period="2022")], LIST
    )
    assert [(s.certainty, [p.key for p in s.payments]) for s in found] == [(SURE, [1, 2])]


def test_overlapping_periods_and_aliases_are_one_charge() -> None:
    year = payment(1, charge="防空地下室易地建设费")
    month = payment(2, charge="人防易地建设费", period="2021-05")
    next_year = payment(3, charge="人防易地建设费", period="2022-01")
    found = repeated([next_year, month, year], LIST)
    assert [(s.certainty, {p.key for p in s.payments}) for s in found] == [(MAYBE, {1, 2})]


def test_one_receipt_entered_twice_is_one_payment() -> None:
    assert repeated([payment(1), payment(2, receipt="R1")], LIST) == []


def test_unreadable_periods_are_compared_as_written() -> None:
    found = repeated(
        [payment(1, period="上半年"), payment(2, period="上半年"), payment(3, period="下半年")],
        LIST,
    )
    assert [[p.key for p in s.payments] for s in found] == [[1, 2]]


def waiver(**changes: Any) -> Waiver:
    given = {"name": "示例减免", "group": "item", "charges": ("城市基础设施配套费",),
             "settled": True,
             "target": "encouraged", "full": True, "place": "370000", "first": dt.date(2021, 1, 1),
             "last": dt.date(2021, 12, 31), "source": "示例文", **changes}  # fmt: skip
    return Waiver(**given)


@pytest.mark.parametrize(
    ("paid", "more", "rule", "expected"),
    [
        ("2021-01-01", {"encouraged": True}, {}, SURE),
        ("2021-12-31", {"encouraged": True}, {}, SURE),
        ("2020-12-31", {"encouraged": True}, {}, None),
        ("2022-01-01", {"encouraged": True}, {}, None),
        ("2021-05-20", {"encouraged": False}, {}, None),
        ("2021-05-20", {}, {}, MAYBE),
        ("2021-05-20", {"encouraged": True}, {"full": False}, MAYBE),
        ("2021-05-20", {"encouraged": True, "region": JIANGSU}, {}, None),
        ("2021-05-20", {"encouraged": True}, {"group": "construction_fund", "charges": (),
         "settled": False}, MAYBE),
        ("2021-05-20", {"encouraged": True}, {"group": "construction_charge", "charges": (),
         "settled": False}, None),
        ("2021-05-20", {}, {"target": "all"}, SURE),
    ],
)  # fmt: skip
def test_levied_though_waived(
    paid: str, more: dict[str, Any], rule: dict[str, Any], expected: str | None
) -> None:
    one = payment(paid=dt.date.fromisoformat(paid), **more)
    found = waived_but_levied([one], LIST, [waiver(**rule)])
    assert [s.certainty for s in found] == ([expected] if expected else [])


@pytest.mark.usefixtures("clerk")
def test_the_two_kinds_of_jiangsu_ship_without_a_list_of_items() -> None:
    held = {w.group: w for w in waivers_stored() if w.place == "320000"}
    assert set(held) == {"construction_charge", "construction_fund"}
    assert not any(w.settled for w in held.values())
    levied = payment(region=JIANGSU, encouraged=True)
    found = waived_but_levied([levied], charges_listed(), waivers_stored())
    assert [s.certainty for s in found] == [MAYBE]
    early = payment(region=JIANGSU, encouraged=True, paid=dt.date(2015, 3, 19))
    assert waived_but_levied([early], charges_listed(), waivers_stored()) == []


@pytest.mark.usefixtures("clerk")
def test_what_ships_ends_when_it_was_abolished() -> None:
    listed = charges_listed()
    for name, last in [
        ("新型墙体材料专项基金", "2017-03-31"),
        ("散装水泥专项资金", "2016-01-31"),
        ("排污费", "2017-12-31"),
    ]:
        day = dt.date.fromisoformat(last)
        assert find_charge(listed, name, day, COUNTY) is not None
        assert find_charge(listed, name, day + dt.timedelta(days=1), COUNTY) is None


def test_a_report_is_held_against_the_list_and_the_office_is_told(
    clerk: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        entry = report()
    assert entry.values["state"] == "pending" and "不在清单之内" in entry.values["list_says"]
    assert Notice.objects.filter(user=clerk).count() == 1
    assert report_of(entry.values["number"].lower()) == entry
    assert report_of("AAAAAAAAAAAA") is None
    listed = report(charge="配套费", receipt="NO-2")
    assert "在清单之内：城市基础设施配套费" in listed.values["list_says"]


def test_a_report_goes_from_open_to_confirmed_to_refunded(clerk: User) -> None:
    entry, access = report(), access_of(clerk)
    step: dict[str, Any] = {"entry": entry.pk, "by": clerk, "access": access}
    with pytest.raises(JigaiError, match=r"可以办|不能改成"):
        answer_report(**step, state="refunded", answer="退了", refunded=1)
    with pytest.raises(JigaiError, match="没有写答复"):
        answer_report(**step, state="confirmed", answer=" ")
    answer_report(**step, state="confirmed", answer="经核查没有依据")
    with pytest.raises(JigaiError, match="大于所缴金额"):
        answer_report(**step, state="refunded", answer="退", refunded=1200_01)
    with pytest.raises(JigaiError, match="没有写退还金额"):
        answer_report(**step, state="refunded", answer="退")
    done = answer_report(**step, state="refunded", answer="已全额退还", refunded=1200_00)
    assert (done.values["state"], done.values["refunded"]) == ("refunded", 1200_00)
    with pytest.raises(JigaiError, match=r"已办结|不能改成"):
        answer_report(**step, state="unfounded", answer="改判")
    told = [e.values["state"] for e in done.life.order_by("id")]
    assert told == ["pending", "confirmed", "refunded"]


def test_only_the_office_of_the_place_answers_and_only_on_what_it_saw(clerk: User) -> None:
    entry = report(place=SIBLING)
    with pytest.raises(Denied):
        answer_report(
            entry=entry.pk, state="confirmed", answer="属实", by=clerk, access=access_of(clerk)
        )
    leader = make_user("leader")
    with pytest.raises(Denied):
        answer_report(
            entry=entry.pk, state="confirmed", answer="属实", by=leader, access=access_of(leader)
        )
    own = report(receipt="NO-9")
    with pytest.raises(JigaiError, match="刚被别人办理过"):
        answer_report(entry=own.pk, state="unfounded", answer="有依据", by=clerk,
                      access=access_of(clerk), version=own.version + 1)  # fmt: skip


@pytest.mark.usefixtures("clerk")
def test_a_receipt_is_reported_once_and_a_flood_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    report()
    with pytest.raises(JigaiError, match="已有人举报"):
        report(charge="示例 服务费")
    with pytest.raises(JigaiError, match="还没有到"):
        report(receipt="NO-3", paid="2999-01-01")
    monkeypatch.setattr(reports, "MOST_A_DAY", 1)
    with pytest.raises(JigaiError, match="太多"):
        report(receipt="NO-4")
    assert Entry.objects.filter(register__code="charge-reports").count() == 1


def test_stored_payments_are_checked_within_reach(clerk: User) -> None:
    from jigai.registers.selectors import register_by_code

    register = register_by_code("charge-records")
    for place, region in ((1, COUNTY), (2, SIBLING)):
        firm = make_enterprise(f"示例机械{place}", region)
        for receipt in ("A", "B"):
            values = {"enterprise": {"id": firm.pk}, "charge": "配套费", "period": "2021",
                      "amount": "5万元",
                      "paid": "2021-05-20", "receipt": receipt, "collector": "示例局"}  # fmt: skip
            admit_entries(
                register=register, admissions=[Admission(prepare_one(register, values), PAID)]
            )
    found = check_payments(access_of(clerk))
    assert (found.payments, len(found.repeated), found.unlisted, found.clean) == (2, 1, [], False)
