"""Fifty at once on a budget that holds thirty; two with one key; one who closes meanwhile."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection

from jigai.errors import JigaiError
from jigai.ledgers.models import Entry
from jigai.ledgers.services import post_entry as posting
from jigai.ledgers.services.lock_period import lock_period
from tests.factories import make_user
from tests.ledgers.books import DAY, balances, make_book, post

pytestmark = [pytest.mark.system("budget-control")]


def at_once(acts: list[Callable[[], Any]]) -> Counter[str]:
    """What became of each: ``done``, a code of ours, or the name of a constraint."""
    ready, told = threading.Barrier(len(acts)), []

    def doing(act: Callable[[], Any]) -> None:
        try:
            ready.wait(20)
            act()
            told.append("done")
        except JigaiError as problem:
            told.append(problem.code)
        except DatabaseError as problem:
            told.append(getattr(problem.__cause__.diag, "constraint_name", "") or "broken")
        finally:
            connection.close()

    threads = [threading.Thread(target=doing, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(told)


def fifty(book: Any) -> Counter[str]:
    return at_once([lambda n=n: post(book, f"take{n}", free=-100, used=100) for n in range(50)])


def test_fifty_people_never_take_more_than_there_is(own_database: str) -> None:
    book = make_book(holds=3000)
    assert fifty(book) == {"done": 30, "account-short": 20}
    assert balances(book) == {"source": -3000, "free": 0, "used": 3000}


def test_the_database_alone_holds_the_floor(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own look before is for the words; without it nothing goes below either."""
    monkeypatch.setattr(posting, "_enough", lambda *given: None)
    book = make_book(holds=3000)
    assert fifty(book) == {"done": 30, "account_not_below_floor": 20}
    assert balances(book)["free"] == 0


def test_without_either_it_does_go_below(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: this is what the floor prevents."""
    monkeypatch.setattr(posting, "_enough", lambda *given: None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledgers_account DROP CONSTRAINT account_not_below_floor")
    book = make_book(holds=3000)
    assert fifty(book) == {"done": 50}
    assert balances(book)["free"] == -2000


def test_one_key_from_many_hands_is_one_entry(own_database: str) -> None:
    book = make_book(holds=3000)
    told = at_once([lambda: post(book, "answer", free=-100, used=100)] * 8)
    assert told == {"done": 8}
    assert balances(book)["used"] == 100
    assert Entry.objects.filter(key="b1:answer").count() == 1


def test_nobody_slips_into_a_period_that_closes(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looked at the period before it closed is waited for: the lock's balances hold him."""
    book, person = make_book(holds=3000), make_user()
    looked, look = threading.Event(), posting._period_open

    def slow(*given: Any) -> None:
        look(*given)
        looked.set()
        threading.Event().wait(0.4)

    def close() -> None:
        looked.wait(10)
        lock_period(book=book.pk, until=DAY, by=person)

    monkeypatch.setattr(posting, "_period_open", slow)
    assert at_once([lambda: post(book, "p", free=-7, used=7), close]) == {"done": 2}
    assert book.locks.get().balances["used"] == 7
