"""From an empty fund to money that comes back: a round with its ten roles, in real browsers."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import fill_money
from tests.browser.service import Service
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.browser

expect.set_options(timeout=20_000)

NAME = "示例2021年度技改奖补第一批"
FUND = ("YZ2021", "示例2021年度技改专项资金")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# Who applies for what (source row of the sample ledger, or a consortium), and the amount the
# expected results of the samples give, in 元.
FIRMS = {
    "enterprise3": ("功能薄膜生产线智能化改造项目", "装备升级奖补（设备投资）", "546,064.00"),
    "enterprise2": ("精细化工中间体绿色节能技术改造项目", "（工业机器人购置）", "484,470.00"),
    "enterprise4": ("功能薄膜车间自动化升级改造项目", "装备升级奖补（设备投资）", "300,000.00"),
}  # fmt: skip
# A line of the first of them, what the audit leaves of it, and the amount that follows at 4 %.
CUT, LOWERED = ("盘磨机", "501,901.19"), "536,064.00"
CONSORTIUM, POOLED = "GTT-2021-01", "370,370.37"
MEMBERS = ("lead", "member1", "member2", "member3")
OPINIONS = ("tax", "ecology", "safety", "credit", "approval", "statistics")


class Cast:
    """Everybody who has a part, each in a browser of their own, signed in when first needed."""

    def __init__(self, service: Service, browser: Browser, paper: Path) -> None:
        self.service, self.browser, self.paper = service, browser, paper
        self._stack, self._people = ExitStack(), {}  # type: ignore[var-annotated]

    def __getitem__(self, user: str) -> Visitor:
        if user not in self._people:
            person = self._stack.enter_context(visiting(self.service, self.browser))
            person.sign_in(user)
            self._people[user] = person
        return self._people[user]

    def check(self) -> None:
        """Nothing went wrong on anybody's screen."""
        for person in self._people.values():
            person.check()

    def close(self) -> None:
        self._stack.close()


@pytest.fixture
def cast(district: Service, browser: Browser, tmp_path: Path) -> Iterator[Cast]:
    paper = tmp_path / "示例材料.pdf"
    paper.write_bytes(PDF)
    people = Cast(district, browser, paper)
    yield people
    people.close()


@pytest.mark.system("application-workflow")
def test_a_round_from_its_budget_to_the_money_that_came_back(cast: Cast) -> None:
    a_budget(cast)
    number = a_round(cast)
    applied = {user: apply(cast, user) for user in FIRMS}
    applied["lead"] = apply_together(cast)
    close(cast, number)
    review(cast, number, applied)
    listed(cast, number)
    publish(cast, number, applied)
    pay(cast, number, applied)
    recover(cast, applied)
    cast.check()


def today() -> dt.date:
    """The day it is where the platform is."""
    return dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()


def press(page: Page, name: str, *, sure: bool = False) -> None:
    """A button of the page, and yes to what it asks."""
    page.get_by_role("button", name=name, exact=True).first.click()
    if sure:
        page.locator("#jg-confirm [value=yes]").click()
    page.wait_for_load_state()


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        box = page.locator(f"main [name={name}]").first
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def a_budget(cast: Cast) -> None:
    """A fund of a million: proposed by one, approved by another."""
    clerk, leader = cast["clerk"], cast["leader"]
    page = clerk.page
    clerk.go("/programmes/new/")
    fill(page, year="2021", code=FUND[0], name=FUND[1], payer="区级财政")
    region = page.locator("main [name=region]")
    if region.evaluate("e => e.tagName") == "SELECT":
        region.select_option("370812")
    else:
        region.fill("370812")
    page.locator("main [name=pack]").select_option("yanzhou-2020")
    clerk.look("新建专项资金")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/programmes/\d+/$"))
    fund = page.url
    page.get_by_role("link", name="提出预算变动").click()
    fill(
        page,
        kind="grant",
        amount_fen="100万元",
        happened_on="2021-01-20",
        document="示例财预〔2021〕1号",
    )
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(fund)
    expect(page.locator("main")).to_contain_text("有待批准的变动")
    leader.go(fund)
    press(leader.page, "批准", sure=True)
    expect(leader.page.locator("main")).to_contain_text("1,000,000.00")
    leader.look("专项资金")


