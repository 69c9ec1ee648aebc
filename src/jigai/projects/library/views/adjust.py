"""动态调整: the change, what it touches before it is made, and the record of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator

from jigai.core.access import Access, Denied, requires
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import words_field
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.list_state import ListState
from jigai.errors import JigaiError
from jigai.projects.library.access import EDIT, adjustments_for
from jigai.projects.library.adjustable import PARTS, current, read, words
from jigai.projects.library.effects import effects_of
from jigai.projects.library.forms import AdjustForm
from jigai.projects.library.services.adjust_project import adjust_project, check_adjustable
from jigai.projects.library.views.common import SeenPage, name_places
from jigai.projects.library.window import read_only_because
from jigai.projects.views.about_project import AboutProjectFilters
from jigai.projects.views.common import owner_of, project_or_404


@method_decorator(requires(EDIT), name="dispatch")
class Adjust(SeenPage):
    """First what it touches, then, confirmed, the change."""

    form_class = AdjustForm
    template_name = "projects/library/adjust.html"
    title, submit, done = "动态调整", "下一步：看影响", "已调整，原值和原因都留着"
    note = "改投资额、方向或日期；先看影响，确认后才保存。阶段（停建、退出）在“记录进程”里办"
    above = ("入库管理", "library-list")
    columns = 2

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project."""
        self.project = project_or_404(request, kwargs["pk"], EDIT)

    def form(self, request: Any, data: Any = None) -> AdjustForm:
        """With the part asked for."""
        return AdjustForm(data, initial={"part": request.GET.get("part", "")})

    def back(self) -> str:
        """How the project stands."""
        return reverse("library-of-project-page", args=[self.project.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """Which project, what stands now, and whether anything may be changed."""
        facts = [("项目", f"{self.project.name}（{self.project.number}）"),
                 ("单位", owner_of(self.project))]  # fmt: skip
        facts += [(part.label, words(part, current(part, self.project)) or "—")
                  for part in PARTS.values() if part.key != "late"]  # fmt: skip
        return {"facts": facts, "seen": request.POST.get("seen") or self.project.version,
                "back": self.back(), "closed": read_only_because(self.project)}  # fmt: skip

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        """Without a confirmation only what it touches is shown."""
        if request.POST.get("confirm"):
            return super().post(request, **kwargs)
        self.prepare(request, **kwargs)
        form = self.form(request, request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        try:
            part = PARTS[form.cleaned_data["part"]]
            check_adjustable(self.project, part)
            value = read(part, form.cleaned_data["value"])
            effects = effects_of(request.access, self.project, part, value)
        except Denied:
            raise
        except JigaiError as problem:
            return self.refused(request, form, problem)
        told = {"part": part.label, "before": words(part, current(part, self.project)) or "—",
                "after": words(part, value), "reason": form.cleaned_data["reason"]}  # fmt: skip
        return self.page(request, form, 200, told=told, effects=effects)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Carry it out."""
        adjust_project(
            project=self.project.pk, part=values["part"], value=values["value"],
            reason=values["reason"], seen=self.seen(request), by=request.user,
            access=request.access,
        )  # fmt: skip
        return self.back()


class AdjustmentFilters(AboutProjectFilters):
    """By project and place."""

    field = words_field("调整项目")

    def by_field(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of what was changed."""
        return rows.filter(field__icontains=value)


class AdjustmentList(ListPage):
    """Every change, never rewritten."""

    page = "library-adjustments"
    url_name = "library-adjustments"
    title = "动态调整记录"
    note = "每次调整留原值、新值、原因和当时涉及的奖补决定"
    capability = EDIT
    filters = AdjustmentFilters
    empty_title = "还没有调整过"
    empty_hint = "在项目的“入库与调整”里调整"
    columns = (
        Column("name", "项目名称", "project.name", link=True, clip=True, width=40),
        Column("owner", "项目单位", "owner_name", clip=True, width=30),
        Column("place", "所属地区", "place_name"),
        Column("field", "调整项目"),
        Column("before", "原值"),
        Column("after", "新值"),
        Column("reason", "原因", clip=True, width=40),
        Column("effects", "涉及", lambda row: f"{len(row.effects)} 项" if row.effects else "",
               plain=lambda row: "；".join(each["text"] for each in row.effects)),
        Column("by", "调整人", "created_by.name"),
        Column("at", "时间", "created_at", kind=c.MOMENT, sort="created_at"),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of projects within reach."""
        rows = adjustments_for(access).select_related(
            "project", "project__enterprise", "created_by"
        )
        return rows.defer("project__search", "project__enterprise__search")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names."""
        name_places(rows, "project")

    def row_url(self, row: Any) -> str:
        """The project."""
        return reverse("library-of-project-page", args=[row.project_id])
