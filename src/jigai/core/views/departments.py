"""部门名录: departments with other names and mergers, and what a name meant on a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires
from jigai.core.departments import DepartmentNotFound, find_department, line_name
from jigai.core.forms.reference import AliasesForm, DepartmentForm, MergerForm, ResolveForm
from jigai.core.models import Department, DepartmentAlias
from jigai.core.screens.list_columns import DAY, STATUS, Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.edit_department import create_department, merge_departments, set_aliases
from jigai.core.views.edit_conflict import events_of
from jigai.core.views.edit_page import EditPage
from jigai.core.views.form_page import FormPage


class DepartmentFilters(ListFilters):
    """By region, any name, and line."""

    name = words_field("名称", "全称、简称、别名或拼音")
    region = RegionField()
    line = words_field("条线")
    lookups = {"line": "line"}

    @staticmethod
    def by_name(rows: QuerySet[Department], typed: str) -> QuerySet[Department]:
        """Any of its names."""
        alias = DepartmentAlias.objects.filter(name__contains=typed).values("department")
        sound = " ".join(typed.lower().split())
        wanted = Q(name__contains=typed) | Q(short_name__contains=typed) | Q(pk__in=alias)
        return rows.filter(wanted | Q(pinyin__contains=sound) if sound.isascii() else wanted)

    @staticmethod
    def by_region(rows: QuerySet[Department], code: str) -> QuerySet[Department]:
        """Of a region and below."""
        return below(rows, "region_code", code)


class DepartmentList(ListPage):
    """Every department by region."""

    page = "departments"
    title = "部门名录"
    url_name = "department-list"
    capability = "department.view"
    filters = DepartmentFilters
    default_sort = "region_code"
    can_export = False
    template_name = "core/reference/departments.html"
    actions = (
        ListAction("查名称", "department-resolve", "search", "department.view"),
        ListAction("新增部门", "department-new", "plus", "department.manage", primary=True),
    )
    empty_title = "没有符合条件的部门"
    columns = (
        Column("region", "区划", lambda row: row.region_name, sort="region_code"),
        Column("name", "全称", link=True, sort="pinyin"),
        Column("short_name", "简称"),
        Column(
            "aliases", "别名", lambda row: "、".join(a.name for a in row.other_names), clip=True
        ),
        Column("line", "条线", lambda row: line_name(row.line), sort="line"),
        Column("parent", "上级部门", "parent.name", clip=True),
        Column("valid_to", "撤销日期", kind=DAY),
        Column("state", "状态", lambda row: _state(row), STATUS, choices={"active": "现行"}),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """All: the directory is no secret."""
        names = DepartmentAlias.objects.order_by("name", "id")
        return Department.objects.select_related("parent").prefetch_related(
            Prefetch("aliases", names, to_attr="other_names")
        )

    def decorate(self, rows: Any, state: Any) -> None:
        """Names of the regions of a page, in one query."""
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Any) -> str:
        """The department."""
        return reverse("department-detail", args=[row.pk])

    def row_css(self, row: Any) -> str:
        """Former ones stand back."""
        return "is-off" if _state(row) != "active" else ""


def _state(row: Department) -> str:
    today = timezone.localdate()
    return "superseded" if row.valid_to and row.valid_to <= today else "active"


@requires("department.view")
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One department: names, what it was made of, what it became, above and below."""
    row = get_object_or_404(Department.objects.select_related("parent"), pk=pk)
    context = {
        "row": row,
        "region": names_of_regions([row.region_code]).get(row.region_code, row.region_code),
        "state": _state(row),
        "line": line_name(row.line),
        "aliases": row.aliases.order_by("name", "id"),
        "before": row.merged_from.select_related("old").order_by("on", "id"),
        "after": row.merged_into.select_related("new").order_by("on", "id"),
        "below": row.below.order_by("region_code", "id"),
    }
    return render(request, "core/reference/department.html", context)


@requires("department.view")
@require_GET
def resolve(request: Any) -> HttpResponse:
    """国税局 on 2017-05-01 → 国家税务局; the same on 2019-05-01 → 税务局."""
    initial = {"region": request.access.home_region, "on": timezone.localdate()}
    form = ResolveForm(request.GET if request.GET else None, initial=initial)
    found = problem = None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            found = find_department(given["name"], given["region"], given["on"])
        except DepartmentNotFound as error:
            problem = error
    context = {"form": form, "found": found, "problem": problem}
    return render(request, "core/reference/resolve.html", context)


@requires("department.manage")
class DepartmentNew(FormPage):
    """新增部门."""

    form_class = DepartmentForm
    title = "新增部门"
    above = ("部门名录", "department-list")

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Make it."""
        row = create_department(by=request.access, **values)
        return reverse("department-detail", args=[row.pk])


class _OfDepartment(FormPage):
    above = ("部门名录", "department-list")
    columns = 1
    row: Department

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The department."""
        self.row = get_object_or_404(Department, pk=kwargs["pk"])

    def context(self, request: Any) -> dict[str, Any]:
        """Which one."""
        return {"heading": f"{self.title}：{self.row.name}", "back": self.home()}

    def home(self) -> str:
        """Its page."""
        return reverse("department-detail", args=[self.row.pk])


@requires("department.manage")
class Aliases(_OfDepartment, EditPage):
    """修改别名."""

    form_class = AliasesForm
    title = "修改别名"

    def stored(self) -> dict[str, Any]:
        """The names there are, one a line."""
        names = self.row.aliases.order_by("name", "id").values_list("name", flat=True)
        return {"names": "\n".join(names)}

    def changes(self) -> QuerySet[Any]:
        """Of names of this department."""
        return events_of("core.DepartmentAlias", department_id=self.row.pk)

    def hold(self, request: Any) -> None:
        """The department stands for its names."""
        Department.objects.select_for_update().get(pk=self.row.pk)

    def words(self, name: str, value: Any) -> str:
        """Sorted names, whether typed or stored."""
        return "、".join(sorted(value.splitlines() if isinstance(value, str) else value))

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Replace them."""
        set_aliases(by=request.access, department=self.row, names=values["names"])
        return self.home()


@requires("department.manage")
class Merge(_OfDepartment):
    """登记合并."""

    form_class = MergerForm
    title = "登记合并"
    note = "登记后，这一天起的文件里写原名的，都算到新部门"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the departments of the same region."""
        return MergerForm(data, old=self.row)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Record it."""
        merge_departments(by=request.access, old=self.row, **values)
        return self.home()
