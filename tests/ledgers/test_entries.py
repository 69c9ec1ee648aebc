"""Entries balance, keep every floor, stay as they are, and happen once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jigai.errors import JigaiError
from jigai.ledgers.models import Account, Book, Entry, PeriodLock, Posting
from jigai.ledgers.selectors import balances_on, wrong_balances
from jigai.ledgers.services.open_book import NewAccount, add_accounts, open_book
from jigai.ledgers.services.post_entry import NewEntry, post_entries
from jigai.ledgers.services.reverse_entry import reverse_entry
from tests.factories import make_user
from tests.ledgers.books import DAY, balances, make_book, post

pytestmark = [pytest.mark.django_db, pytest.mark.system("budget-control")]


def refused(code: str, act: Any) -> JigaiError:
    with pytest.raises(JigaiError) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def test_an_entry_moves_balances() -> None:
    book, person = make_book(), make_user()
    made = post_entries(
        book=book,
        entries=[NewEntry("k", "grant", DAY, {"source": -900, "free": 900}, "年初安排", "p:1",
                          {"document": "示例〔2021〕1号"})],
        by=person,
    )[0]  # fmt: skip
    assert balances(book) == {"source": -900, "free": 900, "used": 0}
    kept = Entry.objects.get(pk=made.pk)
    assert (kept.text, kept.about, kept.by) == ("年初安排", "p:1", person)
    assert kept.basis == {"document": "示例〔2021〕1号"}
    assert {p.account.code: p.amount for p in kept.postings.all()} == {"source": -900, "free": 900}


def test_the_same_key_posts_once_and_never_anything_else() -> None:
    book = make_book(holds=1000)
    first = post(book, "pay", free=-300, used=300)
    assert post(book, "pay", free=-300, used=300) == first
    assert balances(book)["used"] == 300
    refused("entry-key-reused", lambda: post(book, "pay", free=-301, used=301))
    other = make_book("b2", holds=1000)
    again = NewEntry("b1:pay", "t", DAY, {"free": -300, "used": 300}, "x")
    refused("entry-key-reused", lambda: post_entries(book=other, entries=[again]))
    assert balances(other)["used"] == 0


def test_a_key_twice_in_one_call() -> None:
    book = make_book(holds=1000)
    new = NewEntry("one", "t", DAY, {"free": -300, "used": 300}, "x")
    found = post_entries(book=book, entries=[new, new])
    assert found[0] == found[1]
    assert balances(book)["used"] == 300
    other = NewEntry("two", "t", DAY, {"free": -1, "used": 1}, "x")
    bent = NewEntry("two", "t", DAY, {"free": -2, "used": 2}, "x")
    refused("entry-key-reused", lambda: post_entries(book=book, entries=[other, bent]))


def test_a_floor_says_what_is_missing() -> None:
    book = make_book(holds=100_00)
    problem = refused("account-short", lambda: post(book, "much", free=-150_50, used=150_50))
    assert "100.00 元" in problem.message
    assert "50.50 元" in problem.message
    assert balances(book)["free"] == 100_00


def test_all_entries_of_a_call_or_none() -> None:
    book = make_book(holds=1000)
    news = [NewEntry(f"n{n}", "t", DAY, {"free": -300, "used": 300}, "x") for n in range(4)]
    refused("account-short", lambda: post_entries(book=book, entries=news))
    assert balances(book)["used"] == 0
    post_entries(book=book, entries=news[:3])
    assert balances(book)["used"] == 900
    assert post_entries(book=book, entries=[]) == []


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        ({"free": 5, "source": -4}, "unbalanced"),
        ({"free": 0}, "unbalanced"),
        ({}, "unbalanced"),
        ({"free": 5, "nowhere": -5}, "unknown-account"),
    ],
)
def test_what_is_not_an_entry(moves: dict[str, int], code: str) -> None:
    book = make_book()
    refused(code, lambda: post(book, "bad", **moves))
    assert not Entry.objects.exists()


def test_a_counter_entry_takes_back_once() -> None:
    book = make_book(holds=1000)
    entry = post(book, "pay", free=-400, used=400)

    def back(key: str) -> Entry:
        return reverse_entry(entry=entry, key=key, text="更正", on=DAY)

    first = back("back")
    assert first.reverses_id == entry.pk
    assert balances(book) == {"source": -1000, "free": 1000, "used": 0}
    assert back("back") == first
    refused("already-reversed", lambda: back("back-again"))
    assert balances(book)["free"] == 1000


def test_a_counter_entry_keeps_the_floor() -> None:
    book = make_book()
    granted = post(book, "grant", source=-500, free=500)
    post(book, "pay", free=-400, used=400)
    refused(
        "account-short",
        lambda: reverse_entry(entry=granted, key="back", text="撤销", on=DAY),
    )


def test_balances_as_of_a_day() -> None:
    book = make_book(holds=1000)
    post(book, "later", on=DAY + dt.timedelta(days=9), free=-250, used=250)
    assert balances_on(book, DAY - dt.timedelta(days=1)) == {"free": 0, "source": 0, "used": 0}
    assert balances_on(book, DAY) == {"free": 1000, "source": -1000, "used": 0}
    assert balances_on(book, DAY + dt.timedelta(days=9))["free"] == 750
    assert wrong_balances(book) == []


def test_books_and_accounts_open_once() -> None:
    book = make_book()
    refused("book-exists", make_book)
    add_accounts(book=book, accounts=[NewAccount("pool", "风险池", "other", 0, "enterprise:7")])
    add_accounts(book=book, accounts=[NewAccount("pool", "改名", "other", None)])
    pool = Account.objects.get(book=book, code="pool")
    assert (pool.name, pool.floor, pool.holder) == ("风险池", 0, "enterprise:7")


def test_quantities_of_other_units_read_as_people_do() -> None:
    book = make_book(unit="kgce", holds=1500)
    problem = refused("account-short", lambda: post(book, "x", free=-2000, used=2000))
    assert "1.500 吨标准煤" in problem.message


# What the database holds by itself, whoever writes to it.


def raw(statement: str, *given: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given)


def bare_entry(book: Book, key: str = "raw") -> Entry:
    return Entry.objects.create(book=book, key=key, kind="t", happened_on=DAY, text="x")


def account(book: Book, code: str) -> Account:
    return Account.objects.get(book=book, code=code)


def test_the_database_refuses_what_does_not_balance() -> None:
    book = make_book()
    entry = bare_entry(book)
    lone = [Posting(entry=entry, account=account(book, "free"), amount=5)]
    with pytest.raises(IntegrityError, match="do not balance"), transaction.atomic():
        Posting.objects.bulk_create(lone)
    assert balances(book)["free"] == 0


def test_the_database_keeps_the_floor() -> None:
    book = make_book(holds=10)
    entry = bare_entry(book)
    rows = [
        Posting(entry=entry, account=account(book, "free"), amount=-11),
        Posting(entry=entry, account=account(book, "used"), amount=11),
    ]
    with pytest.raises(IntegrityError, match="account_not_below_floor"), transaction.atomic():
        Posting.objects.bulk_create(rows)


def test_the_database_keeps_books_apart() -> None:
    one, two = make_book(holds=10), make_book("b2")
    entry = bare_entry(one)
    rows = [
        Posting(entry=entry, account=account(one, "free"), amount=-5),
        Posting(entry=entry, account=account(two, "free"), amount=5),
    ]
    with pytest.raises(IntegrityError, match="another book"), transaction.atomic():
        Posting.objects.bulk_create(rows)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledgers_posting SET amount = amount * 2",
        "DELETE FROM ledgers_posting",
        "TRUNCATE ledgers_posting",
        "UPDATE ledgers_entry SET text = 'other'",
        "DELETE FROM ledgers_entry",
        "TRUNCATE ledgers_entry CASCADE",
        "UPDATE ledgers_account SET balance = balance + 1",
        "UPDATE ledgers_account SET floor = NULL",
        "DELETE FROM ledgers_account",
        "TRUNCATE ledgers_account CASCADE",
        "UPDATE ledgers_periodlock SET reason = 'other'",
        "DELETE FROM ledgers_periodlock",
        "TRUNCATE ledgers_periodlock",
    ],
)
def test_what_is_written_stays(statement: str) -> None:
    book = make_book(holds=10)
    PeriodLock.objects.create(book=book, until=DAY)
    # Checks still to come would be refused first, whatever the triggers say.
    raw("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match=r"pgtrigger: Cannot|stay"):
        raw(statement)


def test_an_account_opens_empty() -> None:
    book = make_book()
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        Account.objects.create(book=book, code="gift", name="x", kind="other", balance=5)


def test_the_database_refuses_an_entry_in_a_closed_period() -> None:
    book = make_book()
    Book.objects.filter(pk=book.pk).update(closed_until=DAY)
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        bare_entry(book)


Moves = st.lists(
    st.tuples(
        st.sampled_from(["source", "free", "used"]),
        st.sampled_from(["source", "free", "used"]),
        st.integers(1, 10**12),
    ).filter(lambda move: move[0] != move[1]),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=Moves)
def test_whatever_is_posted_books_balance_and_floors_hold(moves: Any, kept: Book) -> None:
    """An oracle in plain Python says which moves go through; the book agrees after each."""
    stands = {"source": 0, "free": 0, "used": 0}
    with transaction.atomic():
        for number, (here, there, amount) in enumerate(moves):
            fits = here == "source" or stands[here] >= amount
            try:
                post(kept, str(number), **{here: -amount, there: amount})
            except JigaiError as problem:
                assert not fits, problem
            else:
                assert fits
                stands[here] -= amount
                stands[there] += amount
            assert balances(kept) == stands
        whole = Posting.objects.aggregate(total=Sum("amount"))["total"] or 0
        assert whole == 0
        assert wrong_balances(kept) == []
        transaction.set_rollback(True)


@pytest.fixture
def kept() -> Book:
    return make_book("random")


def test_open_book_gives_it_back_empty() -> None:
    book = open_book(code="x", name="x", unit="count", region_code="370812", accounts=[])
    assert balances(book) == {}
