"""The list of drafts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.policies.editor.selectors import DRAFT, ISSUE, drafts_for
from jigai.policies.models import PackDraft

LOOKS = {
    "drafting": "draft", "review": "pending", "consultation": "running", "revising": "changed",
    "issuing": "ready", "issued": "done", "withdrawn": "withdrawn",
}  # fmt: skip
_WORDS = {LOOKS[str(code)]: str(word) for code, word in PackDraft.State.choices}


class DraftFilters(ListFilters):
    """Drafts by words and state."""

    q = words_field("标题或标识")
    state = choice("状态", PackDraft.State.choices)
    mine = choice("起草人", (("yes", "我起草的"),))

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the title or of the identifier."""
        return rows.filter(Q(title__icontains=value) | Q(slug__icontains=value))

    def by_mine(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """One's own."""
        return rows.filter(created_by=self.access.user)


class DraftList(ListPage):
    """Drafts within reach, newest first."""

    page = "drafts"
    url_name = "draft-list"
    title = "编制政策包"
    note = "起草、审核、征求意见、印发；印发后计算与导航随之按它，不用改程序"
    capability = (DRAFT, ISSUE)
    can_export = False
    filters = DraftFilters
    columns = (
        Column("id", "编号", lambda row: f"第 {row.pk} 号", link=True, sort="id"),
        Column("title", "政策文件", link=True, clip=True),
        Column("slug", "标识", sort="slug"),
        Column("state", "状态", lambda row: LOOKS[row.state], kind=c.STATUS, choices=_WORDS,
               sort="state"),
        Column("base", "来源", lambda row: row.base.title if row.base else "空白", clip=True),
        Column("created_by", "起草人", "created_by.name"),
        Column("updated_at", "最近修改", kind=c.MOMENT, sort="updated_at"),
        Column("region_code", "区划代码", shown=False),
    )  # fmt: skip
    actions = (ListAction("起草", "draft-new", "plus", DRAFT, primary=True),)
    empty_title = "还没有起草稿"
    empty_hint = "从已安装的政策、空白或沙盘方案起草；改好以后送审、征求意见、印发"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Drafts within reach, without their texts."""
        return drafts_for(access).defer("files", "base__files", "issued__files")

    def row_url(self, row: PackDraft) -> str:
        """The draft."""
        return reverse("draft-detail", args=[row.pk])
