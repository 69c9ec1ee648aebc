"""One project that two offices entered."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.selectors_regions import names_of_regions
from jigai.errors import JigaiError
from jigai.projects.lifecycle.forms import SameForm
from jigai.projects.lifecycle.selectors import same_codes
from jigai.projects.lifecycle.services.settle_same import ADMIT, settle_same
from jigai.projects.lifecycle.views.steps import ProjectPage
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.projects.states import State
from jigai.projects.views.common import owner_of, project_or_404


@requires("project.view")
@require_GET
def same_projects(request: Any) -> HttpResponse:
    """Records in reach that carry one code."""
    groups = list(same_codes(request.access))
    names = names_of_regions(row.region_code for group in groups for row in group.rows)
    shown = [
        (group.code, [(row, names.get(row.region_code, row.region_code), owner_of(row),
                       State(row.state).label) for row in group.rows])
        for group in groups
    ]  # fmt: skip
    context = {"groups": shown, "may_settle": request.access.can(ADMIT)}
    return render(request, "projects/lifecycle/same.html", context)


@method_decorator(requires(ADMIT), name="dispatch")
class SettleSame(ProjectPage):
    """Which of the records stays."""

    form_class = SameForm
    title = "核定同一项目"
    note = "标作重复的记录保留，但不再计入台账、汇总与测算"
    submit = "核定"
    done = "已核定"
    columns = 1

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The record that may repeat another."""
        self.project = project_or_404(request, kwargs["pk"], ADMIT)

    def start(self, request: Any) -> dict[str, Any]:
        """The other record of the code, where there is just one."""
        rows = projects_for(request.access).filter(
            code=self.project.code, duplicate_of__isnull=True
        )
        others = list(rows.exclude(pk=self.project.pk)[:2]) if self.project.code else []
        return {"keeps": others[0].number if len(others) == 1 else ""}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Settle it."""
        kept = self._kept(request, values["keeps"].strip())
        settle_same(
            repeats=self.project.pk, keeps=kept.pk if kept else None, reason=values["reason"],
            seen=self.seen(request), by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("project-same")

    def _kept(self, request: Any, number: str) -> Project | None:
        if not number:
            return None
        found = projects_for(request.access).filter(number=number).first()
        if found is None:
            raise JigaiError("unknown-project", f"没有编号为 {number} 的项目", "核对编号")
        return found
