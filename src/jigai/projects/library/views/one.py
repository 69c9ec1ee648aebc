"""One project in the library: how it stands at every level, what was said of it, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.projects.library.access import (
    ADMIT,
    EDIT,
    VIEW,
    adjustments_for,
    decisions_for,
    entries_for,
    keeps,
    levels_of,
    library_of,
)
from jigai.projects.library.codes import Level, Status
from jigai.projects.library.forms import DecideForm, JudgeOneForm, LevelForm
from jigai.projects.library.rule import rule_for
from jigai.projects.library.services.decide_entries import (
    admit_entries,
    remove_entries,
    return_entries,
)
from jigai.projects.library.services.judge_projects import judge_projects
from jigai.projects.library.services.outcome import Done
from jigai.projects.library.services.report_up import report_up
from jigai.projects.library.views.common import (
    STATUS_LOOKS,
    SeenPage,
    latest_decisions,
    name_places,
    verdict_badge,
)
from jigai.projects.library.window import read_only_because
from jigai.projects.models import AdmissionDecision, LibraryEntry, Project
from jigai.projects.views.common import owner_of, project_or_404

VERBS = {"admit": "审核入库", "return": "退回", "remove": "移出"}
_EXPECTED = {"admit": Status.REPORTED, "return": Status.REPORTED, "remove": Status.IN}
_ADJUSTMENTS = 20


@dataclass(slots=True)
class Step:
    """One level of one project: its entry, its last judgement, and what this person may do."""

    level: Level
    entry: LibraryEntry | None
    look: str
    word: str
    decision: AdmissionDecision | None
    verdict: Any
    ruled: bool
    may_report: bool
    verbs: list[tuple[str, str]]


def steps_of(project: Project, access: Access) -> list[Step]:
    """Every level the project goes through."""
    entries = {e.level: e for e in LibraryEntry.objects.filter(project=project).order_by("id")}
    may_edit = access.can(EDIT) and reaches(access, EDIT, project.region_code)
    found, below = [], True
    for level in levels_of(project.region_code):
        entry = entries.get(level)
        decision = latest_decisions([project.pk], level).get(project.pk)
        waits = entry is not None and entry.status in (Status.REPORTED, Status.IN)
        mine = entry is not None and keeps(access, entry.region_code)
        verbs = [v for v in VERBS.items() if mine and entry and entry.status == _EXPECTED[v[0]]]
        found.append(
            Step(
                level, entry, STATUS_LOOKS[Status(entry.status)] if entry else "neutral",
                entry.get_status_display() if entry else "没有上报", decision,
                verdict_badge(decision), _ruled(project, level), may_edit and below and not waits,
                verbs,
            )
        )  # fmt: skip
        below = entry is not None and entry.status == Status.IN
    return found


def _ruled(project: Project, level: Any) -> bool:
    return rule_for(library_of(project.region_code, level), level, timezone.localdate()) is not None


def _context(request: Any, project: Project) -> dict[str, Any]:
    adjustments = adjustments_for(request.access).filter(project=project)
    return {
        "project": project,
        "steps": steps_of(project, request.access),
        "adjustments": adjustments.select_related("created_by")[:_ADJUSTMENTS],
        "closed": read_only_because(project),
        "may_adjust": request.access.can(EDIT)
        and reaches(request.access, EDIT, project.region_code),
        "plans": project.plans.select_related("plan").order_by("id"),
    }


@requires(VIEW)
@require_GET
def of_project(request: Any, pk: int) -> HttpResponse:
    """The part of the project's page."""
    project = project_or_404(request, pk)
    return render(request, "projects/library/part.html", _context(request, project))


@requires(VIEW)
@require_GET
def page_of_project(request: Any, pk: int) -> HttpResponse:
    """A page of its own."""
    project = project_or_404(request, pk)
    name_places([project])
    return render(request, "projects/library/project.html", _context(request, project))


@requires(VIEW)
@require_GET
def decision(request: Any, pk: int) -> HttpResponse:
    """One judgement: every condition, its inputs, what lacks, and the readings."""
    rows = decisions_for(request.access).select_related("project__enterprise", "created_by")
    row = get_object_or_404(rows, pk=pk)
    rule = rule_for(library_of(row.project.region_code, row.level), row.level, row.as_of)
    known = {read.id: read for read in rule.readings} if rule else {}
    context = {
        "decision": row,
        "verdict": verdict_badge(row),
        "owner": owner_of(row.project),
        "readings": [known[key] for key in row.readings if key in known],
        "force": rule.force if rule else None,
        "pack": rule.version if rule else None,
        "item": rule.item if rule else None,
        "same": bool(rule and rule.version.sha256 == row.pack_hash),
    }
    return render(request, "projects/library/decision.html", context)


