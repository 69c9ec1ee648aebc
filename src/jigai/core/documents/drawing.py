"""Pieces that Word templates drawn by code share: fonts, a run of text, a table over the page."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

LATIN = "Times New Roman"
_MARGINS = (
    f'<w:tblCellMar {nsdecls("w")}><w:top w:w="35" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
    '<w:bottom w:w="35" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
)


def fonts(element: Any, name: str) -> None:
    """Latin signs in one font, Chinese ones in ``name``."""
    for side in ("ascii", "hAnsi", "cs"):
        element.set(qn(f"w:{side}"), LATIN)
    element.set(qn("w:eastAsia"), name)
    # Quotation marks and dashes are Chinese signs here, not Latin ones.
    element.set(qn("w:hint"), "eastAsia")


def run_of(paragraph: Any, text: str, font: str, size: float) -> None:
    """A run of text; ``size`` in points."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    fonts(run._r.get_or_add_rPr().get_or_add_rFonts(), font)


def indent_first(paragraph: Any, size: float) -> None:
    """Two characters of whatever size, as a secretary would set it."""
    element = paragraph._p.get_or_add_pPr().get_or_add_ind()
    element.set(qn("w:firstLineChars"), "200")
    element.set(qn("w:firstLine"), str(int(size * 40)))


def over_the_page(table: Any, *, close: bool = False) -> None:
    """As wide as the text, the head again on every page, no row torn apart; ``close`` for narrow
    margins in the cells. The rows are those of a loop: head, begin, row, end."""
    for row, name in ((table.rows[0], "w:tblHeader"), (table.rows[2], "w:cantSplit")):
        row._tr.get_or_add_trPr().append(OxmlElement(name))
    width = table._tbl.tblPr.find(qn("w:tblW"))
    width.set(qn("w:type"), "pct")
    width.set(qn("w:w"), "5000")
    if close:
        table._tbl.tblPr.append(parse_xml(_MARGINS))


def free_width(cell: Any, *, middle: bool = False) -> None:
    """The number of columns is known only in print; their widths follow the text.

    ``middle`` centres it up and down; the colour of a cell is put behind its opening tag, which
    must not be empty then.
    """
    properties = cell._tc.tcPr
    properties.remove(properties.find(qn("w:tcW")))
    if middle:
        mark = OxmlElement("w:vAlign")
        mark.set(qn("w:val"), "center")
        properties.append(mark)
