"""Books on screen: balances now and then, statements, entries, closing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.ledgers.models import Account, Book, Entry
from jigai.ledgers.services.lock_period import lock_period
from jigai.ledgers.services.reverse_entry import reverse_entry
from tests.factories import SIBLING, make_regions, make_user
from tests.ledgers.books import DAY, make_book, post
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("budget-control")]


@pytest.fixture
def client() -> Client:
    make_regions()
    return signed_in()


def signed_in(role: str = "finance-chief", **given: Any) -> Client:
    client = Client()
    client.force_login(make_user(role, **given))
    return client


def seen(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_book_now_and_at_the_end_of_a_day(client: Client) -> None:
    book = make_book(holds=1_234_56)
    post(book, "支付一笔", on=DAY + dt.timedelta(days=5), free=-34_56, used=34_56)
    now = seen(client, "ledger-detail", book.pk)
    assert "1,200.00" in now
    assert "余额与分录相符" in now
    assert "支付一笔" in now
    then = seen(client, "ledger-detail", book.pk, on="2021-03-02")
    assert "2021-03-02 余额" in then
    assert "1,200.00" not in then


def test_a_statement_has_the_balance_after_each(client: Client) -> None:
    book = make_book(holds=1000_00)
    post(book, "甲", on=DAY + dt.timedelta(days=1), free=-100_00, used=100_00)
    post(book, "乙", on=DAY + dt.timedelta(days=2), free=-200_00, used=200_00)
    account = Account.objects.get(book=book, code="free")
    whole = seen(client, "ledger-account", account.pk)
    assert whole.index("700.00") < whole.index("900.00") < whole.rindex("1,000.00")
    part = seen(client, "ledger-account", account.pk, until="2021-03-02")
    assert "900.00" in part
    assert "-200.00" not in part
    assert "这段时间没有往来" in seen(client, "ledger-account", account.pk, since="2022-01-01")


def test_an_entry_shows_its_sides_and_what_took_it_back(client: Client) -> None:
    book = make_book(holds=1000_00)
    entry = post(book, "误付", free=-100_00, used=100_00)
    back = reverse_entry(entry=entry, key="back", text="更正误付", on=DAY)
    page = seen(client, "ledger-entry", entry.pk)
    assert "-100.00" in page
    assert reverse("ledger-entry", args=[back.pk]) in page
    assert "误付" in seen(client, "ledger-entry", back.pk)


def test_a_book_out_of_reach_is_not_there(client: Client) -> None:
    book = make_book(holds=1000_00)
    other = signed_in(region=SIBLING)
    account, entry = Account.objects.first(), Entry.objects.first()
    assert account is not None
    assert entry is not None
    for name, pk in (("ledger-detail", book.pk), ("ledger-account", account.pk),
                     ("ledger-entry", entry.pk), ("ledger-lock", book.pk)):  # fmt: skip
        assert other.get(reverse(name, args=[pk])).status_code == 404
    assert "示例账簿b1" not in other.get(reverse("ledger-list")).content.decode()
    assert "示例账簿b1" in seen(client, "ledger-list")


def test_entries_narrow_to_a_book_and_an_account(client: Client) -> None:
    one, two = make_book(holds=5), make_book("b2", holds=7)
    post(one, "只有甲", free=-1, used=1)
    page = seen(client, "ledger-entries", book=str(one.pk), account="used")
    assert "只有甲" in page
    assert ">start<" not in page
    assert ">start<" in seen(client, "ledger-entries", book=str(one.pk), account="free")
    rows = seen(client, "ledger-entries", book=str(two.pk)).split("<tbody")[1]
    assert "示例账簿b2" in rows
    assert "示例账簿b1" not in rows


def test_closing_and_opening_on_screen(client: Client) -> None:
    book = make_book(holds=5)
    address = reverse("ledger-lock", args=[book.pk])
    nonce = client.get(address).content.decode().split('name="nonce" value="')[1].split('"')[0]
    assert client.post(address, {"until": "2021-03-01", "nonce": nonce}).status_code == 302
    assert Book.objects.get().closed_until == DAY
    address = reverse("ledger-reopen", args=[book.pk])
    nonce = client.get(address).content.decode().split('name="nonce" value="')[1].split('"')[0]
    refused = client.post(address, {"reason": "更正", "nonce": nonce})
    assert refused.status_code == 422
    assert "两个人" in refused.content.decode()


def test_the_page_tells_of_a_closed_period(client: Client) -> None:
    book = make_book(holds=5)
    lock_period(book=book.pk, until=DAY, by=make_user(), reason="一季度")
    assert "一季度" in seen(client, "ledger-detail", book.pk)


def test_lists_ask_no_more_for_more(client: Client) -> None:
    book = make_book(holds=1000)

    def grow(number: int) -> None:
        for place in range(book.entries.count(), number):
            post(book, f"n{place}", free=-1, used=1)
            if not Book.objects.filter(code=f"x{place}").exists():
                make_book(f"x{place}", holds=1)

    assert_query_count(client, reverse("ledger-entries"), grow, most=16)
    assert_query_count(client, reverse("ledger-list"), grow, most=16, sizes=(16, 25))
    detail = reverse("ledger-detail", args=[book.pk])
    assert_query_count(client, detail, grow, most=20, sizes=(26, 29))