def a_round(cast: Cast) -> str:
    """Prepared by the clerk step by step, opened by the chief; its address."""
    clerk, chief = cast["clerk"], cast["chief"]
    page, now = clerk.page, dt.datetime.now()
    clerk.go("/rounds/new/")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=programme]").select_option(label=FUND[1])
    pack = page.locator("[name=pack] option", has_text="兖州").get_attribute("value")
    page.locator("[name=pack]").select_option(pack)
    fill(page, year="2021", as_of="2021-12-31",
         opens_at=f"{now - dt.timedelta(days=1):%Y-%m-%dT%H:%M}",
         closes_at=f"{now + dt.timedelta(days=20):%Y-%m-%dT%H:%M}")  # fmt: skip
    clerk.look("新建批次")
    press(page, "保存，下一步")
    page.wait_for_url("**/measures/")
    for code in ("equipment", "robot", "consortium"):
        page.locator(f"[name={code}-chosen]").check()
    clerk.look("批次的措施")
    press(page, "保存，下一步")
    page.wait_for_url("**/readings/")
    # The document ended in 2023: invoices of its time can still be applied for, whenever that is.
    page.locator("[name=r-validity_binding]").select_option("d")
    page.locator("[name=r-invoice_window]").select_option("a")
    clerk.look("批次的读法")
    press(page, "保存，下一步")
    page.wait_for_url("**/timetable/")
    press(page, "保存，下一步")
    page.wait_for_url("**/check/")
    page.get_by_role("link", name="编制完成，等另一人开放").click()
    page.wait_for_url(re.compile(r"/rounds/\d+/$"))
    address = page.url.removeprefix(clerk.service.url)
    expect(page.get_by_role("button", name="开放申报")).to_have_count(0)
    chief.go(address)
    press(chief.page, "开放申报", sure=True)
    expect(chief.page.locator("body")).to_contain_text("申报中")
    chief.look("申报批次")
    chief.picture("money-round")
    return address


def begin(person: Visitor, subject: str, measure: str) -> None:
    """From the page of what can be applied for to the form."""
    person.go("/applications/open/")
    row = person.page.locator("main tr", has_text=subject).filter(has_text=measure).first
    row.get_by_role("button", name="开始申报").click()
    person.page.wait_for_url("**/form/")


# What pressing 上传 in every form of the page would send, without drawing the page each time.
SEND_ALL = r"""async name => {
  for (const form of document.querySelectorAll('.jg-apply-item form[enctype]')) {
    const sent = new FormData(form);
    sent.set('file', new File(['%PDF-1.4\n%%EOF\n'], name, {type: 'application/pdf'}));
    await fetch(form.action, {method: 'POST', body: sent});
  }
}"""


def give_papers(person: Visitor, paper: Path) -> None:
    """Every material on the list; the first as people do it."""
    page, items = person.page, person.page.locator(".jg-apply-item")
    items.first.locator("input[type=file]").set_input_files(paper)
    items.first.get_by_role("button", name="上传", exact=True).click()
    expect(items.first).to_contain_text("已交")
    page.evaluate(SEND_ALL, paper.name)
    page.reload()
    expect(items.filter(has_text="已交")).to_have_count(items.count())


def apply(cast: Cast, user: str) -> str:
    """Hand in with everything asked for; the address of the application."""
    subject, measure, amount = FIRMS[user]
    person = cast[user]
    begin(person, subject, measure)
    page = person.page
    # The estimate on the applicant's screen is what the expected results say.
    expect(page.locator("#panel")).to_contain_text(amount)
    give_papers(person, cast.paper)
    person.look("填报")
    person.picture("money-apply")
    page.get_by_role("link", name="核对并提交").first.click()
    expect(page.locator("aside")).to_contain_text(amount)
    person.look("核对申报")
    press(page, "提交")
    expect(page.locator("body")).to_contain_text("已提交")
    found = re.search(r"/applications/(\d+)/", page.url)
    assert found, page.url
    return f"/applications/{found.group(1)}/"


