"""税收测算 of an enterprise: filled from held data, within reach only, written nowhere."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jigai.core.access import access_of
from jigai.core.models import AccessLog, Enterprise, User
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Register
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.workbench.taxes.held import bare_item, held_of, invoice_kind, prefill
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

pytestmark = [pytest.mark.django_db, pytest.mark.system("tax-navigator")]
DAY = dt.date(2021, 12, 31)


@pytest.fixture(autouse=True)
def registers() -> dict[str, Register]:
    make_regions()
    codes = ("enterprise-ladder",)
    return dict(zip(codes, load(*codes), strict=True))


@pytest.fixture
def catalogues() -> None:
    load("tax-preference-catalog", "tax-catalogs")


@pytest.fixture
def firm() -> Enterprise:
    return make_enterprise("示例精工有限公司", industry_code="3511", industry_name="示例制造")


@pytest.fixture
def clerk(firm: Enterprise) -> User:
    return make_user("section-clerk")


@pytest.fixture
def web(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (answer.status_code, url)
    return str(answer.content.decode())


def on_ladder(register: Register, firm: Enterprise, rung: str, since: str, until: str) -> None:
    row = prepare_one(register, {
        "enterprise": {"id": firm.pk, "name": firm.name}, "ladder": "a_hightech", "rung": rung,
        "recognised": since, "valid_to": until,
    })  # fmt: skip
    assert not row.problems
    admit_entries(register=register, admissions=[Admission(row, dt.date.fromisoformat(since))])


def test_what_is_held_fills_the_questions_and_the_rest_stays_blank(
    firm: Enterprise, clerk: User, registers: dict[str, Register]
) -> None:
    on_ladder(registers["enterprise-ladder"], firm, "a3", "2020-11-01", "2023-10-31")
    project = make_project(firm)
    make_line(project, amount_fen=300_0000_00, tax_fen=39_0000_00, item="*机床*数控车床")
    held = held_of(firm, access_of(clerk), DAY)
    given = prefill(held, "plan")
    assert (given["industry"], given["research_kind"]) == ("3511", "manufacturing")
    assert (given["high_tech_from"], given["high_tech_until"]) == ("2020", "2023")
    assert given["r0-name"] == "数控车床" and given["r0-cost"] == "3000000.00元"
    assert "r0-catalogue" not in given and "general" not in given
    assert {source for _, _, source in held.sources} >= {"企业名录", "企业成长阶梯"}


def test_an_ended_certificate_is_not_held(
    firm: Enterprise, clerk: User, registers: dict[str, Register]
) -> None:
    on_ladder(registers["enterprise-ladder"], firm, "a3", "2017-11-01", "2020-10-31")
    assert "high_tech_from" not in prefill(held_of(firm, access_of(clerk), DAY), "plan")


def test_void_red_and_repeated_lines_are_no_equipment(firm: Enterprise, clerk: User) -> None:
    project = make_project(firm)
    good = make_line(project)
    make_line(project, status="void")
    make_line(project, status="red", amount_fen=-100)
    make_line(project, duplicate_of=good)
    make_line(project, item_class="not_eligible")
    held = held_of(firm, access_of(clerk), DAY)
    assert [line.pk for line in held.equipment] == [good.pk] and len(held.lines) == 5


@pytest.mark.usefixtures("catalogues")
def test_the_page_shows_conditions_vouchers_and_an_estimate(web: Client, firm: Enterprise) -> None:
    make_line(make_project(firm), amount_fen=300_0000_00, tax_fen=39_0000_00)
    text = text_of(web, f"/taxes/{firm.pk}/")
    for words in ("税收优惠目录", "固定资产卡片", "最优组合", "其余组合", "一次性扣除", "还缺这些"):
        assert words in text, words
    assert "固定资产加速折旧（缩短年限或加速方法）：同一项资产只能选一种" in text
    assert AccessLog.objects.filter(kind="enterprise", key=str(firm.pk)).exists()


def test_an_enterprise_without_data_is_asked_not_guessed(web: Client, firm: Enterprise) -> None:
    firm.industry_code = ""
    firm.save()
    text = text_of(web, f"/taxes/{firm.pk}/")
    assert "还没有这家企业" in text and "最优组合" not in text


@pytest.mark.system("vat-input-credit")
def test_held_invoices_are_judged_line_by_line(web: Client, firm: Enterprise) -> None:
    project = make_project(firm)
    special = {"kind": "增值税专用发票", "buyer_matches": True}
    make_line(project, **special)
    make_line(project, **special, status="void")
    make_line(project, kind="增值税普通发票", buyer_matches=True)
    text = text_of(web, f"/taxes/{firm.pk}/vat/?general=yes&claimed=2021-12-31")
    assert "130.00 元" in text and "已作废" in text and "普通发票不是扣税凭证" in text
    unknown = text_of(web, f"/taxes/{firm.pk}/vat/")
    assert "是不是一般纳税人不知道" in unknown


def test_what_is_typed_stands_before_what_is_held(web: Client, firm: Enterprise) -> None:
    filled = text_of(web, f"/taxes/{firm.pk}/research/")
    assert "已填入平台上的数据" in filled and 'value="3511"' in filled
    typed = text_of(web, f"/taxes/{firm.pk}/research/?year=2021&kind=manufacturing&own=100万元"
                         "&industry=F5171")  # fmt: skip
    assert "已填入平台上的数据" not in typed and "不适用加计扣除的行业之内" in typed
    cleared = text_of(web, f"/taxes/{firm.pk}/research/?blank=1")
    assert 'value="3511"' not in cleared and "这里给出答案" in cleared


def test_only_enterprises_in_reach(web: Client, client: Client, firm: Enterprise) -> None:
    far = make_enterprise("远方示例有限公司", region=CITY)
    assert web.get(f"/taxes/{far.pk}/").status_code == 404
    assert web.get(f"/taxes/{far.pk}/plan/").status_code == 404
    assert "远方示例" not in text_of(web, "/taxes/?q=示例")
    assert web.get(f"/taxes/{firm.pk}/nothing/").status_code == 404
    assert web.get("/taxes/blank/nothing/").status_code == 404


def test_an_enterprise_sees_its_own_only(client: Client, firm: Enterprise) -> None:
    other = make_enterprise("旁边示例有限公司")
    client.force_login(make_user("enterprise-handler", enterprise=firm))
    answer = client.get("/taxes/own/")
    assert answer.status_code == 302 and answer["Location"] == f"/taxes/{firm.pk}/"
    assert client.get(f"/taxes/{firm.pk}/").status_code == 200
    assert client.get(f"/taxes/{other.pk}/").status_code == 404


def test_reading_writes_nothing_but_who_looked(web: Client, firm: Enterprise) -> None:
    make_line(make_project(firm), amount_fen=300_0000_00)
    web.get("/taxes/")
    with CaptureQueriesContext(connection) as seen:
        text_of(web, f"/taxes/{firm.pk}/plan/")
    written = [q["sql"] for q in seen if re.match(r"(INSERT|UPDATE|DELETE)", q["sql"])]
    assert all("accesslog" in sql.lower() or "session" in sql.lower() for sql in written)


def test_blank_calculators_open_without_an_enterprise(web: Client) -> None:
    text = text_of(web, "/taxes/blank/depreciation/?cost=480万元&kind=machine&in_service=2021-06-15"
                        "&industry=C3511")  # fmt: skip
    assert "税会差异" in text and "已填入" not in text


@pytest.mark.usefixtures("catalogues")
def test_queries_do_not_grow_with_invoices(web: Client, firm: Enterprise) -> None:
    project = make_project(firm)

    def grow(count: int) -> None:
        while project.lines.count() < count:
            make_line(project)

    assert_query_count(web, f"/taxes/{firm.pk}/", grow, most=40)


def test_words_of_invoices() -> None:
    assert bare_item("*仪器仪表*真空镀膜机") == "真空镀膜机" and bare_item("镀膜机*") == "镀膜机*"
    kinds = ("增值税专用发票", "增值税普通发票", "海关进口增值税专用缴款书", "机动车发票", None)
    assert [invoice_kind(k) for k in kinds] == ["special", "ordinary", "customs", "", ""]
