"""应享名单 on screen: the lists, and the rows of one list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import formats
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    search,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import Count, ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.outreach.models import Delivery
from jigai.rules.wording import SUBJECT_WORDS
from jigai.workbench.models import AudienceEntry, AudienceList
from jigai.workbench.navigator.mirror.selectors import (
    VIEW,
    deliveries_about,
    entries_for,
    lists_for,
)

_LOOKS = {"ready": "eligible", "lacking": "missing", "near": "below"}
_WORDS = {_LOOKS[str(code)]: str(word) for code, word in AudienceEntry.Group.choices}
_NOT_TOLD = "没有通知"


class AudienceFilters(ListFilters):
    """Lists by year and region."""

    year = year_field()
    region = RegionField()

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Lists over a region and below."""
        return below(rows, "region_code", value)


class AudienceLists(ListPage):
    """Lists, newest first."""

    page = "audiences"
    url_name = "audience-list"
    title = "应享名单"
    note = "一份文件的每项措施，谁现在就符合、谁只缺一项资料、谁差不到两成"
    capability = VIEW
    filters = AudienceFilters
    columns = (
        Column("id", "编号", lambda row: f"第 {row.pk} 份", link=True, sort="id"),
        Column("pack", "政策文件", "pack.title", clip=True),
        Column("year", "年度", kind=c.TEXT, sort="year"),
        Column("as_of", "按哪一天", kind=c.DAY, sort="as_of"),
        Column("ready", "现在就符合（项）", lambda row: _sum(row, "ready"), kind=c.WHOLE),
        Column("lacking", "只缺一项资料", lambda row: _sum(row, "lacking"), kind=c.WHOLE),
        Column("near", "差不到两成", lambda row: _sum(row, "near"), kind=c.WHOLE),
        Column("watermark", "水印"),
        Column("why", "仅模拟原因", "simulation", clip=True, shown=False),
        Column("by", "生成人", "created_by.name"),
        Column("created_at", "时间", kind=c.MOMENT, sort="created_at"),
    )
    actions = (ListAction("生成名单", "audience-new", "users", VIEW, primary=True),)
    empty_title = "还没有应享名单"
    empty_hint = "选一份文件和年度，平台按现有资料把符合、缺一项、差一点的都找出来"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Lists within reach."""
        return lists_for(access)

    def row_url(self, row: AudienceList) -> str:
        """The list."""
        return reverse("audience-detail", args=[row.pk])


def _sum(row: AudienceList, group: str) -> int:
    return sum(told.get(group, 0) for told in row.summary.values())


class EntryFilters(ListFilters):
    """Rows of one list by measure, group, what is missing, words."""

    q = words_field("企业或项目")
    group = choice("情况", AudienceEntry.Group.choices)
    state = choice("去向", AudienceEntry.State.choices[1:])
    lacking = forms.CharField(label="所缺资料", required=False, max_length=80)
    holder = forms.CharField(label="由谁掌握", required=False, max_length=80)
    region = RegionField()
    audience = forms.IntegerField(
        label="名单编号", required=False, min_value=1, widget=forms.HiddenInput()
    )
    measure = forms.CharField(
        label="措施编号", required=False, max_length=80, widget=forms.HiddenInput()
    )
    lookups = {"audience": "audience_id"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the name of the enterprise or the project."""
        return search(rows, value)

    def by_lacking(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Rows that lack this."""
        return rows.filter(lacking__contains=value)

    def by_holder(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Rows whose missing datum this office holds."""
        return rows.filter(holder__contains=value)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Of a region and below."""
        return below(rows, "region_code", value)


class EntryList(ListPage):
    """Who could be served, row by row."""

    page = "audience-entries"
    url_name = "audience-entries"
    title = "应享对象"
    capability = VIEW
    filters = EntryFilters
    default_sort = "id"
    columns = (
        Column("enterprise", "企业", "enterprise_name", link=True, clip=True),
        Column("label", "项目或共同体", clip=True),
        Column("subject", "对象", choices=SUBJECT_WORDS, shown=False),
        Column("measure", "措施", "measure_name", clip=True),
        Column("group", "情况", lambda row: _LOOKS[row.group], kind=c.STATUS, choices=_WORDS,
               sort="group"),
        Column("amount", "测算金额", "amount_fen", kind=c.MONEY, sort="amount_fen"),
        Column("high", "最多可得", lambda row: row.high_fen if row.group == "lacking" else None,
               kind=c.MONEY, shown=False),
        Column("lacking", "所缺资料", clip=True),
        Column("holder", "由谁掌握", clip=True),
        Column("gap", "差距", clip=True),
        Column("share", "差距占起点", lambda row: _share(row.gap_share), sort="gap_share",
               shown=False),
        Column("state", "去向", lambda row: row.get_state_display() if row.state else "—"),
        Column("told", "送达", lambda row: row.told),
        Column("watermark", "水印", "audience.watermark", shown=False),
        Column("audience_id", "名单编号", kind=c.WHOLE, shown=False),
    )  # fmt: skip
    empty_title = "没有符合条件的对象"
    empty_hint = "放宽条件，或换一份名单"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Rows within reach."""
        rows = entries_for(access).select_related("audience", "audience__pack")
        return rows.defer("audience__pack__files")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """How far the notices have got, by list and measure on the page."""
        groups: dict[tuple[int, str], list[Any]] = {}
        for row in rows:
            row.told = "—" if row.enterprise_id is None else _NOT_TOLD
            groups.setdefault((row.audience_id, row.measure), []).append(row)
        for (_, measure), listed in groups.items():
            ids = {row.enterprise_id for row in listed if row.enterprise_id}
            found = {d.enterprise_id: d for d in
                     reversed(deliveries_about(listed[0].audience, measure, ids))}  # fmt: skip
            for row in listed:
                delivery = found.get(row.enterprise_id)
                row.told = _told(delivery) if delivery else row.told

    def row_url(self, row: AudienceEntry) -> str:
        """What fits the enterprise altogether."""
        if row.enterprise_id is None:
            return ""
        return reverse("navigator-of", args=[row.enterprise_id]) + f"?day={row.audience.as_of}"

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """The money of those that fit; each measure by itself, before anything competes."""
        ready = rows.order_by().filter(group="ready").exclude(state="given-up")
        fen = ready.exclude(state="out-of-quota").aggregate(
            fen=Coalesce(Sum("amount_fen"), 0))["fen"]  # fmt: skip
        return f"现在就符合的（择一、名额之后）合计 {formats.wan(fen)} 万元" if count.exact else ""


def _share(share: int | None) -> str:
    return "" if share is None else f"{share / 100:.2f}%"


def _told(delivery: Delivery) -> str:
    """The receipt in words: who opened it and when."""
    if delivery.distribution.status == "draft":
        return "拟稿中"
    if delivery.read_at:
        return f"已阅 {formats.moment(delivery.read_at)}"
    if delivery.signed_at:
        return f"已签收 {formats.moment(delivery.signed_at)}"
    return f"未签收（{formats.day(delivery.distribution.sent_at.date())} 发）"
