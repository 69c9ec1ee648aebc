"""What goes wrong between a person and a page: two clicks, the way back, a session that ended."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.service import Service
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

JOBS = "SELECT count(*) FROM core_job WHERE kind = 'evaluate'"
TYPED = "设备补助比例＝4%"


@pytest.fixture
def form(visitor: Visitor, district: Service) -> Visitor:
    """A clerk before the form that starts an evaluation."""
    visitor.sign_in("clerk")
    visitor.go("/evaluations/new/")
    return visitor


def lose_session(service: Service) -> None:
    """What an administrator, a new password or a restart can do at any moment."""
    service.ask("DELETE FROM django_session")


def test_a_double_click_starts_one_job(form: Visitor, district: Service) -> None:
    [before] = district.ask(JOBS)
    form.page.get_by_role("button", name="开始测算").dblclick()
    form.page.wait_for_url("**/jobs/*/")
    assert district.ask(JOBS) == [before + 1]
    form.check()


def test_a_form_sent_twice_past_the_script_starts_one_job(form: Visitor, district: Service) -> None:
    """The button's rest is a courtesy; it is the server that counts."""
    [before] = district.ask(JOBS)
    places = form.page.evaluate(
        """async () => {
          const form = document.querySelector("main form[method=post]");
          const send = () => fetch("", {method: "POST", body: new FormData(form)});
          const answers = await Promise.all([send(), send(), send()]);
          return answers.map((answer) => answer.url);
        }"""
    )
    assert district.ask(JOBS) == [before + 1]
    assert len(set(places)) == 1
    assert re.search(r"/jobs/\d+/$", places[0])


def test_back_after_sending_shows_the_form_and_sends_nothing(
    form: Visitor, district: Service
) -> None:
    page = form.page
    page.get_by_role("button", name="开始测算").click()
    page.wait_for_url("**/jobs/*/")
    job = page.url
    [after] = district.ask(JOBS)
    page.go_back()
    expect(form.heading()).to_have_text("新建测算")
    expect(page.get_by_role("button", name="开始测算")).to_be_enabled()
    page.go_forward()
    expect(page).to_have_url(job)
    page.reload()
    expect(page).to_have_url(job)
    assert district.ask(JOBS) == [after]
    form.check()


def test_a_part_of_a_page_says_that_the_session_is_lost(
    visitor: Visitor, district: Service
) -> None:
    visitor.sign_in("clerk")
    visitor.go("/enterprises/")
    query = visitor.page.get_by_role("search", name="查询")
    query.get_by_role("textbox").first.fill("轮胎")
    lose_session(district)
    query.get_by_role("button", name="查询").click()
    notice = visitor.page.get_by_role("alertdialog")
    expect(notice).to_contain_text("登录已失效")
    expect(query.get_by_role("textbox").first).to_have_value("轮胎")
    visitor.look("登录已失效")
    # In a new window one signs in again, and the page goes on where it was.
    with visitor.context.expect_page() as opened:
        notice.get_by_role("link", name="重新登录").click()
    opened.value.get_by_label("用户名").fill("clerk")
    opened.value.get_by_label("密码", exact=True).fill(district.password)
    opened.value.get_by_role("button", name="登录", exact=True).click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("示例经办")
    notice.get_by_role("button", name="知道了").click()
    query.get_by_role("button", name="查询").click()
    visitor.page.wait_for_url(re.compile("q=|name="))
    expect(visitor.page.locator("#list tbody tr").first).to_contain_text("轮胎")
    visitor.errors[:] = [line for line in visitor.errors if "401" not in line]
    visitor.check()


def test_a_form_sent_after_the_session_was_lost_keeps_what_was_typed(
    form: Visitor, district: Service
) -> None:
    page = form.page
    [before] = district.ask(JOBS)
    page.get_by_label("情景设定").fill(TYPED)
    lose_session(district)
    page.get_by_role("button", name="开始测算").click()
    page.wait_for_url("**/account/login/**")
    assert district.ask(JOBS) == [before]
    page.get_by_label("用户名").fill("clerk")
    page.get_by_label("密码", exact=True).fill(district.password)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(form.heading()).to_have_text("新建测算")
    page.get_by_role("button", name="恢复").click()
    expect(page.get_by_label("情景设定")).to_have_value(TYPED)
    form.check()
