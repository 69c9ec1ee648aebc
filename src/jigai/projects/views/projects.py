"""项目库: the list and one project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires
from jigai.core.industries import load_industries
from jigai.core.project_tags import covered_by, tag_of
from jigai.core.screens import formats
from jigai.core.screens import list_columns as kinds
from jigai.core.screens.detail_parts import parts_of
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ANY,
    RegionField,
    below,
    choice,
    search,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import Count, ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.screens.place_filter import PlaceFilters
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.selectors_regions import names_of_regions
from jigai.projects.labels.systems import find_label, label_choices, labels_of
from jigai.projects.lifecycle.views.steps import life_of
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.projects.services.tag_project import CAPABILITY
from jigai.projects.states import STATES
from jigai.projects.views.tags import tag_choices
from jigai.projects.words import CELLS, MATCHES, NATURES, PRECISIONS


class ProjectFilters(PlaceFilters):
    """Name, owner or code; region and below; year; filing; nature; doubtful rows."""

    lookups = {"filing": "filing", "nature": "nature", "state": "state"}
    q = words_field("项目", "项目名称、单位或代码")
    region = RegionField()
    year = year_field()
    state = choice("阶段", STATES.items())
    filing = choice("备案", Project.Filing.choices)
    nature = choice("建设性质", NATURES.items())
    tag = choice("标签", [])
    label = choice("标签体系", [])
    counted = choice("重复登记", [("yes", "只看计数的")])
    doubt = choice(
        "数据问题",
        [("unmatched", "单位未对应到名录"), ("cells", "有单元格无法识别"), ("repeat", "重复登记")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag"].choices = [("", ANY), *tag_choices()]
        self.fields["label"].choices = [("", ANY), *label_choices()]

    def by_tag(self, rows: Any, value: str) -> Any:
        """Projects of the tag, and of single industries that a name stands for."""
        entries = (f"industry/{code}" for code in load_industries())
        return rows.filter(tags__overlap=[value, *covered_by(value, entries)])

    def by_label(self, rows: Any, value: str) -> Any:
        """Projects that bear a label of a document."""
        label = find_label(value)
        return rows.filter(label.condition()) if label else rows.none()

    def by_year(self, rows: Any, value: int) -> Any:
        """Projects that stand in the year's ledger."""
        return rows.filter(ledger_years__contains=[value])

    def by_counted(self, rows: Any, value: str) -> Any:
        """Without rows that repeat another."""
        return rows.filter(duplicate_of__isnull=True)

    def by_q(self, rows: Any, value: str) -> Any:
        """Any part of name, owner or code."""
        return search(rows, value, codes=("number", "code", "name", "enterprise_raw"))

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_doubt(self, rows: Any, value: str) -> Any:
        """Rows somebody should look at."""
        if value == "unmatched":
            return rows.filter(enterprise__isnull=True)
        if value == "cells":
            return rows.exclude(cell_errors=[])
        return rows.filter(duplicate_of__isnull=False)


