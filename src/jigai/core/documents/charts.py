"""Charts of a Word paper: real ones with their workbook inside, so that an office can restyle them.

The drawing is written by the library that writes our workbooks; a chart part is the same in both.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import xlsxwriter
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Mm

from jigai.core.documents.figure import BAR, Figure
from jigai.core.documents.packages import without_moments
from jigai.sheets.escape import harmless

_COLOURS = ("#1a5fb4", "#2a9d6f", "#c77700", "#7a4fb5", "#b5423a", "#4b8fa8", "#7d8a99")
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH, _HEIGHT = Mm(156), Mm(82)
_A = "http://schemas.openxmlformats.org/drawingml/2006"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FONT = {"name": "宋体", "size": 9}
_SHEET = "数据"


class InlineChart:
    """A chart in a docxtpl template: prints the drawing and puts its part into the package."""

    def __init__(self, template: Any, figure: Figure, number: int) -> None:
        self._template, self._figure, self._number = template, figure, number

    def __html__(self) -> str:
        """The drawing as the text of a run."""
        part = self._template.docx.part
        relation = part.relate_to(self._part(part.package), RELATIONSHIP_TYPE.CHART)
        return (
            f'</w:t></w:r><w:r><w:drawing><wp:inline xmlns:wp="{_A}/wordprocessingDrawing">'
            f'<wp:extent cx="{_WIDTH}" cy="{self._height()}"/>'
            f'<wp:docPr id="{900 + self._number}" name="图{self._number}" '
            f'descr="{harmless(self._figure.title)}"/>'
            f'<a:graphic xmlns:a="{_A}/main"><a:graphicData uri="{_A}/chart">'
            f'<c:chart xmlns:c="{_A}/chart" xmlns:r="{_R}" r:id="{relation}"/>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r><w:r><w:t>"
        )

    __str__ = __html__

    def _height(self) -> int:
        rows = len(self._figure.categories) * max(1, len(self._figure.series))
        return int(Mm(min(190, max(82, 22 + rows * 3.6))) if self._figure.kind == BAR else _HEIGHT)

    def _part(self, package: Any) -> Part:
        book, drawing = _drawn(self._figure)
        inside = Part(PackURI(f"/word/embeddings/chart{self._number}.xlsx"), _BOOK, book, package)
        chart = Part(PackURI(f"/word/charts/chart{self._number}.xml"), _CHART, b"", package)
        link = chart.relate_to(inside, RELATIONSHIP_TYPE.PACKAGE)
        tail = f'<c:externalData r:id="{link}"><c:autoUpdate val="0"/></c:externalData>'
        # Print settings belong to sheets; the place after them is where the workbook is named.
        text = re.sub(r"<c:printSettings>.*?</c:printSettings>", "", drawing, flags=re.DOTALL)
        chart._blob = text.replace("</c:chartSpace>", tail + "</c:chartSpace>").encode()
        return chart


def _drawn(figure: Figure) -> tuple[bytes, str]:
    """The workbook with the figures, and the chart drawn over them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": dt.datetime(2026, 1, 1)})
    sheet = book.add_worksheet(_SHEET)
    sheet.write_row(0, 0, [harmless(text) for text in [figure.axis, *dict(figure.series)]])
    for place, name in enumerate(figure.categories, 1):
        sheet.write_string(place, 0, harmless(name))
    for column, (_name, values) in enumerate(figure.series, 1):
        sheet.write_column(1, column, figure.numbers(values))
    sheet.insert_chart(1, len(figure.series) + 2, chart_of(book, figure, _SHEET))
    book.close()
    with zipfile.ZipFile(out) as package:
        drawing = package.read("xl/charts/chart1.xml").decode()
    return without_moments(out.getvalue()), drawing


def chart_of(book: Any, figure: Figure, sheet: str, first_row: int = 0) -> Any:
    """The chart over a sheet whose heads stand in ``first_row``, categories in the first column."""
    kind = {"type": figure.kind, **({"subtype": "stacked"} if figure.stacked else {})}
    chart = book.add_chart(kind)
    last = first_row + len(figure.categories)
    for column, _series in enumerate(figure.series, 1):
        chart.add_series({
            "name": [sheet, first_row, column],
            "categories": [sheet, first_row + 1, 0, last, 0],
            "values": [sheet, first_row + 1, column, last, column],
            "fill": {"color": _COLOURS[(column - 1) % len(_COLOURS)]},
            "gap": 60,
        })  # fmt: skip
    chart.set_title({"none": True})
    names, values = ("y", "x") if figure.kind == BAR else ("x", "y")
    font = {"num_font": _FONT, "major_tick_mark": "none", "minor_tick_mark": "none"}
    # Every category is named, however many there are.
    named = {"reverse": figure.kind == BAR, "interval_unit": 1}
    getattr(chart, f"set_{names}_axis")({**font, **named})
    getattr(chart, f"set_{values}_axis")({
        **font, "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {
            "color": "#D5D9E0"}}, "name": figure.unit, "name_font": {**_FONT, "bold": False},
        "label_position": "high" if figure.kind == BAR else "next_to",
    })  # fmt: skip
    chart.set_legend(
        {"position": "bottom", "font": _FONT} if len(figure.series) > 1 else {"none": True}
    )
    return chart
