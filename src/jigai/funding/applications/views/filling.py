"""The form of an application: every section saves itself, the estimate stands beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import Denied, requires
from jigai.core.models import EvidenceFile
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.funding.applications.amounts import outlook_of
from jigai.funding.applications.checks import problems_of
from jigai.funding.applications.editing import asked_sections, open_sections
from jigai.funding.applications.forms import ValuesForm, as_typed, read_picks
from jigai.funding.applications.pool import shown_pool
from jigai.funding.applications.prefill import held_values
from jigai.funding.applications.selectors import APPLY, mine
from jigai.funding.applications.services.fill_form import Saved, fields_of, fill_form, shown_now
from jigai.funding.applications.services.give_evidence import give_evidence, take_evidence_back
from jigai.funding.applications.services.pick_lines import pick_lines
from jigai.funding.applications.services.share_editing import add_editor, remove_editor
from jigai.funding.compute.estimate import estimate
from jigai.funding.models import Application

# More lines than this help nobody on a form.
MOST_LINES = 300


def own(request: Any, pk: int) -> Application:
    """The application, if this person fills it; else 404."""
    rows = mine(request.access).select_related(
        "round__pack", "measure", "enterprise", "project", "consortium"
    )
    return get_object_or_404(rows, pk=pk)


@requires(APPLY)
@require_http_methods(["GET", "POST"])
def form(request: Any, pk: int) -> HttpResponse:
    """All sections on one page; a POST saves the fields for whoever has no scripts."""
    row = own(request, pk)
    if request.method == "POST":
        saved = _save(request, row, [item.id for item in fields_of(row)])
        if not saved.clashes and not saved.problems:
            messages.success(request, "申报表已保存")
            return redirect("application-form", pk)
        return _page(request, saved.application, saved, 422)
    if not open_sections(row):
        return redirect("application-detail", pk)
    return _page(request, row, None, 200)


def _page(
    request: Any, row: Application, saved: Saved | None, status: int,
    problem: JigaiError | None = None,
) -> HttpResponse:  # fmt: skip
    lines, more = shown_pool(row, MOST_LINES)
    if problem is not None:
        lines = [as_typed(one, request.POST, request.POST.getlist("line")) for one in lines]
    context = {
        "row": row, "held": held_values(row), "form": ValuesForm(row), "saved": saved,
        "lines": lines, "more": more, "materials": materials_of(row),
        "editors": row.editors.select_related("user"), "sections": open_sections(row),
        "asked": asked_sections(row), "problem": problem,
    }  # fmt: skip
    return render(request, "funding/applications/form.html", context, status=status)


def materials_of(row: Application) -> list[dict[str, Any]]:
    """The evidence list with the files given under each item."""
    keys = [key for held in row.evidence.values() for key in held]
    files = EvidenceFile.objects.in_bulk(keys)
    return [
        {**item, "files": [files[k] for k in row.evidence.get(item["id"], []) if k in files]}
        for item in row.measure.evidence
    ]


def _save(request: Any, row: Application, names: list[str]) -> Saved:
    posted = request.POST
    return fill_form(
        application=row.pk, access=request.access, overwrite=posted.get("overwrite") == "1",
        typed={name: posted[f"v-{name}"] for name in names if f"v-{name}" in posted},
        before={name: posted.get(f"before-{name}", "") for name in names},
    )  # fmt: skip


@requires(APPLY)
@require_POST
def field(request: Any, pk: int) -> HttpResponse:
    """One field as it is left; answers what became of it, with the value to compare next time."""
    row = own(request, pk)
    name = request.POST.get("field", "")
    try:
        saved = _save(request, row, [name])
    except Denied:
        raise
    except JigaiError as problem:
        return render(request, "funding/applications/field_state.html", {"problem": problem})
    now = {item.id: shown_now(saved.application, item) for item in fields_of(saved.application)}
    context = {"saved": saved, "row": row, "name": name, "now": now.get(name, ""),
               "problem": saved.problems.get(name)}  # fmt: skip
    return render(request, "funding/applications/field_state.html", context)


@requires(APPLY)
@require_POST
def lines(request: Any, pk: int) -> HttpResponse:
    """Save which invoices are counted and how much of each."""
    row = own(request, pk)

    def act() -> str:
        seen = request.POST.get("seen", "")
        picks = read_picks(request.POST, request.POST.getlist("line"))
        pick_lines(application=row.pk, picks=picks, access=request.access,
                   seen=int(seen) if seen.isdigit() else None)  # fmt: skip
        messages.success(request, f"已选 {len(picks)} 行发票")
        return reverse("application-form", args=[pk]) + "#lines"

    return _once(request, row, act)


@requires(APPLY)
@require_POST
def upload(request: Any, pk: int) -> HttpResponse:
    """Files for one item of the evidence list."""
    row = own(request, pk)

    def act() -> str:
        files = request.FILES.getlist("file")
        if not files:
            raise JigaiError("no-file", "没有选择文件", "选好文件再上传")
        for one in files:
            give_evidence(application=row.pk, item=request.POST.get("item", ""), stream=one.file,
                          name=one.name, by=request.user, access=request.access)  # fmt: skip
        messages.success(request, f"已收到 {len(files)} 个文件")
        return reverse("application-form", args=[pk]) + "#materials"

    return _once(request, row, act)


@requires(APPLY)
@require_POST
def take_back(request: Any, pk: int, file: int) -> HttpResponse:
    """Take one file out again."""
    row = own(request, pk)
    take_evidence_back(application=row.pk, item=request.POST.get("item", ""), file=file,
                       access=request.access)  # fmt: skip
    return redirect(reverse("application-form", args=[pk]) + "#materials")


@requires(APPLY)
@require_POST
def editors(request: Any, pk: int) -> HttpResponse:
    """Add a co-editor by account, or remove one."""
    row = own(request, pk)
    gone = request.POST.get("remove", "")

    def act() -> str:
        if gone.isdigit():
            remove_editor(application=row.pk, editor=int(gone), access=request.access)
        else:
            add_editor(application=row.pk, username=request.POST.get("username", ""),
                       by=request.user, access=request.access)  # fmt: skip
        return reverse("application-form", args=[pk]) + "#editors"

    return _once(request, row, act)


@requires(APPLY)
@require_GET
def panel(request: Any, pk: int) -> HttpResponse:
    """The live estimate with what is still lacking, as a fragment."""
    row = own(request, pk)
    found = estimate(row)
    context = {
        "row": row, "outlook": outlook_of(found, row.measure.code),
        "problems": problems_of(row, found), "pack": row.round.pack.slug,
    }  # fmt: skip
    return render(request, "funding/applications/panel.html", context)


def _once(request: Any, row: Application, act: Any) -> HttpResponse:
    """Do it once; what stops it is shown on the form itself, with everything that was typed."""
    nonce = request.POST.get("nonce", "")
    try:
        url = send_once(user=request.user, nonce=nonce, path=request.path, act=act)
    except Denied:
        raise
    except JigaiError as problem:
        return _page(request, own(request, row.pk), None, 422, problem)
    return redirect(url)


URLS = [
    path("applications/<int:pk>/form/", form, name="application-form"),
    path("applications/<int:pk>/field/", field, name="application-field"),
    path("applications/<int:pk>/lines/", lines, name="application-lines"),
    path("applications/<int:pk>/upload/", upload, name="application-upload"),
    path("applications/<int:pk>/files/<int:file>/remove/", take_back,
         name="application-file-remove"),
    path("applications/<int:pk>/editors/", editors, name="application-editors"),
    path("applications/<int:pk>/estimate/", panel, name="application-estimate"),
]  # fmt: skip
