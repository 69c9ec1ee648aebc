"""The budget statement of a special fund as a workbook."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone

from jigai.core.models import AccessLog
from jigai.core.screens import formats
from jigai.funding.budgets.money import balances
from jigai.funding.models import Programme
from jigai.ledgers.kinds import kind_name
from jigai.ledgers.models import Posting
from jigai.sheets import writer
from jigai.sheets.writer import ExportColumn, ExportSheet, write_book

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MONEY = ExportColumn("金额（元）", writer.MONEY, 18)
_FIGURES = (
    ("预算", "budget"), ("结余", "available"), ("已审定", "reserved"), ("在途", "transit"),
    ("已拨付", "paid"), ("已下达下级", "allocated"), ("应收回", "receivable"),
    ("不再追回", "written_off"),
)  # fmt: skip


def statement_book(request: Any, fund: Programme) -> HttpResponse:
    """The statement as a download, noted in the access log."""
    stamp = f"{formats.moment(timezone.now())} 导出，{request.user}"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "statement.xlsx"
        counts = write_book(target, sheets(fund, stamp))
        response = HttpResponse(target.read_bytes(), content_type=_TYPE)
    name = f"{fund.name}{fund.year}年收支表"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name + '.xlsx')}"
    AccessLog.objects.create(
        user=request.user, action="export", kind="programme", key=str(fund.pk),
        label=f"{name} {sum(counts)} 行"[:200],
    )  # fmt: skip
    return response


def sheets(fund: Programme, stamp: str) -> list[ExportSheet]:
    """Four sheets: figures, changes of the budget, shares, entries."""
    held, title = balances(fund), f"{fund.name}（{fund.year}年）"
    totals = [(word, getattr(held, name)) for word, name in _FIGURES]
    return [
        ExportSheet("收支总表", title, [ExportColumn("项目", width=20), _MONEY], totals, stamp),
        ExportSheet("预算变动", title, _CHANGES, _changes(fund), stamp),
        ExportSheet("资金分配", title, _SHARES, _shares(fund), stamp),
        ExportSheet("分录", title, _ENTRIES, _entries(fund), stamp),
    ]


_CHANGES = [
    ExportColumn("日期", writer.DATE, 12), ExportColumn("事项", width=12), _MONEY,
    ExportColumn("文号或依据", width=36), ExportColumn("状态", width=10),
    ExportColumn("提出", width=12), ExportColumn("批准", width=12),
]  # fmt: skip
_SHARES = [
    ExportColumn("序号", writer.INTEGER, 8), ExportColumn("对象", width=24),
    ExportColumn("用途", width=24), ExportColumn("比例（%）", writer.NUMBER, 10), _MONEY,
    ExportColumn("状态", width=10), ExportColumn("下达文号", width=30),
    ExportColumn("下达日期", writer.DATE, 12), ExportColumn("报告支出（元）", writer.MONEY, 18),
    ExportColumn("绩效说明", width=40),
]  # fmt: skip
_ENTRIES = [
    ExportColumn("日期", writer.DATE, 12), ExportColumn("事项", width=12),
    ExportColumn("摘要", width=40), ExportColumn("转出", width=14), ExportColumn("转入", width=14),
    _MONEY, ExportColumn("记账编号", width=36),
]  # fmt: skip


def _changes(fund: Programme) -> Iterator[tuple[Any, ...]]:
    for row in fund.changes.select_related("proposed_by", "decided_by").order_by("id"):
        fen = -row.amount_fen if row.kind == "cut" else row.amount_fen
        yield (row.happened_on, row.get_kind_display(), fen, row.document,
               row.get_state_display(), row.proposed_by.name,
               row.decided_by.name if row.decided_by else "")  # fmt: skip


def _shares(fund: Programme) -> Iterator[tuple[Any, ...]]:
    for row in fund.allocations.order_by("place", "id"):
        # A share nobody has set stays empty with the word beside it; nought would be an amount.
        yield (row.place, row.name, row.purpose, row.share_pct, row.amount_fen,
               row.get_state_display(), row.document, row.sent_on, row.used_fen,
               row.performance)  # fmt: skip


def _entries(fund: Programme) -> Iterator[tuple[Any, ...]]:
    sides: dict[int, list[Posting]] = defaultdict(list)
    rows = Posting.objects.filter(account__book=fund.book_id).select_related("account", "entry")
    for posting in rows.order_by("entry_id", "id").iterator(chunk_size=5000):
        sides[posting.entry_id].append(posting)
    for postings in sides.values():
        entry = postings[0].entry
        out = "、".join(p.account.name for p in postings if p.amount < 0)
        into = "、".join(p.account.name for p in postings if p.amount > 0)
        yield (entry.happened_on, kind_name(entry.kind), entry.text, out, into,
               sum(p.amount for p in postings if p.amount > 0), entry.key)  # fmt: skip
