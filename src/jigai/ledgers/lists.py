"""Lists of books and of their entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.forms.fields import day_field
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    words_field,
)
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.ledgers.kinds import kind_name, kinds
from jigai.ledgers.models import Account, Book, Entry, Posting
from jigai.ledgers.selectors import books_for, entries_for
from jigai.ledgers.words import number, quantity, unit_name


class BookFilters(ListFilters):
    """Books by name, unit and region."""

    q = words_field("名称或编号")
    unit = choice("单位", Book.Unit.choices)
    region = RegionField()

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the name, or the beginning of the number."""
        return rows.filter(name__icontains=value) | rows.filter(code__startswith=value)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)


class BookList(ListPage):
    """总账."""

    page = "ledgers"
    url_name = "ledger-list"
    title = "总账"
    note = "每笔分录两边相等，记下后不能改；科目余额由数据库算出"
    capability = "ledger.view"
    filters = BookFilters
    columns = (
        Column("name", "账簿", link=True, clip=True, sort="name"),
        Column("code", "编号", clip=True, shown=False),
        Column("region", "地区", "region_name"),
        Column("unit", "单位", lambda row: unit_name(row.unit)),
        Column("came", "来源合计", "came", kind=c.NUMBER),
        Column("free", "可用", "free", kind=c.NUMBER),
        Column("closed_until", "已关账至", kind=c.DAY, sort="closed_until"),
        Column("created_at", "建立时间", kind=c.MOMENT, sort="created_at", shown=False),
    )  # fmt: skip
    empty_title = "还没有账簿"
    empty_hint = "新建专项资金时，账簿一并建立。"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Within reach."""
        return books_for(access)

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Regions and balances."""
        names = names_of_regions(row.region_code for row in rows)
        kept = Account.objects.filter(book__in=[row.pk for row in rows])
        sums = kept.values("book", "kind").order_by("book", "kind").annotate(fen=Sum("balance"))
        stands = {(found["book"], found["kind"]): found["fen"] for found in sums}
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)
            row.came = number(-stands.get((row.pk, Account.Kind.SOURCE), 0), row.unit)
            row.free = number(stands.get((row.pk, Account.Kind.AVAILABLE), 0), row.unit)

    def row_url(self, row: Book) -> str:
        """The book."""
        return reverse("ledger-detail", args=[row.pk])


class EntryFilters(ListFilters):
    """Entries by words, book, account, what they record, and day."""

    lookups = {"book": "book", "kind": "kind", "since": "happened_on__gte",
               "until": "happened_on__lte", "about": "about"}  # fmt: skip
    q = words_field("摘要或记账编号")
    kind = choice("事项", ())
    since = day_field("日期从")
    until = day_field("日期到")
    account = choice("科目", ())
    book = choice("账簿", ())
    about = words_field("事由对象")
    field_order = ("q", "kind", "since", "until", "account", "book", "about")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "全部"), *kinds()]
        books = books_for(self.access).order_by("-id") if self.access else Book.objects.none()
        told = [(str(pk), name) for pk, name in books.values_list("pk", "name")[:500]]
        self.fields["book"].choices = [("", "全部"), *told]
        wanted = self.data.get("book", "")
        self.fields["account"].choices = [("", "全部"), *_accounts(self.access, wanted)]

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the text, or the beginning of the key."""
        return rows.filter(text__icontains=value) | rows.filter(key__startswith=value)

    def by_account(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Entries with a posting to it."""
        postings = Posting.objects.filter(account__code=value)
        return rows.filter(pk__in=postings.values("entry"))


def _accounts(access: Access | None, book: str) -> list[tuple[str, str]]:
    """Accounts of the book chosen; of none without one, their codes repeat from book to book."""
    if access is None or not book.isdecimal():
        return []
    rows = Account.objects.filter(book__in=books_for(access).filter(pk=int(book)))
    return list(rows.order_by("id").values_list("code", "name"))


class EntryList(ListPage):
    """分录."""

    page = "ledger-entries"
    url_name = "ledger-entries"
    title = "分录"
    note = "记下后不能改，更正用冲销分录"
    capability = "ledger.view"
    filters = EntryFilters
    columns = (
        Column("happened_on", "日期", kind=c.DAY, sort="happened_on"),
        Column("text", "摘要", link=True, clip=True),
        Column("kind", "事项", lambda row: kind_name(row.kind)),
        Column("moves", "转出 → 转入", "moves", clip=True),
        Column("amount", "数额", "amount", kind=c.NUMBER),
        Column("book", "账簿", "book.name", clip=True),
        Column("key", "记账编号", clip=True, shown=False),
        Column("about", "事由对象", shown=False),
        Column("by", "记账人", "by.name"),
        Column("at", "记账时间", kind=c.MOMENT, sort="id"),
    )
    empty_title = "没有分录"
    empty_hint = "预算批准、审定、支付时自动记账。"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of books within reach."""
        return entries_for(access).select_related("book", "by")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """What moved from where to where."""
        sides: dict[int, list[Posting]] = {row.pk: [] for row in rows}
        found = Posting.objects.filter(entry__in=list(sides)).select_related("account")
        for posting in found.order_by("id"):
            sides[posting.entry_id].append(posting)
        for row in rows:
            tell(row, sides[row.pk])

    def row_url(self, row: Entry) -> str:
        """The entry."""
        return reverse("ledger-entry", args=[row.pk])


def tell(entry: Any, postings: Sequence[Posting]) -> None:
    """Give an entry ``moves`` (可用 → 已审定) and ``amount`` in words of its book's unit."""
    out = "、".join(p.account.name for p in postings if p.amount < 0)
    into = "、".join(p.account.name for p in postings if p.amount > 0)
    entry.moves = f"{out} → {into}"
    entry.amount = quantity(sum(p.amount for p in postings if p.amount > 0), entry.book.unit)


def day_of(text: str) -> dt.date | None:
    """A day as typed in an address, if it is one."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
