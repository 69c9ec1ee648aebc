"""Other funding from a table: matched, brought up to date, written back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.core.models import ImportIssue, User
from jigai.funding.models import OtherFunding, SuspectSet
from jigai.projects.models import Project
from tests.core.imports import kit
from tests.core.imports.kit import PROJECT_HEADS, book, bring, register
from tests.core.imports.test_undo import take_back
from tests.factories import make_line, uscc_of
from tests.funding.making import make_application

pytestmark = [pytest.mark.django_db, pytest.mark.system("double-funding-check")]
FIRM = "兖州甲机械有限公司"
HEADS = ("企业名称", "统一社会信用代码", "项目名称", "资金名称", "资金类别", "资金层级", "文号",
         "到账金额（元）", "到账日期", "发票号码")  # fmt: skip


@pytest.fixture
def clerk() -> User:
    person = kit.clerk()
    bring(register(FIRM), person)
    row = ("甲线改造", FIRM, uscc_of(1), None, "备1", "技改", 600, "是")
    bring(book(PROJECT_HEADS, row), person)
    return person


def grant(**changes: Any) -> tuple[Any, ...]:
    given = {
        "firm": FIRM, "uscc": uscc_of(1), "project": "甲线改造", "programme": "示例省级专项",
        "kind": "上级财政", "level": "省级", "document": "示例财〔2021〕1号", "amount": 50_000,
        "on": "2021-11-02", "invoices": "00000001，00000002", **changes,
    }  # fmt: skip
    return tuple(given.values())


def test_a_grant_comes_in_matched_and_is_brought_up_to_date(clerk: User) -> None:
    batch = bring(book(HEADS, grant()), clerk)
    row = OtherFunding.objects.get()
    assert (row.project, row.enterprise.name) == (Project.objects.get(), FIRM)
    assert (row.amount_fen, row.received_on) == (5_000_000, dt.date(2021, 11, 2))
    assert (row.state, row.kind, row.level) == ("received", "upper", "province")
    assert row.invoices == ["00000001", "00000002"] and batch.counts["done"]["created"] == 1
    assert bring(book(HEADS, grant()), clerk).counts["done"]["writes"] == 0
    bring(book(HEADS, grant(amount=60_000)), clerk)
    assert OtherFunding.objects.get().amount_fen == 6_000_000


def test_an_unknown_enterprise_stays_out_and_an_open_amount_is_no_receipt(clerk: User) -> None:
    batch = bring(
        book(
            HEADS,
            grant(firm="兖州无名公司", uscc=None),
            grant(programme="示例另一专项", amount=None),
        ),
        clerk,
    )
    row = OtherFunding.objects.get()
    assert (row.programme, row.state, row.amount_fen) == ("示例另一专项", "approved", None)
    told = ImportIssue.objects.filter(batch=batch, code="E_ENT_UNMATCHED")
    assert told.exists() and batch.counts["done"]["unmatched"] == 1


def test_what_arrived_is_written_back_and_compared_with_invoices(clerk: User) -> None:
    project = Project.objects.get()
    line = make_line(project, invoice_no="00000002")
    row = make_application(None, project.enterprise, project=project, state="cleared",
                           lines=[line])  # fmt: skip
    batch = bring(book(HEADS, grant()), clerk)
    row.refresh_from_db()
    assert "示例省级专项" in row.stale
    assert SuspectSet.objects.get(kind="funds").key == "00000002"
    assert take_back(batch, clerk).status == "done"
    assert not OtherFunding.objects.exists() and not SuspectSet.objects.exists()
