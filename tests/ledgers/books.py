"""A small book for tests: a source without a floor and two accounts that hold at least nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jigai.ledgers.models import Account, Book, Entry
from jigai.ledgers.services.open_book import NewAccount, open_book
from jigai.ledgers.services.post_entry import post_entry

DAY = dt.date(2021, 3, 1)


def make_book(code: str = "b1", *, holds: int = 0, unit: str = "fen") -> Book:
    book = open_book(
        code=code, name=f"示例账簿{code}", unit=unit, region_code="370812",
        accounts=[
            NewAccount("source", "来源", "source", None),
            NewAccount("free", "可用", "available", 0),
            NewAccount("used", "已用", "used", 0),
        ],
    )  # fmt: skip
    if holds:
        post(book, "start", source=-holds, free=holds)
    return book


def post(book: Book, key: str, *, on: dt.date = DAY, **moves: int) -> Entry:
    return post_entry(book=book, key=f"{book.code}:{key}", kind="t", on=on, moves=moves, text=key)


def balances(book: Book) -> dict[str, Any]:
    return dict(Account.objects.filter(book=book).values_list("code", "balance"))
