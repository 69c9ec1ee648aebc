"""Periods are closed with what they held, and opened again by somebody else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from jigai.errors import JigaiError
from jigai.ledgers.models import Book
from jigai.ledgers.selectors import root_hash
from jigai.ledgers.services.lock_period import lock_period, reopen_period
from tests.factories import make_user
from tests.ledgers.books import DAY, balances, make_book, post

pytestmark = [pytest.mark.django_db, pytest.mark.system("budget-control")]


def test_nothing_comes_into_a_closed_period() -> None:
    book, person = make_book(holds=500), make_user()
    lock = lock_period(book=book.pk, until=DAY, by=person, reason="月结")
    assert lock.balances == {"free": 500, "source": -500, "used": 0}
    with pytest.raises(JigaiError) as caught:
        post(book, "late", free=-1, used=1)
    assert caught.value.code == "period-locked"
    assert "2021-03-01" in caught.value.message
    post(book, "next day", on=DAY + dt.timedelta(days=1), free=-1, used=1)
    assert balances(book)["used"] == 1


def test_what_was_posted_before_may_be_sent_again() -> None:
    """A retry of an answered request after the close changes nothing and is no error."""
    book = make_book(holds=500)
    first = post(book, "pay", free=-5, used=5)
    lock_period(book=book.pk, until=DAY, by=make_user())
    assert post(book, "pay", free=-5, used=5) == first


def test_another_person_opens_it_again_with_a_reason() -> None:
    book, person, other = make_book(holds=500), make_user(), make_user()
    lock_period(book=book.pk, until=DAY, by=person)
    for by, reason, code in ((person, "更正", "same-person"), (other, " ", "no-reason")):
        with pytest.raises(JigaiError) as caught:
            reopen_period(book=book.pk, until=None, reason=reason, by=by)
        assert caught.value.code == code
    reopen_period(book=book.pk, until=None, reason="漏记一笔", by=other)
    post(book, "late", free=-1, used=1)
    assert Book.objects.get().closed_until is None
    assert [lock.until for lock in book.locks.all()] == [DAY, None]


@pytest.mark.parametrize(
    ("until", "code"), [(DAY, "already-closed"), (dt.date(2999, 1, 1), "day-not-over")]
)
def test_what_cannot_be_closed(until: dt.date, code: str) -> None:
    book, person = make_book(), make_user()
    lock_period(book=book.pk, until=DAY, by=person)
    with pytest.raises(JigaiError) as caught:
        lock_period(book=book.pk, until=until, by=person)
    assert caught.value.code == code


def test_today_is_not_over() -> None:
    with pytest.raises(JigaiError, match="昨天"):
        lock_period(book=make_book().pk, until=timezone.localdate(), by=make_user())


def test_only_what_is_closed_opens() -> None:
    book, person = make_book(), make_user()
    with pytest.raises(JigaiError) as caught:
        reopen_period(book=book.pk, until=None, reason="x", by=person)
    assert caught.value.code == "not-closed"
    lock_period(book=book.pk, until=DAY, by=person)
    with pytest.raises(JigaiError) as caught:
        reopen_period(book=book.pk, until=DAY, reason="x", by=make_user())
    assert caught.value.code == "not-closed"


def test_the_hash_tells_one_set_of_entries_from_another() -> None:
    one, two = make_book(holds=500), make_book("b2", holds=501)
    assert root_hash(one, DAY) != root_hash(two, DAY)
    before = root_hash(one, DAY)
    post(one, "later", on=DAY + dt.timedelta(days=1), free=-1, used=1)
    assert root_hash(one, DAY) == before
    post(one, "same day", free=-1, used=1)
    assert root_hash(one, DAY) != before
