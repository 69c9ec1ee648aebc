"""The form of a month as a workbook: pre-filled, with the platform's own numbers hidden."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from jigai.core.access import Access
from jigai.projects.models import MonthlyPeriod, MonthlyReport
from jigai.projects.monthly.due import rows_of
from jigai.sheets import writer
from jigai.sheets.writer import ExportColumn, ExportSheet, write_book

_COLUMNS = (
    ExportColumn("系统编号"), ExportColumn("序号", writer.INTEGER, 6),
    ExportColumn("项目名称", width=44), ExportColumn("建设单位", width=36),
    ExportColumn("项目代码", width=28), ExportColumn("计划总投资", writer.NUMBER, 14),
    ExportColumn("本年计划投资", writer.NUMBER, 14),
    ExportColumn("上月末累计（供参考）", writer.NUMBER, 20),
    ExportColumn("本月完成投资", writer.NUMBER, 14),
    ExportColumn("自年初累计完成投资", writer.NUMBER, 18),
    ExportColumn("其中：设备投资", writer.NUMBER, 14),
    ExportColumn("自开工累计完成投资", writer.NUMBER, 18), ExportColumn("形象进度", width=20),
)  # fmt: skip


def write_template(target: Path, period: MonthlyPeriod, access: Access) -> int:
    """Write the workbook of a period for the projects within reach; amounts in 万元.

    What is reported already stands in it, so that the same file corrects it. Returns the rows.
    """
    title = f"{period.year} 年 {period.month} 月技术改造项目投资完成情况月报表"
    sheet = ExportSheet(
        f"{period.year}年{period.month}月", title, _COLUMNS, _rows(period, access), "单位：万元"
    )
    return write_book(target, [sheet], _hide)[0]


def _hide(book: Any) -> None:
    book.worksheets()[0].set_column(0, 0, None, None, {"hidden": True})


def _rows(period: MonthlyPeriod, access: Access) -> Iterator[tuple[object, ...]]:
    months = MonthlyReport.objects.filter(year=period.year, month__lte=period.month)
    reports: dict[int, list[MonthlyReport]] = {}
    rows = list(rows_of(period, access).order_by("pk").defer("search"))
    for report in months.filter(project__in=[row.pk for row in rows]).order_by("month"):
        reports.setdefault(report.project_id, []).append(report)
    for number, row in enumerate(rows, 1):
        yield _row(number, row, reports.get(row.pk, []), period.month)


def _row(number: int, row: Any, reports: list[MonthlyReport], month: int) -> tuple[object, ...]:
    own = next((r for r in reports if r.month == month), None)
    before = [r for r in reports if r.month < month and r.accepted]
    last = before[-1] if before else None
    known = own or last
    return (
        row.number, number, row.name, row.enterprise_raw, row.code, _wan(row.total_fen),
        _wan(known.year_plan_fen if known else None), _wan(last.cumulative_fen if last else None),
        _wan(own.current_fen if own else None), _wan(own.cumulative_fen if own else None),
        _wan(own.equipment_fen if own else None), _wan(own.since_start_fen if own else None),
        (known.progress or "") if known else "",
    )  # fmt: skip


def _wan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 1_000_000
