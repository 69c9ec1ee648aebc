"""规划与项目: plans, what they rest on, and the projects that carry them out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.selectors_regions import names_of_regions
from jigai.projects.library.access import EDIT, VIEW
from jigai.projects.library.forms import EmptyForm, PlanForm
from jigai.projects.library.plans import REGISTER, Plan, family, plans_of, projects_of, sums_of
from jigai.projects.library.services.link_plan import link_plan, unlink_plan
from jigai.projects.library.views.common import SeenPage, name_places
from jigai.projects.models import PlanProject
from jigai.projects.states import State
from jigai.projects.views.common import owner_of, project_or_404

_SHOWN = 200
_TOLD = ("number", "sector", "goal")


@requires(VIEW)
@require_GET
def listed(request: Any) -> HttpResponse:
    """Every plan under the one it rests on."""
    found = plans_of(request.access)
    tops = [plan for plan in found.values() if plan.parent not in found]
    lines: list[tuple[int, Plan]] = []
    for plan in tops:
        _down(plan, 0, lines)
    # Plans that name one another in a ring have no top; they are shown all the same.
    shown = {plan.entry.pk for _, plan in lines}
    lines += [(0, plan) for key, plan in found.items() if key not in shown]
    names = names_of_regions(plan.place for plan in found.values())
    rows = [(depth, plan, names.get(plan.place, plan.place)) for depth, plan in lines]
    context = {"rows": rows, "register": REGISTER}
    return render(request, "projects/library/plans.html", context)


def _down(plan: Plan, depth: int, lines: list[tuple[int, Plan]]) -> None:
    if any(known is plan for _, known in lines):
        return
    lines.append((depth, plan))
    for one in sorted(plan.below, key=lambda each: each.entry.pk):
        _down(one, depth + 1, lines)


@requires(VIEW)
@require_GET
def plan_page(request: Any, pk: int) -> HttpResponse:
    """One plan: what it rests on, what rests on it, its projects."""
    found = plans_of(request.access)
    plan = found.get(pk)
    if plan is None:
        raise Http404
    rows = projects_of(request.access, family(plan, found))
    count, fen = sums_of(rows)
    projects = list(rows[:_SHOWN])
    name_places(projects)
    for project in projects:
        project.state_word = State(project.state).label
    context = {
        "plan": plan, "parent": found.get(plan.parent or 0), "projects": projects,
        "count": count, "fen": fen, "most": _SHOWN,
        "values": {key: plan.entry.values.get(key) for key in _TOLD},
        "place": names_of_regions([plan.place]).get(plan.place, plan.place),
    }  # fmt: skip
    return render(request, "projects/library/plan.html", context)


@method_decorator(requires(EDIT), name="dispatch")
class LinkPlan(SeenPage):
    """列入规划."""

    title, submit, done = "列入规划", "列入", "已列入"
    above = ("规划与项目", "library-plans")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project."""
        self.project = project_or_404(request, kwargs["pk"], EDIT)

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the plans there are."""
        plans = plans_of(request.access).values()
        return PlanForm(
            data, plans=[(plan.entry.pk, f"{plan.name}（{plan.years}）") for plan in plans]
        )

    def context(self, request: Any) -> dict[str, Any]:
        """Which project."""
        facts = [("项目", f"{self.project.name}（{self.project.number}）"),
                 ("单位", owner_of(self.project))]  # fmt: skip
        return {"facts": facts, "back": self.back()}

    def back(self) -> str:
        """How the project stands."""
        return reverse("library-of-project-page", args=[self.project.pk])

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """List it."""
        link_plan(
            project=self.project.pk, plan=int(values["plan"]), note=values["note"],
            by=request.user, access=request.access,
        )  # fmt: skip
        return self.back()


@method_decorator(requires(EDIT), name="dispatch")
class UnlinkPlan(SeenPage):
    """Off a plan."""

    form_class = EmptyForm
    title, submit, done, tone = "移出规划", "移出", "已移出", "danger"
    note = "历史记录保留"
    above = ("规划与项目", "library-plans")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The link, by its project."""
        found = PlanProject.objects.filter(pk=kwargs["pk"]).select_related("plan").first()
        if found is None:
            raise Http404
        self.link = found
        self.project = project_or_404(request, found.project_id, EDIT)

    def context(self, request: Any) -> dict[str, Any]:
        """Which project, which plan."""
        facts = [("项目", self.project.name), ("规划", self.link.plan.values.get("name", ""))]
        back = reverse("library-of-project-page", args=[self.project.pk])
        return {"facts": facts, "back": back}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Take it off."""
        project = unlink_plan(link=self.link.pk, access=request.access)
        return reverse("library-of-project-page", args=[project])
