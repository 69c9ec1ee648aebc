"""A new book with its accounts, or more accounts for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from jigai.errors import JigaiError
from jigai.ledgers.models import Account, Book


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to open. ``kind`` is one of :class:`Account.Kind`; ``floor`` the least it may
    hold in units of the book, ``None`` for a source."""

    code: str
    name: str
    kind: str
    floor: int | None = 0
    holder: str = ""


def open_book(
    *,
    code: str,
    name: str,
    unit: str,
    region_code: str,
    accounts: Sequence[NewAccount],
    about: str = "",
) -> Book:
    """The book, empty. Raises :class:`JigaiError` where there is one of this code already."""
    with transaction.atomic():
        book, made = Book.objects.get_or_create(
            code=code, defaults={"name": name, "unit": unit, "region_code": region_code,
                                 "about": about},
        )  # fmt: skip
        if not made:
            raise JigaiError("book-exists", f"编号“{code}”的账簿已经有了", "打开原有账簿，或换编号")
        add_accounts(book=book, accounts=accounts)
    return book


def add_accounts(*, book: Book, accounts: Sequence[NewAccount]) -> list[Account]:
    """Open accounts in a book; those whose code is there already stay as they are."""
    Account.objects.bulk_create(
        [
            Account(
                book=book, code=new.code, name=new.name, kind=new.kind, floor=new.floor,
                holder=new.holder,
            )
            for new in accounts
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    codes = [new.code for new in accounts]
    return list(Account.objects.filter(book=book, code__in=codes))
