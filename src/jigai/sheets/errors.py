"""Why a file was refused: codes, sentences and hints."""

from __future__ import annotations

from jigai.errors import JigaiError

_SAVE_AS = "请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。"
_REFUSALS: dict[str, tuple[str, str]] = {
    "file_missing": ("找不到文件“{name}”。", "请确认文件仍在原处。"),
    "file_empty": ("文件“{name}”是空的。", "请重新导出后再上传。"),
    "file_too_large": ("文件“{name}”超过 {limit} MB。", "请删去图片和无关工作表，或拆成几个文件。"),
    "file_type": (
        "文件“{name}”不是可以读取的表格。",
        "请上传 .xlsx、.xls 或 .csv 文件。" + _SAVE_AS,
    ),
    "file_html": ("文件“{name}”其实是网页，只是改了扩展名。", _SAVE_AS),
    "file_encrypted": ("文件“{name}”设了打开密码。", "请取消密码后再上传。"),
    "file_damaged": ("文件“{name}”已损坏或没有传完整。", "请重新导出或重新上传。"),
    "file_bomb": ("文件“{name}”展开后过大，已拒绝读取。", "请只保留需要上报的工作表。" + _SAVE_AS),
    "file_unsafe": ("文件“{name}”含有表格文件不应有的内容，已拒绝读取。", _SAVE_AS),
    "file_strings": ("文件“{name}”的文字内容过多，已拒绝读取。", "请拆成几个文件。"),
    "file_encoding": (
        "文件“{name}”的文字编码无法识别。",
        "请另存为 UTF-8 或 GB18030 编码的 .csv。",
    ),
    "sheet_extent": (
        "工作表“{sheet}”的已用区域太大（到 {cell}）。",
        "请删去表格以外的行和列并保存；通常是最后一格里有误填的内容。",
    ),
    "sheet_cells": ("工作表“{sheet}”的内容超过 {limit} 个单元格。", "请拆成几个文件。"),
    "too_slow": ("读取文件“{name}”超过 {limit} 秒，已停止。", "请拆成几个文件，或另存后再试。"),
    "too_much_memory": ("读取文件“{name}”需要的内存过多，已停止。", "请拆成几个文件。"),
    "reader_failed": ("文件“{name}”无法读取。", _SAVE_AS),
    "no_table": ("文件“{name}”里没有找到“{table}”的表头。", "表头至少要有：{columns}。"),
    "no_columns": ("“{table}”缺少必需的列。", "必须指定：{columns}。"),
    "write_failed": ("文件“{name}”没有写成。", "请检查磁盘空间和写入权限，原文件没有改动。"),
    "too_many_rows": ("要写的行数超过工作表的上限。", "请分批导出。"),
    "spec_invalid": ("表格定义“{name}”有误：{problem}。", "请改正定义文件。"),
}


class SheetError(JigaiError):
    """A workbook that cannot be read or written; nothing has been changed."""


def refuse(reason: str, **detail: object) -> SheetError:
    """The error for a reason listed above, with its sentence filled in."""
    message, hint = _REFUSALS[reason]
    return SheetError(f"sheets.{reason}", message.format(**detail), hint.format(**detail))
