"""发文、收文、回执: the three lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import Count as Rows
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.outreach.distribution_people import (
    VIEW,
    distributions_for,
    inbox_of,
    people_of,
    receipts_for,
)
from jigai.outreach.distribution_standing import overdue, unconfirmed, with_verdicts
from jigai.outreach.models import Delivery, Distribution

STATES = {"unsigned": "open", "signed": "info", "read": "done"}
STATE_WORDS = {STATES[str(code)]: str(word) for code, word in Delivery.State.choices}
STANDINGS = {"valid": "done", "revised": "changed", "superseded": "superseded",
             "repealed": "rejected", "expired": "closed"}  # fmt: skip
STANDING_WORDS = {STANDINGS[str(code)]: str(word) for code, word in Distribution.Standing.choices}
STATUSES = {"draft": "draft", "sent": "done"}
STATUS_WORDS = {"draft": "拟稿", "done": "已发"}
_UNIT = Count("deliveries")
_SIGNED = Count("deliveries", filter=~Q(deliveries__state=Delivery.State.UNSIGNED))
_STOPPED = Count("deliveries", filter=Q(deliveries__stopped_at__isnull=False))


class DistributionFilters(ListFilters):
    """Documents sent, by words, state and standing."""

    q = words_field("标题或文号")
    status = choice("状态", Distribution.Status.choices)
    standing = choice("效力", Distribution.Standing.choices)

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the title or the number."""
        return rows.filter(Q(title__icontains=value) | Q(number__icontains=value))


def share(part: int, whole: int) -> str:
    """``12 / 27（44%）``; a dash where there is nobody. Rounded down: 100% means everybody."""
    return f"{part} / {whole}（{part * 100 // whole}%）" if whole else ""


class DistributionList(ListPage):
    """Documents sent out, with their receipt rates."""

    page = "distributions"
    url_name = "distribution-list"
    title = "发文"
    note = "按主送、抄送名单发出的文件和回执；修订、废止后自动通知原收文单位停用"
    capability = VIEW
    filters = DistributionFilters
    columns = (
        Column("title", "标题", link=True, clip=True),
        Column("number", "文号", clip=True),
        Column("status", "状态", lambda row: STATUSES[row.status], kind=c.STATUS,
               choices=STATUS_WORDS),
        Column("standing", "效力", lambda row: STANDINGS[row.verdict.standing], kind=c.STATUS,
               choices=STANDING_WORDS),
        Column("units", "收文单位", kind=c.WHOLE),
        Column("signed", "已签收", lambda row: share(row.signed, row.units)),
        Column("stopped", "确认停用",
               lambda row: "" if row.verdict.valid or row.for_the_record
               else share(row.stopped, row.units)),
        Column("due", "签收截止", kind=c.DAY, sort="due"),
        Column("sent_at", "发出时间", kind=c.MOMENT, sort="sent_at"),
        Column("department", "发文部门", lambda row: row.department.name if row.department else "",
               shown=False),
        Column("created_by", "经办", lambda row: str(row.created_by), shown=False),
        Column("reason", "停用依据", lambda row: row.verdict.reason, clip=True, shown=False),
    )  # fmt: skip
    actions = (
        ListAction("发政策文件", "distribution-new", "send", "distribution.send", primary=True),
        ListAction("上传文件发送", "distribution-upload", "upload", "distribution.send"),
        ListAction("回执明细", "receipt-list", "list-check", "distribution.view"),
    )
    empty_title = "还没有发文"
    empty_hint = "选一份已安装的政策文件，或上传文件，按名单发出"

    def rows(self, access: Access) -> QuerySet[Any]:
        """In one's regions."""
        rows = distributions_for(access).select_related(
            "department", "created_by", "pack", "successor", "successor_pack"
        )
        counted = rows.annotate(units=_UNIT, signed=_SIGNED, stopped=_STOPPED)
        return counted.defer("pack__files", "successor_pack__files")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """How each stands today."""
        found = with_verdicts(list(rows))
        for row in rows:
            row.verdict = found[row.pk]

    def row_url(self, row: Any) -> str:
        """The sending."""
        return reverse("distribution-detail", args=[row.pk])


