"""Lists of consultations and of the comments they received."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.outreach.consultation_period import STAGE_LOOKS, STAGE_WORDS, in_stage, stage_of
from jigai.outreach.consultation_selectors import inbox, visible
from jigai.outreach.models import Consultation, ConsultationAnswer, ConsultationComment

_STAGES = {STAGE_LOOKS[stage]: word for stage, word in STAGE_WORDS.items()}
_STATES = (("waiting", "待答复"), ("answered", "已答复"), ("hidden", "不公开"))
_STATE_LOOKS = {"waiting": "open", "answered": "done", "hidden": "withdrawn"}
_STATE_WORDS = {_STATE_LOOKS[code]: word for code, word in _STATES}


class ConsultationFilters(ListFilters):
    """Rounds by words and stage."""

    q = words_field("标题")
    stage = choice("状态", STAGE_WORDS.items())
    lookups = {"q": "title__icontains"}

    def by_stage(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """At this stage today."""
        return rows.filter(in_stage(value, timezone.localdate()))


class ConsultationList(ListPage):
    """Rounds of comments on drafts."""

    page = "consultations"
    url_name = "consultation-list"
    title = "征求意见"
    note = "草案公开期内收意见，逐条答复后公示采纳情况，定稿后与草案比对"
    capability = ("consultation.view", "consultation.comment")
    filters = ConsultationFilters
    columns = (
        Column("title", "标题", link=True, clip=True, sort="title"),
        Column("stage", "状态", lambda row: STAGE_LOOKS[row.stage], kind=c.STATUS, choices=_STAGES),
        Column("period_from", "公开期起", kind=c.DAY, sort="period_from"),
        Column("period_to", "公开期止", kind=c.DAY, sort="period_to"),
        Column("organiser", "组织单位", clip=True),
        Column("region", "地区", "region_name"),
        Column("publicity_from", "公示期起", kind=c.DAY),
        Column("publicity_to", "公示期止", kind=c.DAY),
        Column("archive_to", "存档期止", kind=c.DAY, shown=False),
    )
    actions = (
        ListAction("收到的意见", "comment-list", "inbox", "consultation.manage"),
        ListAction("拟一次征求意见", "consultation-new", "plus", "consultation.manage", True),
    )
    empty_title = "还没有征求意见"
    empty_hint = "征求意见稿和待安装的政策包版本可以公开征求意见"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Opened ones, and those being prepared in one's own place."""
        return visible(access)

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Stage today and the name of the region."""
        names, today = names_of_regions(row.region_code for row in rows), timezone.localdate()
        for row in rows:
            row.stage = stage_of(row, today)
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Consultation) -> str:
        """The round."""
        return reverse("consultation-detail", args=[row.pk])


class CommentFilters(ListFilters):
    """Comments by words, round, clause, kind and whether answered."""

    q = words_field("意见或回执号")
    consultation = choice("征求意见", ())
    state = choice("办理", _STATES)
    kind = choice("类别", [*ConsultationComment.Kind.choices, ("none", "未分类")])
    clause = words_field("条号")
    source = choice("来源", ConsultationComment.Source.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.access is not None:
            rounds = inbox(self.access).order_by("-consultation").values("consultation")
            known = Consultation.objects.filter(pk__in=rounds).order_by("-id")
            self.fields["consultation"].choices = [
                ("", "全部"), *((str(pk), title) for pk, title in known.values_list("pk", "title")),
            ]  # fmt: skip

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the text, or the receipt."""
        return rows.filter(text__icontains=value) | rows.filter(receipt__iexact=value)

    def by_state(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Waiting, answered or hidden."""
        if value == "hidden":
            return rows.exclude(hidden_reason="")
        return rows.filter(hidden_reason="", answer__isnull=value == "waiting")

    def by_kind(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Of a kind, or not classified yet."""
        return rows.filter(kind="" if value == "none" else value)


class CommentList(ListPage):
    """Comments received, for those who answer them."""

    page = "comments"
    url_name = "comment-list"
    title = "收到的意见"
    note = "姓名、单位和联系方式只供办理，不公开"
    capability = "consultation.manage"
    filters = CommentFilters
    columns = (
        Column("text", "意见", link=True, clip=True),
        Column("clause", "条款", lambda row: row.clause or "全文", sort="clause"),
        Column("kind", "类别", lambda row: row.get_kind_display() or "未分类", sort="kind"),
        Column("state", "办理", lambda row: _STATE_LOOKS[_state(row)], kind=c.STATUS,
               choices=_STATE_WORDS),
        Column("verdict", "采纳情况",
               lambda row: row.answer.get_verdict_display() if row.answer else ""),
        Column("source", "来源", lambda row: row.get_source_display(), sort="source"),
        Column("at", "收到时间", kind=c.MOMENT, sort="at"),
        Column("consultation", "征求意见", "consultation.title", clip=True),
        Column("receipt", "回执号", shown=False),
        Column("summary", "摘要", lambda row: row.answer.summary if row.answer else "", clip=True,
               shown=False),
        Column("reason", "理由", lambda row: row.answer.reason if row.answer else "", clip=True,
               shown=False),
        Column("hidden_reason", "不公开原因", clip=True, shown=False),
        Column("name", "姓名", shown=False),
        Column("organisation", "单位", clip=True, shown=False),
    )  # fmt: skip
    empty_title = "还没有收到意见"
    empty_hint = "公开期内门户和企业端提交的意见会列在这里"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Comments on the rounds the person organises."""
        return inbox(access)

    def row_url(self, row: ConsultationComment) -> str:
        """The comment."""
        return reverse("comment-detail", args=[row.pk])


def _state(row: ConsultationComment) -> str:
    if row.hidden_reason:
        return "hidden"
    return "answered" if row.answer_id else "waiting"


VERDICT_LOOKS = {
    str(ConsultationAnswer.Verdict.ADOPTED): "confirmed",
    str(ConsultationAnswer.Verdict.PARTLY): "changed",
    str(ConsultationAnswer.Verdict.DECLINED): "rejected",
    str(ConsultationAnswer.Verdict.NOTED): "info",
}
