"""An answer laid out for the screen: figures, tables, a drawing, reasons and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jigai.core.screens.formats import ABSENT, wan, yuan
from jigai.taxes.law import Cite

YES, NO, UNKNOWN = "yes", "no", "unknown"
STATE_WORDS = {YES: "可以享受", NO: "不能享受", UNKNOWN: "缺数据"}
# Codes the status marks of the house know.
STATE_MARKS = {YES: "pay", NO: "excluded", UNKNOWN: "missing"}


@dataclass(frozen=True, slots=True)
class Stat:
    """One figure with its name."""

    label: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of ready texts; the first column heads its row, ``words`` columns are no figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...] = ()
    note: str = ""
    words: frozenset[int] = frozenset({0})

    @property
    def head(self) -> list[tuple[str, bool]]:
        """Columns with whether they hold figures."""
        return [(text, place not in self.words) for place, text in enumerate(self.columns)]

    @property
    def body(self) -> list[list[tuple[str, bool]]]:
        """Cells with whether they are figures."""
        return [[(cell, n not in self.words) for n, cell in enumerate(row)] for row in self.rows]

    @property
    def last(self) -> list[tuple[str, bool]]:
        """The line of totals."""
        return [(cell, place not in self.words) for place, cell in enumerate(self.foot)]


@dataclass(frozen=True, slots=True)
class Drawing:
    """An ECharts option with its words; the table twin is made of ``columns`` and ``rows``."""

    title: str
    summary: str
    option: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Result:
    """One answer. ``state`` empty: nothing to say yes or no to."""

    title: str = ""
    state: str = ""
    stats: list[Stat] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    drawing: Drawing | None = None
    why: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    cites: list[Cite] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """The code of the status mark."""
        return STATE_MARKS.get(self.state, "")

    @property
    def word(self) -> str:
        """The state in words."""
        return STATE_WORDS.get(self.state, "")


def money(fen: int | None) -> str:
    """元 to the fen; 未知 for what is not known."""
    return "未知" if fen is None else yuan(fen)


def worth(fen: int | None) -> str:
    """元 to the fen with its unit; 未知 alone."""
    return "未知" if fen is None else f"{yuan(fen)} 元"


def maybe(fen: int | None) -> str:
    """元 to the fen; a dash for nothing there."""
    return ABSENT if fen is None else yuan(fen)


def bars(
    title: str, summary: str, years: Sequence[int], series: Mapping[str, Sequence[int | None]],
    *, kind: str = "bar",
) -> Drawing:  # fmt: skip
    """Years below, one row of bars or lines a series (given in fen, drawn in 万元)."""
    option = {
        "jgFormat": "wan",
        "legend": {"top": 4},
        "xAxis": {"type": "category", "data": [str(year) for year in years]},
        "yAxis": {"type": "value", "name": "万元"},
        "series": [
            {"name": name, "type": kind,
             "data": [None if fen is None else round(fen / 1_000_000, 2) for fen in row]}
            for name, row in series.items()
        ],
    }  # fmt: skip
    rows = tuple(
        (str(year), *(ABSENT if row[n] is None else wan(row[n] or 0) for row in series.values()))
        for n, year in enumerate(years)
    )
    return Drawing(title, summary, option, ("年度", *(f"{name}（万元）" for name in series)), rows)


def once(texts: Iterable[str]) -> list[str]:
    """Each text once, in order."""
    return list(dict.fromkeys(text for text in texts if text))