class ProjectList(ListPage):
    """项目库."""

    page = "projects"
    title = "项目库"
    capability = "project.view"
    url_name = "project-list"
    filters = ProjectFilters
    actions = (
        ListAction("区划汇总", "region-summary", "map-pin"),
        ListAction("标签统计", "tag-summary", "tag"),
        ListAction("标签体系", "project-labels", "list-details"),
        ListAction("疑似同一项目", "project-same", "copy"),
        ListAction("导入台账", "import-new", "file-import", "project.import", primary=True),
    )
    empty_title = "还没有项目"
    empty_hint = "先导入技改项目台账；只显示您的数据权限之内的项目。"
    columns = (
        Column("name", "项目名称", link=True, clip=True, width=40),
        Column("enterprise", "项目单位", "owner_name", clip=True, width=36),
        Column("number", "项目编号", sort="number", width=22),
        Column("state", "阶段", choices=STATES),
        Column("year", "入账年度", lambda row: "、".join(map(str, row.ledger_years)), sort="year"),
        Column("region", "所属地区", "region_name", sort="region_code"),
        Column("code", "项目代码", sort="code", shown=False, width=28),
        Column("filing", "备案", choices=dict(Project.Filing.choices)),
        Column("nature", "建设性质", choices=NATURES),
        Column("total", "总投资", "total_fen", kind=kinds.MONEY, sort="total_fen"),
        Column("equipment", "设备投资", "equipment_fen", kind=kinds.MONEY, sort="equipment_fen"),
        Column("robot", "机器人投资", "robot_fen", kind=kinds.MONEY, shown=False),
        Column("software", "软件投资", "software_fen", kind=kinds.MONEY, shown=False),
        Column("start", "开工", kind=kinds.DAY, sort="start", shown=False),
        Column("end", "竣工", kind=kinds.DAY, sort="end", shown=False),
        Column("in_statistics", "入统", kind=kinds.FLAG),
        Column("tags", "标签", lambda row: "、".join(tag_of(t).name for t in row.tags), clip=True,
               shown=False),
        Column("stage", "进展", clip=True, shown=False),
        Column("source_row", "来源行", kind=kinds.WHOLE, shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Projects within reach, with their enterprise."""
        return (
            projects_for(access).select_related("enterprise").defer("search", "enterprise__search")
        )

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names of regions and owners."""
        name_places(rows)

    def row_url(self, row: Any) -> str:
        """The project."""
        return reverse("project-detail", args=[row.pk])

    def row_css(self, row: Any) -> str:
        """A repeated row does not count."""
        return "is-off" if row.duplicate_of_id else ""

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """Sums of what does count; not for more rows than are counted."""
        if not count.exact:
            return ""
        sums = rows.filter(duplicate_of__isnull=True).aggregate(
            total=Sum("total_fen"), equipment=Sum("equipment_fen")
        )
        total, equipment = (formats.wan(int(sums[k] or 0)) for k in ("total", "equipment"))
        return f"总投资合计 {total} 万元，设备投资合计 {equipment} 万元（重复登记的不计）"


def name_places(rows: Sequence[Any]) -> None:
    """Put the region's and the owner's name on each row."""
    names = names_of_regions(row.region_code for row in rows)
    for row in rows:
        row.region_name = names.get(row.region_code, row.region_code)
        row.owner_name = row.enterprise.name if row.enterprise else row.enterprise_raw


@requires("project.view")
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One project; lines and memberships are added by the rooms that keep them."""
    rows = projects_for(request.access).select_related("enterprise", "batch__file", "duplicate_of")
    project = get_object_or_404(rows, pk=pk)
    name_places([project])
    context = {
        "project": project,
        "nature": NATURES.get(project.nature or "", project.nature),
        "match": MATCHES.get(project.match or "", project.match),
        "start_note": PRECISIONS.get(project.start_precision or "", ""),
        "end_note": PRECISIONS.get(project.end_precision or "", ""),
        "unread": [CELLS.get(name, name) for name in project.cell_errors],
        "tags": [tag_of(tag_id) for tag_id in project.tags],
        "may_tag": request.access.can(CAPABILITY),
        "labels": labels_of(project),
        "life": life_of(project, request.access),
        "parts": list(parts_of("project", pk, request.access)),
    }
    return render(request, "projects/detail.html", context)


@requires("project.view")
@require_GET
def of_enterprise(request: Any, pk: int) -> HttpResponse:
    """The part of an enterprise's page with its projects."""
    get_object_or_404(enterprises_for(request.access), pk=pk)
    rows = projects_for(request.access).filter(enterprise=pk).order_by("-year", "-id")
    found = list(rows.defer("search")[:51])
    context = {"projects": found[:50], "more": len(found) > 50}
    return render(request, "projects/of_enterprise.html", context)
