"""Pages of months: who sees what, filling in by hand and in Excel, doubts, versions."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from typing import Any

import openpyxl
import pytest
from django.test import Client

from jigai.core.models import User
from jigai.funding.models import InvoiceLine
from jigai.projects.models import MonthlyPeriod, MonthlyReport, Project
from tests.core.imports.kit import bring, run_jobs
from tests.factories import (
    CITY,
    SIBLING,
    make_enterprise,
    make_line,
    make_regions,
    make_user,
)
from tests.projects.monthly.kit import WAN, fill, period, project
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("monthly-investment-report")]
FAR = dt.date(2199, 1, 1)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def chief(db: None) -> User:
    make_regions()
    return make_user("section-chief")


@pytest.fixture
def row(chief: User) -> Project:
    return project(name="数控改造", enterprise=make_enterprise(name="兖州甲机械有限公司"))


@pytest.fixture
def owner(row: Project) -> User:
    return make_user("enterprise-handler", enterprise=row.enterprise)


@pytest.fixture
def june(chief: User) -> MonthlyPeriod:
    return period(chief, cut_off=FAR)


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"nonce": str(uuid.uuid4()), **data})


def fill_url(row: Project, month: int = 6) -> str:
    return f"/monthly/projects/{row.pk}/2021/{month}/"


def test_the_enterprise_sees_what_waits_and_reports_it(
    row: Project, owner: User, june: MonthlyPeriod
) -> None:
    project(name="别家项目", enterprise=make_enterprise(name="示例乙机械有限公司"))
    client = as_(owner)
    page = client.get("/monthly/mine/").content.decode()
    assert "数控改造" in page and "别家项目" not in page and "2021 年 6 月" in page
    done = post(client, fill_url(row), current="10", cumulative="10", seen="0")
    assert done.status_code == 302
    report = MonthlyReport.objects.get()
    assert (report.current_fen, report.origin) == (10 * WAN, "enterprise")
    assert client.get(fill_url(project(name="无主"))).status_code == 404


def test_quiet_is_one_click(row: Project, owner: User, june: MonthlyPeriod) -> None:
    fill(row, 5, 10, 10, owner)
    client = as_(owner)
    page = client.get("/monthly/mine/").content.decode()
    assert f'action="{fill_url(row)}quiet/"' in page
    post(client, f"{fill_url(row)}quiet/")
    assert MonthlyReport.objects.get(month=6).cumulative_fen == 10 * WAN
    again = post(client, f"{fill_url(row)}quiet/")
    assert "已经报过" in client.get(again.url).content.decode()


def value(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found is not None
    given = re.search(r'value="([^"]*)"', found[0])
    return given[1] if given else ""


def test_the_form_starts_from_last_month_and_the_invoices(
    row: Project, owner: User, june: MonthlyPeriod
) -> None:
    fill(row, 5, 10, 10, owner, plan=80)
    client = as_(owner)
    page = client.get(fill_url(row)).content.decode()
    assert (value(page, "cumulative"), value(page, "current")) == ("10", "")
    assert value(page, "year_plan") == "80"
    make_line(row, date=dt.date(2021, 6, 8), amount_fen=7 * WAN)
    make_line(row, date=dt.date(2021, 7, 8), amount_fen=99 * WAN)
    assert InvoiceLine.objects.count() == 2
    page = client.get(fill_url(row)).content.decode()
    assert (value(page, "current"), value(page, "cumulative")) == ("7", "17")
    assert "发票不等于完成投资" in page
    assert not MonthlyReport.objects.filter(month=6).exists(), "looking writes nothing"


def test_doubts_are_told_while_typing(row: Project, owner: User) -> None:
    fill(row, 5, 10, 10, owner)
    client = as_(owner)

    def said(current: str, cumulative: str) -> str:
        answer = client.get(
            f"{fill_url(row)}check/", {"current": current, "cumulative": cumulative}
        )
        assert answer.status_code == 200
        return str(answer.content.decode())

    assert "数据前后一致" in said("5", "15")
    assert "比上次采用的 100,000.00 元少 20,000.00 元" in said("5", "8")
    assert "相差 250,000.00 元" in said("5", "40")
    told = said("300000", "300000")
    assert "疑似把元填成了万元" in told and "按建议值保存" in told and "300,000.00" in told
    assert "数据前后一致" not in said("abc", "")
    assert not MonthlyReport.objects.filter(month=6).exists()


def test_a_correction_says_what_it_does_to_later_months(row: Project, owner: User) -> None:
    fill(row, 5, 10, 10, owner)
    fill(row, 6, 5, 15, owner)
    answer = as_(owner).get(f"{fill_url(row, 5)}check/", {"current": "20", "cumulative": "20"})
    assert "6 月将提示：累计下降" in answer.content.decode()


def test_a_doubt_keeps_what_was_typed_until_there_is_a_reason(row: Project, owner: User) -> None:
    fill(row, 5, 10, 10, owner)
    client = as_(owner)
    answer = post(client, fill_url(row), current="5", cumulative="8", seen="0")
    page = answer.content.decode()
    assert answer.status_code == 422 and value(page, "cumulative") == "8"
    assert "比上次采用的" in page and "情况说明" in page
    post(client, fill_url(row), current="5", cumulative="8", seen="0", reason="退货冲减")
    assert MonthlyReport.objects.get(month=6).confirmed == "退货冲减"


def test_the_proposal_is_saved_only_by_its_own_button(row: Project, owner: User) -> None:
    client = as_(owner)
    typed = {"current": "300000", "cumulative": "300000", "seen": "0", "reason": "没错"}
    assert post(client, fill_url(row), **typed).status_code == 422
    assert not MonthlyReport.objects.exists()
    post(client, fill_url(row), take="1", **typed)
    report = MonthlyReport.objects.get()
    assert (report.current_fen, report.cumulative_fen) == (30 * WAN, 30 * WAN)


def test_units_written_beside_the_figure_count(row: Project, owner: User) -> None:
    post(as_(owner), fill_url(row), current="120000元", cumulative="12万元", seen="0")
    assert MonthlyReport.objects.get().current_fen == 12 * WAN


@pytest.fixture
def held(row: Project, chief: User) -> MonthlyReport:
    written = {"current": 200_000 * WAN, "cumulative": 300_000 * WAN, "total": 600 * WAN}
    return MonthlyReport.objects.create(
        project=row, region_code=row.region_code, year=2021, month=6, accepted=False,
        flags=["E_M_UNIT"], written=written, origin="import", created_by=chief,
    )  # fmt: skip


def test_a_suspect_row_shows_its_proposal_and_takes_it_on_a_click(
    held: MonthlyReport, chief: User
) -> None:
    client = as_(chief)
    url = f"/monthly/reports/{held.pk}/"
    page = client.get(url).content.decode()
    assert "3,000,000,000.00" in page and "采纳建议值" in page and "系统不会自动换算" in page
    for name in ("20000000", "30000000"):
        assert f'value="{name}"' in page
    post(client, f"{url}proposal/", current=str(20 * WAN), cumulative=str(30 * WAN))
    held.refresh_from_db()
    # The first report of the year whose month is not the sum is asked about again.
    assert (held.accepted, held.cumulative_fen) == (True, 30 * WAN)
    assert held.flags == ["W_M_MISMATCH"]


def test_the_month_page_sorts_out_who_stands_how(
    row: Project, chief: User, june: MonthlyPeriod, held: MonthlyReport
) -> None:
    project(name="没报的")
    client = as_(chief)
    url = f"/monthly/periods/{june.pk}/"
    page = client.get(url).content.decode()
    assert "数控改造" in page and "没报的" in page and "疑似单位填错" in page
    assert "没报的" not in client.get(f"{url}?state=held").content.decode()
    assert "没报的" in client.get(f"{url}?state=waiting").content.decode()
    assert as_(make_user("section-clerk", SIBLING)).get(url).status_code == 404
    assert as_(make_user("section-clerk", CITY)).get(url).status_code == 200


def test_reminding_is_a_job_and_told_on_the_page(
    row: Project, owner: User, chief: User, june: MonthlyPeriod
) -> None:
    client = as_(chief)
    post(client, f"/monthly/periods/{june.pk}/remind/")
    assert [job.status for job in run_jobs()] == ["done"]
    assert owner.notices.count() == 1
    assert "1 个项目" in client.get(f"/monthly/periods/{june.pk}/").content.decode()


def test_lock_correct_lock_again_and_read_both(
    row: Project, owner: User, chief: User, june: MonthlyPeriod
) -> None:
    fill(row, 6, 10, 10, owner)
    client, url = as_(chief), f"/monthly/periods/{june.pk}/"

    def seen() -> str:
        june.refresh_from_db()
        return str(june.version)

    post(client, f"{url}lock/", seen=seen())
    assert "已锁定" in as_(owner).get(fill_url(row)).content.decode()
    refused = post(as_(owner), fill_url(row), current="12", cumulative="12", seen="1")
    assert refused.status_code == 422
    post(client, f"{url}publish/", seen=seen())
    assert post(client, f"{url}reopen/", seen=seen(), reason="").status_code == 422
    post(client, f"{url}reopen/", seen=seen(), reason="更正发票")
    fill(row, 6, 12, 12, owner)
    post(client, f"{url}lock/", seen=seen())
    first = client.get(f"{url}versions/1/").content.decode()
    second = client.get(f"{url}versions/2/").content.decode()
    assert "100,000.00" in first and "120,000.00" not in first and "发布" in first
    assert "更正发票" in second and "100,000.00" in second and "120,000.00" in second
    assert client.get(f"{url}versions/3/").status_code == 404


def test_who_may_not_lock_finds_no_button_and_no_way(
    row: Project, chief: User, june: MonthlyPeriod
) -> None:
    client = as_(make_user("section-clerk"))
    assert "/lock/" not in client.get(f"/monthly/periods/{june.pk}/").content.decode()
    assert client.get(f"/monthly/periods/{june.pk}/lock/").status_code == 403


def test_opening_asks_for_the_day_and_rolls_it_on(chief: User) -> None:
    client = as_(chief)
    page = client.get("/monthly/open/").content.decode()
    assert value(page, "day") == "10" and "由您确定后才据以判断逾期" in page
    sent = {"region": "370812", "year": "2021", "month": "6", "day": "10"}
    post(client, "/monthly/open/", rolled="on", **sent)
    # 10 July 2021 is a Saturday.
    assert MonthlyPeriod.objects.get().cut_off == dt.date(2021, 7, 12)
    post(client, "/monthly/open/", **sent)
    assert MonthlyPeriod.objects.get().cut_off == dt.date(2021, 7, 10)


def book_of(answer: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_form_goes_out_is_filled_in_and_comes_back(
    row: Project, owner: User, chief: User, june: MonthlyPeriod
) -> None:
    Project.objects.filter(pk=row.pk).update(name="=数控改造")
    other = project(name="没填的", enterprise=row.enterprise)
    fill(row, 5, 10, 10, owner)
    client = as_(chief)
    book = book_of(client.get(f"/monthly/periods/{june.pk}/form/"))
    page = book["2021年6月"]
    assert page.column_dimensions["A"].hidden
    lines = {page.cell(r, 1).value: r for r in range(4, page.max_row + 1)}
    row.refresh_from_db()
    at = lines[row.number]
    assert page.cell(at, 3).value == "'=数控改造" or page.cell(at, 3).data_type == "s"
    assert page.cell(at, 8).value == 10
    assert page.cell(at, 9).value is None and page.cell(at, 10).value is None
    page.cell(at, 9, 2.5)
    page.cell(at, 10, 12.5)
    stream = io.BytesIO()
    book.save(stream)
    batch = bring(stream.getvalue(), chief, name="回传.xlsx")
    assert MonthlyReport.objects.get(project=row, month=6).cumulative_fen == round(12.5 * WAN)
    assert not MonthlyReport.objects.filter(project=other).exists(), "an empty row reports nothing"
    assert batch.counts["done"]["created"] == 1
    # Downloaded again it holds what was reported, and says nothing new.
    again = book_of(client.get(f"/monthly/periods/{june.pk}/form/"))
    stream = io.BytesIO()
    again.save(stream)
    second = bring(stream.getvalue(), chief, name="再传.xlsx")
    assert second.counts["done"]["unchanged"] == 1


def test_parts_and_lists_open(row: Project, owner: User, chief: User) -> None:
    fill(row, 6, 10, 10, owner)
    client = as_(chief)
    assert "100,000.00" in client.get(f"/projects/{row.pk}/monthly/").content.decode()
    assert "数控改造" in client.get("/monthly/reports/?q=数控").content.decode()
    assert "数控改造" not in client.get("/monthly/reports/?answered=held").content.decode()
    assert client.get("/monthly/").status_code == 200


def test_pages_ask_no_more_for_more_rows(chief: User, june: MonthlyPeriod) -> None:
    made: list[Project] = []

    def grow(number: int) -> None:
        while len(made) < number:
            made.append(project(name=f"第{len(made)}个"))
            fill(made[-1], 6, 1, 1, chief)

    client = as_(chief)
    assert_query_count(client, f"/monthly/periods/{june.pk}/", grow, most=22)
    made.clear()
    assert_query_count(client, "/monthly/reports/", grow, most=22)
    made.clear()
    assert_query_count(client, "/monthly/mine/", grow, most=16)


def test_the_list_of_periods_asks_no_more_for_more_rows(chief: User) -> None:
    def grow(number: int) -> None:
        for month in range(1, number + 1):
            period(chief, month % 12 + 1, cut_off=FAR)

    assert_query_count(as_(chief), "/monthly/", grow, most=22, sizes=(2, 11))
