"""Links between entries, the guiding catalogue, and databases over one project key."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.registers.access import EDIT, VIEW, visible_entries
from jigai.registers.services.add_theme_project import add_theme_project
from jigai.registers.special.project_source import project_facts, search_projects
from jigai.registers.special.question_forms import DayForm
from jigai.registers.special.references import (
    MOST,
    policies_reading,
    referred,
    referring,
)
from jigai.registers.special.roster_forms import ThemeForm
from jigai.registers.special.stored_lists import THEMES, guiding_picture, serving, theme_union


@requires(VIEW)
@require_GET
def links(request: Any, pk: int) -> HttpResponse:
    """What an entry names and what names it, a part of its page."""
    rows = visible_entries(request.access).select_related("register__current")
    entry = get_object_or_404(rows, pk=pk)
    today = timezone.localdate()
    context = {
        "out": referred(request.access, entry, today),
        "back": referring(request.access, entry, today),
        "uses": policies_reading(entry.register.code), "most": MOST,
    }  # fmt: skip
    return render(request, "registers/entry_links.html", context)


@requires(VIEW)
@require_GET
def guiding(request: Any) -> HttpResponse:
    """The guiding catalogue of a day with demonstrations and first-set products."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "registers/guiding.html", {"form": form}, status=422)
    day = form.cleaned_data["on"]
    context = {"form": form, "day": day, "picture": guiding_picture(request.access, day)}
    return render(request, "registers/guiding.html", context)


@requires(VIEW)
@require_GET
def themes(request: Any) -> HttpResponse:
    """Every project of the databases once, with the databases it is in."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "registers/themes.html", {"form": form}, status=422)
    day = form.cleaned_data["on"]
    union, registers = theme_union(request.access, day)
    names = {register.code: register.name for register in registers}
    context = {
        "form": form, "day": day, "union": union, "names": names,
        "counts": [(register, union.counts[register.code]) for register in registers],
        "rows": [(p, [(m, names[m.database]) for m in p.members]) for p in union.projects],
        "orphans": [(m, names[m.database]) for m in union.orphans],
        "may_add": request.access.can(EDIT),
    }  # fmt: skip
    return render(request, "registers/themes.html", context)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def theme_add(request: Any) -> HttpResponse:
    """Choose a project of the library and take it into a database."""
    wanted = request.GET.get("project", "")
    project = None
    if wanted.isdecimal() and len(wanted) < 19:
        project = project_facts(request.access, int(wanted))
        if project is None:
            raise Http404
    data = request.POST if request.method == "POST" else None
    form = ThemeForm(data, registers=serving(THEMES))
    if data is not None and project is not None and form.is_valid():
        try:
            return redirect(_add(request, project.pk, form.cleaned_data["theme"]))
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
    words = request.GET.get("q", "")
    context = {"form": form, "project": project, "q": words,
               "hits": search_projects(request.access, words)}  # fmt: skip
    status = 200 if data is None else 422
    return render(request, "registers/theme_add.html", context, status=status)


def _add(request: Any, project: int, choice: str) -> str:
    database, _, theme = choice.partition("|")

    def act() -> str:
        add_theme_project(
            database=database, project=project, theme=theme, by=request.user, access=request.access
        )
        messages.success(request, "已提出，等待另一位有审核权限的人审核")
        return reverse("theme-projects")

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)
