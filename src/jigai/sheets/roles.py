"""What each row of a sheet is: title, heading, data, subtotal, footnote …"""

from __future__ import annotations

import re
from collections.abc import Mapping

from jigai.sheets.grid import Grid
from jigai.sheets.header import Header, is_column_index, repeats_header, texts
from jigai.sheets.spec import MEASURES
from jigai.sheets.text import Scalar, half_width, is_blank
from jigai.sheets.values.units import is_unit_note

TITLE, UNIT_NOTE, HEADER, COLUMN_INDEX = "title", "unit_note", "header", "column_index"
GROUP_HEADING, DATA, SUBTOTAL, TOTAL = "group_heading", "data", "subtotal", "total"
BLANK, FOOTNOTE, INSTRUCTION, PERIOD_NOTE = "blank", "footnote", "instruction", "period_note"

_TOTAL = re.compile(
    r"(总计|合计|总合计|共计|累计|全[省市县区旗镇]?(合计|总计)|[省市县区旗](合计|总计))[:：]?"
)
_SUBTOTAL = re.compile(r".{0,30}(小计|分计|合计|总计)[:：]?")
_FOOTNOTE = re.compile(
    r"[(（]?(注|备注|说明|填表说明|填表人|填报人|制表|审核|复核|负责人|单位负责人|联系人|数据来源|编制)"
    r"[0-9]*[)）]?([::、.,]|人|$)"
)
_NUMBERED = re.compile(r"([一二三四五六七八九十百]+[、.．]|[(（][一二三四五六七八九十百]+[)）])")
_PERIOD = re.compile(r"[(（]?\d{4}年(\d{1,2}月|.{0,6}月)|截至|报告期")
_LABEL_CELLS = 4
_KEYS = frozenset({"uscc", "project_code", "digits"})
# A row with more cells than this and a code of at least so many signs needs no closer look.
_FULL, _CODE = 4, 8


def row_roles(grid: Grid, header: Header | None) -> dict[int, str]:
    """The role of every row between the first and the last row with content."""
    if header is None:
        return {row: INSTRUCTION for row in grid.rows}
    roles = _above(grid, header)
    roles.update({row: HEADER for row in range(header.first, header.last + 1)})
    roles.update(_below(grid, header))
    return roles


def _above(grid: Grid, header: Header) -> dict[int, str]:
    roles: dict[int, str] = {}
    for row in range(min(grid.rows, default=1), header.first):
        values = grid.rows.get(row, [])
        if not values:
            roles[row] = BLANK
        elif any(isinstance(value, str) and is_unit_note(value) for value in values):
            roles[row] = UNIT_NOTE
        elif TITLE not in roles.values():
            roles[row] = TITLE
        else:
            roles[row] = PERIOD_NOTE if _PERIOD.match(texts(values)[0]) else UNIT_NOTE
    return roles


def _below(grid: Grid, header: Header) -> dict[int, str]:
    codes = [c.number - 1 for c in header.columns.values() if c.field.type in _KEYS]
    roles = {}
    for row in range(header.last + 1, grid.last_row + 1):
        values = grid.rows.get(row, [])
        roles[row] = DATA if _holds_code(values, codes) else _body_role(values, header)
    last_data = max(
        (row for row, role in roles.items() if role in {DATA, SUBTOTAL, TOTAL}), default=0
    )
    for row, role in roles.items():
        # A lone line after the last figures explains, it does not open a group.
        if role == GROUP_HEADING and row > last_data:
            roles[row] = FOOTNOTE
    return roles


def _holds_code(values: list[Scalar], places: list[int]) -> bool:
    """Whether a full row names its thing by a code; such a row is data and nothing else."""
    if sum(value is not None for value in values) <= _FULL:
        return False
    for place in places:
        value = values[place] if place < len(values) else None
        if isinstance(value, str) and len(value) >= _CODE and value.isascii() and value.isalnum():
            return True
    return False


def _body_role(values: list[Scalar], header: Header) -> str:
    found = texts(values)
    if not found or _only_serial(values, header):
        return BLANK
    if is_column_index(values) and len(found) * 2 > len(header.columns):
        return COLUMN_INDEX
    if repeats_header(values, header):
        return HEADER
    words = [text for text in found if not _is_figure(text)]
    if len(words) <= _LABEL_CELLS and not _has_key(values, header):
        if any(_TOTAL.fullmatch(text) for text in words):
            return TOTAL
        if any(_SUBTOTAL.fullmatch(text) for text in words):
            return SUBTOTAL
    if len(found) <= 3 and _FOOTNOTE.match(half_width(found[0])):
        return FOOTNOTE
    return GROUP_HEADING if _is_group(values, header, found) else DATA


def _is_figure(text: str) -> bool:
    return bool(re.fullmatch(r"-?[\d.,]+(e[+-]?\d+)?%?", text.lower()))


def _cell(values: list[Scalar], number: int) -> Scalar:
    return values[number - 1] if number <= len(values) else None


def _filled(values: list[Scalar], header: Header) -> Mapping[str, Scalar]:
    cells = {key: _cell(values, column.number) for key, column in header.columns.items()}
    return {key: value for key, value in cells.items() if not is_blank(value)}


def _only_serial(values: list[Scalar], header: Header) -> bool:
    """Rows numbered in advance and never filled in."""
    column = header.columns.get("serial")
    filled = [number for number, value in enumerate(values, 1) if not is_blank(value)]
    return (
        column is not None
        and filled == [column.number]
        and str(values[filled[0] - 1])[:1].isdigit()
    )


def _has_key(values: list[Scalar], header: Header) -> bool:
    """Codes identify a thing; a total has none."""
    return any(header.columns[name].field.type in _KEYS for name in _filled(values, header))


def _is_group(values: list[Scalar], header: Header, found: list[str]) -> bool:
    filled = _filled(values, header)
    measured = any(header.columns[name].field.type in MEASURES | {"date"} for name in filled)
    if measured or len(found) > 2 or _has_key(values, header):
        return False
    return bool(_NUMBERED.match(found[0])) or (len(found) == 1 and not found[0].isdigit())
