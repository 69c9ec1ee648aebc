"""项目库: what stands at each level, what waits there, and what may be put before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.project_tags import tag_of
from jigai.core.screens import formats
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    below,
    choice,
    search,
    year_field,
)
from jigai.core.screens.list_page import Count as Counted
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.projects.library.access import EDIT, VIEW, entries_for
from jigai.projects.library.bulk import AdmitMany, RemoveMany, ReportMany, ReturnMany
from jigai.projects.library.codes import Status
from jigai.projects.library.forms import LEVEL_CHOICES
from jigai.projects.library.judge import VERDICTS
from jigai.projects.library.views.common import (
    TABS,
    lacks,
    latest_decisions,
    name_places,
    status_badge,
    verdict_badge,
)
from jigai.projects.models import AdmissionDecision, LibraryEntry, Project
from jigai.projects.selectors import projects_for
from jigai.projects.states import STATES
from jigai.projects.views.about_project import AboutProjectFilters


class LibraryFilters(AboutProjectFilters):
    """Level, how it stands, place, year, words."""

    level = choice("级别", LEVEL_CHOICES)
    status = choice("状态", TABS)
    year = year_field("入账年度")
    state = choice("阶段", STATES.items())
    field_order = ("q", "level", "status", "region", "year", "state")

    def by_year(self, rows: QuerySet[Any], value: int) -> QuerySet[Any]:
        """In the ledger of a year."""
        return rows.filter(project__ledger_years__contains=[value])

    def by_state(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By the stage of the project."""
        return rows.filter(project__state=value)


