"""A book, one of its accounts, one of its entries; closing and opening its periods."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.forms.fields import day_field, reason_field
from jigai.core.screens import formats
from jigai.core.views.form_page import FormPage
from jigai.ledgers.about import link_of
from jigai.ledgers.kinds import kind_name
from jigai.ledgers.lists import day_of, tell
from jigai.ledgers.models import Account, Book, Entry, Posting
from jigai.ledgers.selectors import balances_on, books_for, entries_for, wrong_balances
from jigai.ledgers.services.lock_period import lock_period, reopen_period
from jigai.ledgers.words import number, unit_name

# A page shows this many; the list of entries has them all.
NEWEST, MOST = 30, 500


class DayForm(forms.Form):
    """The day whose balances are shown."""

    on = day_field("截至", help_text="不填为现在")


class DaysForm(forms.Form):
    """The days of a statement."""

    since, until = day_field("日期从"), day_field("日期到")


@requires("ledger.view")
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """Accounts with balances, now or at the end of a day (``?on=``), and the newest entries."""
    book = get_object_or_404(books_for(request.access), pk=pk)
    form = DayForm(request.GET)
    on = day_of(request.GET.get("on", ""))
    accounts = list(book.accounts.order_by("id"))
    then = balances_on(book, on) if on else {a.code: a.balance for a in accounts}
    for account in accounts:
        account.stands = number(then[account.code], book.unit)
    entries = list(book.entries.select_related("by", "book").order_by("-id")[:NEWEST])
    _tell_all(entries)
    label, url = link_of(book.about)
    context = {
        "form": form, "book": book, "book_key": str(book.pk), "accounts": accounts,
        "entries": entries, "on": on, "unit": unit_name(book.unit), "wrong": wrong_balances(book),
        "total": number(sum(then.values()), book.unit), "about": label, "about_url": url,
        "locks": book.locks.select_related("by").order_by("-id"),
    }  # fmt: skip
    return render(request, "ledgers/book.html", context)


def _tell_all(entries: list[Entry]) -> None:
    sides: dict[int, list[Posting]] = {entry.pk: [] for entry in entries}
    rows = Posting.objects.filter(entry__in=list(sides)).select_related("account").order_by("id")
    for posting in rows:
        sides[posting.entry_id].append(posting)
    for entry in entries:
        tell(entry, sides[entry.pk])
        entry.kind_name = kind_name(entry.kind)  # type: ignore[attr-defined]


@requires("ledger.view")
@require_GET
def account(request: Any, pk: int) -> HttpResponse:
    """What came to an account and left it, with the balance after each."""
    rows = Account.objects.select_related("book")
    found = get_object_or_404(rows, pk=pk, book__in=books_for(request.access))
    since, until = (day_of(request.GET.get(name, "")) for name in ("since", "until"))
    lines = statement(found, since, until)
    unit = found.book.unit
    context = {
        "form": DaysForm(request.GET), "account": found, "book": found.book,
        "since": since, "until": until,
        "unit": unit_name(unit), "stands": number(found.balance, unit),
        "floor": None if found.floor is None else number(found.floor, unit),
        "lines": [
            (p.entry, number(p.amount, unit), number(after, unit), kind_name(p.entry.kind))
            for p, after in lines[:MOST]
        ],
        "more": len(lines) > MOST,
    }  # fmt: skip
    return render(request, "ledgers/account.html", context)


def statement(
    found: Account, since: dt.date | None, until: dt.date | None
) -> list[tuple[Posting, int]]:
    """Postings of some days with the balance after each, by day and newest first, one more than
    the page shows."""
    rows = found.postings.all()
    if until is not None:
        rows = rows.filter(entry__happened_on__lte=until)
    after = rows.aggregate(fen=Sum("amount"))["fen"] or 0
    if since is not None:
        rows = rows.filter(entry__happened_on__gte=since)
    told = []
    for posting in rows.select_related("entry").order_by("-entry__happened_on", "-id")[: MOST + 1]:
        told.append((posting, after))
        after -= posting.amount
    return told


@requires("ledger.view")
@require_GET
def entry(request: Any, pk: int) -> HttpResponse:
    """One entry: its sides, its basis, what it takes back and what took it back."""
    rows = entries_for(request.access).select_related("book", "by", "reverses")
    found = get_object_or_404(rows, pk=pk)
    postings = list(found.postings.select_related("account").order_by("id"))
    tell(found, postings)
    label, url = link_of(found.about)
    context = {
        "entry": found, "book": found.book, "kind": kind_name(found.kind), "about": label,
        "about_url": url, "unit": unit_name(found.book.unit),
        "back": Entry.objects.filter(reverses=found).first(),
        "sides": [(p.account, number(p.amount, found.book.unit)) for p in postings],
        "basis": [(str(k), str(v)) for k, v in found.basis.items()],
    }  # fmt: skip
    return render(request, "ledgers/entry.html", context)


class LockForm(forms.Form):
    """The last day of the periods to close."""

    until = day_field("关账至", required=True, help_text="这一天及以前不再记账")
    reason = forms.CharField(label="说明", max_length=200, required=False)


class ReopenForm(forms.Form):
    """Up to where the book stays closed, and why it opens."""

    until = day_field("仍关至", help_text="不填则全部重新开账")
    reason = reason_field("理由", "写清要更正什么；记在关账记录里")


class _OfBook(FormPage):
    """A form about a book."""

    above = ("总账", "ledger-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The book, within reach of the right to close."""
        row = books_for(request.access, "ledger.lock").filter(pk=kwargs["pk"]).first()
        if row is None:
            raise Http404
        self.book: Book = row

    def context(self, request: Any) -> dict[str, Any]:
        """Which book."""
        until = self.book.closed_until
        return {"facts": [("账簿", self.book.name),
                          ("已关账至", formats.day(until) if until else "没有关账")],
                "back": reverse("ledger-detail", args=[self.book.pk])}  # fmt: skip


@method_decorator(requires("ledger.lock"), name="dispatch")
class Lock(_OfBook):
    """关账."""

    form_class = LockForm
    title = "关账"
    note = "当日余额和全部分录的散列一并留存"
    submit = "关账"
    done = "已关账"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """The end of last month."""
        last = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
        return LockForm(data, initial={"until": last})

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Close."""
        lock_period(book=self.book.pk, by=request.user, **values)
        return reverse("ledger-detail", args=[self.book.pk])


@method_decorator(requires("ledger.lock"), name="dispatch")
class Reopen(_OfBook):
    """重新开账."""

    form_class = ReopenForm
    title = "重新开账"
    note = "由关账人以外的另一人办理"
    submit = "重新开账"
    tone = "danger"
    done = "已重新开账"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Open."""
        reopen_period(book=self.book.pk, by=request.user, **values)
        return reverse("ledger-detail", args=[self.book.pk])