def apply_together(cast: Cast) -> str:
    """A consortium by its lead; every member signs with an account of its own."""
    lead = cast["lead"]
    begin(lead, "共同体", "（技改共同体）")
    page = lead.page
    give_papers(lead, cast.paper)
    page.get_by_role("link", name="核对并提交").first.click()
    press(page, "交成员签署协议")
    for user in MEMBERS:
        person = cast[user]
        if person is not lead:
            person.go("/agreements/")
            person.page.locator("main table a").first.click()
        person.page.get_by_role("button", name=re.compile("^代表 .* 签署$")).click()
        person.page.locator("#jg-confirm [value=yes]").click()
        expect(person.page.locator("main")).to_contain_text("已签署")
    lead.page.reload()
    lead.look("共同体协议")
    lead.picture("money-agreement")
    page.get_by_role("link", name="全部签署，核对并提交").click()
    expect(page.locator("aside")).to_contain_text(POOLED)
    press(page, "提交")
    expect(page.locator("body")).to_contain_text("已提交")
    found = re.search(r"/applications/(\d+)/", page.url)
    assert found, page.url
    return f"/applications/{found.group(1)}/"


def close(cast: Cast, address: str) -> None:
    """The window ends by the clock; nobody ends it before."""
    number = int(address.rstrip("/").rsplit("/", 1)[-1])
    cast.service.ask(
        "UPDATE funding_round SET closes_at = now() - interval '1 minute' WHERE id = %s", number
    )
    chief = cast["chief"]
    chief.go(address)
    press(chief.page, "截止")
    expect(chief.page.locator("body")).to_contain_text("已截止")


def work_out(cast: Cast, number: int, basis: str) -> None:
    """One evaluation of everything applied for, as a job."""
    clerk = cast["clerk"]
    clerk.go(f"/review/rounds/{number}/")
    press(clerk.page, f"按{basis}测算")
    finished(clerk)


def finished(person: Visitor) -> None:
    """Wait on the page of a job until it has ended well."""
    person.page.wait_for_url("**/jobs/**")
    expect(person.page.get_by_text("完成", exact=True).first).to_be_visible(timeout=60_000)


def agree_to_all(person: Visitor, count: int) -> None:
    """Everything in the inbox that belongs to this round, ticked and agreed to at once."""
    person.go("/cases/")
    page = person.page
    rows = page.locator("main tbody tr", has_text="奖补申报审核")
    expect(rows).to_have_count(count)
    for row in rows.all():
        row.locator("[data-check-row]").check()
    page.locator("[data-bulk-bar]").get_by_role("button", name="同意", exact=True).click()
    page.locator("#jg-confirm [value=yes]").click()
    expect(page.locator("body")).to_contain_text("已同意")


def review(cast: Cast, address: str, applied: dict[str, str]) -> None:
    """Formal check with one 补正, six departments, an audit that lowers one base, four eyes."""
    number = int(address.rstrip("/").rsplit("/", 1)[-1])
    clerk = cast["clerk"]
    correct(cast, applied["enterprise2"])
    work_out(cast, number, "申报基数")
    clerk.go(address.replace("/rounds/", "/review/rounds/"))
    clerk.look("审核批次")
    press(clerk.page, "受理没有疑问的", sure=True)
    finished(clerk)
    for user in OPINIONS:
        agree_to_all(cast[user], len(applied))
    audit(cast, applied)
    agree_to_all(clerk, len(applied))
    work_out(cast, number, "审定基数")
    agree_to_all(cast["chief"], len(applied))
    page = clerk.page
    clerk.go(f"/review{applied['enterprise3']}")
    expect(page.locator("main")).to_contain_text("546,064.00")
    expect(page.locator("main")).to_contain_text(LOWERED)
    clerk.look("审核一件")
    clerk.picture("money-review")