class LibraryList(ListPage):
    """Entries of all levels within reach."""

    page = "library"
    url_name = "library-list"
    title = "入库管理"
    note = "同一项目在省、市、县三级是同一条记录、同一个编号；逐级上报，上级审核或退回"
    capability = VIEW
    filters = LibraryFilters
    template_name = "projects/library/list.html"
    bulk = (AdmitMany, ReturnMany, RemoveMany)
    actions = (
        ListAction("待上报", "library-candidates", "file-export", EDIT),
        ListAction("批量判定", "library-batch", "calculator", EDIT),
        ListAction("判定结果", "library-decisions", "list-check", VIEW),
        ListAction("三级汇总", "library-summary", "map-pin", VIEW),
    )
    empty_title = "这里没有项目"
    empty_hint = "县级从“待上报”里选项目上报；换一个级别或状态看看"
    columns = (
        Column("name", "项目名称", "project.name", link=True, clip=True, width=40),
        Column("owner", "项目单位", "owner_name", clip=True, width=30),
        Column("number", "项目编号", "project.number", sort="project__number", width=22),
        Column("place", "所属地区", "place_name", sort="project__region_code"),
        Column("level", "级别", choices=dict(LEVEL_CHOICES), sort="level"),
        Column("status", "状态", status_badge, kind=c.HTML, sort="status",
               plain=lambda row: row.get_status_display()),
        Column("state", "阶段", "project.state", choices=STATES),
        Column("verdict", "最近判定", lambda row: verdict_badge(row.judged), kind=c.HTML,
               plain=lambda row: VERDICTS[row.judged.verdict] if row.judged else ""),
        Column("lacks", "差什么", lambda row: lacks(row.judged), clip=True, width=60),
        Column("total", "总投资", "project.total_fen", kind=c.WAN, sort="project__total_fen"),
        Column("reported", "上报日期", "reported_on", kind=c.DAY, sort="reported_on"),
        Column("admitted", "入库日期", "admitted_on", kind=c.DAY, sort="admitted_on"),
        Column("left", "移出日期", "left_on", kind=c.DAY, shown=False),
        Column("reason", "原因", clip=True, shown=False, width=40),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Entries of projects within reach."""
        rows = entries_for(access).select_related("project", "project__enterprise")
        return rows.defer("project__search", "project__enterprise__search")

    def shown(self, access: Access, state: ListState) -> dict[str, Any]:
        """With the tabs."""
        return {**super().shown(access, state), "tabs": _tabs(entries_for(access), state)}

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names, and what was last said of each at its level."""
        name_places(rows, "project")
        judged: dict[tuple[int, str], Any] = {}
        for level in {row.level for row in rows}:
            own = [row.project_id for row in rows if row.level == level]
            judged |= {(pk, level): one for pk, one in latest_decisions(own, level).items()}
        for row in rows:
            row.judged = judged.get((row.project_id, row.level))

    def row_url(self, row: Any) -> str:
        """How it stands at every level."""
        return reverse("library-of-project-page", args=[row.project_id])

    def summary(self, rows: QuerySet[Any], count: Counted) -> str:
        """Each project once, though it stands at several levels."""
        if not count.exact:
            return ""
        projects = Project.objects.filter(pk__in=rows.order_by().values("project"))
        sums = projects.aggregate(n=Count("pk"), fen=Sum("total_fen"))
        fen = formats.wan(int(sums["fen"] or 0))
        return f"{sums['n']} 个项目，总投资合计 {fen} 万元（同一项目只计一次）"


def _tabs(rows: QuerySet[LibraryEntry], state: ListState) -> list[dict[str, Any]]:
    """Levels down, how they stand across, each with its number."""
    grouped = rows.order_by().values_list("level", "status").annotate(n=Count("pk"))
    counts = {(level, status): n for level, status, n in grouped}
    at, chosen = state.query.get("level", ""), state.query.get("status", "")
    return [
        {"label": label, "here": at == level,
         "statuses": [
             {"label": word, "count": counts.get((level, code), 0),
              "url": f"?level={level}&status={code}", "here": at == level and chosen == code}
             for code, word in TABS]}
        for level, label in LEVEL_CHOICES
    ]  # fmt: skip


class CandidateFilters(AboutProjectFilters):
    """Which level, and whether the project waits or stands there already."""

    level = choice("未进入的级别", LEVEL_CHOICES, empty="任何一级都没有")
    year = year_field("入账年度")
    verdict = choice("最近判定", list(VERDICTS.items()))

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Any part of name, owner, number or code."""
        return search(rows, value, codes=("number", "code", "name", "enterprise_raw"))

    def by_level(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Neither there nor waiting there; narrowed in ``narrow``."""
        return rows

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_year(self, rows: QuerySet[Any], value: int) -> QuerySet[Any]:
        """In the ledger of a year."""
        return rows.filter(ledger_years__contains=[value])

    def by_verdict(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By the newest judgement."""
        newest = AdmissionDecision.objects.filter(project=OuterRef("pk"))
        return rows.annotate(said=newest.order_by("-id").values("verdict")[:1]).filter(said=value)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Without those that are there or wait."""
        found = super().narrow(rows)
        level = self.cleaned_data.get("level")
        held = LibraryEntry.objects.filter(
            Q(status=Status.IN) | Q(status=Status.REPORTED),
            project=OuterRef("pk"),
        )
        return found.exclude(Exists(held.filter(level=level) if level else held))


class CandidateList(ListPage):
    """Projects that may be reported."""

    page = "library-candidates"
    url_name = "library-candidates"
    title = "待上报项目"
    note = "先判定差什么，再勾选上报；县级库是第一级"
    capability = EDIT
    filters = CandidateFilters
    bulk = (ReportMany,)
    actions = (
        ListAction("入库管理", "library-list", "archive", VIEW),
        ListAction("批量判定", "library-batch", "calculator", EDIT, primary=True),
    )
    empty_title = "没有待上报的项目"
    empty_hint = "先导入技改项目台账，或换一个级别"
    columns = (
        Column("name", "项目名称", link=True, clip=True, width=40),
        Column("owner", "项目单位", "owner_name", clip=True, width=30),
        Column("number", "项目编号", sort="number", width=22),
        Column("place", "所属地区", "place_name", sort="region_code"),
        Column("state", "阶段", choices=STATES),
        Column("filing", "备案", choices=dict(Project.Filing.choices)),
        Column("fixed", "固定资产投资", "fixed_fen", kind=c.WAN, sort="fixed_fen"),
        Column("directions", "方向", lambda row: "、".join(
            tag_of(tag).name for tag in row.tags if tag.startswith("direction/"))),
        Column("verdict", "最近判定", lambda row: verdict_badge(row.judged), kind=c.HTML,
               plain=lambda row: VERDICTS[row.judged.verdict] if row.judged else ""),
        Column("lacks", "差什么", lambda row: lacks(row.judged), clip=True, width=60),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Projects that count, within reach."""
        rows = projects_for(access).filter(duplicate_of__isnull=True).select_related("enterprise")
        return rows.defer("search", "enterprise__search")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names, and what was last said of each."""
        name_places(rows)
        judged = latest_decisions([row.pk for row in rows], str(state.query.get("level", "")))
        for row in rows:
            row.judged = judged.get(row.pk)

    def row_url(self, row: Any) -> str:
        """How it stands at every level."""
        return reverse("library-of-project-page", args=[row.pk])
