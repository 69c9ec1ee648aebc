"""The shipped template of a bulletin, drawn by code: red head, text, tables, how it was counted."""

from __future__ import annotations

import datetime as dt
import io
from functools import cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor

from jigai.core.documents.drawing import fonts, free_width, indent_first, over_the_page, run_of
from jigai.core.documents.packages import without_moments

TITLE, BODY, HEAD = "方正小标宋简体", "仿宋_GB2312", "黑体"
_LEFT, _MIDDLE, _RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT,
)  # fmt: skip
_RED = RGBColor(0xC0, 0x16, 0x1A)
_RULE = (
    f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="12" w:space="4" w:color="C0161A"/>'
    "</w:pBdr>"
)


@cache
def bulletin_template() -> bytes:
    """Fields: ``title``, ``number``, ``organ``, ``date``, ``paragraphs``, ``overview``,
    ``figures``, ``rankings``, ``method``, ``states``, ``code``."""
    document = Document()
    _page(document)
    _line(document, "技术改造投资调度通报", font=TITLE, size=30, at=_MIDDLE, red=True, after=6)
    _line(document, "{{ number }}", size=14, at=_MIDDLE, after=6)
    _line(document, "{{ organ }}　　{{ date }}", size=14, at=_MIDDLE, rule=True, after=14)
    _line(document, "{{ title }}", font=TITLE, size=20, at=_MIDDLE, after=12, together=True)
    _head(document, "一、总体情况")
    _each(document, "paragraphs")
    _head(document, "二、分地区情况")
    _table(document, "overview")
    _line(document, "{%p for figure in figures %}")
    _line(document, "{{ figure.title }}", font=HEAD, size=12, at=_MIDDLE, before=10, together=True)
    _line(document, "{{ figure.chart }}", at=_MIDDLE)
    _line(document, "{{ figure.text }}", size=10.5, at=_MIDDLE, after=6)
    _line(document, "{%p endfor %}")
    _line(document, "{%p if rankings.header %}")
    _head(document, "三、名次")
    _table(document, "rankings", at=_MIDDLE)
    _line(document, "{{ rankings.note }}。", size=10.5, before=3, after=4)
    _line(document, "{%p endif %}")
    _head(document, "口径说明")
    _line(document, "口径：{{ method_name }}。本年度各期用同一口径。", size=10.5, indent=True)
    _each(document, "method", size=10.5)
    _line(document, "数据状态（{{ made_on }} 生成）：", size=10.5, indent=True)
    _each(document, "states", size=10.5)
    _line(document, "{%p if code %}")
    _line(document, "{{ qr }}", size=10.5, before=8, together=True)
    _line(document, "查验码：{{ code }}", size=10.5, together=True)
    _line(document, "{{ check_hint }}", size=10.5)
    _line(document, "{%p endif %}")
    out = io.BytesIO()
    document.save(out)
    return without_moments(out.getvalue())


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(26), Mm(24)
    section.top_margin, section.bottom_margin = Mm(30), Mm(26)
    normal = document.styles["Normal"]
    normal.font.size = Pt(14)
    fonts(normal.element.get_or_add_rPr().get_or_add_rFonts(), BODY)
    about = document.core_properties
    about.author = about.comments = about.title = ""
    about.created = about.modified = dt.datetime(2026, 1, 1)


def _head(document: Any, text: str) -> None:
    _line(document, text, font=HEAD, size=14, before=8, after=4, together=True)


def _each(document: Any, field: str, size: float = 14) -> None:
    _line(document, f"{{%p for line in {field} %}}")
    _line(document, "{{ line }}", size=size, indent=True)
    _line(document, "{%p endfor %}")


def _line(
    place: Any,
    text: str,
    *,
    font: str = BODY,
    size: float = 14,
    at: Any = _LEFT,
    before: float = 0,
    after: float = 0,
    together: bool = False,
    red: bool = False,
    rule: bool = False,
    indent: bool = False,
) -> None:
    paragraph = place.add_paragraph()
    _write(paragraph, text, font, size, at)
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.keep_with_next = together or None
    if red:
        paragraph.runs[0].font.color.rgb = _RED
    if rule:
        paragraph._p.get_or_add_pPr().insert_element_before(
            parse_xml(_RULE), "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    if indent:
        indent_first(paragraph, size)


def _write(
    paragraph: Any, text: str, font: str, size: float, at: Any, spacing: float = 1.25
) -> None:
    paragraph.alignment = at
    shape = paragraph.paragraph_format
    shape.space_after, shape.line_spacing = Pt(0), spacing
    run_of(paragraph, text, font, size)


def _table(document: Any, name: str, at: Any = _RIGHT) -> None:
    """First column left, the others as told; the head comes again on every page."""
    table = document.add_table(rows=4, cols=4, style="Table Grid")
    loop = ("{%tc for cell in ROW %}", "{{ cell }}", "{%tc endfor %}")
    head = [f"{{{{ {name}.corner }}}}", *(t.replace("ROW", f"{name}.header") for t in loop)]
    _cells(table.rows[0], head, HEAD, _MIDDLE)
    _cells(table.rows[1], [f"{{%tr for row in {name}.rows %}}", "", "", ""], BODY, at)
    row = ["{{ row.head }}", *(t.replace("ROW", "row.cells") for t in loop)]
    _cells(table.rows[2], row, BODY, at)
    _cells(table.rows[3], ["{%tr endfor %}", "", "", ""], BODY, at)
    over_the_page(table, close=True)


def _cells(row: Any, texts: list[str], font: str, at: Any) -> None:
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        _write(cell.paragraphs[0], text, font, 10.5, _LEFT if place == 0 else at, 1.0)
        free_width(cell, middle=True)
