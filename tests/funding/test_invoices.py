"""The sample invoice list, every row and every field, and what the findings decide."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest

from jigai.funding.invoice_lines import InvoiceLine
from jigai.sheets.values.amounts import yuan_text

CLASSES = {
    "equipment": "生产设备",
    "robot": "工业机器人",
    "software": "软件",
    "it_hardware": "信息化硬件",
}


def yuan(fen: int | None) -> str:
    return "" if fen is None else yuan_text(fen)


def plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def count_status(lines: Iterable[InvoiceLine]) -> dict[int, str]:
    """The order of section 4 of the samples' README, applied to the findings alone."""
    status: dict[int, str] = {}
    for line in lines:
        tests = (
            ("unattached", line.project is None),
            ("invalid_date", not line.date_valid),
            ("unit_suspect", line.unit_suspect),
            ("void", line.status == "void"),
            ("arithmetic", line.arithmetic_ok is False),
            ("not_eligible", line.item_class == "not_eligible"),
            ("buyer_mismatch", line.buyer_matches is not True),
            ("out_of_year", line.in_period is not True),
            ("duplicate", line.duplicate_scope == "project"),
            ("duplicate_cross", line.duplicate_scope == "cross"),
        )
        status[line.row] = next((name for name, holds in tests if holds), "counted")
    for line in lines:
        if line.status == "red" and status[line.row] == "counted":
            if line.red_original_row is None:
                status[line.row] = "orphan_red"
            elif status[line.red_original_row] != "counted":
                status[line.row] = "red_of_uncounted"
    return status


def shown(line: InvoiceLine, status: str) -> dict[str, str]:
    """A line in the words of ``expected/03_invoices.csv``."""
    return {
        "row": str(line.row),
        "project": str(line.project or ""),
        "attached_by": line.attached_by or "",
        "buyer_uscc": line.buyer_uscc or "",
        "kind": line.kind or "",
        "invoice_code": line.invoice_code or "",
        "invoice_no": line.invoice_no or "",
        "date": str(line.date or ""),
        "seller": line.seller or "",
        "item": line.item,
        "spec": line.spec or "",
        "unit": line.unit or "",
        "qty": plain(line.quantity),
        "unit_price": plain(line.unit_price),
        "amount_yuan": yuan(line.amount_fen),
        "tax_rate_pct": plain(line.tax_rate_pct),
        "tax_yuan": yuan(line.tax_fen),
        "total_yuan": yuan(line.total_fen),
        "status": line.status,
        "claimed_class": CLASSES.get(line.claimed_class or "", ""),
        "item_class": line.item_class,
        "red_of_code": line.red_of_code or "",
        "red_of_no": line.red_of_no or "",
        "count_status": status,
        "counted": "yes" if status == "counted" else "no",
    }


def test_every_row_and_field_of_the_sample(dossier, expected) -> None:
    truth = expected("03_invoices")
    assert len(truth) == 1624
    status = count_status(dossier.lines)
    assert [shown(line, status[line.row]) for line in dossier.lines] == truth


@pytest.mark.system("vat-invoice-verification")
def test_the_bases_follow_from_the_counted_lines(dossier, expected) -> None:
    """An independent sum: 03_bases.csv was computed apart from the line statuses."""
    status = count_status(dossier.lines)
    sums: dict[tuple[str, str | None, str], int] = {}
    names = {"equipment": "equipment", "equipment_review": "equipment", "robot": "robot",
             "software": "software", "it_hardware": "hardware"}  # fmt: skip
    for line in dossier.lines:
        if status[line.row] != "counted":
            continue
        for basis, fen in (("excl", line.amount_fen), ("incl", line.total_fen)):
            columns = [names[line.item_class]] + (
                ["equipment"] if line.item_class == "robot" else []
            )
            for column in columns:
                key = (str(line.project), line.buyer_uscc, f"{column}_{basis}")
                sums[key] = sums.get(key, 0) + (fen or 0)
    truth = expected("03_bases")
    assert len(truth) == 220
    for row in truth:
        for column, value in row.items():
            if column not in {"project", "uscc"}:
                assert yuan_text(sums.get((row["project"], row["uscc"], column), 0)) == value, (
                    row,
                    column,
                )


@pytest.mark.system("double-funding-check")
def test_each_repeat_and_each_red_letter_points_to_its_line(dossier) -> None:
    lines = {line.row: line for line in dossier.lines}
    repeats = [line for line in dossier.lines if line.duplicate_of_row]
    reds = [line for line in dossier.lines if line.red_original_row]
    assert (len(repeats), len(reds)) == (10, 8)
    for line in repeats:
        original = lines[line.duplicate_of_row]
        assert original.row < line.row
        assert (original.invoice_no, original.amount_fen) == (line.invoice_no, line.amount_fen)
        assert (original.project == line.project) == (line.duplicate_scope == "project")
    for line in reds:
        original = lines[line.red_original_row]
        assert (original.invoice_code, original.invoice_no) == (line.red_of_code, line.red_of_no)
        assert original.item == line.item
