"""Invoice lines: attached to projects, classed by item, checked line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jigai.core.enterprise_matching import EnterpriseIndex, Match
from jigai.funding.attachment import Attacher, Attachment, identities
from jigai.funding.consortia import Member
from jigai.funding.invoice_checks import (
    arithmetic_ok,
    find_originals,
    find_repeats,
    red_reference,
    unit_is_suspect,
)
from jigai.funding.invoice_findings import report_line
from jigai.funding.invoice_lines import InvoiceLine
from jigai.funding.item_classes import ItemClasses, ItemRule, load_item_classes
from jigai.projects.naming import LedgerProject
from jigai.sheets.table import Row, Table
from jigai.sheets.totals import check_totals

_AMOUNTS = ("amount", "tax", "total")


@dataclass(frozen=True, slots=True)
class _Look:
    """What is found out about a row before its record is made."""

    match: Match
    attachment: Attachment
    rule: ItemRule
    buyer: frozenset[str]


def build_lines(
    table: Table,
    index: EnterpriseIndex,
    *,
    projects: Iterable[LedgerProject],
    members: Sequence[Member] = (),
    year: int,
    classes: ItemClasses | None = None,
) -> tuple[InvoiceLine, ...]:
    """The lines of a read ``invoices`` table, in the order of the sheet.

    ``year`` is the year the invoices must be dated in. Findings go into ``table.issues``; whether
    a line counts is for the policy pack to say.
    """
    classes = classes or load_item_classes()
    attacher = Attacher(projects, members)
    looks = {row.number: _look(row, index, attacher, classes) for row in table.rows}
    keys = {
        number: look.attachment.target.key if look.attachment.target else None
        for number, look in looks.items()
    }
    repeats, originals = find_repeats(table.rows, keys), find_originals(table.rows)
    lines = tuple(
        _line(row, looks[row.number], repeats.get(row.number), originals.get(row.number), year)
        for row in table.rows
    )
    for row, line in zip(table.rows, lines, strict=True):
        look = looks[row.number]
        report_line(table, row, line, look.match, look.attachment, classes)
    check_totals(table)
    return lines


def _look(row: Row, index: EnterpriseIndex, attacher: Attacher, classes: ItemClasses) -> _Look:
    match = index.match(uscc=None, name=row.get("buyer"))
    buyer = identities(match, row.get("buyer"))
    attachment = attacher.attach(
        code=row.get("project_code"), name=row.get("project_name"), buyer=buyer
    )
    return _Look(match, attachment, classes.classify(row.get("item") or ""), buyer)


def _line(
    row: Row, look: _Look, repeat: tuple[int, str] | None, original: int | None, year: int
) -> InvoiceLine:
    get, target = row.get, look.attachment.target
    typed_apart = any("E_UNIT_SUSPECT" in row.parsed(name).codes for name in _AMOUNTS)
    suspect = typed_apart or unit_is_suspect(row, look.rule.item_class)
    day = get("date")
    red_code, red_number = red_reference(row.text("note"))
    return InvoiceLine(
        row=row.number,
        project=target.key if target else None,
        attached_by=look.attachment.how,
        buyer_raw=get("buyer") or "",
        buyer_uscc=look.match.enterprise.uscc if look.match.enterprise else None,
        buyer_matches=target.bought_by(look.buyer) if target else None,
        kind=get("kind"),
        invoice_code=get("invoice_code"),
        invoice_no=get("invoice_no"),
        date=day,
        date_valid=day is not None,
        in_period=None if day is None else day.year == year,
        seller=get("seller"),
        item=get("item") or "",
        spec=get("spec"),
        unit=get("unit"),
        quantity=get("quantity"),
        unit_price=get("unit_price"),
        amount_fen=None if suspect else get("amount"),
        tax_rate_pct=get("tax_rate"),
        tax_fen=None if suspect else get("tax"),
        total_fen=None if suspect else get("total"),
        unit_suspect=suspect,
        arithmetic_ok=None if suspect else arithmetic_ok(row),
        status=get("status") or "normal",
        item_class=look.rule.item_class,
        item_kind=look.rule.kind,
        claimed_class=get("claimed_class"),
        duplicate_of_row=repeat[0] if repeat else None,
        duplicate_scope=repeat[1] if repeat else None,
        red_of_code=red_code,
        red_of_no=red_number,
        red_original_row=original,
    )
