"""Invoices and consortia into the database, file after file."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core.models import ImportIssue, User
from jigai.funding.models import Consortium, ConsortiumMember, InvoiceLine
from jigai.projects.models import Project
from tests.core.imports import kit
from tests.core.imports.kit import INVOICE_HEADS, PROJECT_HEADS, begin, book, bring, register
from tests.factories import uscc_of

pytestmark = pytest.mark.django_db
FIRM, OTHER = "兖州甲机械有限公司", "兖州乙机械有限公司"
MEMBER_HEADS = (
    "共同体编号", "共同体名称", "成员企业名称", "统一社会信用代码", "角色", "设备投资额（万元）",
)  # fmt: skip


@pytest.fixture
def clerk() -> User:
    person = kit.clerk()
    bring(register(FIRM, OTHER), person)
    rows = [
        (name, firm, code, None, "备1", "技改", 600, "是")
        for name, firm, code in (
            ("甲线改造", FIRM, uscc_of(1)), ("丙线改造", FIRM, uscc_of(1)),
            ("乙线改造", OTHER, uscc_of(2)),
        )
    ]  # fmt: skip
    bring(book(PROJECT_HEADS, *rows), person)
    return person


def line(project: str | None = "甲线改造", number: str = "00000001", **fields: Any) -> Any:
    given = {
        "buyer": FIRM, "code": "3700211130", "number": number, "date": "2021-05-06",
        "item": "数控机床", "spec": "X1", "quantity": 1, "price": 100_000, "amount": 100_000,
        "tax": 13_000, "total": 113_000, **fields,
    }  # fmt: skip
    return (project, *given.values())


def invoices(*rows: Any) -> bytes:
    return book(INVOICE_HEADS, *rows)


def consortia(*rows: Any) -> bytes:
    return book(MEMBER_HEADS, *rows)


def codes(batch: Any) -> set[str]:
    return set(ImportIssue.objects.filter(batch=batch).values_list("code", flat=True))


def test_lines_are_attached_to_stored_projects(clerk: User) -> None:
    batch = bring(invoices(line(), line("无此项目", "00000002")), clerk)
    first, second = InvoiceLine.objects.order_by("id")
    assert first.project == Project.objects.get(name="甲线改造") and first.buyer is not None
    assert first.buyer.uscc == uscc_of(1) and first.amount_fen == 10_000_000
    assert second.project is None and batch.counts["done"]["unattached"] == 1
    assert [row["remark"] for row in batch.sample] == ["甲线改造", "没有归到项目"]


def test_a_corrected_list_changes_its_lines_and_attaches_what_was_loose(clerk: User) -> None:
    bring(invoices(line(), line("无此项目", "00000002")), clerk)
    content = invoices(line(amount=90_000, tax=11_700, total=101_700), line("丙线改造", "00000002"))
    second = bring(content, clerk)
    assert second.counts["done"]["changed"] == 2 and InvoiceLine.objects.count() == 2
    first, loose = InvoiceLine.objects.order_by("id")
    assert first.amount_fen == 9_000_000 and loose.project.name == "丙线改造"
    assert begin(content, clerk).counts["planned"]["unchanged"] == 2


def test_the_same_line_for_another_project_is_a_repeat_not_a_move(clerk: User) -> None:
    bring(invoices(line()), clerk)
    second = bring(invoices(line("丙线改造")), clerk)
    first, repeat = InvoiceLine.objects.order_by("id")
    assert first.project.name == "甲线改造"
    assert (repeat.duplicate_of_id, repeat.duplicate_scope) == (first.pk, "cross")
    assert "E_INV_DUP_CROSS" in codes(second)
    assert second.counts["done"]["absent"] == 1


def test_repeats_and_red_letters_point_inside_the_file(clerk: User) -> None:
    batch = bring(invoices(line(), line()), clerk)
    first, repeat = InvoiceLine.objects.order_by("id")
    assert (repeat.duplicate_of_id, repeat.duplicate_scope) == (first.pk, "project")
    assert "E_INV_DUP" in codes(batch)


def test_lines_of_a_consortium_find_it_once_it_is_in(clerk: User) -> None:
    members = consortia(
        ("GT-01", "链协同共同体", FIRM, uscc_of(1), "牵头", 300),
        ("GT-01", "链协同共同体", OTHER, uscc_of(2), "成员", 200),
    )  # fmt: skip
    batch = bring(members, clerk)
    assert batch.counts["done"]["consortia"] == 1 and batch.counts["done"]["created"] == 2
    bring(invoices(line("链协同共同体", buyer=OTHER)), clerk)
    found = InvoiceLine.objects.get()
    assert found.consortium == Consortium.objects.get() and found.project is None


def test_a_second_list_renames_and_adds_but_repeats_nothing(clerk: User) -> None:
    bring(consortia(("GT-01", "旧名", FIRM, uscc_of(1), "牵头", 300)), clerk)
    second = bring(
        consortia(
            ("GT-01", "新名", FIRM, uscc_of(1), "牵头", 350),
            ("GT-01", "新名", OTHER, uscc_of(2), "成员", 200),
        ),
        clerk,
    )
    assert Consortium.objects.get().name == "新名"
    amounts = list(ConsortiumMember.objects.order_by("id").values_list("equipment_fen", flat=True))
    assert amounts == [350_000_000, 200_000_000]
    done = second.counts["done"]
    assert (done["renamed"], done["created"], done["changed"]) == (1, 1, 1)