class InboxFilters(ListFilters):
    """What came, by words, receipt and standing."""

    q = words_field("标题或文号")
    state = choice("回执", Delivery.State.choices)
    standing = choice("效力", Distribution.Standing.choices)
    kind = choice("方式", Delivery.Kind.choices)
    lookups = {"standing": "distribution__standing"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the title or the number."""
        title = Q(distribution__title__icontains=value)
        return rows.filter(title | Q(distribution__number__icontains=value))


def _stop_words(row: Any) -> str:
    if row.verdict.valid or row.distribution.for_the_record:
        return ""
    return "已确认停用" if row.stopped_at else "待确认停用"


class DeliveryList(ListPage):
    """What has come for one's own unit."""

    page = "deliveries"
    url_name = "delivery-list"
    title = "收文"
    note = "发给本单位的文件；先签收，再阅办；已修订、废止的要确认停用"
    filters = InboxFilters
    columns = (
        Column("title", "标题", "distribution.title", link=True, clip=True),
        Column("number", "文号", "distribution.number", clip=True),
        Column("standing", "效力", lambda row: STANDINGS[row.verdict.standing], kind=c.STATUS,
               choices=STANDING_WORDS),
        Column("state", "回执", lambda row: STATES[row.state], kind=c.STATUS, choices=STATE_WORDS,
               sort="state"),
        Column("stop", "停用", _stop_words),
        Column("kind", "方式", lambda row: row.get_kind_display()),
        Column("from", "来文机关", "distribution.issuer", clip=True),
        Column("due", "签收截止", "distribution.due", kind=c.DAY, sort="distribution__due"),
        Column("sent", "发出时间", "distribution.sent_at", kind=c.MOMENT,
               sort="distribution__sent_at"),
        Column("unit", "收文单位", "name", shown=False),
    )  # fmt: skip
    empty_title = "还没有收文"
    empty_hint = "发给本单位的文件会出现在这里"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of one's units."""
        return _with_document(inbox_of(access))

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """How each stands today."""
        _judge(rows)

    def row_url(self, row: Any) -> str:
        """The document as it came."""
        return reverse("delivery-detail", args=[row.pk])

    def row_css(self, row: Any) -> str:
        """What is out of use is set back."""
        return "" if row.verdict.valid else "jg-superseded"


class ReceiptFilters(InboxFilters):
    """Receipts, with those that are late and those that have not confirmed the end."""

    unit = words_field("单位")
    owing = choice("未了", (("sign", "逾期未签收"), ("stop", "未确认停用")))
    document = choice("文件", ())
    field_order = ("q", "owing", "unit", "state", "standing", "kind", "document")
    lookups = {**InboxFilters.lookups, "unit": "name__icontains", "document": "distribution"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.access is not None:
            rows = distributions_for(self.access).filter(status=Distribution.Status.SENT)
            known = rows.order_by("-id").values_list("pk", "title", "sent_at")[:200]
            self.fields["document"].choices = [
                ("", "全部"),
                *((str(pk), f"{title}（{timezone.localdate(at)}）") for pk, title, at in known),
            ]

    def by_owing(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Late, or the end not confirmed."""
        return overdue(rows, timezone.localdate()) if value == "sign" else unconfirmed(rows)


class ReceiptList(ListPage):
    """Every addressee of every document sent from one's regions."""

    page = "receipts"
    url_name = "receipt-list"
    title = "回执明细"
    note = "每个收文单位一行；“未了”可查逾期未签收和还没有确认停用的单位"
    capability = VIEW
    filters = ReceiptFilters
    columns = (
        Column("unit", "收文单位", "name", link=True, clip=True),
        Column("kind", "方式", lambda row: row.get_kind_display()),
        Column("title", "文件", "distribution.title", clip=True),
        Column("standing", "效力", lambda row: STANDINGS[row.verdict.standing], kind=c.STATUS,
               choices=STANDING_WORDS),
        Column("state", "回执", lambda row: STATES[row.state], kind=c.STATUS, choices=STATE_WORDS),
        Column("signed_by", "签收人", lambda row: row.signer or str(row.signed_by or "")),
        Column("signed_at", "签收时间", kind=c.MOMENT, sort="signed_at"),
        Column("paper", "纸质", "on_paper", kind=c.FLAG, shown=False),
        Column("due", "签收截止", "distribution.due", kind=c.DAY, sort="distribution__due"),
        Column("stop", "停用", _stop_words),
        Column("stopped_at", "确认停用时间", kind=c.MOMENT, shown=False),
        Column("reach", "送达", lambda row: row.reach),
    )  # fmt: skip
    empty_title = "还没有回执"
    empty_hint = "发出文件以后，每个收文单位在这里有一行"

    def rows(self, access: Access) -> QuerySet[Any]:
        """In one's regions."""
        return _with_document(receipts_for(access))

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """How the document stands, and whether the unit can be told here at all."""
        _judge(rows)
        people = people_of(rows)
        for row in rows:
            row.reach = "平台通知" if people[row.pk] else "没有账号，线下送达"

    def row_url(self, row: Any) -> str:
        """The sending."""
        return reverse("distribution-detail", args=[row.distribution_id])

    def summary(self, rows: QuerySet[Any], count: Rows) -> str:
        """The receipt rate of what is filtered."""
        signed = rows.exclude(state=Delivery.State.UNSIGNED).order_by().count()
        return f"签收 {share(signed, rows.order_by().count())}"


def _with_document(rows: QuerySet[Any]) -> QuerySet[Any]:
    document = ("distribution", "distribution__pack", "distribution__successor")
    found = rows.select_related(*document, "distribution__successor_pack", "signed_by")
    return found.defer("distribution__pack__files", "distribution__successor_pack__files")


def _judge(rows: Sequence[Any]) -> None:
    found = with_verdicts([row.distribution for row in rows])
    for row in rows:
        row.verdict = found[row.distribution_id]
