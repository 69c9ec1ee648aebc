"""The main journey of a clerk in a real browser, from an empty platform to an exported list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.service import Service
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

# Of the sample district, as the independent reference gives it (tests/samples/expected).
TOTAL = "45,441,903.27"
SELECTED_PROJECTS, ELIGIBLE = 88, 99
# Import and evaluation run in the worker; this is how long a person would wait before asking.
PATIENCE = 90_000


@pytest.mark.system("rule-trace")
def test_from_workbooks_to_an_exported_list(
    visitor: Visitor, service: Service, sample_files: dict[str, Path], tmp_path: Path
) -> None:
    assert service.ask("SELECT count(*) FROM core_importbatch") == [0], "the journey starts empty"
    sign_in(visitor)
    upload(visitor, list(sample_files.values()))
    see_problems(visitor)
    commit(visitor)
    look_at_the_register(visitor)
    run = evaluate(visitor)
    filter_results(visitor, run)
    read_the_trace(visitor, run)
    confirm(visitor, run)
    export(visitor, run, tmp_path)
    sign_out(visitor)
    visitor.check()


def sign_in(visitor: Visitor) -> None:
    visitor.go("/")
    expect(visitor.heading()).to_have_text("登录")
    visitor.picture("sign-in")
    visitor.sign_in("clerk", look=True)
    expect(visitor.heading()).to_contain_text("示例经办")
    visitor.look("首页，还没有数据")


def upload(visitor: Visitor, files: list[Path]) -> None:
    page = visitor.page
    page.get_by_role("link", name="数据导入").click()
    expect(visitor.heading()).to_have_text("数据导入")
    visitor.look("导入记录，空")
    page.get_by_role("link", name=re.compile("导入文件|新建导入|上传")).first.click()
    page.get_by_label("年度").fill("2021")
    page.locator("input[type=file]").set_input_files(files)
    visitor.look("导入文件，已选")
    page.get_by_role("button", name="开始识别").click()
    page.get_by_role("button", name="全部入库").wait_for(timeout=PATIENCE)
    visitor.look("同批文件，待入库")


def see_problems(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="01_企业名录_2021.xlsx").click()
    expect(page.get_by_text("入库后将新建 300 家企业")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("L129.*约136"))).to_be_visible()
    visitor.look("导入预览")
    visitor.picture("import-preview")
    page.get_by_role("link", name=re.compile("日期写法改为标准格式")).click()
    expect(page.locator("#issues")).to_contain_text("已筛选")
    visitor.look("导入预览，筛选")
    page.get_by_role("link", name="同批文件").click()


def commit(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="全部入库").click()
    page.locator(".jg-result").wait_for(timeout=PATIENCE)
    expect(page.locator("#group")).to_contain_text("新建 201 个项目")
    expect(page.locator("#group")).to_contain_text("新增发票 1,624 行")
    visitor.look("同批文件，已入库")


def look_at_the_register(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="企业名录", exact=True).click()
    expect(page.locator("#list tbody tr").first).to_be_visible()
    visitor.look("企业名录")
    visitor.picture("enterprises")
    page.locator("#list tbody a").first.click()
    expect(page.get_by_text("统一社会信用代码").first).to_be_visible()
    visitor.look("企业")


def evaluate(visitor: Visitor) -> int:
    page = visitor.page
    visitor.go("/evaluations/new/")
    expect(page.get_by_role("spinbutton", name="年度")).to_have_value("2021")
    visitor.look("新建测算")
    page.get_by_role("button", name="开始测算").click()
    page.wait_for_url("**/jobs/*/")
    page.get_by_role("link", name="查看结果").wait_for(timeout=PATIENCE)
    visitor.look("任务，已完成")
    page.get_by_role("link", name="查看结果").click()
    page.wait_for_url("**/evaluations/*/")
    expect(page.get_by_role("row", name=f"合计 {TOTAL}", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="入选项目")).to_contain_text(str(SELECTED_PROJECTS))
    visitor.look("测算")
    return int(page.url.rstrip("/").rsplit("/", 1)[1])


def filter_results(visitor: Visitor, run: int) -> None:
    page = visitor.page
    page.get_by_role("link", name="查看全部结果").click()
    query = page.get_by_role("search", name="查询")
    query.get_by_role("button", name="展开").click()
    query.get_by_label("对象").select_option(label="项目")
    query.get_by_label("结论").select_option(label="符合")
    query.get_by_role("button", name="查询").click()
    page.wait_for_url(re.compile("verdict=1"))
    expect(page.locator(".jg-chips")).to_contain_text("结论：符合")
    expect(page.locator(".jg-pager")).to_contain_text(str(ELIGIBLE))
    visitor.look("测算结果，筛选")
    visitor.picture("evaluation")


def read_the_trace(visitor: Visitor, run: int) -> None:
    page = visitor.page
    page.locator("#list tbody a").first.click()
    page.wait_for_url("**/decisions/*/")
    for words in ("评价上浮", "设备补助比例 3%", "读法“双重上浮”取“只加一次”"):
        expect(page.get_by_text(words).first).to_be_attached()
    visitor.look("决定")
    visitor.picture("decision")
    page.get_by_role("button", name="逐一换读法测算").click()
    page.locator("#readings table").wait_for(timeout=PATIENCE)
    visitor.look("决定，换读法")
    # The clause behind a step opens the document at that place.
    page.locator("main a.jg-clause").first.click()
    page.wait_for_url("**/clauses/**")
    visitor.look("条款")


def confirm(visitor: Visitor, run: int) -> None:
    page = visitor.page
    visitor.go(f"/evaluations/{run}/confirmations/")
    visitor.look("待确认事项")
    page.get_by_role("link", name="新增系统已审核").click()
    page.locator("tbody [data-check-row]").first.check()
    page.get_by_label("结论").select_option(label="是")
    page.get_by_label("说明").fill("现场看过")
    visitor.look("确认，已填")
    page.get_by_role("button", name="确认所选").click()
    expect(
        page.get_by_role("row", name=re.compile("现场看过.*|.*示例经办.*")).first
    ).to_be_visible()
    expect(page.get_by_text("现场看过").first).to_be_visible()
    visitor.look("确认，已记录")


def export(visitor: Visitor, run: int, folder: Path) -> None:
    page = visitor.page
    visitor.go(f"/decisions/?run={run}&subject=project&selected=yes")
    page.get_by_role("button", name="导出").click()
    page.wait_for_url("**/jobs/*/")
    page.get_by_role("link", name="查看结果").click(timeout=PATIENCE)
    expect(visitor.heading()).to_have_text("我的导出")
    visitor.look("我的导出")
    with page.expect_download() as waiting:
        page.locator("#list tbody a[href*='/file/']").first.click()
    file = folder / "export.xlsx"
    waiting.value.save_as(file)
    book = load_workbook(file, read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    head = next(number for number, row in enumerate(rows) if "项目或共同体" in row)
    assert len(rows) - head - 1 == SELECTED_PROJECTS


def sign_out(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/")
    visitor.look("首页")
    visitor.picture("home")
    page.get_by_role("button", name="示例经办").click()
    visitor.look("首页，个人菜单")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/account/login/**")
    page.go_back()
    # Nothing of a signed-in page is kept in the browser for whoever sits down next.
    expect(visitor.heading()).to_have_text("登录")
