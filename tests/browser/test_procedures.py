"""A way of doing things that did not exist this morning: drawn up, applied for, decided."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import fill_cases, picture
from tests.browser.service import Service
from tests.browser.visitor import HEIGHT, IMAGES, WIDTH, Visitor, visiting
from tests.nets.findings import ROOT

pytestmark = pytest.mark.browser

CODE, NAME = "example-renewal", "示例设备更新备案"
ACCEPT, DECIDE = "accept", "step_1"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def enterprise(service: Service, browser: Browser) -> Iterator[Visitor]:
    """Somebody of an enterprise, in a browser of their own."""
    with visiting(service, browser) as person:
        yield person


@pytest.fixture
def approval(service: Service, browser: Browser) -> Iterator[Visitor]:
    """Somebody at the counter, in a browser of their own."""
    with visiting(service, browser) as person:
        yield person


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A material."""
    file = tmp_path / "示例申请书.pdf"
    file.write_bytes(PDF)
    return file


@pytest.mark.system("time-limited-approval", "tolerance-approval")
def test_from_a_blank_page_to_a_decision(
    visitor: Visitor, enterprise: Visitor, approval: Visitor, district: Service, paper: Path
) -> None:
    visitor.sign_in("clerk")
    create(visitor)
    design(visitor)
    refused(visitor)
    publish(visitor, 1)
    enterprise.sign_in("enterprise")
    first = apply(enterprise, "示例一号产线更新", paper)
    approval.sign_in("approval")
    accept(approval, first)
    code = issue(approval, first)
    genuine(enterprise, code)
    change(visitor)
    publish(visitor, 2)
    decide(visitor, first)
    kept(enterprise, first, 1)
    second = apply(enterprise, "示例二号产线更新", paper)
    kept(enterprise, second, 2)
    if os.environ.get("JIGAI_SCREENSHOTS"):
        pictures(visitor, enterprise, approval)
    # The browser itself notes that publishing was refused; nothing else may be noted.
    visitor.errors[:] = [line for line in visitor.errors if "a status of 422" not in line]
    for person in (visitor, enterprise, approval):
        person.check()


def create(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/procedures/")
    visitor.look("办事方式")
    page.get_by_role("link", name="新建办事方式").first.click()
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=code]").fill(CODE)
    page.locator("[name=owner]").fill("示例区工业和信息化局")
    visitor.look("新建办事方式")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**/procedures/{CODE}/steps/")


def design(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("[name=kind]").select_option("filing")
    page.locator("[name=limit_days]").fill("5")
    page.locator("[name=limit_basis]").fill("示例办法第三条")
    add(page, "fields", "f_1_label")
    page.locator("[name=f_1_label]").fill("备案号")
    add(page, "evidence", "e_0_name")
    page.locator("[name=e_0_name]").fill("申请书")
    add(page, "evidence", "e_1_name")
    page.locator("[name=e_1_name]").fill("设备清单")
    page.locator("[name=e_1_deferrable]").check()
    page.locator("[name=e_1_days]").fill("5")
    add(page, "steps", "s_1_name")
    page.locator("[name=s_0_unit]").first.select_option("line:approval")
    page.locator("[name=s_0_days]").fill("2")
    page.locator("[name=s_0_basis]").fill("示例办法第四条")
    page.locator("[name=s_1_name]").fill("决定")
    page.locator("[name=s_1_days]").fill("3")
    page.locator("[name=s_1_basis]").fill("示例办法第五条")
    page.locator("[name=s_1_write][value=field_1]").check()


def add(page: Page, section: str, name: str) -> None:
    """One more row; the page comes back with it."""
    page.locator(f"button[value='add:{section}']").click()
    page.locator(f"[name={name}]").wait_for()


def refused(visitor: Visitor) -> None:
    """Steps that wait for each other, one of them nobody's: told with place and way out."""
    page, problems = visitor.page, visitor.page.locator("#problems")
    page.locator(f"[name=s_0_after][value={DECIDE}]").check()
    expect(problems).to_contain_text("步骤互相等候，谁也开始不了：“受理”→“决定”→“受理”")
    expect(problems).to_contain_text("步骤“决定”没有办理人，办不下去")
    expect(problems).to_contain_text("改法：从“受理”的前置步骤里去掉“决定”")
    press_publish(page)
    expect(page.locator("main")).to_contain_text("没有办成")
    visitor.look("设计步骤，不能发布")
    visitor.picture("procedure-refused")
    page.locator(f"[name=s_0_after][value={DECIDE}]").uncheck()
    page.locator("[name=s_1_unit]").first.select_option("line:miit")
    expect(problems).to_contain_text("可以发布")
    visitor.look("设计步骤")


def press_publish(page: Page) -> None:
    page.get_by_role("button", name="保存并发布").click()
    page.locator("#jg-confirm [value=yes]").click()
    page.wait_for_load_state()


def publish(visitor: Visitor, number: int) -> None:
    page = visitor.page
    box = page.locator("#problems [name=confirmed]")
    if box.count():
        box.check()
    press_publish(page)
    page.wait_for_url(f"**/procedures/{CODE}/")
    expect(page.locator("body")).to_contain_text(f"已发布第 {number} 版")
    visitor.look("办事方式，刚发布")


def apply(person: Visitor, title: str, paper: Path) -> str:
    """Hand in with one material there and one to follow; the number of the case."""
    page = person.page
    person.go(f"/procedures/{CODE}/apply/")
    person.look("申请")
    page.get_by_role("button", name="开始填写").click()
    page.wait_for_url("**/draft/")
    page.locator("[name=v-name]").fill(title)
    page.locator("[name=e-paper_1]").set_input_files(paper)
    page.locator("[name=d-paper_2]").check()
    person.look("填写申请")
    page.get_by_role("button", name="保存并核对").click()
    page.wait_for_url("**/draft/?look=1")
    expect(page.locator("main")).to_contain_text("容缺待补")
    person.look("核对申请")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/receipt/")
    person.look("回执")
    found = re.search(r"/cases/([\d-]+)/receipt/", page.url)
    assert found, page.url
    return found.group(1)


def accept(person: Visitor, number: str) -> None:
    """From the inbox, as one of the department the step is given to."""
    page = person.page
    person.go("/cases/")
    person.look("收件箱")
    page.get_by_role("link", name=number).click()
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.locator("body")).to_contain_text("已受理")
    person.look("办件，已受理")


