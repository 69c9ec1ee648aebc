"""年度重点项目清单: conditions, lines, published versions and what changed between them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import Access, requires
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, year_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.send_once import send_once
from jigai.core.views.form_page import FormPage
from jigai.policies.addressees import reaches
from jigai.projects.models import KeyList, KeyListLine
from jigai.projects.work.access import VIEW
from jigai.projects.work.forms import JoinForm, KeyListForm, LineForm, SentenceForm
from jigai.projects.work.key_lists import (
    EDIT,
    PUBLISH,
    changed,
    conditions_told,
    lines_now,
    lists_for,
    rows_of,
)
from jigai.projects.work.services.make_key_list import (
    change_line,
    join_list,
    leave_list,
    make_key_list,
)
from jigai.projects.work.services.publish_key_list import differences, publish_key_list

_FEN = 1_000_000


def to_fen(wan: Decimal | None) -> int | None:
    """万元 as typed, in fen."""
    return None if wan is None else int((wan * _FEN).to_integral_value())


class KeyListFilters(ListFilters):
    """By region and year."""

    region = RegionField()
    year = year_field()

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)


class KeyListList(ListPage):
    """Every list within reach."""

    page = "key-lists"
    url_name = "key-list-list"
    title = "年度重点项目清单"
    note = "发布后增减都写原因，留下每一版"
    capability = VIEW
    filters = KeyListFilters
    columns = (
        Column("title", "名称", link=True, clip=True),
        Column("region", "地区", "region_name"),
        Column("year", "年度", sort="year"),
        Column("count", "现有（个）", "count", kind=c.WHOLE),
        Column("version", "已发布", lambda row: f"第 {row.last} 版" if row.last else "没有发布"),
        Column("clause", "依据", clip=True),
        Column("created_by", "编制", "created_by.name"),
    )
    actions = (ListAction("编制清单", "key-list-new", "plus", EDIT, primary=True),)
    empty_title = "还没有清单"
    empty_hint = "按筛选条件从项目库生成"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Within reach, with how many are on it."""
        on = Q(lines__left_at__isnull=True)
        return lists_for(access).select_related("created_by").annotate(
            count=Count("lines", filter=on, distinct=True), last=Max("versions__number")
        )  # fmt: skip

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names of regions."""
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: KeyList) -> str:
        """The list."""
        return reverse("key-list-detail", args=[row.pk])


@method_decorator(requires(EDIT), name="dispatch")
class MakeKeyList(FormPage):
    """A new list from conditions."""

    form_class = KeyListForm
    title = "编制清单"
    note = "符合条件的项目全部列入，编制后可以增减；筛选条件随清单保存"
    submit = "生成清单"
    done = "清单已生成，请写好责任单位再发布"
    above = ("年度重点项目清单", "key-list-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """This year's list of one's own region."""
        year = timezone.localdate().year
        start = {"region": request.access.home_region, "year": year,
                 "title": f"{year}年重点技术改造项目清单"}  # fmt: skip
        return KeyListForm(data, initial=start)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Draw it up."""
        given = {
            "states": values["states"], "least_total_fen": to_fen(values["least_total"]),
            "least_planned_fen": to_fen(values["least_planned"]),
            "in_library": values["in_library"], "most": values["most"],
        }  # fmt: skip
        row = make_key_list(
            region=values["region"], year=values["year"], title=values["title"],
            clause=values["clause"], conditions=given, by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("key-list-detail", args=[row.pk])


def _list(request: Any, pk: int) -> KeyList:
    row = lists_for(request.access).select_related("created_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """A list as it is now, for those who edit; else its last version."""
    row = _list(request, pk)
    edits = reaches(request.access, EDIT, row.region_code)
    publishes = reaches(request.access, PUBLISH, row.region_code)
    versions = list(row.versions.select_related("published_by").order_by("-number"))
    if not (edits or publishes):
        return redirect("key-list-version", pk, versions[0].number)
    lines = list(lines_now(row))
    last = versions[0] if versions else None
    joined, left = differences(row, last, lines)
    planned = [line.planned_fen for line in lines if line.planned_fen is not None]
    context = {
        "row": row, "lines": lines, "versions": versions, "last": last, "joined": joined,
        "left": left, "changed": changed(last, rows_of(lines)) if last else [],
        "conditions": conditions_told(row.conditions), "may_edit": edits,
        "may_publish": publishes and row.created_by_id != request.user.pk,
        "planned": sum(planned) if planned else None, "unplanned": len(lines) - len(planned),
        "names": names_of_regions([row.region_code]),
    }  # fmt: skip
    return render(request, "projects/work/key_list.html", context)


@requires(VIEW)
@require_GET
def version(request: Any, pk: int, number: int) -> HttpResponse:
    """A published version exactly as it was, and what it changed."""
    row = _list(request, pk)
    rows = row.versions.select_related("published_by")
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404
    before = rows.filter(number=number - 1).first()
    planned = [line["planned_fen"] for line in found.rows if line["planned_fen"] is not None]
    context = {
        "row": row, "version": found, "changed": changed(before, found.rows) if before else [],
        "planned": sum(planned) if planned else None,
        "others": rows.exclude(number=number).order_by("-number"),
    }  # fmt: skip
    return render(request, "projects/work/key_list_version.html", context)


@requires(PUBLISH)
@require_POST
def publish(request: Any, pk: int) -> HttpResponse:
    """发布."""
    _list(request, pk)

    def act() -> str:
        made = publish_key_list(key_list=pk, by=request.user, access=request.access)
        messages.success(request, f"已发布第 {made.number} 版")
        return reverse("key-list-version", args=[pk, made.number])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


@method_decorator(requires(EDIT), name="dispatch")
class JoinList(FormPage):
    """A project joins."""

    form_class = JoinForm
    title = "列入项目"
    submit = "列入"
    above = ("年度重点项目清单", "key-list-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The list."""
        self.row = _list(request, kwargs["pk"])

    def context(self, request: Any) -> dict[str, Any]:
        """Which list."""
        return {"facts": [("清单", self.row.title)],
                "back": reverse("key-list-detail", args=[self.row.pk])}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Put it on."""
        planned = to_fen(values.pop("planned"))
        join_list(
            key_list=self.row.pk, planned_fen=planned, by=request.user, access=request.access,
            **values,
        )  # fmt: skip
        return reverse("key-list-detail", args=[self.row.pk])


class _OfLine(FormPage):
    """A form about one line."""

    above = ("年度重点项目清单", "key-list-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The line, on a list within reach."""
        rows = KeyListLine.objects.filter(
            key_list__in=lists_for(request.access), left_at__isnull=True
        )
        row = rows.select_related("project", "key_list").filter(pk=kwargs["pk"]).first()
        if row is None:
            raise Http404
        self.line = row

    def context(self, request: Any) -> dict[str, Any]:
        """Which project."""
        return {"facts": [("清单", self.line.key_list.title), ("项目", self.line.project.name)],
                "seen": request.POST.get("seen") or str(self.line.version),
                "back": reverse("key-list-detail", args=[self.line.key_list_id])}  # fmt: skip


@method_decorator(requires(EDIT), name="dispatch")
class ChangeLine(_OfLine):
    """Unit and plan of a project on a list."""

    form_class = LineForm
    title = "改清单项目"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With what stands there."""
        planned = self.line.planned_fen
        wan = None if planned is None else Decimal(planned) / _FEN
        return LineForm(data, initial={"unit": self.line.unit, "planned": wan})

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Keep it."""
        seen = request.POST.get("seen", "")
        change_line(
            line=self.line.pk, unit=values["unit"], planned_fen=to_fen(values["planned"]),
            seen=int(seen) if seen.isdecimal() and len(seen) < 9 else 0, by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("key-list-detail", args=[self.line.key_list_id])


@method_decorator(requires(EDIT), name="dispatch")
class LeaveList(_OfLine):
    """A project leaves."""

    form_class = SentenceForm
    title = "移出清单"
    note = "移出的留在记录里，发布下一版时列明原因"
    submit = "移出"
    tone = "danger"
    columns = 1

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Take it off."""
        leave_list(line=self.line.pk, by=request.user, access=request.access, **values)
        return reverse("key-list-detail", args=[self.line.key_list_id])
