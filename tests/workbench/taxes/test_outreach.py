"""税收政策送达: who would benefit, receipts, visits; what was only pushed counts as not enjoyed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models import Enterprise, Notice, User
from jigai.errors import JigaiError
from jigai.registers.models import Entry, LifeEvent, Register
from jigai.registers.own_ways import refuse_general_way
from jigai.workbench.taxes.candidates import FINDERS, candidates
from jigai.workbench.taxes.deliveries import figures_of, reasons_of
from jigai.workbench.taxes.services.push_preference import push_preference
from jigai.workbench.taxes.services.record_visit import record_visit
from jigai.workbench.taxes.services.sign_delivery import sign_delivery
from tests.factories import (
    CITY,
    make_enterprise,
    make_line,
    make_project,
    make_regions,
    make_user,
)
from tests.query_counts import assert_query_count
from tests.registers.content.loaded import load

pytestmark = [pytest.mark.django_db, pytest.mark.system("tax-outreach")]
CODE, NAME, YEAR = "one-off", "设备器具一次性扣除", 2021
TODAY = dt.date(2021, 12, 31)


@pytest.fixture(autouse=True)
def registers() -> Register:
    make_regions()
    return load("tax-deliveries")[0]


@pytest.fixture
def catalogues() -> None:
    load("tax-preference-catalog", "tax-catalogs")


@pytest.fixture
def firm() -> Enterprise:
    return buyer("示例精工有限公司", 300_0000_00)


@pytest.fixture
def clerk() -> User:
    return make_user("section-clerk")


@pytest.fixture
def handler(firm: Enterprise) -> User:
    return make_user("enterprise-handler", enterprise=firm)


def buyer(name: str, amount: int, **fields: Any) -> Enterprise:
    row = make_enterprise(name, industry_code="3511", **fields)
    make_line(make_project(row), amount_fen=amount, tax_fen=amount * 13 // 100,
              kind="增值税专用发票", item="螺杆空压机")  # fmt: skip
    return row


def push(clerk: User, *firms: Enterprise, **more: Any) -> tuple[int, int]:
    given = {"code": CODE, "name": NAME, "year": YEAR} | more
    keys = [one.pk for one in firms]
    return push_preference(enterprises=keys, by=clerk, access=access_of(clerk), **given)


def visit(by: User, entry: Entry, state: str, **more: Any) -> Entry:
    given = {"way": "visit", "on": timezone.localdate()} | more
    return record_visit(delivery=entry.pk, state=state, by=by, access=access_of(by), **given)


def delivery() -> Entry:
    return Entry.objects.get(register__code="tax-deliveries")


def figures() -> Any:
    rows = Entry.objects.filter(register__code="tax-deliveries").values_list("values", flat=True)
    return figures_of(rows)[1]


@pytest.mark.parametrize(
    ("code", "estimate"),
    [("one-off", 75_0000_00), ("equipment-vat", 39_0000_00), ("equipment-credit", 30_0000_00),
     ("short-life", None), ("research", None)],
)  # fmt: skip
@pytest.mark.usefixtures("catalogues")
def test_the_list_says_why_and_how_much(
    firm: Enterprise, clerk: User, code: str, estimate: int | None
) -> None:
    people, more = candidates(code, YEAR, access_of(clerk))
    assert [(one.enterprise, one.estimate) for one in people] == [(firm, estimate)]
    assert people[0].basis and not more
    assert candidates(code, YEAR + 5, access_of(clerk))[0] == []


def test_the_law_of_the_year_decides_who_is_listed(clerk: User) -> None:
    row = make_enterprise("示例旧年有限公司", industry_code="3511")
    make_line(make_project(row), date=dt.date(2017, 6, 1), amount_fen=100_0000_00)
    assert candidates("one-off", 2017, access_of(clerk))[0] == []
    assert [c.enterprise for c in candidates("short-life", 2017, access_of(clerk))[0]] == [row]


def test_expensive_pieces_and_void_lines_are_left_out(clerk: User) -> None:
    row = make_enterprise("示例重机有限公司")
    project = make_project(row)
    make_line(project, amount_fen=500_0000_01)
    make_line(project, amount_fen=10_0000_00, status="void")
    assert candidates("one-off", YEAR, access_of(clerk))[0] == []
    make_line(project, amount_fen=500_0000_00)
    assert candidates("one-off", YEAR, access_of(clerk))[0][0].estimate == 125_0000_00


def test_the_largest_stands_first_and_only_those_in_reach(firm: Enterprise, clerk: User) -> None:
    large = buyer("示例大户有限公司", 400_0000_00)
    buyer("远方示例有限公司", 450_0000_00, region=CITY)
    found = candidates(CODE, YEAR, access_of(clerk))[0]
    assert [one.enterprise for one in found] == [large, firm]


def test_pushing_only_is_not_enjoying(firm: Enterprise, clerk: User, handler: User) -> None:
    """只推送不核享受: reach may be whole while enjoyment stays nil until somebody asked."""
    assert push(clerk, firm) == (1, 0)
    assert (figures().pushed, figures().signed, figures().waiting) == (1, 0, 1)
    sign_delivery(delivery=delivery().pk, by=handler, access=access_of(handler))
    told = figures()
    assert (told.reach, told.enjoyment, told.amount) == ("100.0%", "0.0%", 0)
    visit(clerk, delivery(), "enjoyed", amount=75_0000_00, voucher="2021年度申报表第1行")
    told = figures()
    assert (told.enjoyment, told.amount, told.waiting) == ("100.0%", 75_0000_00, 0)


def test_each_enterprise_is_told_once_a_year(firm: Enterprise, clerk: User, handler: User) -> None:
    push(clerk, firm)
    assert push(clerk, firm) == (0, 1)
    assert push(clerk, firm, year=2022, basis="示例理由") == (1, 0)
    assert Entry.objects.filter(register__code="tax-deliveries").count() == 2


def test_those_who_act_for_it_are_told(
    firm: Enterprise, clerk: User, handler: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        push(clerk, firm)
    assert [notice.user for notice in Notice.objects.filter(event="tax-pushed")] == [handler]


def test_any_other_enterprise_needs_a_reason(clerk: User) -> None:
    other = make_enterprise("示例别家有限公司")
    with pytest.raises(JigaiError, match="为什么推送"):
        push(clerk, other)
    assert push(clerk, other, basis="企业来电询问", code="eco-holiday") == (1, 0)
    assert delivery().values["basis"] == "企业来电询问" and "estimate" not in delivery().values


def test_nobody_out_of_reach_and_nobody_at_all(clerk: User) -> None:
    with pytest.raises(Denied):
        push(clerk, buyer("远方示例有限公司", 100, region=CITY))
    with pytest.raises(JigaiError, match="没有选企业"):
        push(clerk)


def test_only_the_enterprise_itself_signs_once(
    firm: Enterprise, clerk: User, handler: User
) -> None:
    push(clerk, firm)
    stranger = make_user("enterprise-handler", enterprise=make_enterprise("示例旁家有限公司"))
    for person in (clerk, stranger):
        with pytest.raises(Denied):
            sign_delivery(delivery=delivery().pk, by=person, access=access_of(person))
    sign_delivery(delivery=delivery().pk, by=handler, access=access_of(handler))
    with pytest.raises(JigaiError, match="已经签收过"):
        sign_delivery(delivery=delivery().pk, by=handler, access=access_of(handler))


@pytest.mark.parametrize(
    ("state", "given", "message"),
    [
        ("enjoyed", {}, "享受额"),
        ("enjoyed", {"amount": 100}, "凭据"),
        ("partly", {"amount": 100, "voucher": "示例"}, "原因"),
        ("not", {}, "原因"),
        ("unfit", {}, "哪一条"),
        ("open", {}, "享受情况"),
        ("not", {"why": "loss", "on": dt.date(2999, 1, 1)}, "晚于今天"),
    ],
)
def test_a_conclusion_needs_what_proves_it(
    firm: Enterprise, clerk: User, state: str, given: dict[str, Any], message: str
) -> None:
    push(clerk, firm)
    with pytest.raises(JigaiError, match=message):
        visit(clerk, delivery(), state, **given)
    assert delivery().values["state"] == "open"


def test_the_enterprise_reports_itself_and_every_change_is_kept(
    firm: Enterprise, clerk: User, handler: User
) -> None:
    push(clerk, firm)
    visit(handler, delivery(), "not", way="self", why="unaware")
    assert delivery().values["visitor"] == "企业自报"
    with pytest.raises(Denied):
        visit(handler, delivery(), "not", why="unaware")
    visit(clerk, delivery(), "partly", amount=10_00, voucher="示例", why="papers")
    reasons = [event.reason for event in LifeEvent.objects.filter(entry=delivery()).order_by("pk")]
    assert reasons == ["推送", "回访：未享受", "回访：部分享受"]
    assert delivery().version == 3


def test_two_who_write_at_once_are_told(firm: Enterprise, clerk: User) -> None:
    push(clerk, firm)
    before = delivery().version
    visit(clerk, delivery(), "not", why="loss", version=before)
    with pytest.raises(JigaiError, match="刚被别人改过"):
        visit(clerk, delivery(), "not", why="papers", version=before)


def test_those_who_do_not_fit_are_no_base_of_the_rate() -> None:
    def row(state: str, **more: Any) -> dict[str, Any]:
        return {"preference": CODE, "name": NAME, "state": state, "receipt": "signed", **more}

    rows = [row("enjoyed", amount=5), row("unfit"), row("open"), row("not", why="papers")]
    by_code, told = figures_of(rows)
    assert (told.enjoyment, told.visited, told.unfit) == ("33.3%", 3, 1)
    assert [one.code for one in by_code] == [CODE] and figures_of([])[1].reach == "—"
    assert reasons_of([*rows, row("not", why="loss"), row("not", why="loss")]) == [
        ("当年亏损用不上", 2),
        ("资料不全", 1),
    ]


def test_the_general_ways_of_the_register_are_closed(registers: Register) -> None:
    with pytest.raises(JigaiError, match="不能在这里"):
        refuse_general_way(registers)


@pytest.mark.usefixtures("catalogues")
def test_the_whole_way_on_screen(
    client: Client, firm: Enterprise, clerk: User, handler: User
) -> None:
    client.force_login(clerk)
    page = client.get(f"/taxes/outreach/{CODE}/?year={YEAR}").content.decode()
    assert firm.name in page and "750,000.00" in page
    answer = client.post(f"/taxes/outreach/{CODE}/push/", {"year": YEAR, "enterprise": firm.pk})
    assert answer["Location"].endswith(f"?year={YEAR}")
    client.force_login(handler)
    assert "签收" in client.get("/taxes/deliveries/").content.decode()
    client.post(f"/taxes/deliveries/{delivery().pk}/sign/")
    client.force_login(clerk)
    url = f"/taxes/visits/{delivery().pk}/"
    bad = client.post(url, {"state": "enjoyed", "way": "phone", "on": "2026-01-05"})
    assert bad.status_code == 422 and "享受额" in bad.content.decode()
    good = {"state": "enjoyed", "way": "phone", "on": str(timezone.localdate()),
            "amount": "75万元", "voucher": "示例申报表", "version": delivery().version}  # fmt: skip
    assert client.post(url, good).status_code == 302
    page = client.get(f"/taxes/outreach/?year={YEAR}").content.decode()
    assert "100.0%" in page and "75.00" in page


def test_an_enterprise_reports_on_its_own_page(
    client: Client, firm: Enterprise, clerk: User, handler: User
) -> None:
    push(clerk, firm)
    client.force_login(handler)
    url = f"/taxes/deliveries/{delivery().pk}/report/"
    assert "回访方式" not in client.get(url).content.decode()
    given = {"state": "not", "why": "unaware", "on": str(timezone.localdate())}
    assert client.post(url, given).status_code == 302
    assert delivery().values["why"] == "unaware"
    assert client.get(f"/taxes/visits/{delivery().pk}/").status_code in (403, 404)


@pytest.mark.usefixtures("catalogues")
def test_one_more_by_name_on_screen(client: Client, clerk: User) -> None:
    other = make_enterprise("示例别家有限公司")
    client.force_login(clerk)
    url = "/taxes/outreach/eco-holiday/push/"
    client.post(url, {"year": YEAR, "who": "没有这家", "basis": "示例"})
    assert not Entry.objects.filter(register__code="tax-deliveries").exists()
    client.post(url, {"year": YEAR, "who": other.name, "basis": "有污水处理项目"})
    assert delivery().enterprise == other


def test_who_may_not_push_sees_nothing(client: Client, firm: Enterprise) -> None:
    client.force_login(make_user("finance"))
    assert client.get("/taxes/outreach/").status_code in (403, 404)
    assert client.get("/taxes/outreach/nothing/").status_code in (403, 404)


@pytest.mark.usefixtures("catalogues")
def test_queries_do_not_grow_with_enterprises(client: Client, clerk: User) -> None:
    client.force_login(clerk)
    made: list[Enterprise] = []

    def grow(count: int) -> None:
        while len(made) < count:
            made.append(buyer(f"示例第{len(made)}有限公司", 100_00))
            push(clerk, made[-1])

    assert_query_count(client, f"/taxes/outreach/{CODE}/?year={YEAR}", grow, most=35)
    assert set(FINDERS) >= {CODE}
