"""The figures of an enterprise by year, each with its origin and what it replaced."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jigai.core.models import Enterprise, EnterpriseFigure
from jigai.core.screens.enterprise_words import TERMS, Term, term_of
from jigai.core.screens.list_columns import Column


@dataclass(slots=True)
class FigureLine:
    """One term of one year: the value that counts and the earlier ones, newest first."""

    term: Term
    latest: EnterpriseFigure | None = None
    earlier: list[EnterpriseFigure] = field(default_factory=list)

    @property
    def shown(self) -> Any:
        """The value in words."""
        return shown(self.term, self.latest)

    @property
    def history(self) -> list[tuple[EnterpriseFigure, Any]]:
        """Earlier figures with their values in words."""
        return [(figure, shown(self.term, figure)) for figure in self.earlier]


def shown(term: Term, figure: EnterpriseFigure | None) -> Any:
    """A figure's value as people read it; "known to be missing" is said, not left blank."""
    if figure is None:
        return "—"
    column = Column("value", "", value_of, kind=term.kind, choices=term.choices)
    content = column.cell(figure).content
    return "缺数据" if value_of(figure) is None else content


def value_of(figure: EnterpriseFigure) -> Any:
    """Whichever of the three columns is set."""
    values = (figure.number, figure.text, figure.day)
    return next((value for value in values if value is not None), None)


def figure_tables(enterprise: Enterprise) -> list[tuple[int, list[FigureLine]]]:
    """Years from the newest, each with its terms in the register's order; one query."""
    rows = (
        EnterpriseFigure.objects.filter(enterprise=enterprise)
        .select_related("batch__file", "recorded_by")
        .order_by("-year", "-id")
    )
    years: dict[int, dict[str, FigureLine]] = {}
    for row in rows:
        terms = years.setdefault(row.year, {})
        line = terms.setdefault(row.term, FigureLine(term_of(row.term)))
        if line.latest is None and row.withdrawn_at is None:
            line.latest = row
        else:
            line.earlier.append(row)
    order = list(TERMS)
    return [
        (year, sorted(terms.values(), key=lambda line: _place(order, line.term.key)))
        for year, terms in years.items()
    ]


def _place(order: list[str], key: str) -> int:
    return order.index(key) if key in order else len(order)
