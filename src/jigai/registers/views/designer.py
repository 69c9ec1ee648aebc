"""Designing a register on screen: fields, rules, what the public sees; check, preview, publish."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import requires
from jigai.core.fields.shapes import Field
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.registers import designer
from jigai.registers.access import DESIGN, require_design
from jigai.registers.forms import EntryForm
from jigai.registers.models import Register, RegisterSchema
from jigai.registers.samples import sample_rows
from jigai.registers.schema_checks import SchemaProblem
from jigai.registers.services.edit_schema import discard_draft, save_draft
from jigai.registers.services.publish_schema import SchemaRefused, problems_of, publish_schema
from jigai.registers.shapes import Schema, read_schema
from jigai.registers.views.registers import register_or_404, validity_words

_FIRST = Schema(fields=(Field("name", "名称", "text", required=True, public=True),), title="name",
                unique=("name",))  # fmt: skip


def _register(request: Any, slug: str) -> Register:
    found = register_or_404(request, slug)
    require_design(request.access, found)
    return found


def _draft(register: Register) -> RegisterSchema | None:
    return register.schemas.filter(published=False).first()


def _start(register: Register) -> Schema:
    """What the designer opens with: the draft, else what is published, else a first field."""
    draft = _draft(register)
    return draft.schema if draft else register.schema if register.current else _FIRST


@requires(DESIGN)
@require_http_methods(["GET", "POST"])
def fields(request: Any, slug: str) -> HttpResponse:
    """The designer. Every button sends the whole form; what was typed is in the draft at once."""
    register = _register(request, slug)
    if request.method == "GET":
        return _page(request, register, _start(register), 200)
    try:
        return _save(request, register)
    except JigaiError as problem:
        schema = _readable(designer.content_of(request.POST))
        return _page(request, register, schema, 422, refused=problem)


def _readable(content: dict[str, Any]) -> Schema:
    try:
        return read_schema(content)
    except JigaiError:
        whole = {**content, "remind": "", "k": "",
                 "validity": {**content["validity"], "count": ""}}  # fmt: skip
        return read_schema(whole)


def _save(request: Any, register: Register) -> HttpResponse:
    content = designer.act(designer.content_of(request.POST), request.POST.get("do", ""))
    seen = request.POST.get("draft", "")

    def act() -> str:
        save_draft(
            register=register, content=content, by=request.user, access=request.access,
            version=int(seen) if seen.isdigit() else None,
        )  # fmt: skip
        return _after(request, register)

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


def _after(request: Any, register: Register) -> str:
    verb, _, place = request.POST.get("do", "").partition(":")
    if verb == "preview":
        return reverse("register-preview", args=[register.code])
    if verb == "save":
        messages.success(request, "草稿已保存")
    marks = {"add": "#field-last", "up": f"#field-{int(place or 1) - 1}",
             "down": f"#field-{int(place or 0) + 1}", "remove": "#fields"}  # fmt: skip
    return reverse("register-fields", args=[register.code]) + marks.get(verb, "")


def _page(
    request: Any, register: Register, schema: Schema, status: int,
    refused: JigaiError | None = None,
) -> HttpResponse:  # fmt: skip
    draft = _draft(register)
    context = {
        "register": register, "draft": draft, "refused": refused,
        "problems": problems_of(register, schema), **designer.shown(schema),
    }  # fmt: skip
    return render(request, "registers/designer.html", context, status=status)


@requires(DESIGN)
@require_POST
def check(request: Any, slug: str) -> HttpResponse:
    """What is wrong with the form as typed so far; nothing is stored."""
    register = _register(request, slug)
    problems: list[SchemaProblem]
    try:
        problems = problems_of(register, read_schema(designer.content_of(request.POST)))
    except JigaiError as error:
        problems = [SchemaProblem("填写", error.message, error.hint)]
    return render(request, "registers/designer_problems.html", {"problems": problems})


@requires(DESIGN)
@require_GET
def preview(request: Any, slug: str) -> HttpResponse:
    """The entry form and the public view as the draft would make them."""
    register = _register(request, slug)
    draft = _draft(register)
    schema = draft.schema if draft else register.schema
    problems = problems_of(register, schema)
    context = {
        "register": register, "draft": draft, "schema": schema, "problems": problems,
        "form": EntryForm(register, schema=schema), "validity": validity_words(schema),
        "public_labels": [f.shown_label for f in schema.public_fields],
        "public_rows": [] if problems else sample_rows(schema),
    }  # fmt: skip
    return render(request, "registers/preview.html", context)


@requires(DESIGN)
@require_POST
def publish(request: Any, slug: str) -> HttpResponse:
    """Publish the draft, or say everything that stands in the way."""
    register = _register(request, slug)

    def act() -> str:
        made = publish_schema(register=register, by=request.user, access=request.access)
        messages.success(request, f"已发布第 {made.number} 版结构，从现在起按它登记")
        return reverse("register-detail", args=[register.code])

    nonce = request.POST.get("nonce", "")
    try:
        url = send_once(user=request.user, nonce=nonce, path=request.path, act=act)
    except SchemaRefused as problem:
        return _page(request, register, _start(register), 422, refused=problem)
    return redirect(url)


@requires(DESIGN)
@require_POST
def discard(request: Any, slug: str) -> HttpResponse:
    """Throw the draft away."""
    register = _register(request, slug)

    def act() -> str:
        discard_draft(register=register, access=request.access)
        messages.success(request, "草稿已放弃，已发布的结构不变")
        return reverse("register-detail", args=[register.code])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
