"""The enterprise register as stored, in the records that matching and facts work with."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from jigai.core.access.scoping import region_prefix
from jigai.core.enterprise_register import Enterprise as Record
from jigai.core.enterprise_register import flag
from jigai.core.models import Enterprise, EnterpriseName
from jigai.core.selectors_figures import Figure, latest_figures
from jigai.core.size_class import size_class
from jigai.sheets.values.areas import mu_text
from jigai.sheets.values.codes import uscc_is_valid

COLUMNS = (
    "id", "name", "uscc", "legal_type", "registered_region", "town", "address", "founded",
    "industry_code", "industry_name",
)  # fmt: skip


def stored_register(
    region_code: str, year: int, known_at: datetime | None = None
) -> tuple[Record, ...]:
    """Every enterprise in the register of a region and below, with its figures of one year.

    ``row`` is the primary key. ``known_at`` gives the register as it stood at that moment. Values
    are those of ``build_register`` for the file they came from.
    """
    own = Q(region_code__startswith=region_prefix(region_code))
    rows = live_or_then(Enterprise, own, known_at).values(*COLUMNS)
    names = _former_names(own, known_at)
    figures: dict[int, dict[str, Figure]] = defaultdict(dict)
    chosen = Enterprise.objects.filter(own)
    for figure in latest_figures(chosen if known_at is None else None, year, known_at):
        figures[figure.enterprise_id][figure.term] = figure
    return tuple(
        enterprise_record(row, names.get(row["id"]), figures.get(row["id"], {}), year)
        for row in rows.iterator()
    )


def live_or_then(model: type[Model], wanted: Q, known_at: datetime | None) -> QuerySet[Any]:
    """Rows of a tracked table now, or as its history shows them at a moment, by key.

    Rows of a batch that had been undone by then are left out, and so is what was made later.
    """
    if known_at is None:
        return model._default_manager.filter(wanted).order_by("id")
    events = apps.get_model(f"{model._meta.label}Event")._default_manager
    newest = (
        events.filter(id=OuterRef("id"), pgh_created_at__lte=known_at)
        .order_by("-pgh_id")
        .values("pgh_id")[:1]
    )
    undone = Q(batch__undone_at__isnull=False, batch__undone_at__lte=known_at)
    found: QuerySet[Any] = events.filter(wanted, pgh_id=Subquery(newest)).exclude(undone)
    return found.exclude(pgh_label="delete").order_by("id")


def _former_names(own: Q, known_at: datetime | None) -> dict[int, str]:
    """The latest former name of each enterprise."""
    rows = live_or_then(EnterpriseName, Q(), known_at)
    if known_at is None:
        rows = rows.filter(enterprise__in=Enterprise.objects.filter(own).order_by())
    return dict(rows.values_list("enterprise_id", "name"))


def enterprise_record(
    row: dict[str, Any], former: str | None, figures: dict[str, Figure], year: int
) -> Record:
    def value(term: str) -> Any:
        figure = figures.get(term)
        return None if figure is None else figure.value

    land, employees, revenue = value("land"), value("employees"), value("revenue")
    industry: str | None = row["industry_code"] or None
    code: str | None = row["uscc"]
    founded: date | None = row["founded"]
    return Record(
        row=row["id"],
        name=row["name"],
        former_name=former,
        uscc=code,
        uscc_check_ok=code is not None and uscc_is_valid(code),
        legal_type=row["legal_type"] or None,
        region=row["registered_region"] or None,
        town=row["town"] or None,
        address=row["address"] or None,
        founded=founded,
        industry_code=industry,
        industry_name=row["industry_name"] or None,
        employees=employees,
        revenue_fen=revenue,
        size_declared=value("size_declared"),
        size_computed=size_class(industry, employees=employees, revenue_fen=revenue, year=year),
        land=land,
        land_mu=None if land is None else mu_text(land),
        grade=value("grade"),
        echelon=flag(value("echelon")),
        credit=value("credit"),
        credit_text=value("credit_text"),
        violation_text=value("violation"),
        violation_major=flag(value("violation_major")),
        violation_date=value("violation_date"),
    )
