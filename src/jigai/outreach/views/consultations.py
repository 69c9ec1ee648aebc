"""A consultation on screen: prepare, open, extend, publish."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import requires
from jigai.core.platform_calendar import platform_calendar
from jigai.core.services.send_once import send_once
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.outreach.consultation_drafts import drafts, headings, pack_of
from jigai.outreach.consultation_forms import ConsultationForm, ExtendForm, PublishForm
from jigai.outreach.consultation_lists import VERDICT_LOOKS
from jigai.outreach.consultation_period import (
    STAGE_LOOKS,
    STAGE_WORDS,
    period_words,
    remaining_words,
    stage_of,
)
from jigai.outreach.consultation_selectors import (
    answers_of,
    managed,
    sums_of,
    total_of,
    visible,
    waiting,
)
from jigai.outreach.models import Consultation
from jigai.outreach.rounds import where_followed
from jigai.outreach.services.draft_consultation import draft_consultation
from jigai.outreach.services.open_consultation import extend_consultation, open_consultation
from jigai.outreach.services.publish_adoption import authors, publish_adoption
from jigai.policies.stored_packs import model_of

LIST = ("征求意见", "consultation-list")


@requires("consultation.manage")
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Prepare a round; ``?subject=`` chooses the draft."""
    known = drafts(request.access)
    wanted = request.GET.get("subject", "")
    draft = next((d for d in known if d.key == wanted), known[0] if known else None)
    if draft is None:
        return render(request, "outreach/consultation_new.html", {"draft": None})
    names = headings(model_of(draft.version).pack)
    first = {"title": f"《{draft.title}》征求意见"[:200], "clauses": list(names)}
    data = request.POST if request.method == "POST" else None
    form = ConsultationForm(data, headings=names, initial=first)
    if data is not None and form.is_valid():
        try:
            return redirect(_draft(request, draft.key, form.cleaned_data))
        except JigaiError as problem:
            form.add_error(None, str(problem))
    context = {"draft": draft, "drafts": known, "form": form}
    status = 200 if data is None else 422
    return render(request, "outreach/consultation_new.html", context, status=status)


def _draft(request: Any, subject: str, given: dict[str, Any]) -> str:
    def act() -> str:
        row = draft_consultation(subject=subject, by=request.user, access=request.access, **given)
        messages.success(request, "已拟稿，请同一单位的另一位有权限的人批准公开")
        return reverse("consultation-detail", args=[row.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


@requires("consultation.view", "consultation.comment")
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One round: its period, its clauses, what came in and how it was answered."""
    item = get_object_or_404(visible(request.access), pk=pk)
    manages = managed(request.access).filter(pk=pk).exists()
    names, today = headings(pack_of(item)), timezone.localdate()
    stage = stage_of(item, today)
    told = manages or item.status in (Consultation.Status.PUBLISHED, Consultation.Status.FINAL)
    sums = sums_of(item, names) if told else []
    context = {
        "item": item,
        "stage": stage,
        "stage_word": STAGE_WORDS[stage],
        "stage_look": STAGE_LOOKS[stage],
        "period": period_words(item, platform_calendar()),
        "remaining": remaining_words(item, today),
        "clauses": [(code, names.get(code, "")) for code in item.clauses],
        "manages": manages,
        "told": told,
        "sums": sums,
        "total": total_of(sums),
        "answers": _answers(item, names) if told else [],
        "may_comment": item.takes_comments(today) and request.access.can("consultation.comment"),
        "may_open": manages and stage == "draft" and item.created_by_id != request.user.pk,
        "may_publish": manages and stage == "closed" and request.user.pk not in authors(item),
        "waiting": waiting(item).count() if manages else 0,
        "followed": where_followed(item.pk) if manages else None,
    }
    return render(request, "outreach/consultation_detail.html", context)


def _answers(item: Consultation, names: dict[str, str]) -> list[Any]:
    """Answers in the order of the document."""
    order = ["", *names]
    found = sorted(answers_of(item), key=lambda row: (order.index(row.clause), row.pk))
    for row in found:
        row.look = VERDICT_LOOKS[row.verdict]
        row.heading = names.get(row.clause, "")
    return found


@requires("consultation.manage")
@require_POST
def open_(request: Any, pk: int) -> HttpResponse:
    """Let the public see it."""
    item = get_object_or_404(managed(request.access), pk=pk)

    def act() -> str:
        open_consultation(consultation=item.pk, by=request.user, access=request.access)
        messages.success(request, "已批准公开，公开期内门户和企业端都可以提意见")
        return reverse("consultation-detail", args=[item.pk])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


class OfConsultation(FormPage):
    """A form about one round the person organises."""

    above = LIST

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """Find the round, within reach."""
        self.item = get_object_or_404(managed(request.access), pk=kwargs["pk"])

    def context(self, request: Any) -> dict[str, Any]:
        """Which round, and back to it."""
        item = self.item
        return {
            "heading": f"{self.title}：{item.title}",
            "back": reverse("consultation-detail", args=[item.pk]),
            "above": item.title,
            "facts": [("公开期", period_words(item, platform_calendar()))],
        }


@method_decorator(requires("consultation.manage"), name="dispatch")
class Extend(OfConsultation):
    """Give more time."""

    form_class = ExtendForm
    title = "延长公开期"
    submit = "延期"
    done = "已延期"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Do it."""
        extend_consultation(
            consultation=self.item.pk, by=request.user, access=request.access, **values
        )
        return reverse("consultation-detail", args=[self.item.pk])


@method_decorator(requires("consultation.manage"), name="dispatch")
class Publish(OfConsultation):
    """Put the answers on public display."""

    form_class = PublishForm
    title = "公示采纳情况"
    note = "公示期是可以提异议的日子，存档期是可以查到的日子，两个期限分开填"
    submit = "批准公示"
    done = "已批准公示"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """From today, for a week of working days."""
        today = timezone.localdate()
        first = {
            "publicity_from": today,
            "publicity_to": platform_calendar().add_workdays(today, 5),
        }
        return PublishForm(data, initial=first)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Do it."""
        publish_adoption(
            consultation=self.item.pk, by=request.user, access=request.access, **values
        )
        return reverse("consultation-detail", args=[self.item.pk])
