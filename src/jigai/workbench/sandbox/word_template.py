"""The paper of a study as a docxtpl template, drawn by code: sections of text, tables and charts,
模拟 across every page."""

from __future__ import annotations

import datetime as dt
import io
from functools import cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from jigai.core.documents.drawing import fonts, free_width, over_the_page, run_of
from jigai.core.documents.packages import without_moments

TITLE, BODY, HEAD = "方正小标宋简体", "宋体", "黑体"
WATERMARK = "模拟"
_LEFT, _MIDDLE, _RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT,
)  # fmt: skip
_VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'


@cache
def paper_template() -> bytes:
    """The template: ``title``, ``warning``, ``about`` and ``sections`` of ``blocks``."""
    document = Document()
    _page(document)
    _line(document, "{{ title }}", font=TITLE, size=20, at=_MIDDLE, after=4)
    _line(document, "{{ warning }}", font=HEAD, size=12, at=_MIDDLE, after=2, red=True)
    _line(document, "{{ about }}", size=10.5, at=_MIDDLE, after=10)
    _line(document, "{%p for section in sections %}")
    _line(document, "{{ section.title }}", font=HEAD, size=14, before=8, after=4, together=True)
    _line(document, "{%p for block in section.blocks %}")
    _when(document, "text", lambda: _line(document, "{{ block.text }}", size=11, after=4))
    for kind, at in (("table", _RIGHT), ("texts", _LEFT)):
        _when(document, kind, lambda at=at: _table(document, at))
    _when(document, "figure", lambda: _figure(document))
    _line(document, "{%p endfor %}")
    _line(document, "{%p endfor %}")
    out = io.BytesIO()
    document.save(out)
    return without_moments(out.getvalue())


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin, section.bottom_margin = Mm(26), Mm(22)
    normal = document.styles["Normal"]
    normal.font.size = Pt(11)
    fonts(normal.element.get_or_add_rPr().get_or_add_rFonts(), BODY)
    about = document.core_properties
    about.author = about.comments = about.title = ""
    about.created = about.modified = dt.datetime(2026, 1, 1)
    head = section.header.paragraphs[0]
    _write(head, "{{ foot }}", BODY, 9, _RIGHT)
    head._p.append(parse_xml(_watermark()))
    _pages(section.footer.paragraphs[0])


def _watermark() -> str:
    """Grey letters across the page, the way Word itself keeps them: a shape in the header."""
    style = (
        "position:absolute;margin-left:0;margin-top:0;width:360pt;height:180pt;rotation:315;"
        "z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        "mso-position-vertical-relative:margin"
    )
    return (
        f"<w:r {nsdecls('w')}><w:pict {_VML}>"
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:path textpathok="t" o:connecttype="rect"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="jg-mark" type="#_x0000_t136" style="{style}" fillcolor="#d9d9d9" '
        'stroked="f"><v:fill opacity=".45"/>'
        f'<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="{WATERMARK}"/>'
        "</v:shape></w:pict></w:r>"
    )


def _pages(paragraph: Any) -> None:
    """Page numbers at the foot."""
    paragraph.alignment = _MIDDLE
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(9)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _when(document: Any, kind: str, draw: Any) -> None:
    _line(document, f'{{%p if block.kind == "{kind}" %}}')
    draw()
    _line(document, "{%p endif %}")


def _line(
    place: Any,
    text: str,
    *,
    font: str = BODY,
    size: float = 11,
    at: Any = _LEFT,
    before: float = 0,
    after: float = 0,
    together: bool = False,
    red: bool = False,
) -> None:
    paragraph = place.add_paragraph()
    _write(paragraph, text, font, size, at)
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.keep_with_next = together or None
    if red:
        paragraph.runs[0].font.color.rgb = RGBColor(0xA4, 0x16, 0x1A)


def _write(paragraph: Any, text: str, font: str, size: float, at: Any) -> None:
    paragraph.alignment = at
    paragraph.paragraph_format.space_after = Pt(0)
    run_of(paragraph, text, font, size)


def _figure(document: Any) -> None:
    _line(document, "{{ block.title }}", font=HEAD, size=11, at=_MIDDLE, before=4, together=True)
    _line(document, "{{ block.chart }}", at=_MIDDLE, after=2)
    _line(document, "{{ block.text }}", size=9.5, at=_MIDDLE, after=6)


def _table(document: Any, at: Any) -> None:
    """First column left, the others as told; the head comes again on every page."""
    _line(document, "{%p if block.title %}")
    _line(document, "{{ block.title }}", font=HEAD, size=11, before=4, after=2, together=True)
    _line(document, "{%p endif %}")
    table = document.add_table(rows=4, cols=4, style="Table Grid")
    loop = ("{%tc for cell in ROW %}", "{% cellbg cell.fill %}{{ cell.text }}", "{%tc endfor %}")
    first = "{{ block.corner }}"
    _cells(table.rows[0], [first, *(t.replace("ROW", "block.header") for t in loop)], HEAD, _MIDDLE)
    _cells(table.rows[1], ["{%tr for row in block.rows %}", "", "", ""], BODY, at)
    _cells(table.rows[2], ["{{ row.head }}", *(t.replace("ROW", "row.cells") for t in loop)],
           BODY, at)  # fmt: skip
    _cells(table.rows[3], ["{%tr endfor %}", "", "", ""], BODY, at)
    over_the_page(table, close=True)
    _line(document, "", size=5)


def _cells(row: Any, texts: list[str], font: str, at: Any) -> None:
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        _write(cell.paragraphs[0], text, font, 9.5, _LEFT if place == 0 else at)
        free_width(cell, middle=True)
