"""Recording what happened to a project, and correcting it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.decorators import method_decorator

from jigai.core.access import Access, requires
from jigai.core.models import Enterprise
from jigai.core.selectors_enterprises import enterprises_for
from jigai.errors import JigaiError
from jigai.projects.lifecycle.forms import MoveForm, StepForm, TakeBackForm
from jigai.projects.lifecycle.selectors import STEP_KIND, told_steps, way_of
from jigai.projects.lifecycle.services.locked import EDIT
from jigai.projects.lifecycle.services.move_project import move_project
from jigai.projects.lifecycle.services.record_step import record_step
from jigai.projects.lifecycle.services.take_back_step import take_back_step
from jigai.projects.models import Project
from jigai.projects.selectors_steps import standing_steps
from jigai.projects.states import State, may_follow
from jigai.projects.views.common import FilePage, keep, owner_of, project_or_404


class ProjectPage(FilePage):
    """A form about one project, as its version was when the page was opened."""

    above = ("项目库", "project-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project."""
        self.project = project_or_404(request, kwargs["pk"], EDIT)

    def seen(self, request: Any) -> int:
        """The version that the person had before them."""
        given = request.POST.get("seen", "")
        return int(given) if given.isdecimal() else 0

    def back(self) -> str:
        """The project's own page."""
        return reverse("project-detail", args=[self.project.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """Which project, and where it stands."""
        facts = [
            ("项目", f"{self.project.name}（{self.project.number}）"),
            ("单位", owner_of(self.project)),
            ("所处阶段", State(self.project.state).label),
        ]
        return {"facts": facts, "seen": request.POST.get("seen") or self.project.version,
                "back": self.back()}  # fmt: skip


@method_decorator(requires(EDIT), name="dispatch")
class RecordStep(ProjectPage):
    """One step."""

    form_class = StepForm
    title = "记录进程"
    note = "每一步写清日期、责任和证明；记错了可以更正，原记录保留"
    submit = "记录"
    done = "已记录"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the stages that may come next."""
        files: Any = request.FILES if data is not None else None
        first = {"to": request.GET.get("to", "")}
        return StepForm(data, files, initial=first, state=self.project.state)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Record it, with its proof."""
        step = record_step(
            project=self.project.pk, to=State(values["to"]), happened_on=values["happened_on"],
            duty=values["duty"], reason=values["reason"], filing_no=values["filing_no"],
            proven=bool(values["proof"]), seen=self.seen(request), by=request.user,
            access=request.access,
        )  # fmt: skip
        keep(
            values["proof"], self.project, request.user, kind=STEP_KIND, key=step.pk,
            label=f"{State(step.after).label}证明", url=self.back(),
        )  # fmt: skip
        return self.back()


@method_decorator(requires(EDIT), name="dispatch")
class TakeBackStep(ProjectPage):
    """The last step was recorded wrongly."""

    form_class = TakeBackForm
    title = "更正上一步"
    submit = "更正"
    done = "已更正"
    columns = 1

    def context(self, request: Any) -> dict[str, Any]:
        """Which step."""
        found = super().context(request)
        steps = standing_steps(self.project.pk)
        if steps:
            last = steps[-1]
            told = f"{State(last.before).label} → {State(last.after).label}"
            found["facts"].append(("上一步", f"{told}，{last.happened_on or '日期不明'}"))
        return found

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Correct it."""
        take_back_step(
            project=self.project.pk, reason=values["reason"], seen=self.seen(request),
            by=request.user, access=request.access,
        )  # fmt: skip
        return self.back()


@method_decorator(requires(EDIT), name="dispatch")
class MoveProject(ProjectPage):
    """Another county, or another enterprise."""

    form_class = MoveForm
    title = "移交"
    note = "编号、历年台账和已报的月报不变；生效以后的月报归新属地"
    submit = "移交"
    done = "已移交"

    def start(self, request: Any) -> dict[str, Any]:
        """Where it is now."""
        return {"region": self.project.region_code}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Hand it over; whoever no longer sees it goes on to the list."""
        move_project(
            project=self.project.pk, to_region=values["region"],
            to_enterprise=_owner(request, values["owner"]), effective=values["effective"],
            reason=values["reason"], seen=self.seen(request), by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("project-list")


def _owner(request: Any, told: str) -> int | None:
    """The enterprise of a name or credit code."""
    words = told.strip()
    if not words:
        return None
    rows = enterprises_for(request.access)
    found: list[Enterprise] = list(rows.filter(uscc=words.upper())[:1]) or list(
        rows.filter(name=words)[:2]
    )
    if len(found) != 1:
        raise JigaiError("unknown-enterprise", f"名录里没有“{words}”", "填全称或统一社会信用代码")
    return found[0].pk


def life_of(project: Project, access: Access) -> dict[str, Any]:
    """What a project's page shows of its life."""
    steps = told_steps(project.pk)
    return {
        "way": way_of(project, [told.step for told in steps]),
        "steps": steps,
        "moves": project.moves.select_related("from_enterprise", "to_enterprise", "created_by"),
        "may_edit": access.can(EDIT), "goes_on": bool(may_follow(project.state)),
    }  # fmt: skip
