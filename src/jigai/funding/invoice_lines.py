"""The record of one invoice line: plain facts, no decision about whether it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NORMAL, RED, VOID = "normal", "red", "void"
BY_CODE, BY_NAME, ONLY_PROJECT = "code", "name", "only_project"
IN_PROJECT, ACROSS = "project", "cross"
ProjectKey = int | str


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One invoice line with its findings.

    ``project`` is a ledger row, the id of a consortium, or None. Money in integer fen; amounts of a
    line whose unit is suspect are None. ``buyer_matches`` is None when no project or no buyer is
    known. ``duplicate_of_row`` and ``red_original_row`` point to rows of the same sheet.
    """

    row: int
    project: ProjectKey | None
    attached_by: str | None
    buyer_raw: str
    buyer_uscc: str | None
    buyer_matches: bool | None
    kind: str | None
    invoice_code: str | None
    invoice_no: str | None
    date: date | None
    date_valid: bool
    in_period: bool | None
    seller: str | None
    item: str
    spec: str | None
    unit: str | None
    quantity: Decimal | None
    unit_price: Decimal | None
    amount_fen: int | None
    tax_rate_pct: Decimal | None
    tax_fen: int | None
    total_fen: int | None
    unit_suspect: bool
    arithmetic_ok: bool | None
    status: str
    item_class: str
    item_kind: str
    claimed_class: str | None
    duplicate_of_row: int | None
    duplicate_scope: str | None
    red_of_code: str | None
    red_of_no: str | None
    red_original_row: int | None
    # What the applicant said about it, and whether a lease was confirmed; ``None``: nobody said.
    second_hand: bool | None = None
    related_party: bool | None = None
    leased: bool | None = None
    lease_confirmed: bool | None = None
