"""A list that did not exist this morning: designed, filled and public in one sitting."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.service import Service
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.browser

ROWS, BAD = 5_000, 300
# The import reads and writes in the worker; this is how long a person would wait before asking.
PATIENCE = 120_000


@pytest.fixture
def enterprise(service: Service, browser: Browser) -> Iterator[Visitor]:
    """Somebody of an enterprise, in a browser of their own."""
    with visiting(service, browser) as person:
        yield person


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """Five thousand models, three hundred of them too weak for the rule of admission."""
    file = tmp_path / "设备目录.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["型号", "功率", "联系电话", "入册日期"])
        for number in range(ROWS):
            power = 5 if number % 16 == 0 and number < 16 * BAD else 20
            writer.writerow([f"示例型号{number:05d}", power, "0537-1", "2024-03-01"])
    return file


@pytest.mark.system("tech-product-catalogs")
def test_from_nothing_to_a_list_an_enterprise_reads(
    visitor: Visitor, enterprise: Visitor, district: Service, catalogue: Path
) -> None:
    visitor.sign_in("clerk")
    create(visitor)
    design(visitor)
    publish(visitor)
    bring_in(visitor, catalogue)
    look_around(visitor)
    enterprise.sign_in("enterprise")
    enterprise.go("/registers/example-models/public/")
    expect(enterprise.page.locator("body")).to_contain_text("示例型号00001")
    expect(enterprise.page.locator("body")).not_to_contain_text("0537-1")
    enterprise.look("公开页，企业")
    visitor.go("/registers/special/equipment/")
    visitor.look("比对企业设备")
    visitor.check()
    enterprise.check()


def create(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/registers/")
    visitor.look("名录一览")
    visitor.picture("registers")
    page.get_by_role("link", name="新建名录").first.click()
    page.locator("[name=name]").fill("示例设备推荐目录")
    page.locator("[name=code]").fill("example-models")
    page.locator("[name=public]").check()
    page.locator("[name=keeper]").fill("示例区工业和信息化局")
    visitor.look("新建名录")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/registers/example-models/fields/")


def design(visitor: Visitor) -> None:
    page = visitor.page
    fields = [("model", "型号", "text"), ("power", "功率", "number"), ("phone", "联系电话", "text")]
    for place, (code, label, kind) in enumerate(fields):
        if page.locator(f"[name=f_{place}_label]").count() == 0:
            page.get_by_role("button", name="加一个字段").click()
            page.locator(f"[name=f_{place}_label]").wait_for()
        page.locator(f"[name=f_{place}_label]").fill(label)
        page.locator(f"[name=f_{place}_id]").fill(code)
        page.locator(f"[name=f_{place}_type]").select_option(kind)
        if code != "phone":
            page.locator(f"[name=f_{place}_public]").check()
    page.locator("[name=constants]").fill("功率起点=10及以上")
    page.locator("[name=admission]").fill("达到(功率, 功率起点值)")
    page.locator("[name=admission]").blur()
    expect(page.locator("#problems")).to_contain_text("功率起点值")
    page.locator("[name=admission]").fill("达到(功率, 功率起点)")
    page.get_by_role("button", name="保存草稿").click()
    page.locator("#d-title").select_option("model")
    page.locator("[name=unique][value=model]").check()
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("#problems")).to_contain_text("可以发布")
    visitor.look("设计字段与规则")
    visitor.picture("register-designer")


def publish(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="发布草稿").click()
    page.locator("#jg-confirm [value=yes]").click()
    page.wait_for_url("**/registers/example-models/")
    visitor.look("名录，刚发布")


def bring_in(visitor: Visitor, catalogue: Path) -> None:
    page = visitor.page
    page.get_by_role("link", name="导入", exact=True).click()
    page.get_by_label("年度").fill("2024")
    page.locator("input[type=file]").set_input_files(catalogue)
    page.get_by_role("button", name="开始识别").click()
    page.get_by_role("button", name="入库").first.wait_for(timeout=PATIENCE)
    expect(page.locator("main")).to_contain_text(str(BAD))
    visitor.look("名录导入，待入库")
    visitor.picture("register-import")
    page.get_by_role("button", name="入库").first.click()
    if page.locator("#jg-confirm[open] [value=yes]").count():
        page.locator("#jg-confirm [value=yes]").click()
    page.locator(".jg-result").first.wait_for(timeout=PATIENCE)


def look_around(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/registers/example-models/entries/")
    expect(page.locator(".jg-pager")).to_contain_text(f"{ROWS - BAD:,}")
    visitor.look("条目")
    visitor.picture("register-entries")
    page.locator("#list tbody a").first.click()
    visitor.look("条目页")
    visitor.picture("register-entry")
