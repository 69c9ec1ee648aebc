"""Columns of a list: how a value is shown in a cell, and how it is written to a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html

from jigai.core.screens import formats
from jigai.core.templatetags.house import status as badge
from jigai.sheets import writer

TEXT, MONEY, WAN, AREA, DAY, MOMENT, WHOLE, NUMBER, FLAG, STATUS, HTML = (
    "text",
    "money",
    "wan",
    "area",
    "day",
    "moment",
    "whole",
    "number",
    "flag",
    "status",
    "html",
)
_FIGURES = frozenset({MONEY, WAN, AREA, WHOLE, NUMBER})
_UNITS = {MONEY: "（元）", WAN: "（万元）", AREA: "（亩）"}
_WRITTEN = {
    MONEY: writer.MONEY,
    WAN: writer.MONEY,
    AREA: writer.AREA,
    DAY: writer.DATE,
    WHOLE: writer.INTEGER,
    NUMBER: writer.NUMBER,
    FLAG: writer.FLAG,
}
_SHOWN: dict[str, Callable[[Any], Any]] = {
    MONEY: formats.yuan,
    WAN: formats.wan,
    AREA: formats.mu,
    DAY: formats.day,
    MOMENT: formats.moment,
    WHOLE: lambda value: formats.grouped(value, 0),
    NUMBER: lambda value: f"{value.normalize():f}" if hasattr(value, "normalize") else f"{value}",
    FLAG: lambda value: "是" if value else "否",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the template prints it."""

    content: Any
    css: str = ""
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``value`` is an attribute path (``enterprise.name``) or a function of the row.

    ``key`` stands in addresses and saved views. ``sort`` is the field path the list is ordered by
    when the heading is clicked; empty means it cannot be. ``link`` makes the cell open the row,
    ``shown`` says whether it is there before anybody chooses, ``clip`` cuts long text in one line.
    ``choices`` names codes; a ``status`` is drawn as a badge by its code; an ``html`` value is
    printed as made by ``format_html`` and exported as ``plain`` gives it.
    """

    key: str
    label: str
    value: str | Callable[[Any], Any] = ""
    kind: str = TEXT
    sort: str = ""
    link: bool = False
    shown: bool = True
    clip: bool = False
    choices: Mapping[str, str] | None = None
    plain: Callable[[Any], Any] | None = None
    exported: bool = True
    width: int = 0

    def read(self, row: Any) -> Any:
        """The bare value of a row; ``None`` where a part of the path is missing."""
        if callable(self.value):
            return self.value(row)
        found = row
        for name in (self.value or self.key).split("."):
            found = getattr(found, name, None)
        return found

    def cell(self, row: Any, url: str = "") -> Cell:
        """The cell on screen."""
        value = self.read(row)
        css = "num" if self.kind in _FIGURES else "jg-clip" if self.clip else ""
        if value is None or value == "":
            return Cell(formats.ABSENT, css)
        content = self._shown(value)
        return Cell(content, css, str(content) if self.clip else "", url if self.link else "")

    def _shown(self, value: Any) -> Any:
        if self.kind == STATUS:
            return badge(value, (self.choices or {}).get(str(value), ""))
        if self.choices is not None:
            return self.choices.get(str(value), value)
        show = _SHOWN.get(self.kind)
        return value if show is None else show(value)

    @property
    def is_figure(self) -> bool:
        """Whether the column is set as figures."""
        return self.kind in _FIGURES

    @property
    def heading(self) -> str:
        """The heading on screen; amounts and areas name their unit."""
        return self.label + _UNITS.get(self.kind, "")

    def written(self) -> writer.ExportColumn:
        """The column of a workbook."""
        unit = _UNITS[MONEY] if self.kind == WAN else _UNITS.get(self.kind, "")
        kind = _WRITTEN.get(self.kind, writer.TEXT)
        return writer.ExportColumn(self.label + unit, kind, self.width)

    def export(self, row: Any) -> Any:
        """The value for a workbook."""
        value = self.plain(row) if self.plain is not None else self.read(row)
        if value is None or self.kind in _WRITTEN:
            return value
        if self.choices is not None:
            return self.choices.get(str(value), value)
        if isinstance(value, dt.datetime):
            return formats.moment(value)
        return value


def link_to(label: Any, url: str) -> Any:
    """A link for an ``html`` column."""
    return format_html('<a href="{}">{}</a>', url, label) if url else label
