"""What this room adds to menu, search and the pages of others."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import detail_parts, list_filters, menu, search_sources
from jigai.core.screens.detail_parts import DetailPart
from jigai.core.screens.menu import MenuItem
from jigai.core.screens.search_sources import Hit, SearchSource
from jigai.projects import case_facts, filing_facts
from jigai.projects.analysis import pages as of_analysis
from jigai.projects.chains import pages as of_chains
from jigai.projects.library import pages as of_library
from jigai.projects.monthly import pages as of_months
from jigai.projects.selectors import projects_for
from jigai.projects.work import pages as of_work


def _find(access: Access, words: str, limit: int) -> Iterable[Hit]:
    rows = list_filters.search(
        projects_for(access), words, codes=("code", "name", "enterprise_raw")
    )
    for row in rows.defer("search").order_by("-id")[:limit]:
        note = f"{row.year} 年，{row.enterprise_raw}"
        yield Hit(row.name, reverse("project-detail", args=[row.pk]), note)


def register() -> None:
    """Called once the rooms are loaded."""
    case_facts.register()
    filing_facts.register()
    of_analysis.register()
    of_chains.register()
    of_library.register()
    of_months.register()
    of_work.register()
    menu.register(
        MenuItem("企业与项目", "项目库", "clipboard-list", "project-list", "project.view", 20),
        MenuItem("企业与项目", "区划汇总", "map-pin", "region-summary", "project.view", 60),
        MenuItem("企业与项目", "标签统计", "tag", "tag-summary", "project.view", 70),
    )
    search_sources.register(
        SearchSource(
            "projects", "项目", "clipboard-list", "project.view", _find, "project-list", 20
        )
    )
    detail_parts.register(
        DetailPart("project", "statements", "投资", "project-statements", "project.view", 5),
        DetailPart("enterprise", "projects", "项目", "enterprise-projects", "project.view", 10),
    )
