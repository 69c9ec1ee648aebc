"""The file for the treasury: the same orders give the same rows and the same hash, always."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from jigai.funding.models import PaymentBatch, PaymentOrder
from jigai.sheets import writer
from jigai.sheets.csv_writer import MARK, safe
from jigai.sheets.values.amounts import yuan_text
from jigai.sheets.writer import ExportColumn, write_table

COLUMNS = (
    ExportColumn("序号", writer.INTEGER), ExportColumn("支付编号", width=30),
    ExportColumn("收款人户名", width=36), ExportColumn("收款账号", width=24),
    ExportColumn("开户银行", width=30), ExportColumn("行号", width=16),
    ExportColumn("金额（元）", writer.MONEY, 16), ExportColumn("负担层级", width=10),
    ExportColumn("申报编号", width=24), ExportColumn("用途", width=40),
)  # fmt: skip
TOTAL = "合计"


def orders_of(batch: PaymentBatch) -> list[PaymentOrder]:
    """The orders of a batch in the order of the file."""
    return list(batch.orders.select_related("account", "application").order_by("id"))


def hash_of(orders: Iterable[PaymentOrder]) -> str:
    """SHA-256 over ``reference|account|holder|yuan`` of every row, each with a line feed."""
    digest = hashlib.sha256()
    for order in orders:
        told = (order.reference, order.account.number, order.account.holder,
                yuan_text(order.amount_fen))  # fmt: skip
        digest.update(("|".join(told) + "\n").encode())
    return digest.hexdigest()


def rows_of(orders: Sequence[PaymentOrder]) -> Iterator[tuple[object, ...]]:
    """The rows, amounts in fen."""
    for place, order in enumerate(orders, 1):
        account = order.account
        yield (
            place, order.reference, account.holder, account.number, account.bank,
            account.branch_no, order.amount_fen, order.level, order.application.number,
            order.application.title,
        )  # fmt: skip


def csv_text(orders: Sequence[PaymentOrder]) -> str:
    """UTF-8 with byte order mark, CRLF; the last line holds rows, total and hash.

    A cell that a spreadsheet would run gets an apostrophe in front.
    """
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([column.heading for column in COLUMNS])
    for row in rows_of(orders):
        lines.writerow([safe(_told(cell, place)) for place, cell in enumerate(row)])
    lines.writerow([TOTAL, f"{len(orders)} 笔", "", "", "", "",
                    yuan_text(sum(order.amount_fen for order in orders)), "", "",
                    f"SHA-256 {hash_of(orders)}"])  # fmt: skip
    return MARK + out.getvalue()


def _told(cell: object, place: int) -> str:
    return yuan_text(cell) if place == 6 and isinstance(cell, int) else str(cell)


def write_xlsx(target: Path, batch: PaymentBatch, orders: Sequence[PaymentOrder]) -> None:
    """The same rows as a workbook, for people."""
    note = f"{len(orders)} 笔；合计 {yuan_text(batch.total_fen)} 元；SHA-256 {hash_of(orders)}"
    write_table(
        target, COLUMNS, rows_of(orders), title=f"国库支付明细 {batch.number}", note=note,
        sheet="支付明细",
    )  # fmt: skip
