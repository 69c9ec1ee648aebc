"""The request (资金拨付请示) on paper, with its detail sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jigai.core.documents.letter import letter
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.core.selectors_regions import names_of_regions
from jigai.funding.models import PaymentRequest
from jigai.funding.payments.shares import shares_told
from jigai.sheets import writer
from jigai.sheets.writer import ExportColumn, write_table

KIND = "payment-request"
# Beyond this many rows a paper would be a book: the detail sheet then goes with it as a workbook.
PRINTED = 200
HEADER = ["序号", "单位", "申报编号", "金额（元）"]


def context_of(row: PaymentRequest, by: User) -> dict[str, Any]:
    """The fields of the letter."""
    round_, programme = row.round, row.programme
    place = names_of_regions([round_.region_code]).get(round_.region_code, round_.region_code)
    lines = row.lines.select_related("application").order_by("place", "id")
    printed = row.rows <= PRINTED
    rows = [
        [str(line.place), line.name, line.application.number, formats.yuan(line.amount_fen)]
        for line in lines[:PRINTED]
    ] if printed else []  # fmt: skip
    if rows:
        rows.append(["", "合计", f"{row.rows} 户", formats.yuan(row.total_fen)])
    where = "明细见下表" if printed else f"明细见随文报送的《资金拨付明细表》（{row.rows} 行）"
    return letter(
        addressee=f"{place}财政局",
        paragraphs=[
            f"“{round_.name}”已完成审核、审定和公示，公示无异议。依照《{round_.pack.title}》，"
            f"拟从{programme.name}（{programme.year} 年度）拨付 {row.rows} 户，"
            f"合计 {formats.yuan(row.total_fen)} 元。{where}。",
            f"{shares_told(list(round_.cost_shares.order_by('place', 'id')))}。",
            "请予审核并下达资金指标。",
        ],
        organ=f"{place}工业和信息化主管部门",
        closing="妥否，请批示。",
        table_title="资金拨付明细表",
        table_header=HEADER,
        table_rows=rows,
    )


def write_sheet(target: Path, row: PaymentRequest) -> None:
    """The detail sheet as a workbook, however many rows."""
    lines = row.lines.select_related("application").order_by("place", "id")
    columns = (
        ExportColumn("序号", writer.INTEGER), ExportColumn("单位", width=36),
        ExportColumn("申报编号", width=24), ExportColumn("项目", width=40),
        ExportColumn("金额（元）", writer.MONEY, 16), ExportColumn("指标"),
    )  # fmt: skip
    rows = (
        (line.place, line.name, line.application.number, line.application.title, line.amount_fen,
         line.get_state_display())
        for line in lines.iterator(chunk_size=2000)
    )  # fmt: skip
    note = f"{row.rows} 户；合计 {formats.yuan(row.total_fen)} 元"
    write_table(target, columns, rows, title=f"资金拨付明细表 {row.number}", note=note)


def summary_of(row: PaymentRequest) -> list[tuple[str, str]]:
    """What everybody with the code may read."""
    return [
        ("请示", row.number), ("批次", row.round.name), ("户数", str(row.rows)),
        ("金额（元）", formats.yuan(row.total_fen)),
    ]  # fmt: skip