def correct(cast: Cast, address: str) -> None:
    """One material is not good enough; the applicant gives another, and nothing else is open."""
    clerk, firm = cast["clerk"], cast["enterprise2"]
    page = clerk.page
    clerk.go(f"/review{address}")
    first = page.locator("#evidence tbody tr").first
    first.locator("select").select_option("short")
    first.locator("input").fill("示例：扫描件看不清，请重新上传")
    press(page, "保存核对结果")
    expect(page.locator("body")).to_contain_text("项有变化")
    press(page, "发出补正通知", sure=True)
    expect(page.locator("body")).to_contain_text("补正中")
    firm.go(f"{address}form/")
    expect(firm.page.locator("main")).to_contain_text("扫描件看不清")
    firm.look("补正")
    item = firm.page.locator(".jg-apply-item").first
    again = cast.paper.with_name("示例材料清晰版.pdf")
    again.write_bytes(PDF + b"%2")
    item.locator("input[type=file]").set_input_files(again)
    item.get_by_role("button", name="上传", exact=True).click()
    expect(firm.page.locator("main")).to_contain_text("示例材料清晰版")
    firm.go(f"{address}preview/")
    expect(firm.page.locator("main")).to_contain_text("改动对照")
    press(firm.page, "提交补正")
    expect(firm.page.locator("body")).to_contain_text("已提交")
    clerk.go(f"/review{address}")
    first.locator("select").select_option("fine")
    first.locator("input").fill("")
    press(page, "保存核对结果")
    expect(page.locator("body")).to_contain_text("项有变化")


def audit(cast: Cast, applied: dict[str, str]) -> None:
    """Line by line; one line of one application is allowed only in part."""
    auditor = cast["audit"]
    page = auditor.page
    for user, address in applied.items():
        auditor.go(f"/review{address}")
        if user == "enterprise3":
            row = page.locator("#lines tbody tr", has_text=CUT[0]).first
            row.locator("input[name^=fen]").fill(CUT[1])
            row.locator("input[name^=reason]").fill("示例：含安装调试费")
        auditor.look("逐票审定")
        press(page, "其余按申报认可并保存")
        expect(page.locator("body")).to_contain_text("已保存")
    auditor.picture("money-audit")
    agree_to_all(auditor, len(applied))


def number_of(address: str) -> int:
    return int(address.rstrip("/").rsplit("/", 1)[-1])


def pro_rata(asked: dict[str, int], budget: int) -> dict[str, int]:
    """The oracle: whole fen by largest remainder, worked out here and not by the platform."""
    whole = sum(asked.values())
    parts = {name: divmod(fen * budget, whole) for name, fen in asked.items()}
    given = {name: part[0] for name, part in parts.items()}
    short = budget - sum(given.values())
    for name in sorted(parts, key=lambda name: -parts[name][1])[:short]:
        given[name] += 1
    return given


def yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


ASKED = {"enterprise3": 53_606_400, "enterprise2": 48_447_000, "enterprise4": 30_000_000,
         "lead": 37_037_037}  # fmt: skip
BUDGET = 100_000_000


def listed(cast: Cast, address: str) -> None:
    """The budget does not reach; the meeting chooses pro rata, and another person decides."""
    clerk, leader = cast["clerk"], cast["leader"]
    page = clerk.page
    clerk.go(f"/lists/new/{number_of(address)}/")
    expect(page.locator("main")).to_contain_text("政策文件没有写怎样处理，平台不替您选")
    for fen in pro_rata(ASKED, BUDGET).values():
        expect(page.locator("main")).to_contain_text(yuan(fen))
    clerk.look("拟订审定名单")
    clerk.picture("money-shortage")
    fill(page, stage="government", rule="pro_rata", reason="示例：企业面广，同比例支持")
    press(page, "生成名单草稿")
    page.wait_for_url(re.compile(r"/lists/\d+/$"))
    paper = page.url
    press(page, "提请审定", sure=True)
    page.get_by_role("link", name="登记会议").click()
    fill(page, meeting="示例审定会议", met_on=f"{today():%Y-%m-%d}", attendees="示例工信局",
         minutes="示例：预算不足，同意按比例削减。")  # fmt: skip
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(paper)
    leader.go(paper)
    leader.look("审定名单")
    press(leader.page, "通过并生效", sure=True)
    expect(leader.page.locator("body")).to_contain_text("已通过")
    expect(leader.page.locator("main")).to_contain_text("1,000,000.00")


