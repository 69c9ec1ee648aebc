"""The same pack as text: any of its files, checked while somebody types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import requires
from jigai.errors import JigaiError
from jigai.policies.compare_words import EXPECTED
from jigai.policies.editor.checks import quick_look, whole_check
from jigai.policies.editor.limits import checked_text, is_part
from jigai.policies.editor.parts import FILE_TITLES, all_files
from jigai.policies.editor.selectors import DRAFT, ISSUE
from jigai.policies.editor.services.save_draft import DraftConflict, mark, save_draft
from jigai.policies.editor.telling import all_measures
from jigai.policies.editor.views.shared import find, once, page, problem_rows
from jigai.policies.models import PackDraft

SHOWN = 60


def _file(request: Any) -> str:
    name = str(request.GET.get("file", "") or "pack.yaml")
    if not is_part(name):
        raise Http404("no such file")
    return name


@requires(DRAFT, ISSUE)
@require_http_methods(["GET", "POST"])
def text(request: Any, pk: int) -> HttpResponse:
    """One file as text; ``?file=`` chooses it. Saved with its errors: nothing typed is lost."""
    draft = find(request, pk)
    name = _file(request)
    full = f"{draft.slug}/{name}"
    stored = draft.files.get(full, "")
    data = request.POST if request.method == "POST" else None
    typed, refused, conflict = stored, None, None
    seen = mark(stored)
    if data is not None:
        typed, seen = data.get("text", ""), data.get("seen", "")
        try:
            return redirect(once(request, lambda: _save(request, draft, name, typed, seen)))
        except DraftConflict as other:
            conflict, seen = other.draft, mark(other.draft.files.get(full, ""))
        except JigaiError as problem:
            refused = problem
    shown = draft.files if data is None else draft.files | {full: typed}
    looked = quick_look(draft.slug, shown)
    context = page(
        request, draft, "text", file=name, title=FILE_TITLES.get(name, "样例"), typed=typed,
        seen=seen, refused=refused, conflict=conflict, theirs=stored,
        rows=max(18, min(30, typed.count("\n") + 3)),
        here=problem_rows(draft, looked.of_file(full)[:SHOWN]),
        others=len(looked.errors) - sum(p.severity == "error" for p in looked.of_file(full)),
        files=all_files(draft.slug, draft.files), line=request.GET.get("line", ""),
    )  # fmt: skip
    return render(request, "policies/draft/text.html", context, status=200 if data is None else 422)


def _save(request: Any, draft: PackDraft, name: str, typed: str, seen: str) -> str:
    full = f"{draft.slug}/{name}"
    saved = save_draft(
        draft=draft.pk, by=request.user, access=request.access, what=name,
        seen=lambda files: mark(files.get(full, "")) == seen, write=lambda _files: {full: typed},
    )  # fmt: skip
    errors = len(quick_look(saved.slug, saved.files).errors)
    if errors:
        messages.warning(request, f"已保存，内容没有丢失；还有 {errors} 处错误要改")
    else:
        messages.success(request, "已保存，表单同步更新")
    return f"{reverse('draft-text', args=[draft.pk])}?{urlencode({'file': name})}"


@requires(DRAFT, ISSUE)
@require_POST
def lint(request: Any, pk: int) -> HttpResponse:
    """What is wrong with a file as typed so far; nothing is stored."""
    draft = find(request, pk)
    name = _file(request)
    full = f"{draft.slug}/{name}"
    try:
        typed = checked_text(draft.slug, full, request.POST.get("text", ""))
    except JigaiError as problem:
        return render(
            request,
            "policies/draft/lint.html",
            {"draft": draft, "refused": problem, "here": [], "others": 0},
        )
    looked = quick_look(draft.slug, draft.files | {full: typed})
    here = looked.of_file(full)
    context = {
        "draft": draft, "file": name, "here": problem_rows(draft, here[:SHOWN]),
        "refused": None, "live": True,
        "others": len(looked.errors) - sum(p.severity == "error" for p in here),
    }  # fmt: skip
    return render(request, "policies/draft/lint.html", context)


@requires(DRAFT, ISSUE)
@require_GET
def read(request: Any, pk: int) -> HttpResponse:
    """The whole draft in plain words, to be read against the document."""
    draft = find(request, pk)
    looked = quick_look(draft.slug, draft.files)
    model = looked.model if looked.model is not None and not looked.model.problems else None
    context = page(
        request, draft, "read", measures=all_measures(model) if model else [], model=model,
        clauses=model.pack.clauses if model else [], errors=problem_rows(draft, looked.errors[:10]),
        open_parameters=[
            p for p in model.pack.parameters if p.status == "undetermined"
        ] if model else [],
    )  # fmt: skip
    return render(request, "policies/draft/read.html", context)


@requires(DRAFT, ISSUE)
@require_GET
def check(request: Any, pk: int) -> HttpResponse:
    """The whole check with every example run; asked for by the page once it is there."""
    draft = find(request, pk)
    if request.headers.get("HX-Request") != "true":
        return render(request, "policies/draft/check.html", page(request, draft, "check"))
    found = whole_check(draft.slug, draft.files)
    context = {
        "draft": draft, "checked": found, "errors": found.errors,
        "problems": problem_rows(draft, found.problems[:SHOWN]), "results": _results(found.results),
    }  # fmt: skip
    return render(request, "policies/draft/check_part.html", context)


def _results(results: list[Any]) -> list[Any]:
    """Those that came out otherwise first."""
    ordered = sorted(results, key=lambda result: result.passed)
    return [
        {
            "name": r.name, "clause": r.clause, "error": r.error,
            "checks": [
                {"word": EXPECTED.get(c.key, c.key), "expected": c.expected, "actual": c.actual,
                 "passed": c.passed}
                for c in r.checks
            ],
        }
        for r in ordered
    ]  # fmt: skip
