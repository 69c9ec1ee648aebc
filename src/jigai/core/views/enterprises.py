"""企业名录: the list, one enterprise, editing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jigai.core.access import Access, requires
from jigai.core.industries import section_of
from jigai.core.models import AccessLog, Enterprise
from jigai.core.screens import list_columns as kinds
from jigai.core.screens.detail_parts import parts_of
from jigai.core.screens.enterprise_bulk import SetIndustry, SetTown
from jigai.core.screens.enterprise_figures import figure_tables
from jigai.core.screens.enterprise_forms import EnterpriseForm, divisions
from jigai.core.screens.enterprise_sizes import sizes_of
from jigai.core.screens.enterprise_words import CREDIT, GRADES, LEGAL_TYPES, SIZES
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    RegionField,
    below,
    choice,
    search,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.screens.place_filter import PlaceFilters, enterprise_place
from jigai.core.selectors_enterprises import (
    enterprises_for,
    having,
    latest_register_year,
    of_size,
    shown_size,
    with_figures,
)
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.edit_enterprise import EditConflict, edit_enterprise
from jigai.core.services.send_once import send_once
from jigai.core.views.edit_conflict import events_of, last_change
from jigai.core.views.enterprise_conflict import differences


class EnterpriseFilters(PlaceFilters):
    """Name part, code or town; region and below; industry; figures of a year."""

    q = words_field("企业", "名称、信用代码或镇街")
    region = RegionField()
    industry = choice("行业大类", [])
    legal_type = choice("法人类型", LEGAL_TYPES.items())
    year = year_field("数据年度")
    grade = choice("评价等级", GRADES.items())
    size_class = choice("规模", SIZES.items())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["industry"].choices = [("", "全部"), *divisions()]

    @staticmethod
    def place_of(by: str) -> Any:
        """Where an enterprise stands."""
        return enterprise_place(by)

    def by_q(self, rows: Any, value: str) -> Any:
        """Any part of name, code or town."""
        return search(rows, value, codes=("uscc", "name", "town"))

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_industry(self, rows: Any, value: str) -> Any:
        """Codes are stored with or without the letter of their section."""
        lettered = section_of(value).code + value
        return rows.filter(
            Q(industry_code__startswith=value) | Q(industry_code__startswith=lettered)
        )

    def by_year(self, rows: Any, value: int) -> Any:
        """Says which figures are shown; narrows nothing by itself."""
        return rows

    def by_grade(self, rows: Any, value: str) -> Any:
        """The latest grade of the year."""
        return having(rows, self.shown_year, "grade", value)

    def by_size_class(self, rows: Any, value: str) -> Any:
        """The size class that the list shows."""
        return of_size(rows, self.shown_year, value)

    @property
    def shown_year(self) -> int:
        """The year asked for, or the newest."""
        return int(self.cleaned_data.get("year") or latest_register_year())


def _figure(term: str) -> Any:
    return lambda row: row.known.get(term)


def _size(row: Any) -> str:
    size, reckoned = shown_size(row.known)
    word = SIZES.get(size or "", "")
    return f"{word}（测算）" if word and reckoned else word


class EnterpriseList(ListPage):
    """企业名录."""

    page = "enterprises"
    title = "企业名录"
    capability = "enterprise.view"
    url_name = "enterprise-list"
    filters = EnterpriseFilters
    default_sort = "pinyin"
    bulk = (SetTown, SetIndustry)
    actions = (
        ListAction("导入名录", "import-new", "file-import", "enterprise.import", primary=True),
    )
    empty_title = "还没有企业"
    empty_hint = "先导入企业名录；只显示您的数据权限之内的企业。"
    columns = (
        Column("name", "企业名称", link=True, clip=True, sort="pinyin", width=40),
        Column("uscc", "统一社会信用代码", sort="uscc", width=24),
        Column("region", "地区", "region_name", sort="region_code"),
        Column("town", "所属镇街", sort="town"),
        Column("industry_code", "行业代码", sort="industry_code", shown=False),
        Column("industry_name", "行业", clip=True),
        Column("legal_type", "法人类型", choices=LEGAL_TYPES, shown=False),
        Column("size", "规模", _size),
        Column("employees", "从业人员", _figure("employees"), kind=kinds.WHOLE),
        Column("revenue", "营业收入", _figure("revenue"), kind=kinds.WAN),
        Column("land", "占地", _figure("land"), kind=kinds.AREA, shown=False),
        Column("grade", "评价等级", _figure("grade"), choices=GRADES),
        Column("credit", "信用状况", _figure("credit"), choices=CREDIT, shown=False),
        Column("figures_year", "数据年度", shown=False),
        Column("founded", "成立日期", kind=kinds.DAY, sort="founded", shown=False),
        Column("address", "注册地址", clip=True, shown=False, width=40),
        Column("created_at", "登记时间", kind=kinds.MOMENT, sort="created_at", shown=False),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """Enterprises within reach."""
        return enterprises_for(access).defer("search")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Figures of the year and names of regions."""
        given = state.query.get("year", [""])[0]
        year = int(given) if given.isdecimal() and len(given) == 4 else latest_register_year()
        with_figures(rows, year)

    def row_url(self, row: Any) -> str:
        """The enterprise."""
        return reverse("enterprise-detail", args=[row.pk])


