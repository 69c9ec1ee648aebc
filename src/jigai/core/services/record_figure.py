"""Corrects a yearly figure: a new fact with its source and reason; the old one stays visible."""

from __future__ import annotations

from datetime import date

import pghistory
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jigai.core.models import Enterprise, EnterpriseFigure, User
from jigai.core.selectors_figures import known_figures
from jigai.core.size_class import DERIVED, size_class
from jigai.errors import JigaiError

Value = int | str | date | None


def record_figure(
    *,
    enterprise: Enterprise,
    term: str,
    year: int,
    value: Value,
    source: str,
    reason: str,
    user: User,
    seen: int | None,
) -> EnterpriseFigure:
    """Record one fact. ``value`` in the term's whole unit; ``None`` says "known to be missing".

    ``seen`` is the id of the figure that was on screen (``None``: there was none). Raises
    :class:`JigaiError` when another has been recorded meanwhile.
    """
    with transaction.atomic(), pghistory.context(user=user.pk, reason=reason[:200]):
        # One at a time for an enterprise; the version tells open edit forms that something changed.
        held = Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
        newest = _newest(held, term, year)
        if (newest.pk if newest else None) != seen:
            raise JigaiError(
                "figure-changed", "这个数刚有人更正过，您的更正还没有保存", "请核对最新的数后再填"
            )
        figure = _record(held, term, year, value, source, reason, user)
        Enterprise.objects.filter(pk=held.pk).update(version=F("version") + 1)
        if term in ("revenue", "employees"):
            derive_sizes(enterprise=held, user=user, year=year)
    return figure


def derive_sizes(*, enterprise: Enterprise, user: User, year: int | None = None) -> None:
    """Record the size class anew where industry, staff or revenue now give another one.

    Only years that have a class already are touched, or the one year given. Call it with the
    enterprise locked.
    """
    known: dict[int, dict[str, EnterpriseFigure]] = {}
    terms = ["employees", "revenue", "size_computed"]
    rows = known_figures().filter(enterprise=enterprise, term__in=terms).order_by("id")
    for row in rows if year is None else rows.filter(year=year):
        known.setdefault(row.year, {})[row.term] = row
    for each, figures in known.items():
        if year is None and "size_computed" not in figures:
            continue
        derived = size_class(
            enterprise.industry_code or None,
            employees=figures["employees"].number if "employees" in figures else None,
            revenue_fen=figures["revenue"].number if "revenue" in figures else None,
            year=each,
        )
        before = figures["size_computed"].text if "size_computed" in figures else None
        if derived != before:
            _record(enterprise, "size_computed", each, derived, DERIVED, "", user)


def _newest(enterprise: Enterprise, term: str, year: int) -> EnterpriseFigure | None:
    rows = known_figures().filter(enterprise=enterprise, term=term, year=year)
    return rows.order_by("-id").first()


def _record(
    enterprise: Enterprise, term: str, year: int, value: Value, source: str, reason: str, user: User
) -> EnterpriseFigure:
    return EnterpriseFigure.objects.create(
        enterprise=enterprise,
        term=term,
        year=year,
        number=value if isinstance(value, int) else None,
        text=value if isinstance(value, str) else None,
        day=value if isinstance(value, date) else None,
        source=source,
        reason=reason[:200],
        recorded_at=timezone.now(),
        recorded_by=user,
    )