def publish(cast: Cast, address: str, applied: dict[str, str]) -> None:
    """A notice for everybody; one row is objected to, found wrong and published again."""
    clerk, number = cast["clerk"], number_of(address)
    page = clerk.page
    clerk.go(f"{address}?tab=publicity")
    page.get_by_role("link", name="拟发公示").click()
    page.wait_for_url("**/publicity/lists/**")
    fill(page, contact="示例区工业和信息化局 0537-0000000")
    clerk.look("拟发公示")
    press(page, "公示", sure=True)
    page.wait_for_url(re.compile(r"/publicity/\d+/$"))
    page.get_by_role("link", name="打开").first.click()
    page.wait_for_url("**/portal/notices/**")
    notice = page.url
    with visiting(cast.service, cast.browser) as stranger:
        object_to(stranger, notice)
        stranger.check()
    answered(cast)
    clerk.go(f"/publicity/{number_of(notice)}/")
    press(page, "更正的行重新公示", sure=True)
    expect(page.locator("main")).to_contain_text(yuan(CORRECTED))
    clerk.look("更正后公示")
    time_passes(cast, number)
    for address in applied.values():
        clerk.go(address)
        expect(page.locator("body")).to_contain_text("待拨付")


# What the objection leaves of the third: without a twentieth of it.
CORRECTED = 16_000_000


def object_to(stranger: Visitor, notice: str) -> None:
    """Somebody without an account, on the public page."""
    stranger.go(notice)
    stranger.look("公示")
    stranger.picture("money-notice")
    row = stranger.page.locator("main tr", has_text="垚岳塑胶")
    expect(row).to_contain_text(yuan(pro_rata(ASKED, BUDGET)["enterprise4"]))
    row.get_by_role("link", name="提异议").click()
    stranger.page.locator("[name=told]").fill("示例：其中一台设备已经转让")
    stranger.look("提异议")
    press(stranger.page, "提交异议")
    expect(stranger.page.locator("body")).to_contain_text("异议已提交")


def answered(cast: Cast) -> None:
    """Looked into by one person, answered by another; the row gets another amount."""
    clerk, chief = cast["clerk"], cast["chief"]
    page = clerk.page
    open_case(clerk, "公示异议")
    press(page, "受理")
    expect(page.locator("body")).to_contain_text("已受理")
    page.locator("[name=v-finding]").first.fill("示例：转让属实，核减相应设备")
    page.locator("[name=v-outcome]").first.select_option("upheld")
    page.locator("[name=v-new_amount]").first.fill("160000元")
    clerk.look("核查异议")
    page.get_by_role("button", name=re.compile("^(办理完毕|办毕|同意)$")).first.click()
    expect(page.locator("body")).to_contain_text("答复")
    open_case(chief, "公示异议")
    chief.page.locator("[name=v-answer]").first.fill("示例：异议成立，更正金额并重新公示")
    press(chief.page, "同意")
    expect(chief.page.locator("body")).to_contain_text("已办结")


def open_case(person: Visitor, procedure: str) -> None:
    person.go("/cases/")
    row = person.page.locator("main tbody tr", has_text=procedure).first
    row.locator("a").first.click()
    person.page.wait_for_load_state()


def time_passes(cast: Cast, number: int) -> None:
    """Both notices run out; the daily round of the worker ends them."""
    cast.service.ask(
        "UPDATE funding_publicity SET starts_on = starts_on - 30, ends_on = ends_on - 30 "
        "WHERE round_id = %s",
        number,
    )
    cast.service.run(fill_money.__name__, "end-notices")


