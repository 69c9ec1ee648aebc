"""Yearly figures of enterprises as they were known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from jigai.core.models import Enterprise, EnterpriseFigure

_COLUMNS = ("enterprise_id", "term", "number", "text", "day", "source", "recorded_at")


class Figure(NamedTuple):
    """One known value: ``number`` in the term's whole unit, ``text`` for codes, ``day`` for dates.

    All three empty means "known to be missing".
    """

    enterprise_id: int
    term: str
    number: int | None
    text: str | None
    day: date | None
    source: str
    recorded_at: datetime

    @property
    def value(self) -> int | str | date | None:
        """Whichever of the three is set."""
        return next((v for v in (self.number, self.text, self.day) if v is not None), None)


def known_figures(known_at: datetime | None = None) -> QuerySet[EnterpriseFigure]:
    """Every figure that counted at a moment (now without one): recorded by then, not yet withdrawn.

    A figure withdrawn later than ``known_at`` still counts, so that a decision can be replayed.
    """
    rows = EnterpriseFigure.objects.all()
    if known_at is None:
        return rows.filter(withdrawn_at__isnull=True)
    still = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=known_at)
    return rows.filter(still, recorded_at__lte=known_at)


def latest_figures(
    enterprises: QuerySet[Enterprise] | Iterable[int] | None,
    year: int,
    known_at: datetime | None = None,
    terms: Iterable[str] | None = None,
) -> Iterable[Figure]:
    """The value last recorded for each enterprise and term of a year, in one query.

    ``enterprises`` is a query, their ids, or ``None`` for all; ``terms`` limits the terms. Rows
    come by enterprise and term, read with a server-side cursor, so they may be many.
    """
    rows = _latest(known_figures(known_at).filter(year=year))
    if enterprises is not None:
        inner: Any = enterprises
        if isinstance(enterprises, QuerySet):
            inner = enterprises.order_by().values("pk")
        rows = rows.filter(enterprise__in=inner)
    if terms is not None:
        rows = rows.filter(term__in=list(terms))
    for row in rows.values_list(*_COLUMNS).iterator(chunk_size=5000):
        yield Figure(*row)


def figures_by_enterprise(
    ids: Iterable[int], year: int, known_at: datetime | None = None
) -> dict[int, dict[str, Figure]]:
    """The latest figures of a few enterprises, by enterprise and term."""
    found: dict[int, dict[str, Figure]] = {}
    for figure in latest_figures(list(ids), year, known_at):
        found.setdefault(figure.enterprise_id, {})[figure.term] = figure
    return found


def _latest(rows: QuerySet[EnterpriseFigure]) -> QuerySet[EnterpriseFigure]:
    """Along the index ``figure_latest``: the highest id of each enterprise, year and term."""
    return rows.order_by("enterprise_id", "year", "term", "-id").distinct(
        "enterprise_id", "year", "term"
    )
