"""The list of studies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field, year_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.workbench.models import SandboxStudy
from jigai.workbench.sandbox.access import USE, visible_studies


class StudyFilters(ListFilters):
    """Studies by words, population, year and whose they are."""

    q = words_field("名称或说明")
    population = choice("对象", SandboxStudy.Population.choices)
    year = year_field()
    whose = choice("谁的", (("mine", "我建的"), ("shared", "同事共享的")))
    field_order = ("q", "population", "year", "whose")

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the title or the note."""
        return rows.filter(Q(title__icontains=value) | Q(note__icontains=value))

    def by_whose(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """One's own, or those of others."""
        mine = Q(created_by=self.access.user)
        return rows.filter(mine if value == "mine" else ~mine)


class StudyList(ListPage):
    """Studies one made, and those colleagues share."""

    page = "sandbox"
    url_name = "sandbox-list"
    title = "政策沙盘"
    note = "规则在印发之前先在真实数据上试；结果都是模拟，不产生应付"
    capability = USE
    filters = StudyFilters
    columns = (
        Column("title", "名称", link=True, clip=True),
        Column("population", "对象", choices=dict(SandboxStudy.Population.choices),
               sort="population"),
        Column("region", "地区", "region_word"),
        Column("year", "年度", sort="year"),
        Column("scenarios", "情景", "scenario_count", kind=c.WHOLE),
        Column("shared", "共享", lambda row: "同事可看" if row.shared else "只有自己"),
        Column("created_by", "建立人", "created_by.name"),
        Column("updated_at", "最近修改", kind=c.MOMENT, sort="updated_at"),
    )  # fmt: skip
    actions = (ListAction("新建沙盘", "sandbox-new", "plus", USE, primary=True),)
    empty_title = "还没有沙盘"
    empty_hint = "选一份政策文件和一批数据，改几个参数，看要花多少钱、谁得谁失"

    def rows(self, access: Access) -> QuerySet[Any]:
        """What the person may see."""
        used = Count("scenarios", filter=Q(scenarios__active=True))
        return visible_studies(access).annotate(scenario_count=used)

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names of regions."""
        names = names_of_regions({row.region_code for row in rows})
        for row in rows:
            row.region_word = names.get(row.region_code, row.region_code)

    def row_url(self, row: SandboxStudy) -> str:
        """The study."""
        return reverse("sandbox-detail", args=[row.pk])
