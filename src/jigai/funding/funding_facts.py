"""Facts of invoice lines, consortia and their members in the words of the national vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jigai.core.filing import filing_state
from jigai.funding.consortia import Member
from jigai.funding.invoice_lines import ACROSS, IN_PROJECT, RED, VOID, InvoiceLine
from jigai.rules.facts import UNREADABLE

# Kinds of ineligible items that a reading may still count; all others are "other".
_KINDS = {
    "transport_install_training": "transport_install_training",
    "training": "transport_install_training",
    "spare_parts": "spare_parts",
    "implementation_service": "implementation_service",
    "maintenance": "maintenance",
    "lease": "lease",
}


_FILED = {"yes": True, "none": False}
# What people said about a line; a term nobody spoke of is left to the vocabulary.
_SAID = ("second_hand", "related_party", "leased", "lease_confirmed")


def line_rows(lines: Iterable[InvoiceLine], members: Iterable[Member]) -> list[dict[str, Any]]:
    """One row of terms per invoice line, keyed by sheet row."""
    keys = {(m.consortium, m.uscc): member_key(m) for m in members if not m.duplicate}
    held = list(lines)
    rows = [_line(line, keys) for line in held]
    _date_red_letters(rows)
    return rows


def _date_red_letters(rows: list[dict[str, Any]]) -> None:
    """A red letter of a later year takes back what counted in the year of its original, so it
    stands in the window by the original's date; one whose original is not here has none."""
    known = {row["key"]: row for row in rows}
    for row in rows:
        if row["original_key"] is None:
            continue
        original = known.get(row["original_key"])
        if original is None:
            row["original_key"], row["original_listed"] = None, False
            continue
        day, first = row["invoice_date"], original["invoice_date"]
        if day is not None and first is not None and day.year > first.year:
            row["invoice_date"] = first


def member_key(member: Member) -> str:
    """Key of a member: its consortium and its row."""
    return f"{member.consortium}#{member.row}"


def _line(line: InvoiceLine, keys: Mapping[tuple[str, str | None], str]) -> dict[str, Any]:
    project = line.project
    return {
        "key": line.row,
        "project_key": project if isinstance(project, int) else None,
        "member_key": keys.get((project, line.buyer_uscc)) if isinstance(project, str) else None,
        "original_key": line.red_original_row,
        "attached": project is not None,
        "date_valid": line.date_valid,
        "invoice_date": line.date,
        "unit_suspect": line.unit_suspect,
        "void": line.status == VOID,
        "red_letter": line.status == RED,
        "original_listed": line.red_original_row is not None,
        "arithmetic_ok": line.arithmetic_ok,
        "buyer_matches": line.buyer_matches,
        "duplicate_in_project": line.duplicate_scope == IN_PROJECT,
        "duplicate_across": line.duplicate_scope == ACROSS,
        "item_class": line.item_class,
        "item_kind": _KINDS.get(line.item_kind, "other"),
        "amount_excl_tax": line.amount_fen,
        "amount_incl_tax": line.total_fen,
        **{name: said for name in _SAID if (said := getattr(line, name)) is not None},
    }


def member_rows(members: Iterable[Member]) -> list[dict[str, Any]]:
    """One row of terms per member; repeated members are left out."""
    return [
        {
            "key": member_key(member),
            "consortium_key": member.consortium,
            "enterprise_key": member.uscc,
            "member_leads": None if member.role is None else member.role == "lead",
            "member_filed": _FILED.get(filing_state(member.filing_no)),
            "member_in_statistics": member.in_statistics,
            "member_declared_equipment": UNREADABLE
            if "equipment" in member.cell_errors
            else member.equipment_fen,
        }
        for member in members
        if not member.duplicate
    ]


def consortium_rows(members: Iterable[Member]) -> list[dict[str, Any]]:
    """One row per consortium in order of appearance, led by its leading member."""
    leads: dict[str, str | None] = {}
    for member in members:
        leads.setdefault(member.consortium, None)
        if member.role == "lead":
            leads[member.consortium] = member.uscc
    return [{"key": key, "enterprise_key": lead} for key, lead in leads.items()]