class _OnProject(SeenPage):
    """A form about one project."""

    above = ("入库管理", "library-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project, in the reach of whoever keeps its record."""
        self.project = project_or_404(request, kwargs["pk"], EDIT)

    def back(self) -> str:
        """How it stands."""
        return reverse("library-of-project-page", args=[self.project.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """Which project."""
        facts = [("项目", f"{self.project.name}（{self.project.number}）"),
                 ("单位", owner_of(self.project))]  # fmt: skip
        return {"facts": facts, "seen": request.POST.get("seen") or self.project.version,
                "back": self.back()}  # fmt: skip


@method_decorator(requires(EDIT), name="dispatch")
class ReportOne(_OnProject):
    """上报 one project."""

    title, submit, done = "上报入库", "上报", "已上报"
    note = "逐级上报：先进下一级库，再报上一级"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the levels of its place."""
        first = {"level": request.GET.get("level", "")}
        return LevelForm(data, initial=first, region=self.project.region_code)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Report it."""
        done = report_up(
            projects=[self.project.pk], level=values["level"], day=timezone.localdate(),
            by=request.user, access=request.access,
            versions={self.project.pk: self.seen(request)},
        )  # fmt: skip
        _or_refuse(done)
        return self.back()


@method_decorator(requires(EDIT), name="dispatch")
class JudgeOne(_OnProject):
    """判定 one project, without a change to it."""

    title, submit, done = "入库判定", "判定", ""
    note = "按项目所在地装好的入库规则逐条判定；判定本身不入库"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """Today, unless another day is asked for."""
        first = {"level": request.GET.get("level", ""), "day": timezone.localdate()}
        return JudgeOneForm(data, initial=first, region=self.project.region_code)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Judge and show."""
        level, day = values["level"], values["day"]
        made = judge_projects(projects=[self.project], level=level, day=day, by=request.user)
        if not made:
            raise JigaiError(
                "no-rule", f"{Level(level).label}没有装好的入库规则，由人决定", "在审核时写理由入库"
            )
        return reverse("library-decision", args=[made[self.project.pk].pk])


@method_decorator(requires(ADMIT), name="dispatch")
class DecideOne(SeenPage):
    """审核、退回、移出 one entry."""

    above = ("入库管理", "library-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The entry, in the reach of whoever decides for its library."""
        rows = entries_for(request.access, ADMIT).select_related("project__enterprise")
        self.entry = get_object_or_404(rows, pk=kwargs["pk"])
        self.verb = kwargs["verb"]
        if self.verb not in VERBS:
            raise Http404
        page: Any = self  # what a page says of itself depends on the verb here
        page.title = page.submit = VERBS[self.verb]
        page.done = f"已{VERBS[self.verb]}"
        day = timezone.localdate()
        ruled = rule_for(self.entry.region_code, self.entry.level, day) is not None
        self.optional = self.verb == "admit" and ruled
        page.note = _note(self.verb, ruled)

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """A reason, which a rule makes needless."""
        return DecideForm(data, optional=self.optional)

    def context(self, request: Any) -> dict[str, Any]:
        """Which entry."""
        row = self.entry
        facts = [("项目", f"{row.project.name}（{row.project.number}）"),
                 ("单位", owner_of(row.project)), ("级别", row.get_level_display()),
                 ("状态", row.get_status_display())]  # fmt: skip
        return {"facts": facts, "seen": request.POST.get("seen") or row.version,
                "back": self.back()}  # fmt: skip

    def back(self) -> str:
        """How the project stands."""
        return reverse("library-of-project-page", args=[self.entry.project_id])

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Decide."""
        given = {
            "entries": [self.entry.pk], "reason": values["reason"], "by": request.user,
            "access": request.access, "versions": {self.entry.pk: self.seen(request)},
        }  # fmt: skip
        day = timezone.localdate()
        if self.verb == "admit":
            _or_refuse(admit_entries(day=day, **given))
        elif self.verb == "return":
            _or_refuse(return_entries(**given))
        else:
            _or_refuse(remove_entries(day=day, **given))
        return self.back()


def _note(verb: str, ruled: bool) -> str:
    if verb != "admit":
        return "原因下级看得到"
    if ruled:
        return "按装好的入库规则当场判定，不符合的不入库"
    return "这一级没有装好的入库规则，由人决定，要写凭什么入库"


def _or_refuse(done: Done) -> None:
    if done.refused:
        raise JigaiError("library-refused", done.refused[0][1], "核对后再办")
