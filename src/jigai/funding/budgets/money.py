"""How money moves in the book of a special fund. Every move has a key: it happens once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Sum

from jigai.core.models import User
from jigai.funding.budgets import accounts as at
from jigai.funding.models import PaymentOrder, Programme, Recovery, Repayment
from jigai.ledgers.models import Account, Entry
from jigai.ledgers.services.post_entry import NewEntry, post_entries


@dataclass(frozen=True, slots=True)
class Balances:
    """What stands where in a special fund, in fen. ``budget`` is all that came into it."""

    budget: int
    available: int
    reserved: int
    transit: int
    paid: int
    receivable: int
    written_off: int
    allocated: int

    @property
    def spent(self) -> int:
        """Everything that is no longer free to be decided on."""
        return self.budget - self.available


def balances_of(programmes: Iterable[Programme]) -> dict[int, Balances]:
    """Balances by programme, one query for all."""
    by_book = {programme.book_id: programme.pk for programme in programmes}
    rows = Account.objects.filter(book__in=by_book).values_list("book_id", "code", "balance")
    found: dict[int, dict[str, int]] = {pk: {} for pk in by_book.values()}
    for book, code, balance in rows.order_by("id"):
        found[by_book[book]][code] = balance
    return {pk: _balances(told) for pk, told in found.items()}


def balances(programme: Programme) -> Balances:
    """Balances of one special fund now."""
    return balances_of([programme])[programme.pk]


def _balances(told: Mapping[str, int]) -> Balances:
    names = (at.AVAILABLE, at.RESERVED, at.TRANSIT, at.PAID, at.RECEIVABLE, at.WRITTEN_OFF,
             at.ALLOCATED)  # fmt: skip
    return Balances(-told.get(at.SOURCE, 0), *(told.get(name, 0) for name in names))


def reserve(
    *, programme: Programme, amounts: Mapping[int, int], list_pk: int, on: dt.date, by: User | None
) -> list[Entry]:
    """Bind what an approved list decided: fen by application; nothing for those of 0.

    Raises :class:`JigaiError` ``account-short`` where the budget does not reach; then nothing of
    the list is bound.
    """
    entries = [
        _moving(
            at.AVAILABLE, at.RESERVED, fen, key=f"reserve:{list_pk}:{application}", kind="reserve",
            on=on, text="审定占用", about=f"application:{application}",
        )
        for application, fen in amounts.items()
        if fen
    ]  # fmt: skip
    return post_entries(book=programme.book, entries=entries, by=by)


def release(
    *, programme: Programme, application: int, fen: int, key: str, text: str, on: dt.date,
    by: User | None,
) -> Entry:  # fmt: skip
    """Free what was bound for an application and is not to be paid."""
    new = _moving(
        at.RESERVED, at.AVAILABLE, fen, key=key, kind="release", on=on, text=text,
        about=f"application:{application}",
    )  # fmt: skip
    return post_entries(book=programme.book, entries=[new], by=by)[0]


def order(
    *, programme: Programme, orders: Iterable[PaymentOrder], on: dt.date, by: User | None
) -> list[Entry]:
    """Payments handed to the treasury."""
    return _orders(programme, orders, "order", at.RESERVED, at.TRANSIT, "送出支付", on, by)


def settle(
    *, programme: Programme, orders: Iterable[PaymentOrder], on: dt.date, by: User | None
) -> list[Entry]:
    """Payments that arrived."""
    return _orders(programme, orders, "paid", at.TRANSIT, at.PAID, "支付到账", on, by)


def give_back(
    *, programme: Programme, orders: Iterable[PaymentOrder], on: dt.date, by: User | None
) -> list[Entry]:
    """Payments the bank returned (退票): bound again, to be paid anew."""
    return _orders(programme, orders, "returned", at.TRANSIT, at.RESERVED, "退票", on, by)


def _orders(
    programme: Programme, orders: Iterable[PaymentOrder], kind: str, source: str, target: str,
    text: str, on: dt.date, by: User | None,
) -> list[Entry]:  # fmt: skip
    entries = [
        _moving(
            source, target, order.amount_fen, key=f"{kind}:{order.reference}", kind=kind, on=on,
            text=f"{text} {order.reference}", about=f"application:{order.application_id}",
        )
        for order in orders
    ]  # fmt: skip
    return post_entries(book=programme.book, entries=entries, by=by)


def call_back(*, programme: Programme, recovery: Recovery, on: dt.date, by: User | None) -> Entry:
    """Paid money that has to come back, once the recovery is confirmed; interest is not budget."""
    new = _moving(
        at.PAID, at.RECEIVABLE, recovery.amount_fen, key=f"recovery:{recovery.number}",
        kind="recovery", on=on, text=f"应收回 {recovery.number}",
        about=f"application:{recovery.application_id}",
    )  # fmt: skip
    return post_entries(book=programme.book, entries=[new], by=by)[0]


def repay(*, programme: Programme, repayment: Repayment, by: User | None) -> Entry | None:
    """Money that came back, free to be decided on again: what is still to come back comes first.

    Whatever is above that is interest; it goes to the treasury and has no place in the fund, so
    that there is no entry (``None``) for a repayment of interest alone.
    """
    recovery = repayment.recovery
    earlier = recovery.repayments.filter(pk__lt=repayment.pk).aggregate(fen=Sum("amount_fen"))
    fen = min(repayment.amount_fen, recovery.amount_fen - (earlier["fen"] or 0))
    if fen <= 0:
        return None
    new = _moving(
        at.RECEIVABLE, at.AVAILABLE, fen, key=f"repaid:{repayment.reference}", kind="repaid",
        on=repayment.received_on, text=f"收回 {repayment.reference}",
        about=f"application:{recovery.application_id}",
    )  # fmt: skip
    return post_entries(book=programme.book, entries=[new], by=by)[0]


def write_off(
    *, programme: Programme, recovery: Recovery, fen: int, on: dt.date, by: User | None
) -> Entry:
    """What will not come back."""
    new = _moving(
        at.RECEIVABLE, at.WRITTEN_OFF, fen, key=f"written-off:{recovery.number}",
        kind="written-off", on=on, text=f"不再追回 {recovery.number}",
        about=f"application:{recovery.application_id}",
    )  # fmt: skip
    return post_entries(book=programme.book, entries=[new], by=by)[0]


def _moving(
    source: str, target: str, fen: int, *, key: str, kind: str, on: dt.date, text: str, about: str
) -> NewEntry:
    return NewEntry(
        key=key, kind=kind, on=on, moves={source: -fen, target: fen}, text=text, about=about
    )
