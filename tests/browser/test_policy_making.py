"""From an empty page to a measure everybody can calculate, without a deployment."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.service import Service
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.browser

SLUG, CODE = "example-2026", "equipment-grant"
TITLE, MEASURE = "示例区设备更新补助办法", "设备更新补助"
VALUES = (
    ("示例设备起点", "grant_threshold", "threshold", "300万元及以上"),
    ("示例设备比例", "grant_rate", "rate", "5%"),
    ("示例设备上限", "grant_cap", "amount", "80万元"),
)
CASES = (
    ("条件之内", "不含税金额：400万元", "符合", "20万元"),
    ("恰满起点", "不含税金额：300万元", "符合", "15万元"),
    ("差一分", "不含税金额：2999999.99元", "不符合", "0元"),
)
PATIENCE = 60_000


@pytest.fixture
def chief(service: Service, browser: Browser) -> Iterator[Visitor]:
    """The other pair of eyes, in a browser of their own."""
    with visiting(service, browser) as person:
        yield person


@pytest.fixture
def public(service: Service, browser: Browser) -> Iterator[Visitor]:
    """Somebody without an account."""
    with visiting(service, browser) as person:
        yield person


@pytest.mark.system("local-rule-pack", "public-consultation")
def test_a_measure_that_did_not_exist_this_morning(
    visitor: Visitor, chief: Visitor, public: Visitor, district: Service
) -> None:
    visitor.sign_in("clerk")
    draft = begin(visitor)
    write(visitor, draft)
    see_examples(visitor, draft)
    see_what_it_costs(visitor, draft)
    chief.sign_in("chief")
    review(chief, draft)
    consult(visitor, chief, district, draft)
    finish(visitor, draft)
    issue(chief, draft)
    calculate(public)
    for person in (visitor, chief, public):
        person.check()


def begin(visitor: Visitor) -> str:
    """A draft from an empty page; its address."""
    page = visitor.page
    visitor.go("/drafts/new/")
    page.get_by_label(re.compile("从空白起草")).check()
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("标识").fill(SLUG)
    page.get_by_label("发文机关").fill("示例区人民政府")
    page.get_by_label("拟施行日期").fill("2026-01-01")
    page.get_by_role("button", name="开始起草").click()
    page.wait_for_url(re.compile(r"/drafts/\d+/$"))
    expect(visitor.heading()).to_have_text(TITLE)
    return re.sub(r"^https?://[^/]+", "", page.url)


def write(visitor: Visitor, draft: str) -> None:
    """The measure with its values and examples, names offered while the formula is typed."""
    page = visitor.page
    visitor.go(f"{draft}sections/measures/new/")
    page.get_by_label("名称").first.fill(MEASURE)
    page.get_by_label("标识").first.fill(CODE)
    page.locator("[name=clause]").select_option("一")
    for gate in page.locator("[name=gates]").all():
        gate.check()
    page.locator("[name=when]").fill("达到(核定设备额, 示例设备起点)")
    amount = page.locator("[name=amount]")
    amount.press_sequentially("核定")
    page.get_by_role("option", name=re.compile("核定设备额")).click()
    amount.press_sequentially(" * 示例设备比例")
    page.locator("[name=caps-0-per]").select_option("enterprise-year")
    page.locator("[name=caps-0-amount]").fill("示例设备上限")
    for row, values in enumerate(VALUES):
        for key, value in zip(("name", "id", "kind", "value"), values, strict=True):
            put(page, f"new-parameters-{row}-{key}", value)
        expect(page.locator(f"[name=new-parameters-{row}-since]")).to_have_value("2026-01-01")
    for row, values in enumerate(CASES):
        for key, value in zip(("name", "facts", "verdict", "amount"), values, strict=True):
            put(page, f"new-examples-{row}-{key}", value)
        put(page, f"new-examples-{row}-given", "合格企业的项目")
    visitor.look("起草，措施表单")
    # The check of what was typed last has been asked for, and answered.
    page.wait_for_timeout(900)
    page.wait_for_function("!document.querySelector('.htmx-request')")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存，文本同步更新")).to_be_visible()
    expect(page.locator("#entry-side")).to_contain_text("核定设备额 × 示例设备比例 5%")
    visitor.picture("draft-measure")
    visitor.go(f"{draft}text/?file=measures.yaml")
    expect(page.locator("#text")).to_have_value(re.compile(f"id: {CODE}"))


def put(page: Page, name: str, value: str) -> None:
    field = page.locator(f"[name={name}]")
    if field.evaluate("element => element.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def see_examples(visitor: Visitor, draft: str) -> None:
    page = visitor.page
    visitor.go(f"{draft}check/")
    expect(page.get_by_role("row", name=re.compile("恰满起点.*符合.*相同"))).to_be_visible(
        timeout=PATIENCE
    )
    assert page.get_by_text("不同", exact=True).count() == 0
    visitor.picture("draft-check")


def see_what_it_costs(visitor: Visitor, draft: str) -> None:
    """Handed in, it is tried on the sample district."""
    page = visitor.page
    visitor.go(draft)
    act(page, "送审")
    expect(page.get_by_role("heading", name="金额变化")).to_be_visible(timeout=PATIENCE)
    row = page.get_by_role("row", name=re.compile("^拟补助合计"))
    assert re.search(r"[1-9][\d,]*\.\d\d", row.inner_text()), row.inner_text()
    visitor.picture("draft-money")


def act(page: Page, name: str) -> None:
    """Press a button and say yes where it asks."""
    page.get_by_role("button", name=name, exact=True).click()
    asked = page.locator("dialog[open]").get_by_role("button", name="确定")
    if asked.count():
        asked.click()
    page.wait_for_load_state()


def review(chief: Visitor, draft: str) -> None:
    chief.go(draft)
    act(chief.page, "审核通过")
    expect(chief.page.get_by_text("可以公开征求意见", exact=False).first).to_be_visible()


def consult(visitor: Visitor, chief: Visitor, service: Service, draft: str) -> None:
    """Opened by another one; some days later the adoption is published."""
    page, today = visitor.page, dt.date.today()
    visitor.go(draft)
    page.get_by_role("link", name="拟公开征求意见").click()
    page.get_by_label("公开期起").fill(today.isoformat())
    page.get_by_label("公开期止").fill((today + dt.timedelta(days=7)).isoformat())
    page.get_by_label("联系方式").fill("0537-0000000")
    page.get_by_role("button", name=re.compile("拟稿|保存|提交")).first.click()
    page.wait_for_url(re.compile(r"/consultations/\d+/$"))
    round_ = re.sub(r"^https?://[^/]+", "", page.url)
    chief.go(round_)
    act(chief.page, "批准公开")
    expect(chief.page.get_by_text("公开中").first).to_be_visible()
    # Nobody wrote, and the days passed.
    service.ask(
        "UPDATE outreach_consultation SET period_from = period_from - 30,"
        " period_to = period_to - 30 WHERE slug = %s", SLUG,
    )  # fmt: skip
    chief.go(f"{round_}publish/")
    chief.page.get_by_label("公示期起").fill(today.isoformat())
    chief.page.get_by_label("公示期止").fill((today + dt.timedelta(days=5)).isoformat())
    chief.page.locator("main form button[type=submit]").last.click()
    chief.page.wait_for_url(re.compile(r"/consultations/\d+/$"))


def finish(visitor: Visitor, draft: str) -> None:
    page = visitor.page
    visitor.go(draft)
    expect(page.locator("[aria-current=step]")).to_have_text(re.compile("修改定稿"))
    act(page, "送印发")
    expect(page.get_by_role("heading", name="金额变化")).to_be_visible(timeout=PATIENCE)
    # Who wrote it cannot issue it.
    assert page.get_by_role("button", name="印发", exact=True).count() == 0


def issue(chief: Visitor, draft: str) -> None:
    page = chief.page
    chief.go(draft)
    page.get_by_label("文号").fill("示例政发〔2026〕5号")
    page.get_by_label("成文日期").fill("2026-01-01")
    page.get_by_label("施行日期").fill("2026-01-01")
    chief.picture("draft-issue")
    act(page, "印发")
    expect(page.locator("[aria-current=step]")).to_have_text(re.compile("已印发"))


def calculate(public: Visitor) -> None:
    public.go(f"/calculate/{SLUG}/{CODE}/")
    expect(public.heading()).to_contain_text(MEASURE)
    public.look("公众计算，新措施")
