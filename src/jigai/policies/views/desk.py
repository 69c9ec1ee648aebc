"""The interpretation desk on screen: ask about a clause, answer, take back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.policies.forms_open import AnswerForm, QuestionForm
from jigai.policies.lists_open import DESK_LOOKS
from jigai.policies.models import Clause, Interpretation, PackVersion
from jigai.policies.selectors_open import reading_words, visible_questions
from jigai.policies.services.answer_question import answer_question
from jigai.policies.services.ask_question import ask_question, withdraw_question
from jigai.policies.stored_packs import model_of


def _versions() -> Any:
    packs = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    return packs.defer("files").order_by("slug", "id")


def _interpreter(version: PackVersion | None) -> str:
    return model_of(version).pack.identity.interpreter if version else ""


@requires("desk.ask")
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Ask about a clause; ``?pack=&clause=`` chooses them."""
    versions = list(_versions())
    wanted = request.GET.get("pack", "")
    version = next((v for v in versions if v.slug == wanted), versions[0] if versions else None)
    if version is None:
        return render(request, "policies/desk_new.html", {"version": None})
    data = request.POST if request.method == "POST" else None
    form = QuestionForm(
        data, version=version, initial={"place": request.GET.get("clause", ""), "public": True}
    )
    if data is not None and form.is_valid():
        return redirect(_ask(request, version, form.cleaned_data))
    context = {
        "version": version,
        "versions": versions,
        "form": form,
        "interpreter": _interpreter(version),
    }
    status = 422 if data is not None else 200
    return render(request, "policies/desk_new.html", context, status=status)


def _ask(request: Any, version: PackVersion, given: dict[str, Any]) -> str:
    def act() -> str:
        asked = ask_question(
            slug=version.slug, clause=given["place"], question=given["question"],
            public=given["public"], by=request.user, access=request.access,
        )  # fmt: skip
        messages.success(request, "问题已提交，答复后会通知您")
        return reverse("desk-detail", args=[asked.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


@requires("pack.view")
@require_http_methods(["GET", "POST"])
def detail(request: Any, pk: int) -> HttpResponse:
    """One question: its clause, its answer; whoever may interpret the document answers here."""
    item = get_object_or_404(visible_questions(request.access), pk=pk)
    version = _versions().filter(slug=item.slug).first()
    may = version is not None and _may_answer(request, item)
    form = None
    if may and item.status == Interpretation.Status.OPEN:
        data = request.POST if request.method == "POST" else None
        form = AnswerForm(data, version=version, clause=item.clause)
        if data is not None and form.is_valid():
            try:
                return redirect(_answer(request, item, form.values()))
            except JigaiError as problem:
                form.add_error(None, str(problem))
    elif request.method == "POST":
        request.access.require("desk.answer")
        raise JigaiError("not-open", "这个问题现在不能由您答复", "刷新页面查看状态")
    context = {
        "item": item,
        "answer_key": str(item.pk),
        "version": version,
        "clause": Clause.objects.filter(pack=version, code=item.clause).first(),
        "interpreter": _interpreter(version),
        "look": DESK_LOOKS[item.status],
        "settles": reading_words(version, item.reading, item.option),
        "form": form,
        "mine": item.asked_by_id == request.user.pk,
        "shows_asker": may or item.asked_by_id == request.user.pk,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "policies/desk_detail.html", context, status=status)


def _may_answer(request: Any, item: Interpretation) -> bool:
    return reaches(request.access, "desk.answer", item.region_code, slug=item.slug)


def _answer(request: Any, item: Interpretation, given: dict[str, Any]) -> str:
    def act() -> str:
        answer_question(question=item.pk, by=request.user, access=request.access, **given)
        messages.success(request, "答复已登记，并已通知提问人")
        return reverse("desk-detail", args=[item.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


@requires("desk.ask")
@require_POST
def withdraw(request: Any, pk: int) -> HttpResponse:
    """Take back one's own question."""
    item = get_object_or_404(visible_questions(request.access), pk=pk)

    def act() -> str:
        withdraw_question(question=item.pk, by=request.user)
        messages.success(request, "问题已撤回")
        return reverse("desk-detail", args=[item.pk])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
