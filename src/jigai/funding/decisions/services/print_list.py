"""出具资金测算表: the list as a paper with a code."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.documents import issue_document, letter
from jigai.core.models import IssuedDocument, User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.funding.decisions.access import MAKE, require_at
from jigai.funding.decisions.book import name_of
from jigai.funding.models import DecisionList, Round

KIND, OBJECT = "decision-list", "decision-list"
# A paper holds so many rows; longer lists name the workbook that has them all.
MOST_ROWS = 300
HEADER = ("序号", "单位", "支持事项", "审核金额（元）", "审定金额（元）", "说明")


def print_list(*, decision_list: int, by: User, access: Access) -> IssuedDocument:
    """Issue the paper of a list that was submitted. Raises :class:`JigaiError` for a draft and for
    one that has its paper already."""
    with transaction.atomic():
        pk = DecisionList.objects.values_list("round", flat=True).get(pk=decision_list)
        Round.objects.select_for_update().get(pk=pk)
        row = DecisionList.objects.select_related("round__programme").get(pk=decision_list)
        require_at(access, MAKE, row.round.region_code)
        if row.state == DecisionList.State.DRAFT:
            raise JigaiError("list-draft", "拟订中的名单不出具测算表", "先提请审定")
        if row.document_id is not None:
            raise JigaiError("has-paper", "这一版的测算表已经出具过", "下载已经出具的")
        issued = issue_document(
            kind=KIND, title="资金测算表", number=f"{row.round.number}-{row.number}",
            context=context_of(row), object_kind=OBJECT, object_key=row.pk, by=by,
            region_code=row.round.region_code,
            public_summary=[("批次", row.round.name), ("版次", f"第 {row.number} 版")],
            url=reverse("decision-list-detail", args=[row.pk]),
        )  # fmt: skip
        DecisionList.objects.filter(pk=row.pk).update(document=issued)
    return issued


def context_of(row: DecisionList) -> dict[str, Any]:
    """What the letter prints: the sums, the choice with its reason, the lines."""
    lines = list(
        row.lines.order_by("place").values_list(
            "place", "name", "application__measure__name", "reviewed_fen", "decided_fen", "remark"
        )[:MOST_ROWS]
    )
    return letter(
        addressee=str(row.get_stage_display()), paragraphs=_told(row, row.lines.count()),
        organ="工业和信息化部门", closing="请予审定。", table_title=name_of(row),
        table_header=HEADER,
        table_rows=[
            (str(place), name, measure, formats.yuan(asked), formats.yuan(fen), remark)
            for place, name, measure, asked, fen, remark in lines
        ],
    )  # fmt: skip


def _told(row: DecisionList, count: int) -> list[str]:
    short = row.asked_fen - row.budget_fen
    first = (
        f"{row.round.name}审核完毕 {count} 件，审核金额合计 {formats.yuan(row.asked_fen)} 元；"
        f"{row.round.programme.name}可用预算 {formats.yuan(row.budget_fen)} 元。"
    )
    chosen = f"资金安排：{row.get_rule_display()}，审定金额合计 {formats.yuan(row.total_fen)} 元。"
    told = [first, chosen]
    if short > 0:
        told.insert(1, f"预算不足 {formats.yuan(short)} 元。政策文件没有写怎样处理，由会议选定。")
    if row.rule_reason:
        told.append(f"选定理由：{row.rule_reason}")
    if count > MOST_ROWS:
        told.append(f"下表列出前 {MOST_ROWS} 件，全部 {count} 件见同一版的测算表工作簿。")
    return told
