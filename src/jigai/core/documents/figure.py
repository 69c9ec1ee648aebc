"""A figure: one description for the drawing on screen, its table, and the chart of a Word paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jigai.core.screens import formats

COLUMN, BAR, LINE = "column", "bar", "line"


@dataclass(frozen=True, slots=True)
class Figure:
    """Categories and series of whole numbers: fen where ``money``, else counts.

    ``kind``: standing columns, lying bars or a line; ``stacked`` puts series on one another.
    """

    key: str
    title: str
    summary: str
    kind: str
    categories: list[str]
    series: list[tuple[str, list[int]]]
    money: bool = True
    stacked: bool = False
    axis: str = ""

    @property
    def unit(self) -> str:
        """万元 or 家."""
        return "万元" if self.money else "家"

    @property
    def columns(self) -> list[str]:
        """Heads of the table."""
        return [self.axis or "类别", *(f"{name}（{self.unit}）" for name, _values in self.series)]

    @property
    def rows(self) -> list[list[str]]:
        """The same figures as a table."""
        return [
            [name, *(self._text(values[place]) for _name, values in self.series)]
            for place, name in enumerate(self.categories)
        ]

    def _text(self, value: int) -> str:
        return formats.wan(value) if self.money else f"{value:,}"

    def numbers(self, values: Sequence[int]) -> list[float]:
        """Values as they are drawn: 万元 with two decimals, or counts."""
        return [in_wan(v) if self.money else float(v) for v in values]

    @property
    def height(self) -> str:
        """Bars need room for every category."""
        return "large" if self.kind == BAR and len(self.categories) > 6 else "medium"

    @property
    def option(self) -> dict[str, Any]:
        """What ECharts draws."""
        names: dict[str, Any] = {"type": "category", "data": self.categories}
        values: dict[str, Any] = {"type": "value", "name": self.unit}
        # Long names read across: every second one would be left out.
        names["axisLabel"] = {"interval": 0, "width": 120, "overflow": "truncate"}
        across = self.kind == BAR
        if across:
            names["inverse"] = True
        return {
            "jgFormat": "wan" if self.money else "count",
            "legend": {"show": len(self.series) > 1, "type": "scroll", "top": 0},
            "grid": {"left": 12, "right": 28, "top": 58, "bottom": 8, "containLabel": True},
            "xAxis": values if across else names,
            "yAxis": names if across else values,
            "series": [
                {
                    "type": "line" if self.kind == LINE else "bar",
                    "name": name,
                    "data": self.numbers(data),
                    "barMaxWidth": 34,
                    **({"stack": "all"} if self.stacked else {}),
                }
                for name, data in self.series
            ],
        }


def in_wan(fen: int) -> float:
    """Fen as 万元 with two decimals, for drawing."""
    return float(Decimal(formats.half_away(fen, 10_000)) / 100)
