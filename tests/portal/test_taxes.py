"""Public tax calculators: no account, nothing stored, every figure with its source, unknown ≠ 0."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from jigai.core.models import AccessLog
from jigai.registers.taxes.calculators import CALCULATORS

pytestmark = pytest.mark.django_db

GOOD: dict[str, dict[str, str]] = {
    "plan": {"industry": "C3511", "general": "yes", "research_kind": "manufacturing",
             "discount": "5%", "rows": "1", "r0-name": "示例机床", "r0-cost": "480万元",
             "r0-kind": "machine", "r0-in_service": "2021-06-15", "r0-input_tax": "62.4万元",
             "r0-catalogue": "yes"},
    "depreciation": {"cost": "480万元", "kind": "machine", "in_service": "2021-06-15",
                     "industry": "C3511", "discount": "5%"},
    "research": {"year": "2021", "kind": "manufacturing", "own": "100万元", "industry": "C3511"},
    "holiday": {"scheme": "eco", "first_income": "2020", "listed": "yes", "separate": "yes",
                "incomes": "100万元、100万元、100万元、100万元、100万元、100万元"},
    "credit": {"first": "2021", "payable": "3万元、9万元", "rows": "1", "r0-name": "空压机",
               "r0-bought": "2021-03-01", "r0-price": "100万元", "r0-catalogue": "yes"},
    "vat": {"general": "yes", "claimed": "2021-06-30", "rows": "2", "r0-number": "示例1",
            "r0-issued": "2021-03-01", "r0-amount": "100万元", "r0-tax": "13万元",
            "r0-kind": "special", "r0-in_base": "yes", "r1-number": "示例2",
            "r1-issued": "2021-03-02", "r1-amount": "1万元", "r1-tax": "0.13万元",
            "r1-kind": "special", "r1-status": "void", "r1-in_base": "no"},
    "import": {"name": "示例加工中心", "value": "1000万元", "released": "2021-03-15",
               "scheme": "own", "goods": "machine", "duty_rate": "10%", "encouraged": "yes",
               "excluded": "no", "sold": "2022-09-20"},
    "resource": {"scheme": "resource", "product": "再生水", "day": "2023-05-01",
                 "revenue": "1000万元", "input_tax": "60万元", "rate": "13%", "standards": "yes",
                 "clean": "yes"},
}  # fmt: skip
TOLD = {
    "plan": ["一次性扣除", "示例机床", "最优组合", "其余组合"],
    "depreciation": ["税会差异", "累计推迟", "双倍余额递减法"],
    "research": ["1,000,000.00 元", "250,000.00 元"],
    "holiday": ["2020—2025 年", "1,125,000.00 元"],
    "credit": ["30,000.00", "70,000.00", "2026 年"],
    "vat": ["130,000.00 元", "已作废", "与补助基数对账"],
    "import": ["1,000,000.00 元", "2024-03-14", "2023-09-16", "要补的税"],
    "resource": ["即征即退", "免征", "36 个月"],
}
SYSTEMS = {
    "plan": "tax-navigator", "depreciation": "depreciation-calculator",
    "research": "super-deduction-calculator", "holiday": "holiday-timeline",
    "credit": "equipment-tax-credit", "vat": "vat-input-credit", "import": "import-exemption",
    "resource": "resource-use-tax",
}  # fmt: skip
EVERY = [
    pytest.param(code, marks=pytest.mark.system(SYSTEMS[code]), id=code) for code in CALCULATORS
]


def page(client: Client, code: str, given: dict[str, str] | None = None, **headers: str) -> str:
    query = f"?{urlencode(given)}" if given else ""
    answer = client.get(f"/calculate/tax/{code}/{query}", headers=headers or None)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store" and answer["Referrer-Policy"] == "no-referrer"
    return str(answer.content.decode())


@pytest.mark.parametrize("code", EVERY)
def test_everybody_gets_an_answer_and_nothing_is_kept(client: Client, code: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        text = page(client, code, GOOD[code])
    for words in TOLD[code]:
        assert words in text, words
    assert not [q for q in seen if re.match(r"(INSERT|UPDATE|DELETE)", q["sql"])]
    assert not AccessLog.objects.exists() and "sessionid" not in client.cookies


@pytest.mark.parametrize("code", EVERY)
def test_every_answer_names_parameter_value_document_and_date(client: Client, code: str) -> None:
    text = page(client, code, GOOD[code])
    law = text[text.index("全国参数，按日期取值") :]
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", law, re.S)
    assert rows
    for row in rows:
        cells = [
            re.sub(r"<.*?>", "", cell).strip()
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)
        ]
        assert all(cells) and re.fullmatch(r"\d{4}-\d\d-\d\d", cells[2])
        assert cells[4] != "—"


@pytest.mark.parametrize("code", EVERY)
def test_a_blank_page_says_nothing_of_amounts(client: Client, code: str) -> None:
    text = page(client, code)
    assert "这里给出答案" in text and "全国参数，按日期取值" not in text


@pytest.mark.parametrize("code", EVERY)
def test_htmx_gets_the_answer_alone(client: Client, code: str) -> None:
    text = page(client, code, GOOD[code], **{"HX-Request": "true", "HX-Target": "tax-result"})
    assert "<form" not in text and "<html" not in text and TOLD[code][0] in text


@pytest.mark.system("super-deduction-calculator")
def test_the_law_is_that_of_the_year_asked(client: Client) -> None:
    """写死175%: three years, three rates."""
    told = {"2017": "500,000.00 元", "2020": "750,000.00 元", "2023": "1,000,000.00 元"}
    for year, words in told.items():
        assert words in page(client, "research", {**GOOD["research"], "year": year})


@pytest.mark.system("import-exemption")
def test_a_rate_left_blank_is_unknown_and_zero_is_zero(client: Client) -> None:
    given = GOOD["import"] | {"sold": ""}
    blank = page(client, "import", given | {"duty_rate": ""})
    assert "关税税率（税则号列）" in blank and "未知" in blank
    zero = page(client, "import", given | {"duty_rate": "0"})
    assert "关税税率（税则号列）" not in zero and "0.00 元" in zero


@pytest.mark.system("holiday-timeline")
def test_two_starts_give_two_calendars(client: Client) -> None:
    text = page(client, "holiday", GOOD["holiday"] | {"assessed": "2021"})
    assert "2020—2025 年" in text and "2021—2026 年" in text and "两种取法" in text
    none = page(client, "holiday", GOOD["holiday"] | {"first_income": ""})
    assert "起算年度还不知道" in none


@pytest.mark.system("equipment-tax-credit")
def test_a_name_alone_is_only_a_lead(client: Client) -> None:
    text = page(client, "credit", GOOD["credit"] | {"r0-catalogue": ""})
    assert "是否在目录内" in text and "缺数据" in text


@pytest.mark.system("tax-navigator")
def test_what_cannot_be_read_is_named_with_its_line(client: Client) -> None:
    text = page(client, "plan", GOOD["plan"] | {"r0-cost": "很多"})
    assert "设备 1 原值" in text and "写成" in text
    half = page(client, "plan", GOOD["plan"] | {"r0-cost": ""})
    assert "第 1 行设备缺原值" in half


@pytest.mark.system("tax-navigator")
def test_lines_come_and_go(client: Client) -> None:
    given = {"rows": "1", "add": "1", "industry": "C35"}
    more = page(client, "plan", given, **{"HX-Request": "true", "HX-Target": "tax-body"})
    assert 'name="rows" value="2"' in more and "去掉最后一行" in more
    less = page(client, "plan", {"rows": "2", "drop": "1", "industry": "C35"})
    assert 'name="rows" value="1"' in less
    many = page(client, "plan", {"rows": "9999", "industry": "C35"})
    assert 'name="rows" value="40"' in many


@pytest.mark.system("tax-navigator")
def test_the_list_and_an_unknown_one(client: Client) -> None:
    answer = client.get("/calculate/tax/")
    text = answer.content.decode()
    assert all(f"/calculate/tax/{code}/" in text for code in CALCULATORS)
    assert client.get("/calculate/tax/nothing/").status_code == 404
    assert client.post("/calculate/tax/plan/").status_code == 405
