"""资金测算表 as a workbook: the list, and what each way to deal with a shortage would give."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import FileResponse

from jigai.funding.decisions.shares import RULES
from jigai.funding.models import DecisionList
from jigai.sheets.writer import INTEGER, MONEY, ExportColumn, ExportSheet, write_book

COLUMNS = (
    ExportColumn("序号", INTEGER), ExportColumn("单位", width=32),
    ExportColumn("申报编号", width=24),
    ExportColumn("项目", width=36), ExportColumn("支持事项", width=20), ExportColumn("条款"),
    ExportColumn("申报基数（元）", MONEY), ExportColumn("审定基数（元）", MONEY),
    ExportColumn("按申报基数测算（元）", MONEY), ExportColumn("审核金额（元）", MONEY),
    ExportColumn("审定金额（元）", MONEY), ExportColumn("说明", width=40),
)  # fmt: skip
_FIELDS = (
    "place", "name", "application__number", "application__title", "application__measure__name",
    "application__measure__clause", "application__claimed_fen", "application__audited_fen",
    "application__computed_fen", "reviewed_fen", "decided_fen", "remark",
)  # fmt: skip
_EFFECTS = (
    ExportColumn("处理方式", width=32), ExportColumn("安排金额（元）", MONEY),
    ExportColumn("足额（件）", INTEGER), ExportColumn("部分（件）", INTEGER),
    ExportColumn("没有安排（件）", INTEGER), ExportColumn("选定"),
)  # fmt: skip


def name_of(row: DecisionList) -> str:
    """What the table is called."""
    return f"{row.round.name}资金测算表（第 {row.number} 版）"


def write_table_of(row: DecisionList) -> FileResponse:
    """The workbook, ready to be sent; the open file outlives its folder."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "list.xlsx"
        write_book(target, sheets_of(row))
        return FileResponse(target.open("rb"), as_attachment=True, filename=f"{name_of(row)}.xlsx")


def sheets_of(row: DecisionList) -> list[ExportSheet]:
    """The sheets, their rows read as they are written."""
    note = f"单位：元　名单散列 {row.root_hash[:16]}　{row.get_stage_display()}"
    return [
        ExportSheet("名单", name_of(row), COLUMNS, _lines(row), note),
        ExportSheet("资金安排", f"{row.round.name}资金安排的几种处理", _EFFECTS, _effects(row),
                    f"选定理由：{row.rule_reason or '资金足够'}"),
    ]  # fmt: skip


def _lines(row: DecisionList) -> Iterator[tuple[Any, ...]]:
    lines = row.lines.order_by("place", "id").values_list(*_FIELDS)
    yield from lines.iterator(chunk_size=2000)


def _effects(row: DecisionList) -> Iterator[tuple[Any, ...]]:
    words = dict(DecisionList.Rule.choices)
    # Stored objects lose the order of their keys.
    for rule in (one for one in RULES if one in row.effects):
        total = row.effects[rule]
        yield (words[rule], total["granted"], total["full"], total["part"], total["none"],
               "选定" if rule == row.rule else "")  # fmt: skip
