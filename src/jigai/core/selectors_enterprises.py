"""Enterprises within reach, with what lists and details show of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jigai.core.access import Access, Reach, scoped
from jigai.core.models import Enterprise, EnterpriseFigure, ImportBatch, Institution
from jigai.core.selectors_figures import figures_by_enterprise, known_figures
from jigai.core.selectors_regions import names_of_regions

REACH = Reach(region="region_code", enterprise="id", owner="created_by")


def enterprises_for(access: Access, capability: str = "enterprise.view") -> QuerySet[Enterprise]:
    """The enterprises this person reaches with a capability."""
    return scoped(Enterprise.objects.all(), access, capability, REACH)


def institutions_for(access: Access) -> QuerySet[Institution]:
    """Institutions are no secret among those who may see enterprises at all."""
    return (
        Institution.objects.all() if access.can("enterprise.view") else Institution.objects.none()
    )


def latest_register_year() -> int:
    """The year whose figures a list shows unless asked: that of the newest register imported."""
    batch = (
        ImportBatch.objects.filter(kind="enterprises", status=ImportBatch.Status.COMMITTED)
        .order_by("-year", "-id")
        .values_list("year", flat=True)
        .first()
    )
    if batch is not None:
        return int(batch)
    figure = EnterpriseFigure.objects.order_by("-id").values_list("year", flat=True).first()
    return int(figure) if figure is not None else timezone.localdate().year


def with_figures(rows: Sequence[Any], year: int) -> None:
    """Put the year's figures (``known``: term to value) and the region's name on each row."""
    figures = figures_by_enterprise([row.pk for row in rows], year)
    names = names_of_regions(row.region_code for row in rows)
    for row in rows:
        known = figures.get(row.pk, {})
        row.known = {term: figure.value for term, figure in known.items()}
        row.figures_year = year
        row.region_name = names.get(row.region_code, row.region_code)


def having(rows: QuerySet[Enterprise], year: int, term: str, text: str) -> QuerySet[Enterprise]:
    """The enterprises whose latest value of a term in a year is this text."""
    return rows.filter(pk__in=_said(year, term).filter(text=text).values("enterprise"))


def shown_size(known: Mapping[str, Any]) -> tuple[str | None, bool]:
    """The size class a list shows, out of a year's figures, and whether it is our own reckoning.

    What the enterprise stated comes first.
    """
    stated = known.get("size_declared")
    return (stated, False) if stated else (known.get("size_computed"), True)


def of_size(rows: QuerySet[Enterprise], year: int, size: str) -> QuerySet[Enterprise]:
    """The enterprises for which :func:`shown_size` gives this class."""
    stated, computed = _said(year, "size_declared"), _said(year, "size_computed")
    reckoned = Q(pk__in=computed.filter(text=size).values("enterprise"))
    anything = Q(pk__in=stated.exclude(text=None).exclude(text="").values("enterprise"))
    same = Q(pk__in=stated.filter(text=size).values("enterprise"))
    return rows.filter(same | (reckoned & ~anything))


def _said(year: int, term: str) -> QuerySet[EnterpriseFigure]:
    """The latest figure of a term in a year for each enterprise."""
    known = known_figures().filter(year=year, term=term)
    newer = known.filter(enterprise=OuterRef("enterprise"), pk__gt=OuterRef("pk"))
    return known.exclude(Exists(newer)).order_by()
