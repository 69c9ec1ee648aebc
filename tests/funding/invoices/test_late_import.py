"""A red letter in a later file: found, counted, written back; and taken back with its file."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core.models import ImportIssue, User
from jigai.funding.invoices.uses import count_lines
from jigai.funding.models import InvoiceItem, InvoiceLine, SuspectSet
from jigai.projects.models import Project
from tests.core.imports import kit
from tests.core.imports.kit import INVOICE_HEADS, PROJECT_HEADS, book, bring, register
from tests.core.imports.test_undo import take_back
from tests.factories import uscc_of
from tests.funding.making import make_application

pytestmark = [pytest.mark.django_db, pytest.mark.system("vat-invoice-verification")]
FIRM = "兖州甲机械有限公司"
HEADS = (*INVOICE_HEADS, "发票状态", "备注")


@pytest.fixture
def clerk() -> User:
    person = kit.clerk()
    bring(register(FIRM), person)
    row = ("甲线改造", FIRM, uscc_of(1), None, "备1", "技改", 600, "是")
    bring(book(PROJECT_HEADS, row), person)
    return person


def line(number: str, amount: int, status: str = "正常", note: str = "") -> tuple[Any, ...]:
    return ("甲线改造", FIRM, "3700211130", number, "2021-05-06", "数控机床", "X1", 1,
            amount, amount, amount * 13 // 100, amount * 113 // 100, status, note)  # fmt: skip


def red(amount: int = -30_000) -> bytes:
    note = "对应正数发票代码:3700211130 号码:00000001"
    return book(HEADS, line("00000009", amount, "红冲", note))


def test_lines_have_their_item_from_the_import_on(clerk: User) -> None:
    bring(book(HEADS, line("00000001", 100_000)), clerk)
    stored = InvoiceLine.objects.select_related("same").get()
    assert stored.same is not None and stored.same.capacity_fen == 10_000_000


def test_a_late_red_letter_finds_its_original_and_outdates_what_counts_it(clerk: User) -> None:
    bring(book(HEADS, line("00000001", 100_000)), clerk)
    stored = InvoiceLine.objects.get()
    project = Project.objects.get()
    row = make_application(None, project.enterprise, project=project, state="review",
                           lines=[stored])  # fmt: skip
    count_lines(application=row)
    batch = bring(red(), clerk)
    codes = set(ImportIssue.objects.filter(batch=batch).values_list("code", flat=True))
    assert "W_INV_RED" in codes and "E_INV_ORPHAN_RED" not in codes
    assert InvoiceLine.objects.get(status="red").red_original == stored
    assert InvoiceItem.objects.get(lines=stored).capacity_fen == 7_000_000
    row.refresh_from_db()
    assert "00000001" in row.stale
    # The same file again changes nothing.
    again = bring(red(), clerk)
    assert again.counts["done"]["writes"] == 0


def test_taking_the_file_back_gives_the_amount_back(clerk: User) -> None:
    bring(book(HEADS, line("00000001", 100_000)), clerk)
    batch = bring(red(-100_000), clerk)
    item = InvoiceItem.objects.get(invoice_no="00000001")
    assert item.capacity_fen == 0
    assert take_back(batch, clerk).status == "done"
    item.refresh_from_db()
    assert item.capacity_fen == 10_000_000 and not SuspectSet.objects.exists()


def test_a_preview_makes_no_items(clerk: User) -> None:
    kit.begin(book(HEADS, line("00000001", 100_000)), clerk)
    assert not InvoiceItem.objects.exists()