def _found(request: Any, pk: int, capability: str = "enterprise.view") -> Enterprise:
    return get_object_or_404(enterprises_for(request.access, capability), pk=pk)


def note_reading(request: Any, enterprise: Enterprise, action: str = "view") -> None:
    """Somebody not of the enterprise looks at its data: the one thing a GET may write."""
    if any(grant.enterprise_id == enterprise.pk for grant in request.access.grants):
        return
    AccessLog.objects.create(
        user=request.user, action=action, kind="enterprise", key=str(enterprise.pk),
        label=enterprise.name, request_id=getattr(request, "request_id", ""),
        on_behalf=request.access.acting_for[:64],
    )  # fmt: skip


@requires("enterprise.view")
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One enterprise with its figures and their origin."""
    enterprise = _found(request, pk)
    note_reading(request, enterprise)
    editable = enterprises_for(request.access, "enterprise.edit").filter(pk=pk).exists()
    regions = names_of_regions([enterprise.region_code, enterprise.registered_region])
    years = figure_tables(enterprise)
    context = {
        "enterprise": enterprise,
        "legal_type": LEGAL_TYPES.get(enterprise.legal_type, enterprise.legal_type),
        "region": regions.get(enterprise.region_code, enterprise.region_code),
        "registered": regions.get(enterprise.registered_region, enterprise.registered_region),
        "years": years,
        "sizes": sizes_of(enterprise, years),
        "former_names": list(enterprise.former_names.select_related("batch").order_by("id")),
        "parts": list(parts_of("enterprise", pk, request.access)),
        "editable": editable,
    }
    return render(request, "core/enterprises/detail.html", context)


@requires("enterprise.edit")
@require_http_methods(["GET", "POST"])
def edit(request: Any, pk: int) -> HttpResponse:
    """The form; with both versions side by side when somebody else saved first."""
    enterprise = _found(request, pk, "enterprise.edit")
    form = (
        EnterpriseForm(request.POST) if request.method == "POST" else EnterpriseForm.of(enterprise)
    )
    context: dict[str, Any] = {"enterprise": enterprise, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_saved(request, enterprise, form))
        except EditConflict as conflict:
            current = conflict.current
            who, at = last_change(events_of("core.Enterprise", pgh_obj_id=current.pk))
            context["conflict"] = {"rows": differences(form, current), "who": who, "at": at}
            # Saving again is then a decision about the version shown, and no later one.
            form.data = form.data.copy()
            form.data["version"] = str(current.version)
    return render(request, "core/enterprises/edit.html", context)


def _saved(request: Any, enterprise: Enterprise, form: EnterpriseForm) -> str:
    def act() -> str:
        edit_enterprise(
            enterprise=enterprise,
            version=form.cleaned_data["version"],
            values=form.values,
            user=request.user,
            reason=form.cleaned_data["reason"],
            keep_former_name=form.cleaned_data["keep_former_name"],
        )
        messages.success(request, "已保存")
        return reverse("enterprise-detail", args=[enterprise.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)
