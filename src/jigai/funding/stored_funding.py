"""Invoice lines and consortium members as stored, in the records that facts work with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from jigai.core.access.scoping import region_prefix
from jigai.core.enterprise_register import Enterprise
from jigai.core.stored_register import live_or_then, stored_register
from jigai.funding.consortia import Member
from jigai.funding.invoice_lines import InvoiceLine as LineRecord
from jigai.funding.models import Consortium, ConsortiumMember, InvoiceLine

Register = Mapping[int, Enterprise]
_LINE = (
    "attached_by", "buyer_raw", "buyer_matches", "kind", "invoice_code", "invoice_no", "date",
    "seller", "item", "spec", "unit", "quantity", "unit_price", "amount_fen", "tax_rate_pct",
    "tax_fen", "total_fen", "unit_suspect", "arithmetic_ok", "status", "item_class", "item_kind",
    "claimed_class", "duplicate_scope", "red_of_code", "red_of_no", "second_hand",
    "related_party", "leased", "lease_confirmed",
)  # fmt: skip
_LINE_KEYS = (
    "id", "project_id", "consortium_id", "buyer_id", "duplicate_of_id", "red_original_id", "year",
)  # fmt: skip
_MEMBER = (
    "enterprise_raw", "match", "role", "equipment_fen", "in_statistics", "filing_no", "duplicate",
)  # fmt: skip
_MEMBER_KEYS = ("id", "consortium_id", "enterprise_id", "cell_errors")

# Columns that the two records below are made of.
LINE_COLUMNS = (*_LINE, *_LINE_KEYS)
MEMBER_COLUMNS = (*_MEMBER, *_MEMBER_KEYS)


def stored_lines(
    region_code: str,
    year: int,
    known_at: datetime | None = None,
    register: Register | None = None,
) -> tuple[LineRecord, ...]:
    """The invoice lines of a region (and below) and year, with earlier ones of the same projects.

    ``row``, ``project``, ``duplicate_of_row`` and ``red_original_row`` are primary keys; a
    consortium is named by its code. ``register`` is the stored register by key, read if not given.
    """
    wanted = _wanted(region_code, year)
    known = _register(region_code, year, known_at) if register is None else register
    codes = {key: code for key, (code, _) in _consortia(wanted, known_at).items()}
    inside = Q(region_code__startswith=region_prefix(region_code)) & lines_of_year(year)
    rows = live_or_then(InvoiceLine, inside, known_at).values(*LINE_COLUMNS)
    return tuple(line_record(row, known, codes) for row in rows.iterator())


def stored_members(
    region_code: str,
    year: int,
    known_at: datetime | None = None,
    register: Register | None = None,
) -> tuple[Member, ...]:
    """The consortium members of a region (and below) and year; ``row`` is the primary key."""
    known = _register(region_code, year, known_at) if register is None else register
    consortia = _consortia(_wanted(region_code, year), known_at)
    mine = Q(consortium_id__in=list(consortia))
    rows = live_or_then(ConsortiumMember, mine, known_at).values(*MEMBER_COLUMNS)
    return tuple(member_record(row, known, consortia) for row in rows.iterator())


def lines_of_year(year: int) -> Q:
    """The lines that bear on a year: its own; sound earlier lines of projects that still stand in
    its ledger, for thresholds that add up over years; later red letters on its own lines.

    A line that was imported for both years counts as this year's.
    """
    again = InvoiceLine.objects.filter(
        year__lt=year, same__lines__year=year, same__lines__project=F("project")
    )
    earlier = Q(
        year__lt=year, project__ledger_years__contains=[year], date__isnull=False,
        amount_fen__isnull=False, unit_suspect=False, arithmetic_ok=True,
    ) & ~Q(id__in=again.order_by().values("id"))  # fmt: skip
    return Q(year=year) | earlier | Q(year__gt=year, red_original__year=year)


def _wanted(region_code: str, year: int) -> Q:
    return Q(region_code__startswith=region_prefix(region_code), year=year)


def _register(region_code: str, year: int, known_at: datetime | None) -> Register:
    return {item.row: item for item in stored_register(region_code, year, known_at)}


def _consortia(wanted: Q, known_at: datetime | None) -> dict[int, tuple[str, str]]:
    rows = live_or_then(Consortium, wanted, known_at).values_list("id", "code", "name")
    return {key: (code, name) for key, code, name in rows}


def line_record(row: dict[str, Any], register: Register, codes: Mapping[int, str]) -> LineRecord:
    buyer = register.get(row["buyer_id"])
    day = row["date"]
    return LineRecord(
        row=row["id"],
        project=codes.get(row["consortium_id"], row["project_id"]),
        buyer_uscc=buyer.uscc if buyer else None,
        date_valid=day is not None,
        in_period=None if day is None else day.year == row["year"],
        duplicate_of_row=row["duplicate_of_id"],
        red_original_row=row["red_original_id"],
        **{name: row[name] for name in _LINE},
    )


def member_record(
    row: dict[str, Any], register: Register, consortia: Mapping[int, tuple[str, str]]
) -> Member:
    enterprise = register.get(row["enterprise_id"])
    code, name = consortia[row["consortium_id"]]
    return Member(
        row=row["id"],
        consortium=code,
        consortium_name=name,
        enterprise_name=enterprise.name if enterprise else None,
        uscc=enterprise.uscc if enterprise else None,
        size_computed=enterprise.size_computed if enterprise else None,
        cell_errors=frozenset(row["cell_errors"]),
        **{name: row[name] for name in _MEMBER},
    )
