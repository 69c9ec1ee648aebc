"""Designing a procedure on screen: fields, materials, steps; check, picture, publish."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from jigai.cases import designer
from jigai.cases.access import DESIGN, require_design
from jigai.cases.designer_rows import drawing, shown
from jigai.cases.designer_text import TextProblem, content_of_text, text_of
from jigai.cases.flow.lint import ERROR, Problem
from jigai.cases.flow.shapes import Procedure
from jigai.cases.models import CaseProcedure
from jigai.cases.services.edit_version import discard_draft, draft_of, read_spec, save_draft
from jigai.cases.services.publish_version import mark, problems_of, publish_version
from jigai.cases.views.procedures import procedure_or_404
from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError


def _procedure(request: Any, slug: str) -> CaseProcedure:
    found = procedure_or_404(request, slug)
    require_design(request.access, found)
    return found


def _stored(procedure: CaseProcedure) -> Procedure:
    """What the designer opens with: the draft, else what is published, else a first step."""
    draft = draft_of(procedure)
    if draft is not None:
        return draft.spec
    return procedure.spec if procedure.current else designer.first_version()


@requires(DESIGN)
@require_http_methods(["GET", "POST"])
def steps(request: Any, slug: str) -> HttpResponse:
    """The designer. Every button sends the whole form; what was typed is in the draft at once."""
    procedure = _procedure(request, slug)
    if request.method == "GET":
        return _page(request, procedure, _stored(procedure).content(), 200)
    content = designer.content_of(request.POST, _stored(procedure))
    content = designer.act(content, request.POST.get("do", ""))
    try:
        url, refused = _save(request, procedure, content)
    except JigaiError as problem:
        return _page(request, procedure, content, 422, problem)
    if refused is not None:
        return _page(request, procedure, _stored(procedure).content(), 422, refused)
    return redirect(url)


def _save(
    request: Any, procedure: CaseProcedure, content: dict[str, Any]
) -> tuple[str, JigaiError | None]:
    """Keep the draft, and publish it where asked: a refusal to publish keeps the draft."""
    refused: list[JigaiError] = []
    seen = request.POST.get("draft", "")

    def act() -> str:
        save_draft(
            procedure=procedure, content=content, by=request.user, access=request.access,
            version=int(seen) if seen.isdigit() else None,
        )  # fmt: skip
        if request.POST.get("do") != "publish":
            return _after(request, procedure, content)
        try:
            with transaction.atomic():
                made = publish_version(
                    procedure=procedure, by=request.user, access=request.access,
                    confirmed=request.POST.get("confirmed", ""),
                )  # fmt: skip
        except JigaiError as problem:
            refused.append(problem)
            return reverse("procedure-steps", args=[procedure.code])
        messages.success(request, f"已发布第 {made.number} 版，新办件从现在起按它办；在办的不变")
        return reverse("procedure-detail", args=[procedure.code])

    nonce = request.POST.get("nonce", "")
    url = send_once(user=request.user, nonce=nonce, path=request.path, act=act)
    return url, refused[0] if refused else None


def _after(request: Any, procedure: CaseProcedure, content: dict[str, Any]) -> str:
    verb, _, rest = request.POST.get("do", "").partition(":")
    section, _, place = rest.partition(":")
    if verb == "text":
        return reverse("procedure-text", args=[procedure.code])
    if verb == "save":
        messages.success(request, "草稿已保存")
    at = int(place) if place.isdigit() else 0
    last = len(content.get(section) or ()) - 1
    place_now = {"add": last, "up": at - 1, "down": at + 1}.get(verb)
    anchor = ""
    if section in designer.SECTIONS:
        anchor = f"#{section}" if place_now is None else f"#{section}-{place_now}"
    return reverse("procedure-steps", args=[procedure.code]) + anchor


def _page(
    request: Any, procedure: CaseProcedure, content: dict[str, Any], status: int,
    refused: JigaiError | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "procedure": procedure, "draft": draft_of(procedure), "refused": refused,
        **_checked(procedure, content), **shown(content, procedure.region_code),
    }  # fmt: skip
    return render(request, "cases/designer.html", context, status=status)


def _checked(procedure: CaseProcedure, content: dict[str, Any]) -> dict[str, Any]:
    """Problems and picture of a content that may be half done."""
    try:
        spec = read_spec(content)
    except JigaiError as error:
        problem = Problem("unreadable", "填写", error.message, error.hint)
        return {"errors": [problem], "no_picture": "先改好填写的错误，再画流程"}
    problems = problems_of(procedure, spec)
    return {
        "errors": [one for one in problems if one.severity == ERROR],
        "warnings": [one for one in problems if one.severity != ERROR],
        "warned": mark(problems), **drawing(spec),
    }  # fmt: skip


@requires(DESIGN)
@require_POST
def check(request: Any, slug: str) -> HttpResponse:
    """What is wrong with the form as typed so far, and its picture; nothing is stored."""
    procedure = _procedure(request, slug)
    content = designer.content_of(request.POST, _stored(procedure))
    context = {"procedure": procedure, "live": True, **_checked(procedure, content)}
    return render(request, "cases/designer_checked.html", context)


@requires(DESIGN)
@require_http_methods(["GET", "POST"])
def text(request: Any, slug: str) -> HttpResponse:
    """The draft as text; saved, it is the same draft as the form's."""
    procedure = _procedure(request, slug)
    if request.method == "GET":
        return _text_page(request, procedure, text_of(_stored(procedure)), 200)
    typed = request.POST.get("text", "")
    seen = request.POST.get("draft", "")

    def act() -> str:
        save_draft(
            procedure=procedure, content=content_of_text(typed), by=request.user,
            access=request.access, version=int(seen) if seen.isdigit() else None,
        )  # fmt: skip
        messages.success(request, "草稿已保存")
        name = "procedure-text" if request.POST.get("do") == "stay" else "procedure-steps"
        return reverse(name, args=[procedure.code])

    nonce = request.POST.get("nonce", "")
    try:
        return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
    except JigaiError as problem:
        return _text_page(request, procedure, typed, 422, problem)


def _text_page(
    request: Any, procedure: CaseProcedure, typed: str, status: int,
    refused: JigaiError | None = None,
) -> HttpResponse:  # fmt: skip
    line = refused.line if isinstance(refused, TextProblem) else 0
    lines = typed.splitlines()
    context = {
        "procedure": procedure, "draft": draft_of(procedure), "typed": typed, "refused": refused,
        "rows": max(20, min(36, len(lines) + 2)),
        # The place in its surroundings: nobody counts forty lines in a text box.
        "near": [
            (number, lines[number - 1], number == line)
            for number in range(max(1, line - 2), min(len(lines), line + 2) + 1)
        ] if line else [],
        "problems": [] if refused else problems_of(procedure, _stored(procedure)),
    }  # fmt: skip
    return render(request, "cases/designer_text.html", context, status=status)


@requires(DESIGN)
@require_POST
def discard(request: Any, slug: str) -> HttpResponse:
    """Throw the draft away."""
    procedure = _procedure(request, slug)

    def act() -> str:
        discard_draft(procedure=procedure, access=request.access)
        messages.success(request, "草稿已放弃，已发布的不变")
        return reverse("procedure-detail", args=[procedure.code])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


_ONE = "procedures/<slug:slug>/steps/"
URLS = [
    path(_ONE, steps, name="procedure-steps"),
    path(f"{_ONE}check/", check, name="procedure-check"),
    path(f"{_ONE}text/", text, name="procedure-text"),
    path(f"{_ONE}discard/", discard, name="procedure-discard"),
]
