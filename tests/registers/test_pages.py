"""The screens: a register made, filled, decided and read by people, without any deployment."""

from __future__ import annotations

import csv
import datetime as dt
import re
import uuid
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.jobs.run import run_job
from jigai.core.models import Export, Job, User
from jigai.core.screens.list_state import ListState
from jigai.registers.lists import RegisterList
from jigai.registers.models import Entry, Proposal, Register, RegisterSchema
from jigai.registers.services.add_edition import add_edition
from tests.factories import SIBLING, make_enterprise, make_user
from tests.query_counts import assert_query_count
from tests.registers.conftest import START, List, Make

pytestmark = [pytest.mark.django_db, pytest.mark.system("key-enterprise-lists")]


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"nonce": str(uuid.uuid4()), **data})


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def web(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


@pytest.fixture
def boss(chief: User) -> Client:
    other = Client()
    other.force_login(chief)
    return other


def field(place: int, **parts: str) -> dict[str, str]:
    return {f"f_{place}_{name}": value for name, value in parts.items()}


DESIGN: dict[str, Any] = {
    "place": ["0", "1", "2"],
    **field(0, id="firm", label="企业", type="enterprise", required="yes", public="yes"),
    **field(1, id="level", label="级别", type="choice", detail="city=市级\nprovince=省级",
            public="yes"),
    **field(2, id="phone", label="联系电话", type="text"),
    "unique": ["firm"], "title": "firm", "subject": "firm", "validity_kind": "none",
    "val_rule": [""], "val_say": [""], "cnt_id": ["top"], "cnt_name": ["省级户数"],
    "cnt_when": ["级别 = '省级'"],
}  # fmt: skip


def test_from_nothing_to_a_public_list_in_one_sitting(
    web: Client, boss: Client, clerk: User
) -> None:
    made = post(web, "/registers/new/", name="示例培育名单", code="example-list", kind="names",
                region_code="370812", keeper="示例局", public="on")  # fmt: skip
    assert made.url == "/registers/example-list/fields/"
    assert "还没有字段" not in text(web.get(made.url))
    saved = post(web, made.url, do="save", **DESIGN)
    assert saved.status_code == 302, text(saved)[:2000]
    shown = text(web.get("/registers/example-list/fields/preview/"))
    assert "示例机械有限公司" in shown and "联系电话" in shown
    published = post(web, "/registers/example-list/fields/publish/")
    assert published.url == "/registers/example-list/"
    register = Register.objects.get(code="example-list")
    assert register.state == "active" and register.schema.counting[0].id == "top"
    firm = make_enterprise("示例入册有限公司")
    today = timezone.localdate().isoformat()
    new = post(web, "/registers/example-list/entries/new/", firm=firm.name, level="province",
               phone="0537-1", effective=today)  # fmt: skip
    entry = Entry.objects.get()
    assert new.url == f"/registers/entries/{entry.pk}/" and entry.enterprise_id == firm.pk
    assert "等待另一位" in text(web.get(new.url))
    assert post(web, f"{new.url}decide/approve/").status_code == 403
    refused = post(boss, f"{new.url}decide/refuse/", answer="")
    assert refused.status_code == 422 and "写明" in text(refused)
    assert post(boss, f"{new.url}decide/approve/").status_code == 302
    person = make_user("enterprise-handler", enterprise=make_enterprise())
    other = Client()
    other.force_login(person)
    public = text(other.get("/registers/example-list/public/"))
    assert firm.name in public and "0537-1" not in public


def test_buttons_of_the_designer(web: Client, register: Register) -> None:
    url = f"/registers/{register.code}/fields/"

    def ids() -> list[str]:
        return [f.id for f in RegisterSchema.objects.get(published=False).schema.fields]

    post(web, url, do="add", **DESIGN)
    assert ids() == ["firm", "level", "phone", "field_1"]
    draft = RegisterSchema.objects.get(published=False)
    post(web, url, do="down:0", draft=draft.version, **DESIGN)
    assert ids() == ["level", "firm", "phone"]
    post(web, url, do="remove:2", **DESIGN)
    assert ids() == ["firm", "level"]
    stale = post(web, url, do="save", draft=draft.version, **DESIGN)
    assert stale.status_code == 422 and "刚被别人改动过" in text(stale)
    post(web, f"{url}discard/")
    assert not RegisterSchema.objects.filter(published=False).exists()


def test_formulas_are_checked_while_typing_and_nothing_is_stored(
    web: Client, register: Register
) -> None:
    url = f"/registers/{register.code}/fields/check/"
    good = web.post(url, DESIGN)
    assert "可以发布" in text(good)
    bad = web.post(url, {**DESIGN, "admission": "从业人员 > 0"})
    assert "准入规则" in text(bad) and "“从业人员”不是现有字段" in text(bad)
    assert "改法" in text(bad)
    hidden = web.post(url, {**DESIGN, **field(2, id="phone", label="联系电话", type="text",
                                              public="yes", mask="hide")})  # fmt: skip
    assert "公开页的字段“联系电话”" in text(hidden) and "去掉“公开”" in text(hidden)
    wrong = web.post(url, {**DESIGN, "remind": "很快"})
    assert "不是整数" in text(wrong)
    assert not RegisterSchema.objects.filter(published=False).exists()


def test_a_change_is_proposed_shown_and_takes_effect_when_approved(
    web: Client, boss: Client, register: Register, listed: List
) -> None:
    entry = listed(register)
    url = f"/registers/entries/{entry.pk}/"
    page = web.get(f"{url}change/")
    assert 'value="2024-01-01"' not in text(page) and entry.title in text(page)
    same = post(web, f"{url}change/", firm=entry.title, level="city", revenue="50000000元",
                effective="2024-06-01", reason="核对", version=entry.version)  # fmt: skip
    assert same.status_code == 422 and "内容没有变化" in text(same)
    stale = post(web, f"{url}change/", firm=entry.title, level="province", revenue="50000000元",
                 effective="2024-06-01", reason="升级", version=0)  # fmt: skip
    assert stale.status_code == 422 and "刚被别人改动过" in text(stale)
    done = post(web, f"{url}change/", firm=entry.title, level="province", revenue="50000000元",
                effective="2024-06-01", reason="升级", version=entry.version)  # fmt: skip
    assert done.status_code == 302, text(done)[-3000:]
    assert "市级 → 省级" in text(boss.get(url))
    post(boss, f"{url}decide/approve/")
    shown = text(web.get(url))
    assert "变更" in shown and "升级" in shown and "自 2024-06-01 起" in shown
    assert re.search(r"<dt>级别</dt><dd>市级 → 省级</dd>", shown)


def test_errors_stand_at_their_field(web: Client, register: Register) -> None:
    found = post(web, f"/registers/{register.code}/entries/new/", firm="示例有限公司", level="city",
                 revenue="500", effective="2024-01-01")  # fmt: skip
    form = found.context["form"]
    assert found.status_code == 422 and "没有单位" in str(form.errors["revenue"])
    rule = post(web, f"/registers/{register.code}/entries/new/", firm="示例有限公司", level="city",
                revenue="500万元", effective="2024-01-01")  # fmt: skip
    assert "不符合准入规则" in str(rule.context["form"].errors["revenue"])
    assert not Entry.objects.exists()


def test_removal_by_form_and_withdrawal(web: Client, register: Register, listed: List) -> None:
    entry = listed(register)
    url = f"/registers/entries/{entry.pk}/"
    early = post(web, f"{url}event/", kind="remove", effective="2023-01-01", reason="停产")
    assert early.status_code in (302, 422)
    Proposal.objects.filter(state="pending").delete()
    wrong = post(web, f"{url}event/", kind="readmit", effective="2024-06-01", reason="恢复")
    assert wrong.status_code == 422 and "不能重新入册" in text(wrong)
    post(web, f"{url}event/", kind="remove", effective="2024-06-01", reason="停产")
    assert Proposal.objects.get(state="pending").kind == "remove"
    post(web, f"{url}withdraw/")
    assert not Proposal.objects.filter(state="pending").exists()


PAGES = ("", "history/", "editions/", "roster/", "public/", "entries/", "fields/",
         "fields/preview/", "edit/", "entries/new/")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_full_and_empty(
    web: Client, make_register: Make, listed: List, page: str
) -> None:
    register = make_register()
    assert web.get(f"/registers/{register.code}/{page}").status_code == 200
    listed(register)
    assert web.get(f"/registers/{register.code}/{page}").status_code == 200
    stranger = Client()
    stranger.force_login(make_user("bank", SIBLING))
    wanted = (302, 200) if page in ("", "public/") else (200, 403, 404)
    assert stranger.get(f"/registers/{register.code}/{page}").status_code in wanted


def test_filters_by_state_day_region_and_choice(
    web: Client, register: Register, listed: List
) -> None:
    old = listed(register, valid_to="2024-06-30")
    top = listed(register, dt.date(2024, 3, 1), level="省级")
    far = listed(register, timezone.localdate() + dt.timedelta(days=30))
    url = f"/registers/{register.code}/entries/"

    def found(query: str) -> set[int]:
        lines = web.get(f"{url}?{query}").context["lines"]
        return {line["pk"] for line in lines}

    assert found("") == {old.pk, top.pk, far.pk}
    assert found("state=listed") == {top.pk}
    assert found("state=expired") == {old.pk}
    assert found("state=upcoming") == {far.pk}
    assert found(f"on={START}") == {old.pk}
    assert found("f_level=province") == {top.pk}
    assert found("region=370812") == {old.pk, top.pk, far.pk} and found("region=370811") == set()
    assert found(f"q={top.title}") == {top.pk}
    assert found("ends_by=2024-12-31") == {old.pk}


def test_the_list_asks_no_more_for_more_rows(web: Client, register: Register, listed: List) -> None:
    def grow(count: int) -> None:
        while Entry.objects.count() < count:
            listed(register)

    for url in (f"/registers/{register.code}/entries/", f"/registers/{register.code}/public/",
                f"/registers/{register.code}/roster/", "/registers/inbox/"):  # fmt: skip
        assert_query_count(web, url, grow, most=22, sizes=(3, 9))


def test_the_list_of_registers_asks_no_more_for_more(web: Client, make_register: Make) -> None:
    def grow(count: int) -> None:
        for number in range(Register.objects.count(), count):
            make_register(f"list-{number}")

    assert_query_count(web, "/registers/", grow, most=16)


def test_the_export_writes_what_is_filtered_and_no_formula(
    web: Client, register: Register, listed: List, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = str(tmp_path)
    listed(register, level="省级", phone="=1+1")
    listed(register)
    state = "?f_level=province&cols=title&cols=f_phone"
    asked = post(web, f"/registers/{register.code}/entries/export/", state=state)
    run_job(int(asked.url.strip("/").split("/")[-1]))
    job, export = Job.objects.get(), Export.objects.get()
    assert job.status == "done", job.error
    sheet = openpyxl.load_workbook(tmp_path / export.path).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert export.rows == 1 and not any(cell.data_type == "f" for cell in cells)
    assert any("1+1" in str(cell.value) for cell in cells)
    listing = web.get(f"/registers/{register.code}/entries/").content.decode()
    assert register.name in listing


def test_the_export_as_text_opens_in_a_spreadsheet_and_runs_nothing(
    web: Client, register: Register, listed: List, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = str(tmp_path)
    listed(register, phone="=HYPERLINK(1)", revenue="1234.56万元")
    state = "?cols=title&cols=f_phone&cols=f_revenue&cols=starts"
    asked = post(web, f"/registers/{register.code}/entries/export/", state=state, form="csv")
    run_job(int(asked.url.strip("/").split("/")[-1]))
    export = Export.objects.get()
    content = (tmp_path / export.path).read_bytes()
    assert export.path.endswith(".csv") and export.rows == 1
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\r\n") == 2
    head, row = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert head[0] == "企业" and head[2] == "营业收入（元）"
    assert row[1:] == ["'=HYPERLINK(1)", "12345600.00", "2024-01-01"]
    got = web.get(reverse("export-file", args=[export.pk]))
    assert ".csv" in got.headers["Content-Disposition"]
    assert b"".join(got.streaming_content) == content
    got.close()


def test_lists_are_sorted_by_figures_and_dates_of_the_schema_as_such(
    web: Client, register: Register, listed: List
) -> None:
    rows = {
        name: listed(register, revenue=revenue, valid_to=until).pk
        for name, revenue, until in (
            ("mid", "9000万元", "2030-01-01"), ("top", "10亿元", "2029-12-31"),
            ("low", "1000万元", None),
        )
    }  # fmt: skip
    url = f"/registers/{register.code}/entries/"

    def order(sort: str, size: int = 20) -> list[int]:
        found, address = [], f"{url}?sort={sort}&size={size}"
        context = web.get(address).context
        found += [line["pk"] for line in context["lines"]]
        return found

    assert order("sort_revenue") == [rows["low"], rows["mid"], rows["top"]]
    assert order("-sort_revenue") == [rows["top"], rows["mid"], rows["low"]]
    # What has no value stands last either way.
    assert order("sort_valid_to") == [rows["top"], rows["mid"], rows["low"]]
    assert order("-sort_valid_to") == [rows["mid"], rows["top"], rows["low"]]
    # The next page goes on behind a row by its value.
    for _ in range(20):
        listed(register, revenue="5亿元")
    first = web.get(f"{url}?sort=-sort_revenue")
    after = re.search(r'href="(\?[^"]*page=[^"]+)"[^>]*>\s*下一页', text(first))
    assert after is not None
    second = web.get(url + after.group(1).replace("&amp;", "&")).context["lines"]
    seen = [line["pk"] for line in (*first.context["lines"], *second)]
    assert len(seen) == len(set(seen)) == 23 and seen[-2:] == [rows["mid"], rows["low"]]


def test_the_edition_in_force_is_told_with_the_name_of_its_line(
    web: Client, make_register: Make, clerk: User
) -> None:
    made = make_register("lined", editions=True, lines={"l2": "第二目录"})
    add_edition(
        register=made, by=clerk, access=access_of(clerk), code="1", name="示例第一版",
        line="l2", valid_from=START,
    )  # fmt: skip
    page = text(web.get(f"/registers/{made.code}/"))
    assert "现行版次（第二目录）" in page and "（l2）" not in page


def test_a_saved_view_comes_back_to_its_register(
    web: Client, register: Register, listed: List
) -> None:
    listed(register)
    saved = post(web, reverse("saved-view-save"), page=f"entries:{register.code}",
                 name="省级", state="?f_level=province")  # fmt: skip
    assert saved.url.startswith(f"/registers/{register.code}/entries/?")
    assert "f_level=province" in saved.url


def test_an_enterprise_page_shows_its_registers(
    web: Client, register: Register, listed: List
) -> None:
    entry = listed(register)
    part = text(web.get(f"/enterprises/{entry.enterprise_id}/registers/"))
    assert register.name in part and "在册" in part
    noted = post(web, f"/registers/entries/{entry.pk}/enterprise/", kind="closed",
                 effective="2024-05-01", document="示例通知")  # fmt: skip
    assert noted.status_code == 302
    for url in (f"/registers/{register.code}/", f"/registers/entries/{entry.pk}/"):
        assert "办理移出" in text(web.get(url))


def test_a_retired_register_takes_no_entries(web: Client, register: Register) -> None:
    post(web, f"/registers/{register.code}/state/retire/")
    page = web.get(f"/registers/{register.code}/entries/new/")
    assert page.status_code in (400, 409, 422)
    post(web, f"/registers/{register.code}/state/resume/")
    assert web.get(f"/registers/{register.code}/entries/new/").status_code == 200


def test_an_enterprise_learns_only_the_numbers_of_what_it_may_see(
    web: Client, clerk: User, make_register: Make, listed: List
) -> None:
    """Of a register that is not public an enterprise sees its own entry, so it counts one."""
    inside, open_one = make_register("inside", public=False), make_register("open-one")
    mine = listed(inside, level="省级")
    listed(inside, level="省级")
    listed(inside)
    for _ in range(2):
        listed(open_one)
    person = make_user("enterprise-handler", enterprise=mine.enterprise)
    firm = Client()
    firm.force_login(person)

    def told(client: Client) -> list[tuple[str, int]]:
        return list(client.get("/registers/inside/").context["counts"])

    def listing(user: User) -> dict[str, int]:
        page = RegisterList()
        rows = list(page.rows(access_of(user)))
        page.decorate(rows, ListState())
        return {row.code: row.listed for row in rows}

    assert told(web) == [("今天在册", 3), ("省级户数", 2)]
    assert told(firm) == [("今天在册", 1), ("省级户数", 1)]
    assert listing(clerk) == {"inside": 3, "open-one": 2}
    assert listing(person) == {"inside": 1, "open-one": 2}
    assert firm.get("/registers/").status_code == 200
    # A register nothing of which names it: open to applications, its size is nobody's outside.
    listed(make_register("nothing-mine", public=False))
    assert listing(person)["nothing-mine"] == 0
