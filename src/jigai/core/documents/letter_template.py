"""The shipped template, drawn by code: a letter after GB/T 9704 (A4, 仿宋三号, 标宋二号)."""

from __future__ import annotations

import datetime as dt
import io
from functools import cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from jigai.core.documents.drawing import (
    fonts,
    free_width,
    indent_first,
    over_the_page,
    run_of,
)
from jigai.core.documents.packages import without_moments

TITLE, BODY, HEAD = "方正小标宋简体", "仿宋_GB2312", "黑体"
# Taken where an office computer lacks the first.
_INSTEAD = {TITLE: "宋体", BODY: "仿宋"}
_LEFT, _MIDDLE, _RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT,
)  # fmt: skip


@cache
def letter_template() -> bytes:
    """The template as a ``.docx``: title, number, addressee, paragraphs, table, signature, code."""
    document = Document()
    _page(document)
    _line(document, "{{ title }}", font=TITLE, size=22, at=_MIDDLE, leading=36)
    _when(document, "number", lambda: _line(document, "{{ number }}", at=_MIDDLE))
    _line(document, "")
    _when(document, "addressee", lambda: _line(document, "{{ addressee }}："))
    _line(document, "{%p for line in paragraphs %}")
    _line(document, "{{ line }}", indent=True)
    _line(document, "{%p endfor %}")
    _when(document, "table", lambda: _table(document))
    _when(document, "closing", lambda: _line(document, "{{ closing }}", indent=True))
    _line(document, "", together=True)
    _line(document, "{{ organ }}", at=_RIGHT, together=True)
    _line(document, "{{ date }}", at=_RIGHT, together=True)
    _when(document, "contact", lambda: _line(document, "（{{ contact }}）", indent=True))
    _line(document, "{{ qr }}", size=10.5, leading=None, together=True)
    _line(document, "查验码：{{ code }}", size=10.5, leading=16, together=True)
    _line(document, "{{ check_hint }}", size=10.5, leading=16)
    out = io.BytesIO()
    document.save(out)
    return without_moments(out.getvalue())


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = document.styles["Normal"]
    normal.font.size = Pt(16)
    fonts(normal.element.get_or_add_rPr().get_or_add_rFonts(), BODY)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.element.rPr.append(language)
    about = document.core_properties
    about.author, about.comments, about.title = "", "", ""
    about.created = about.modified = dt.datetime(2026, 1, 1)
    package = document.part.package
    for key, found in list(package.rels.items()):
        if found.reltype.endswith("/thumbnail"):
            package.rels.pop(key)
    document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = _font_table().encode()


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
        for name, other in _INSTEAD.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"


def _when(document: Any, field: str, draw: Any) -> None:
    """Draw something that is printed only where the field has a value."""
    _line(document, f"{{%p if {field} %}}")
    draw()
    _line(document, "{%p endif %}")


def _line(
    place: Any,
    text: str,
    *,
    font: str = BODY,
    size: float = 16,
    at: Any = _LEFT,
    leading: float | None = 28,
    indent: bool = False,
    together: bool = False,
) -> None:
    """A paragraph; ``size`` and ``leading`` in points, no ``leading`` where a picture stands."""
    _write(place.add_paragraph(), text, font, size, at, leading)
    paragraph = place.paragraphs[-1]
    shape = paragraph.paragraph_format
    shape.keep_with_next = together or None
    if at is _RIGHT:
        shape.right_indent = Pt(32)
    if indent:
        indent_first(paragraph, size)


def _write(
    paragraph: Any, text: str, font: str, size: float, at: Any, leading: float | None
) -> None:
    paragraph.alignment = at
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    if leading is not None:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(leading)
    run_of(paragraph, text, font, size)


def _table(document: Any) -> None:
    """A table with as many columns as its header; the header comes again on every page."""
    _when(document, "table.title", lambda: _line(document, "{{ table.title }}", together=True))
    table = document.add_table(rows=4, cols=3, style="Table Grid")
    _cells(
        table.rows[0], ["{%tc for cell in table.header %}", "{{ cell }}", "{%tc endfor %}"], HEAD
    )
    _cells(table.rows[1], ["{%tr for row in table.rows %}", "", ""])
    _cells(table.rows[2], ["{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"])
    _cells(table.rows[3], ["{%tr endfor %}", "", ""])
    over_the_page(table)


def _cells(row: Any, texts: list[str], font: str = BODY) -> None:
    at = _MIDDLE if font == HEAD else _LEFT
    for cell, text in zip(row.cells, texts, strict=True):
        _write(cell.paragraphs[0], text, font, 14, at, 24)
        free_width(cell)
