"""Telling the clerk what was found about an invoice line."""

from __future__ import annotations

from jigai.core.enterprise_matching import Match
from jigai.funding.attachment import Attachment
from jigai.funding.invoice_lines import BY_NAME, IN_PROJECT, ONLY_PROJECT, RED, VOID, InvoiceLine
from jigai.funding.item_classes import ItemClasses
from jigai.sheets.table import Row, Table

# Plain equipment is what a line of these classes is claimed as.
_CLAIMED_AS = {"equipment_review": "equipment"}


def report_line(
    table: Table,
    row: Row,
    line: InvoiceLine,
    match: Match,
    attachment: Attachment,
    classes: ItemClasses,
) -> None:
    """Record every finding about one line in ``table.issues``."""
    for subject, code in match.findings:
        if subject == "name":
            table.report(row, "buyer", code, match.enterprise.name if match.enterprise else "")
    _attachment(table, row, line, attachment)
    _dates_and_status(table, row, line)
    _amounts(table, row, line)
    _item(table, row, line, classes)
    if line.duplicate_of_row is not None:
        code = "E_INV_DUP" if line.duplicate_scope == IN_PROJECT else "E_INV_DUP_CROSS"
        table.report(row, "invoice_no", code, detail=f"第{line.duplicate_of_row}行")


def _attachment(table: Table, row: Row, line: InvoiceLine, attachment: Attachment) -> None:
    if attachment.target is None:
        table.report(row, "project_name", "E_INV_UNATTACHED")
    elif attachment.how == ONLY_PROJECT:
        table.report(row, "project_name", "W_INV_ATTACH")
    elif attachment.how == BY_NAME and row.get("project_code") is None and attachment.target.code:
        table.report(row, "project_code", "A_PROJECT_BY_NAME", attachment.target.code)
    if line.buyer_matches is False:
        table.report(row, "buyer", "E_INV_BUYER")


def _dates_and_status(table: Table, row: Row, line: InvoiceLine) -> None:
    # An unreadable date is reported with its cell; a blank one only here.
    if not line.date_valid and not row.parsed("date").failed:
        table.report(row, "date", "E_INV_DATE")
    if line.in_period is False:
        table.report(row, "date", "W_INV_PERIOD")
    if line.status == VOID:
        table.report(row, "status", "W_INV_VOID")
    if line.status == RED and line.red_original_row is None:
        table.report(row, "note", "E_INV_ORPHAN_RED")
    elif line.status == RED:
        table.report(row, "status", "W_INV_RED", detail=f"第{line.red_original_row}行")


def _amounts(table: Table, row: Row, line: InvoiceLine) -> None:
    if line.unit_suspect and "E_UNIT_SUSPECT" not in row.parsed("amount").codes:
        table.report(row, "amount", "E_UNIT_SUSPECT")
    if line.arithmetic_ok is False:
        table.report(row, "total", "E_INV_ARITH")


def _item(table: Table, row: Row, line: InvoiceLine, classes: ItemClasses) -> None:
    """Class by item name against the class that was claimed."""
    actual = _CLAIMED_AS.get(line.item_class, line.item_class)
    if line.item_class == "equipment_review":
        table.report(row, "item", "W_INV_ROBOT_REVIEW")
    elif line.claimed_class == "robot" and line.item_class != "robot":
        table.report(row, "item", "W_INV_NOT_ROBOT")
    elif line.item_class == "not_eligible":
        table.report(row, "item", "W_INV_NOT_EQUIP")
    elif line.claimed_class not in (None, actual):
        table.report(row, "claimed_class", "W_INV_CLASS", classes.names[actual])
