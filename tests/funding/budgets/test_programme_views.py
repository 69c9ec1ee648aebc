"""A special fund on screen."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from jigai.funding.budgets.money import balances, reserve
from jigai.funding.budgets.services.allocate import NewShare, plan_shares, set_share
from jigai.funding.budgets.services.change_budget import propose_change
from jigai.funding.models import Allocation, BudgetChange, Programme
from jigai.ledgers.models import Account
from tests.factories import COUNTY, SIBLING, make_user
from tests.funding.budgets.funds import DAY, change, fund_of, open_fund, two
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("budget-control")]

LINES = "示例一市 60%\n示例二市 40% 设备更新\n示例三市"


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, page_name: str, *args: Any, **data: str) -> Any:
    """Fill the form of a page and send it; a page with no form of its own takes a fresh nonce."""
    address = reverse(page_name, args=args)
    page = client.get(address)
    if page.status_code == 405:
        page = client.get(reverse("programme-detail", args=[data.pop("fund")]))
    nonce = page.content.decode().split('name="nonce" value="')[1].split('"')[0]
    return client.post(address, {**data, "nonce": nonce})


def text(client: Client, name: str, *args: Any) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_from_an_empty_fund_to_an_approved_budget() -> None:
    people = two()
    clerk, chief = as_user(people.clerk), as_user(people.chief)
    made = send(
        clerk, "programme-new", region=COUNTY, year="2021", code="ZX9", name="示例专项", pack="",
        clause="", payer="",
    )  # fmt: skip
    assert made.status_code == 302
    fund = Programme.objects.get()
    assert "还没有预算安排" in text(clerk, "programme-detail", fund.pk)
    send(
        clerk, "programme-change", fund.pk, kind="grant", amount_fen="3000万元",
        happened_on="2021-01-05", document="示例财〔2021〕1号",
    )  # fmt: skip
    change = BudgetChange.objects.get()
    assert 'value="approve"' not in text(clerk, "programme-detail", fund.pk)
    answer = send(chief, "programme-decide", change.pk, verb="approve", note="", fund=str(fund.pk))
    assert answer.status_code == 302
    page = text(chief, "programme-detail", fund.pk)
    assert "30,000,000.00" in page
    assert "与预算相等" in page
    assert balances(fund).budget == 3000 * 1_000_000


def test_every_figure_opens_its_account() -> None:
    people = two()
    fund = fund_of(people, 500_00)
    reserve(programme=fund, amounts={1: 123_45}, list_pk=1, on=DAY, by=None)
    page = text(as_user(people.chief), "programme-detail", fund.pk)
    reserved = Account.objects.get(book=fund.book, code="reserved")
    link = reverse("ledger-account", args=[reserved.pk])
    assert f'<a href="{link}">123.45</a>' in page


def test_a_fund_elsewhere_is_not_there() -> None:
    fund = fund_of(two(), 5)
    share = Allocation.objects.create(programme=fund, place=1, name="x")
    other = as_user(make_user("finance", SIBLING))
    for name, pk in (("programme-detail", fund.pk), ("allocation-page", fund.pk),
                     ("programme-change", fund.pk), ("allocation-set", share.pk)):  # fmt: skip
        assert other.get(reverse(name, args=[pk])).status_code == 404
    assert fund.name not in text(other, "programme-list")


@pytest.mark.system("city-block-grant")
def test_shares_show_what_is_not_set() -> None:
    people = two()
    fund = fund_of(people, 1000_00)
    clerk = as_user(people.clerk)
    done = send(clerk, "allocation-plan", fund.pk, lines=LINES,
                base_fen="500元")  # fmt: skip
    assert done.status_code == 302
    page = text(clerk, "allocation-page", fund.pk)
    assert "1 个对象的金额没有确定" in page
    assert ">未定<" in page
    assert [r.amount_fen for r in Allocation.objects.order_by("place")] == [300_00, 200_00, None]
    last = Allocation.objects.get(place=3)
    send(clerk, "allocation-set", last.pk, amount_fen="700元", seen="1")
    assert "结余不够下达" in text(clerk, "allocation-page", fund.pk)
    chief = as_user(people.chief)
    late = send(chief, "allocation-send", last.pk, document="示例", on="2021-03-01")
    assert late.status_code == 302
    assert balances(fund).allocated == 700_00
    short = send(chief, "allocation-send", Allocation.objects.get(place=1).pk, document="示例",
                 on="2021-03-01")  # fmt: skip
    assert short.status_code == 302
    second = Allocation.objects.get(place=2)
    short = send(chief, "allocation-send", second.pk, document="示例", on="2021-03-01")
    assert short.status_code == 422
    assert "还差 200.00 元" in short.content.decode()


@pytest.mark.parametrize(
    ("lines", "word"), [("示例市 百分之五%", "读不出"), ("甲 60%\n乙 50%", "超过 100%")]
)
def test_lines_that_cannot_be_read(lines: str, word: str) -> None:
    people = two()
    fund = open_fund(people)
    answer = send(as_user(people.clerk), "allocation-plan", fund.pk, lines=lines, base_fen="1万元")
    assert answer.status_code == 422
    assert word in answer.content.decode()


def test_the_statement_adds_up() -> None:
    people = two()
    fund = fund_of(people, 1000_00)
    shares = plan_shares(programme=fund.pk, shares=[NewShare("甲"), NewShare("乙")], **people.by)
    set_share(allocation=shares[0].pk, amount_fen=0, seen=1, **people.by)
    propose_change(
        programme=fund.pk, kind="cut", amount_fen=5_00, document="x", happened_on=DAY, **people.by
    )
    # Those who handle money may export, an auditor too.
    response = as_user(make_user("auditor")).get(reverse("programme-statement", args=[fund.pk]))
    assert response.status_code == 200
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["收支总表", "预算变动", "资金分配", "分录"]
    totals = {r[0]: r[1] for r in book["收支总表"].iter_rows(values_only=True) if r[0]}
    assert totals["预算"] == totals["结余"] == 1000
    changes = [row for row in book["预算变动"].iter_rows(values_only=True)][-2:]
    assert [(row[2], row[4]) for row in changes] == [(1000, "已批准"), (-5, "待批准")]
    amounts = [row[4:6] for row in book["资金分配"].iter_rows(values_only=True)][-2:]
    assert amounts == [(0, "已定"), (None, "未定")]


def test_the_list_asks_no_more_for_more() -> None:
    people = two()
    client = as_user(people.chief)

    def grow(number: int) -> None:
        for place in range(Programme.objects.count(), number):
            fund_of(people, 100, code=f"Z{place}")

    assert_query_count(client, reverse("programme-list"), grow, most=18)
    fund = Programme.objects.order_by("id")[0]

    def more(number: int) -> None:
        for _ in range(fund.changes.count(), number):
            change(people, fund, 1)

    assert_query_count(client, reverse("programme-detail", args=[fund.pk]), more, most=24)
