"""判定结果: what the rule said of many, and the work that asks it of thousands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from jigai.core.access import Access, Denied, requires
from jigai.core.jobs import start_job
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import choice
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.views.form_page import FormPage
from jigai.policies.addressees import reaches
from jigai.projects.library.access import EDIT, VIEW, decisions_for, library_of, require_keeper
from jigai.projects.library.codes import Level
from jigai.projects.library.forms import LEVEL_CHOICES, BatchForm
from jigai.projects.library.jobs import BATCH
from jigai.projects.library.judge import VERDICTS
from jigai.projects.library.views.common import lacks, name_places, verdict_badge
from jigai.projects.models import AdmissionDecision
from jigai.projects.views.about_project import AboutProjectFilters


class DecisionFilters(AboutProjectFilters):
    """Batch, verdict, level, place; only the newest of each project unless asked otherwise."""

    verdict = choice("结论", list(VERDICTS.items()))
    level = choice("级别", LEVEL_CHOICES)
    batch = forms.IntegerField(label="判定批次", required=False, min_value=1)
    every = choice("历次判定", [("all", "历次都看")], empty="只看最近一次")
    field_order = ("q", "verdict", "level", "region", "batch", "every")

    def by_every(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrowed in ``narrow``."""
        return rows

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The newest of each project and level, unless a batch or all are asked for."""
        found = super().narrow(rows)
        if self.cleaned_data.get("every") or self.cleaned_data.get("batch"):
            return found
        later = AdmissionDecision.objects.filter(
            Q(pk__gt=OuterRef("pk")), project=OuterRef("project"), level=OuterRef("level")
        )
        return found.exclude(Exists(later))


class DecisionList(ListPage):
    """What the rules said."""

    page = "library-decisions"
    url_name = "library-decisions"
    title = "入库判定结果"
    note = "每一条都写明差什么、谁有这项数据；导出的就是这张表"
    capability = VIEW
    filters = DecisionFilters
    actions = (
        ListAction("入库管理", "library-list", "archive", VIEW),
        ListAction("批量判定", "library-batch", "calculator", EDIT, primary=True),
    )
    empty_title = "还没有判定过"
    empty_hint = "在“批量判定”里选地区、级别和判定日"
    columns = (
        Column("name", "项目名称", "project.name", link=True, clip=True, width=40),
        Column("owner", "项目单位", "owner_name", clip=True, width=30),
        Column("number", "项目编号", "project.number", width=22),
        Column("place", "所属地区", "place_name"),
        Column("level", "级别", choices=dict(LEVEL_CHOICES)),
        Column("verdict", "结论", verdict_badge, kind=c.HTML,
               plain=lambda row: VERDICTS[row.verdict], sort="verdict"),
        Column("lacks", "差什么", lacks, clip=True, width=60),
        Column("as_of", "判定日", kind=c.DAY, sort="as_of"),
        Column("batch", "批次", kind=c.WHOLE, shown=False),
        Column("at", "判定时间", "created_at", kind=c.MOMENT, shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of projects within reach."""
        rows = decisions_for(access).select_related("project", "project__enterprise")
        return rows.defer("project__search", "project__enterprise__search")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names."""
        name_places(rows, "project")

    def row_url(self, row: Any) -> str:
        """Every condition."""
        return reverse("library-decision", args=[row.pk])


@method_decorator(requires(EDIT), name="dispatch")
class JudgeMany(FormPage):
    """批量判定: starts the work."""

    form_class = BatchForm
    title, submit, done = "批量判定", "开始", ""
    note = "逐个项目按入库规则判定并留存；几千个也可以，做的时候可以离开"
    above = ("入库管理", "library-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """Today, one's own region."""
        home = request.access.home_region or ""
        first = {"region": home, "level": Level.CITY, "about": "reported",
                 "day": timezone.localdate()}  # fmt: skip
        return BatchForm(data, initial=first)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Queue it; who may not decide learns it here and not from a failed job."""
        region, level = values["region"], values["level"]
        if not reaches(request.access, EDIT, region):
            raise Denied("out-of-reach", "这个地区不在您的数据权限之内", "选您所在的地区或其下级")
        if values["then"] == "admit":
            require_keeper(request.access, library_of(region, level))
        job = start_job(
            kind=BATCH, title=f"批量判定：{Level(level).label}", owner=request.user,
            params={"region": region, "level": level, "about": values["about"],
                    "day": values["day"].isoformat(), "then": values["then"]},
        )  # fmt: skip
        return reverse("job-detail", args=[job.pk])
