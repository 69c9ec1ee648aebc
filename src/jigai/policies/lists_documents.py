"""Lists of what replaced what, and of the documents that packs lean on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.policies.document_keys import document_key
from jigai.policies.lineage import LOOKS
from jigai.policies.models import PackVersion, Succession, UpstreamDocument
from jigai.policies.proposals import CAPABILITY

State = UpstreamDocument.State


class SuccessionFilters(ListFilters):
    """By words in either document, and where the record comes from."""

    q = words_field("文号或标题", "旧的或新的")
    source = choice("来源", (("pack", "数据包载明"), ("entered", "登记")))
    state = choice("状态", (("in_use", "有效"), ("withdrawn", "已撤回")))

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of a title, or the number in any brackets."""
        key = document_key(value)
        titled = Q(old_title__icontains=value) | Q(new_title__icontains=value)
        return rows.filter(titled | Q(old_key__contains=key) | Q(new_key__contains=key))

    def by_source(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Stated by a pack, or entered by a person."""
        return rows.filter(from_pack=value == "pack")

    def by_state(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """In use, or taken back."""
        return rows.filter(withdrawn_at__isnull=value == "in_use")


class SuccessionList(ListPage):
    """What took the place of what, from what day."""

    page = "successions"
    url_name = "succession-list"
    title = "文件替代"
    note = "替代起日之前的日子仍按旧文件解释"
    capability = "pack.view"
    filters = SuccessionFilters
    default_sort = "-since"
    columns = (
        Column("old", "旧文件", "old_name", link=True, clip=True, width=44),
        Column("new", "新文件", "new_name", clip=True, width=44),
        Column("since", "替代起日", kind=c.DAY, sort="since"),
        Column("basis", "依据", clip=True),
        Column("source", "来源", lambda row: "数据包载明" if row.from_pack else "登记"),
        Column("state", "状态", lambda row: "withdrawn" if row.withdrawn_at else "ok",
               kind=c.STATUS, choices={"ok": "有效", "withdrawn": "已撤回"}),
        Column("note", "说明", clip=True, shown=False),
        Column("by", "登记人", "recorded_by.name", shown=False),
        Column("recorded_at", "登记时间", kind=c.MOMENT, shown=False),
    )  # fmt: skip
    actions = (
        ListAction("旧文查新", "document-find", "search"),
        ListAction("登记替代", "succession-new", "plus", CAPABILITY, primary=True),
    )
    empty_title = "还没有登记替代关系"
    empty_hint = "安装写明替代的数据包会自动列入；没有数据包的文件在这里登记"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Documents are for everybody who may open this room."""
        return Succession.objects.select_related("recorded_by")

    def row_url(self, row: Succession) -> str:
        """The record."""
        return reverse("succession-detail", args=[row.pk])

    def row_css(self, row: Succession) -> str:
        """One taken back counts no more."""
        return "is-off" if row.withdrawn_at else ""


class UpstreamFilters(ListFilters):
    """By words, state and document."""

    q = words_field("文号或标题")
    state = choice("状态", State.choices)
    pack = choice("政策文件", ())
    lookups = {"pack": "slug"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        packs = PackVersion.objects.filter(is_current=True).exclude(status="standard")
        known = packs.order_by("slug").values_list("slug", "title")
        self.fields["pack"].choices = [("", "全部"), *known]

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the title, or the number in any brackets."""
        return rows.filter(Q(title__icontains=value) | Q(key__contains=document_key(value)))


class UpstreamList(ListPage):
    """Every document that an installed pack leans on."""

    page = "upstream"
    url_name = "upstream-list"
    title = "上位依据"
    note = "待导入的文件给什么都是未定，不当作零"
    capability = "pack.view"
    filters = UpstreamFilters
    default_sort = "slug"
    columns = (
        Column("name", "上位文件", str, link=True, clip=True, width=48),
        Column("state", "状态", lambda row: LOOKS[State(row.state)], kind=c.STATUS,
               choices={LOOKS[key]: str(word) for key, word in State.choices}),
        Column("pack", "被哪份文件依据", "pack_title", clip=True, sort="slug", width=40),
        Column("what", "挂接到", "attached_to", clip=True),
        Column("note", "说明", clip=True),
        Column("by", "挂接人", "attached_by.name", shown=False),
        Column("attached_at", "挂接时间", kind=c.MOMENT, shown=False),
    )  # fmt: skip
    empty_title = "没有上位依据"
    empty_hint = "安装数据包后，包里列出的上位文件显示在这里"

    def rows(self, access: Access) -> QuerySet[Any]:
        """What current versions list; documents are for everybody who may open this room."""
        return UpstreamDocument.objects.filter(listed=True).select_related("file", "attached_by")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Titles of the packs."""
        name_packs(rows)

    def row_url(self, row: UpstreamDocument) -> str:
        """The row inside the chain of its pack."""
        return reverse("pack-lineage", args=[row.slug])


def name_packs(rows: Sequence[Any]) -> None:
    """Put the title of the leaning pack, and what the row is attached to, on each row."""
    slugs = {row.slug for row in rows} | {row.pack_slug for row in rows if row.pack_slug}
    packs = PackVersion.objects.filter(slug__in=slugs, is_current=True)
    titles = dict(packs.order_by("slug").values_list("slug", "title"))
    for row in rows:
        row.pack_title = titles.get(row.slug, row.slug)
        row.attached_to = attached_words(row, titles)


def attached_words(row: UpstreamDocument, titles: dict[str, str]) -> str:
    """What stands for an upstream document, in words."""
    if row.pack_slug:
        return f"数据包《{titles.get(row.pack_slug, row.pack_slug)}》"
    if row.parameter:
        return f"通用参数 {row.parameter.partition(':')[2]}"
    return f"原文 {row.file.name}" if row.file else ""
