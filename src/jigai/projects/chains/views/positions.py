"""产业链: chains with their links and gaps, the list of named and later projects, one project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.views.form_page import FormPage
from jigai.projects.chains.forms import PlaceForm
from jigai.projects.chains.positions import (
    LISTED,
    PARTS,
    chained,
    lacking,
    links_on,
    listings,
    pictures,
)
from jigai.projects.chains.retrofits import METROLOGY, SAFETY
from jigai.projects.chains.services.place_in_chain import place_in_chain
from jigai.projects.lifecycle.services.locked import EDIT
from jigai.projects.lifecycle.views.steps import ProjectPage
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.projects.views.common import owner_of, project_or_404
from jigai.registers.access import EDIT as EDIT_ENTRIES
from jigai.registers.access import visible_entries
from jigai.registers.models import Entry
from jigai.registers.services.add_theme_project import add_theme_project
from jigai.registers.special.ledger import find_register
from jigai.registers.special.question_forms import DayForm
from jigai.registers.special.roster_forms import ThemeForm

VIEW = "project.view"
# Lists that a project of the library is taken into by its key.
OPEN_LISTS = (LISTED, SAFETY, METROLOGY)
OUT_OF_LISTS = (Entry.State.REFUSED, Entry.State.WITHDRAWN)


@requires(VIEW)
@require_GET
def overview(request: Any) -> HttpResponse:
    """Every chain in reach with its gaps, and the list of projects with what they lack."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "projects/chains/overview.html", {"form": form}, status=422)
    day = form.cleaned_data["on"]
    listed = listings(request.access, day)
    context = {
        "form": form, "day": day, "listed": listed,
        "chains": pictures(links_on(request.access, day), chained(request.access)),
        "lacking": sum(bool(row.lacks) for row in listed),
        "may_edit": request.access.can(EDIT),
    }  # fmt: skip
    return render(request, "projects/chains/overview.html", context)


@requires(VIEW)
@require_GET
def picture(request: Any) -> HttpResponse:
    """One chain drawn as a table of links, gaps included."""
    name = request.GET.get("chain", "")
    links = [one for one in links_on(request.access, timezone.localdate()) if one.chain == name]
    found = pictures(links, chained(request.access).filter(chain=name))
    if not found:
        raise Http404
    one = found[0]
    parts = [(PARTS[part], filled) for part, filled in one.parts.items()]
    context = {
        "one": one, "parts": parts, "longest": max((len(f) for _, f in parts), default=0),
        "lost": [(p, "没有写环节") for p in one.unplaced]
        + [(p, f"“{p.chain_position}”不在环节表里") for p in one.elsewhere],
        "may_edit": request.access.can(EDIT),
    }  # fmt: skip
    return render(request, "projects/chains/picture.html", context)


@requires(VIEW)
@require_GET
def of_project(request: Any, pk: int) -> HttpResponse:
    """The part of a project's page: its place in the chain and the lists it stands in."""
    project = get_object_or_404(projects_for(request.access), pk=pk)
    entries = visible_entries(request.access).filter(
        register__code__in=OPEN_LISTS, values__project=str(project.pk)
    )
    context = {
        "project": project, "lacks": lacking(project),
        "entries": entries.exclude(state__in=OUT_OF_LISTS).select_related("register").order_by(
            "pk"
        ),
        "may_edit": request.access.can(EDIT), "may_list": request.access.can(EDIT_ENTRIES),
    }  # fmt: skip
    return render(request, "projects/chains/of_project.html", context)


@method_decorator(requires(EDIT), name="dispatch")
class PlaceInChain(ProjectPage):
    """Where a project stands."""

    form_class = PlaceForm
    title = "产业链环节"
    note = "环节和带动关系记在项目库，各清单都取这里的"
    columns = 1

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the declared links of today."""
        links = links_on(request.access, timezone.localdate())
        return PlaceForm(data, links=links, project=self.project)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Store it."""
        place_in_chain(
            project=self.project.pk, chain=values["chain"], position=values["position"],
            effect=values["effect"], seen=self.seen(request), by=request.user,
            access=request.access,
        )  # fmt: skip
        return self.back()


@method_decorator(requires(EDIT_ENTRIES), name="dispatch")
class ListProject(FormPage):
    """Take a project of the library into a list; only its key and the kind are the list's own."""

    form_class = ThemeForm
    title = "列入清单"
    note = "清单只记项目库编号和类别；由另一人审核后列入"
    submit = "提出列入"
    done = "已提出，等待另一位有审核权限的人审核"
    above = ("项目库", "project-list")
    project: Project

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project."""
        self.project = project_or_404(request, kwargs["pk"])

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the kinds of each list."""
        registers = [found for code in OPEN_LISTS if (found := find_register(code))]
        form = ThemeForm(data, registers=registers)
        form.fields["theme"].label = "清单和类别"
        return form

    def context(self, request: Any) -> dict[str, Any]:
        """Which project."""
        facts = [("项目", f"{self.project.name}（{self.project.number}）"),
                 ("单位", owner_of(self.project))]  # fmt: skip
        return {"facts": facts, "back": reverse("project-detail", args=[self.project.pk])}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Propose it."""
        code, _, theme = values["theme"].partition("|")
        add_theme_project(
            database=code, project=self.project.pk, theme=theme, by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("project-detail", args=[self.project.pk])