def pay(cast: Cast, address: str, applied: dict[str, str]) -> None:
    """Accounts checked, request, quota document, two persons, a file, answers with one 退票."""
    clerk, finance, treasury = cast["clerk"], cast["finance"], cast["treasury"]
    for place, user in enumerate((*FIRMS, *MEMBERS)):
        account(cast, user, f"62220000{place:08d}")
    clerk.go("/payments/new/")
    press(clerk.page, "拟写请示")
    clerk.page.wait_for_url(re.compile(r"/payments/\d+/$"))
    request = clerk.page.url
    expect(clerk.page.locator("main")).to_contain_text(yuan(PAYABLE))
    clerk.look("拨付请示")
    press(clerk.page, "送财政部门", sure=True)
    expect(clerk.page.locator("body")).to_contain_text("已送财政")
    finance.go(request)
    fill(finance.page, quota_no="示例财指〔2026〕9号", quota_on=f"{today():%Y-%m-%d}",
         amount=f"{PAYABLE / 100:.2f}元")  # fmt: skip
    press(finance.page, "登记指标")
    expect(finance.page.locator("body")).to_contain_text("已下达指标")
    batch = send(finance, treasury, request)
    lost = answer(cast, batch, back="兖州昉途塑胶有限公司")
    finance.go(batch)
    expect(finance.page.locator("main")).to_contain_text("退票")
    finance.picture("money-batch")
    # The account comes back for checking; then a new order is made for the same money.
    verify(cast["clerk"], "兖州昉途塑胶有限公司")
    again = send(finance, treasury, request)
    expect(finance.page.locator("main")).to_contain_text(f"替代 {lost}")
    answer(cast, again)
    for user, own in applied.items():
        person = cast[user]
        person.go(own)
        expect(person.page.locator("body")).to_contain_text("已拨付")
        person.look("申报，已拨付")
    cast["enterprise3"].picture("money-timeline")
    finance.go(request)
    finance.page.get_by_role("link", name="对账").click()
    expect(finance.page.locator("main")).to_contain_text(yuan(PAYABLE))
    finance.look("对账")


PAYABLE = sum(pro_rata(ASKED, BUDGET).values()) - pro_rata(ASKED, BUDGET)["enterprise4"] + CORRECTED


def account(cast: Cast, user: str, number: str) -> None:
    """A bank account in the enterprise's own name, checked by the clerk."""
    person = cast[user]
    person.go("/accounts/new/")
    page = person.page
    fill(page, bank="示例商业银行兖州支行", number=number)
    page.locator("main [name=upload]").set_input_files(cast.paper)
    person.look("提交收款账户")
    press(page, "提交账户")
    expect(page.locator("body")).to_contain_text("待核对")
    name = page.locator("main h1, h1").first.inner_text().removesuffix("的收款账户")
    verify(cast["clerk"], name)


def verify(clerk: Visitor, name: str) -> None:
    clerk.go("/accounts/?q=" + name)
    row = clerk.page.locator("main tbody tr", has_text=name).filter(has_text="待核对").first
    row.locator("a").first.click()
    clerk.page.wait_for_url(re.compile(r"/accounts/\d+/$"))
    clerk.page.locator("[name=agrees][value=yes]").check()
    press(clerk.page, "登记核对结果")
    expect(clerk.page.locator("body")).to_contain_text("已核对")


def send(finance: Visitor, treasury: Visitor, request: str) -> str:
    """Made by one, released by another, sent; the address of the batch."""
    finance.go(request)
    press(finance.page, "制单")
    finance.page.wait_for_url(re.compile(r"/payments/batches/\d+/$"))
    batch = finance.page.url
    expect(finance.page.get_by_role("button", name="复核通过")).to_have_count(0)
    treasury.go(batch)
    treasury.look("支付批")
    press(treasury.page, "复核通过", sure=True)
    expect(treasury.page.locator("body")).to_contain_text("已复核")
    finance.go(batch)
    press(finance.page, "送出国库", sure=True)
    expect(finance.page.locator("body")).to_contain_text("已送出")
    return batch


