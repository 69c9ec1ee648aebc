"""What lists, jobs and exports add to the menu and to the search."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import list_filters, menu, search_sources
from jigai.core.screens.menu import MenuItem
from jigai.core.screens.search_sources import Hit, SearchSource
from jigai.core.selectors_enterprises import enterprises_for


def _find(access: Access, words: str, limit: int) -> Iterable[Hit]:
    rows = list_filters.search(enterprises_for(access), words, codes=("uscc", "name", "town"))
    for row in rows.defer("search").order_by("pinyin", "id")[:limit]:
        note = "，".join(part for part in (row.uscc, row.town) if part)
        yield Hit(row.name, reverse("enterprise-detail", args=[row.pk]), note)


def register() -> None:
    """Called once the rooms are loaded."""
    menu.register(
        MenuItem("工作台", "我的任务", "list-check", "job-list", "", 60),
        MenuItem("工作台", "我的导出", "download", "export-list", "export.make", 70),
        MenuItem(
            "企业与项目", "企业名录", "building-factory-2", "enterprise-list", "enterprise.view", 10
        ),
        MenuItem(
            "企业与项目", "机构名录", "building-bank", "institution-list", "enterprise.view", 90
        ),
    )
    search_sources.register(
        SearchSource(
            "enterprises", "企业", "building-factory-2", "enterprise.view", _find,
            "enterprise-list", 10,
        )
    )  # fmt: skip
