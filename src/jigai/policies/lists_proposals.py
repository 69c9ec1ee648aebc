"""The list of new versions of packs, decided or not."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.policies.models import PackProposal
from jigai.policies.proposals import CAPABILITY, visible_proposals


class ProposalFilters(ListFilters):
    """Proposals by document and state."""

    q = words_field("标题或标识")
    status = choice("状态", PackProposal.Status.choices)

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the title or of the identifier."""
        return rows.filter(title__icontains=value) | rows.filter(slug__icontains=value)


class ProposalList(ListPage):
    """New versions, newest first."""

    page = "proposals"
    url_name = "proposal-list"
    title = "政策包更新"
    note = "先看变化与金额，再确认安装；旧的决定仍按当时的版本"
    capability = CAPABILITY
    can_export = False
    filters = ProposalFilters
    columns = (
        Column("id", "编号", lambda row: f"第 {row.pk} 号", link=True, sort="id"),
        Column("title", "政策文件", link=True, clip=True),
        Column("slug", "标识", sort="slug"),
        Column("status", "状态", kind=c.STATUS, choices=dict(PackProposal.Status.choices)),
        Column("changed", "变化", lambda row: _changed(row)),
        Column("difference", "金额差", lambda row: row.money.get("difference"), kind=c.MONEY),
        Column("created_by", "提交人", "created_by.name"),
        Column("created_at", "提交时间", kind=c.MOMENT, sort="created_at"),
        Column("decided_by", "处理人", "decided_by.name", shown=False),
        Column("decided_at", "处理时间", kind=c.MOMENT, shown=False),
    )
    actions = (ListAction("上传新版本", "proposal-new", "cloud-upload", CAPABILITY, primary=True),)
    empty_title = "还没有上传过新版本"
    empty_hint = "把改好的政策包文件夹压缩成 .zip 上传，系统检查、比较后由您确认"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Proposals within reach; their files are not needed here."""
        return visible_proposals(access).defer("files", "problems")

    def row_url(self, row: PackProposal) -> str:
        """The proposal."""
        return reverse("proposal-detail", args=[row.pk])


def _changed(row: PackProposal) -> str:
    counts = row.changes.get("counts")
    if not counts:
        return ""
    return f"增 {counts['added']}，删 {counts['removed']}，改 {counts['changed']}"