def answer(cast: Cast, batch: str, back: str = "") -> str:
    """The treasury's file, made from ours; ``back`` did not arrive. The reference of that one."""
    finance = cast["finance"]
    with finance.page.expect_download() as caught:
        finance.page.get_by_role("link", name="支付文件（csv）").click()
    rows = list(csv.DictReader(caught.value.path().read_text("utf-8-sig").splitlines()))
    orders = [row for row in rows if row["序号"] != "合计"]
    lines, lost, on = (
        ["支付编号,收款账号,金额（元）,结果,日期,原因"],
        "",
        f"{today():%Y-%m-%d}",
    )
    for row in orders:
        told = f"到账,{on},"
        if back and row["收款人户名"] == back:
            told, lost = f"退票,{on},账号已销户", row["支付编号"]
        lines.append(f"{row['支付编号']},{row['收款账号']},{row['金额（元）']},{told}")
    total = sum(round(float(row["金额（元）"]) * 100) for row in orders)
    lines.append(f"合计,{len(orders)}笔,{total / 100:.2f},,,")
    file = cast.paper.with_name(f"示例回单{len(orders)}.csv")
    file.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    finance.page.locator("main [name=upload]").set_input_files(file)
    press(finance.page, "导入回单")
    finished(finance)
    return lost


def recover(cast: Cast, applied: dict[str, str]) -> None:
    """A red letter comes in with a later file; what was paid too much comes back."""
    clerk, chief, firm = cast["clerk"], cast["chief"], cast["enterprise2"]
    page = clerk.page
    file = cast.paper.with_name("示例红字发票.csv")
    file.write_text(RED, encoding="utf-8")
    clerk.go("/imports/new/")
    page.get_by_label("年度").fill("2021")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="开始识别").click()
    page.get_by_role("button", name=re.compile("入库$")).first.wait_for(timeout=120_000)
    press(page, "确认入库")
    expect(page.locator("body")).to_contain_text("已入库", timeout=120_000)
    due = (ASKED["enterprise2"] - 3_000_000) * pro_rata(ASKED, BUDGET)["enterprise2"]
    owed = pro_rata(ASKED, BUDGET)["enterprise2"] - due // ASKED["enterprise2"]
    for _ in range(30):
        clerk.go("/recoveries/")
        if page.locator("main tbody tr", has_text="发票红冲").count():
            break
        page.wait_for_timeout(1000)
    page.locator("main tbody tr", has_text="发票红冲").first.locator("a").first.click()
    page.wait_for_url(re.compile(r"/recoveries/\d+/$"))
    item = page.url
    expect(page.locator("main")).to_contain_text(yuan(owed))
    clerk.look("资金追回")
    chief.go(item)
    # The form offers what was worked out, today and thirty days; a rate nobody set stays open.
    expect(chief.page.locator("[name=confirm-amount]")).to_have_value(f"{yuan(owed)}元")
    press(chief.page, "核定追回")
    expect(chief.page.locator("body")).to_contain_text("已核定")
    clerk.go(item)
    press(page, "出具退款协议")
    expect(page.locator("main")).to_contain_text("查验码")
    page.locator("[name=repay-amount]").fill(f"{owed / 100:.2f}元")
    page.locator("[name=repay-reference]").fill("示例缴款0001")
    press(page, "登记收回")
    expect(page.locator("body")).to_contain_text("已收回")
    clerk.picture("money-recovery")
    firm.go(applied["enterprise2"])
    firm.look("申报，追回之后")
    clerk.go("/programmes/")
    page.locator("main tbody a").first.click()
    expect(page.locator("main")).to_contain_text("与预算相等")


# A red letter that takes 500,000 元 back from a robot that enterprise2 was paid for.
RED = (
    "项目名称,购方名称,发票代码,发票号码,开票日期,货物名称,规格型号,数量,单价,金额,税额,价税合计,"
    "发票状态,备注\r\n"
    "精细化工中间体绿色节能技术改造项目,山东霁垣化工集团有限公司,3700221882,90000001,2021-12-20,"
    "*工业机器人*SCARA装配机器人,EP-877,-1,500000,-500000,-65000,-565000,红冲,"
    "对应正数发票代码:3700221882 号码:34123016\r\n"
)
