"""技改共同体: the list, one with its members, and memberships on other pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires
from jigai.core.screens import list_columns as kinds
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.selectors_regions import names_of_regions
from jigai.funding.selectors import consortia_for, memberships_for, sums_of_consortia
from jigai.funding.words import MATCHES, ROLES


class ConsortiumFilters(ListFilters):
    """Name, member, region and below, year."""

    lookups = {"q": "name__icontains", "year": "year"}
    q = words_field("名称")
    member = words_field("成员企业")
    region = RegionField()
    year = year_field()

    def by_member(self, rows: Any, value: str) -> Any:
        """Any part of a member as written."""
        from jigai.funding.models import ConsortiumMember

        found = ConsortiumMember.objects.filter(enterprise_raw__icontains=value.strip())
        return rows.filter(pk__in=found.order_by().values("consortium"))

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below."""
        return below(rows, "region_code", value)


class ConsortiumList(ListPage):
    """技改共同体."""

    page = "consortia"
    title = "技改共同体"
    capability = "funding.view"
    url_name = "consortium-list"
    filters = ConsortiumFilters
    default_sort = "-year"
    actions = (ListAction("导入名单", "import-new", "file-import", "funding.import", primary=True),)
    empty_title = "还没有技改共同体"
    empty_hint = "先导入技改共同体名单；只显示您的数据权限之内的共同体。"
    columns = (
        Column("name", "名称", link=True, sort="name", width=36),
        Column("code", "编号", sort="code"),
        Column("year", "年度", sort="year"),
        Column("region", "所属地区", "region_name", sort="region_code"),
        Column("members", "成员数", "member_count", kind=kinds.WHOLE),
        Column("equipment", "设备投资", "equipment_fen", kind=kinds.MONEY),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """Consortia within reach."""
        return consortia_for(access)

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Sums of members and names of regions."""
        sums = sums_of_consortia([row.pk for row in rows])
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.member_count, row.equipment_fen = sums.get(row.pk, (0, 0))
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Any) -> str:
        """The consortium."""
        return reverse("consortium-detail", args=[row.pk])


@requires("funding.view")
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One consortium with the members its viewer may see."""
    rows = consortia_for(request.access).select_related("batch__file")
    consortium = get_object_or_404(rows, pk=pk)
    members = list(
        memberships_for(request.access)
        .filter(consortium=consortium)
        .select_related("enterprise")
        .defer("enterprise__search")
        .order_by("id")
    )
    for member in members:
        member.role_name = ROLES.get(member.role or "", member.role)
        member.match_name = MATCHES.get(member.match or "", member.match)
    context = {
        "consortium": consortium,
        "members": members,
        "fen": sum(m.equipment_fen or 0 for m in members if not m.duplicate),
        "region": names_of_regions([consortium.region_code]).get(consortium.region_code, ""),
    }
    return render(request, "funding/consortium.html", context)


@requires("funding.view")
@require_GET
def of_enterprise(request: Any, pk: int) -> HttpResponse:
    """The part of an enterprise's page with its memberships."""
    get_object_or_404(enterprises_for(request.access), pk=pk)
    return _memberships(request, {"enterprise": pk})


@requires("funding.view")
@require_GET
def of_project(request: Any, pk: int) -> HttpResponse:
    """The part of a project's page with memberships of its owner in the project's years."""
    from django.apps import apps

    project = apps.get_model("projects.Project")._default_manager.filter(pk=pk)
    years = project.values_list("ledger_years", flat=True).first() or []
    return _memberships(request, {"enterprise__projects": pk, "consortium__year__in": years})


def _memberships(request: Any, wanted: dict[str, Any]) -> HttpResponse:
    rows = memberships_for(request.access).filter(**wanted).select_related("consortium")
    members = list(rows.order_by("-consortium__year", "-id")[:50])
    for member in members:
        member.role_name = ROLES.get(member.role or "", member.role)
    return render(request, "funding/memberships.html", {"members": members})