def issue(person: Visitor, number: str) -> str:
    """The notice of acceptance; the code by which anybody may verify it."""
    page = person.page
    person.go(f"/cases/{number}/papers/acceptance/")
    expect(page.locator(".jg-letter")).to_contain_text("草稿，没有查验码")
    page.get_by_role("button", name="出具受理通知书").click()
    page.wait_for_url("**?copy=*")
    letter = page.locator(".jg-letter")
    expect(letter).to_contain_text("现予受理")
    expect(letter).to_contain_text("设备清单")
    person.look("受理通知书")
    person.picture("case-paper")
    return letter.locator(".jg-letter-code").inner_text()


def genuine(person: Visitor, code: str) -> None:
    """Without a password, as somebody who was shown the paper."""
    with visiting(person.service, person.context.browser) as stranger:  # type: ignore[arg-type]
        stranger.go(f"/check/{code}/")
        expect(stranger.page.locator("main")).to_contain_text("这份文书由平台出具，现在有效")
        stranger.look("查验")
        stranger.check()


def change(visitor: Visitor) -> None:
    """The next version takes longer; the one that runs does not know of it."""
    visitor.go(f"/procedures/{CODE}/steps/")
    if os.environ.get("JIGAI_SCREENSHOTS"):
        part(visitor, "不互相等的步骤同时办", "procedure-designer")
    visitor.page.locator("[name=s_1_name]").fill("审定")


def decide(visitor: Visitor, number: str) -> None:
    page = visitor.page
    visitor.go("/cases/")
    page.get_by_role("link", name=number).click()
    page.locator("#agree_v-field_1").fill("示例备〔2026〕1号")
    visitor.look("办件，待决定")
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.locator("body")).to_contain_text("已同意")
    expect(page.locator("main")).to_contain_text("已办结")


def kept(person: Visitor, number: str, version: int) -> None:
    """The case as its applicant sees it, with the version it began with."""
    person.go(f"/cases/{number}/")
    expect(person.page.locator("main")).to_contain_text(f"第 {version} 版")
    steps = person.page.locator("main table").first
    expect(steps).to_contain_text("决定" if version == 1 else "审定")
    person.look("办件，申请人")


def pictures(visitor: Visitor, enterprise: Visitor, approval: Visitor) -> None:
    """Screens of the guide that need a case with weeks behind it."""
    number = with_a_past(visitor.service)
    visitor.go("/cases/?tab=done")
    visitor.picture("case-inbox-done")
    approval.go("/cases/")
    approval.picture("case-inbox")
    visitor.go(f"/cases/{number}/")
    visitor.picture("case")
    part(visitor, "办理流程", "case-diagram")
    visitor.go(f"/cases/{number}/clock/")
    visitor.picture("case-clock")
    visitor.go("/procedures/demo-parallel-promised/")
    visitor.picture("procedure")
    enterprise.go(f"/cases/{number}/")
    enterprise.picture("case-applicant")


def with_a_past(service: Service) -> str:
    """The number of a case that was handed in weeks ago."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", fill_cases.__name__],
        cwd=ROOT, env=service.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split()[-1]


def part(person: Visitor, title: str, name: str) -> None:
    """A picture of one card of the page."""
    page = person.page
    page.set_viewport_size({"width": WIDTH, "height": 2 * HEIGHT})
    card = page.locator("section.jg-card", has_text=title).first
    picture.save(card.screenshot(animations="disabled"), IMAGES / f"{name}.png", person.context)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
