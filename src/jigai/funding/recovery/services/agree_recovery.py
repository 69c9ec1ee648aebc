"""Prints the agreement on repaying, for both sides to sign."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.documents import issue_document, letter
from jigai.core.models import User
from jigai.core.screens.formats import day, yuan
from jigai.core.selectors_regions import names_of_regions
from jigai.funding.applications.services.move_application import note
from jigai.funding.models import Recovery
from jigai.funding.recovery.access import AGREED, CONFIRMED, MANAGE, held, require_state
from jigai.funding.recovery.interest import words_of

KIND = "recovery-agreement"


def agree_recovery(*, recovery: int, seen: int, by: User, access: Access) -> Recovery:
    """Issue the agreement. Raises :class:`JigaiError` unless the amount has been confirmed."""
    access.require(MANAGE)
    with transaction.atomic():
        row = held(recovery, seen, access, MANAGE)
        require_state(row, CONFIRMED)
        place = names_of_regions([row.region_code]).get(row.region_code, row.region_code)
        row.agreement = issue_document(
            kind=KIND, title="财政资金退款协议", number=row.number, object_kind="recovery",
            context=letter(
                addressee=row.enterprise.name, paragraphs=paragraphs_of(row),
                organ=f"{place}工业和信息化部门", closing="双方签字盖章后生效。",
                table_title="应退资金", table_header=["项目", "金额（元）"],
                table_rows=rows_of(row),
            ),
            object_key=row.pk, by=by, region_code=row.region_code, enterprise=row.enterprise,
            public_summary=[("追回编号", row.number)],
            url=reverse("recovery-detail", args=[row.pk]),
        )  # fmt: skip
        row.state = AGREED
        row.version += 1
        row.save(update_fields=["agreement", "state", "version"])
        note(application=row.application, text=f"出具退款协议 {row.number}", by=by)
    return row


def paragraphs_of(row: Recovery) -> list[str]:
    """What both sides agree on."""
    application = row.application
    return [
        f"一、事由：{application.number}“{application.title}”已拨付 "
        f"{yuan(application.paid_fen or 0)} 元。{row.text}，核定应退回 {yuan(row.amount_fen)} 元。",
        f"二、利息：{words_of(row.interest_rule)}。",
        f"三、期限：{day(row.due_on)}前一次或分次缴入财政指定账户，注明追回编号 {row.number}。",
        "四、分次退回的，先抵本金；全部收回后平台出具办结记录。对核定有异议的，可在期限内书面提出。",
    ]


def rows_of(row: Recovery) -> list[list[str]]:
    """The table: principal, interest, back already."""
    interest = "未定" if row.interest_fen is None else yuan(row.interest_fen)
    return [["应退本金", yuan(row.amount_fen)], ["利息", interest],
            ["已收回", yuan(row.repaid_fen)]]  # fmt: skip
