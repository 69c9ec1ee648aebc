"""Consultations on the portal: read a draft, say something, look up the answer, see the outcome."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from jigai.core.platform_calendar import platform_calendar
from jigai.core.sign_in.log import address_of
from jigai.errors import JigaiError
from jigai.outreach.consultation_compare import compared, with_answers
from jigai.outreach.consultation_drafts import headings, pack_of
from jigai.outreach.consultation_forms import PublicCommentForm
from jigai.outreach.consultation_lists import VERDICT_LOOKS
from jigai.outreach.consultation_period import (
    STAGE_LOOKS,
    STAGE_WORDS,
    can_be_looked_up,
    on_display,
    period_words,
    remaining_words,
    stage_of,
)
from jigai.outreach.consultation_selectors import answers_of, opened, sums_of, total_of
from jigai.outreach.models import Consultation, ConsultationComment
from jigai.outreach.services.submit_comment import submit_comment
from jigai.portal.public_page import portal_page
from jigai.portal.standing import policy_url

OPEN_TO_ALL = "征求意见面向社会，提意见不用登录"
# A minute: what is open for comment changes by the day and by one click.
SHORT = 60


@portal_page(OPEN_TO_ALL, keep=SHORT)
def consultations(request: Any) -> HttpResponse:
    """Every round, the newest first."""
    today = timezone.localdate()
    rows = list(opened().order_by("-period_from", "-id")[:200])
    for row in rows:
        _staged(row, today)
    return render(request, "portal/consultations.html", {"rows": rows})


@portal_page(OPEN_TO_ALL, keep=SHORT)
def consultation(request: Any, pk: int) -> HttpResponse:
    """One round: what is open, how long, what each clause says."""
    item = get_object_or_404(opened(), pk=pk)
    today = timezone.localdate()
    _staged(item, today)
    pack = pack_of(item)
    open_clauses = [clause for clause in pack.clauses if clause.id in set(item.clauses)]
    context = {
        "item": item,
        "period": period_words(item, platform_calendar()),
        "takes": item.takes_comments(today),
        "clauses": open_clauses,
        "draft_url": policy_url(item.draft) if item.draft else "",
        "final_url": policy_url(item.final) if item.final else "",
        "adoption": can_be_looked_up(item, today),
    }
    return render(request, "portal/consultation.html", context)


@portal_page(OPEN_TO_ALL, keep=0, methods=("GET", "HEAD", "POST"))
def comment(request: Any, pk: int) -> HttpResponse:
    """Say something about a clause."""
    item = get_object_or_404(opened(), pk=pk)
    today = timezone.localdate()
    _staged(item, today)
    names = headings(pack_of(item))
    data = request.POST if request.method == "POST" else None
    first = {"clause": request.GET.get("clause", "")}
    form = PublicCommentForm(data, item=item, headings=names, initial=first)
    if data is not None and form.is_valid():
        try:
            row = _submit(request, item, form.cleaned_data)
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
        else:
            return redirect(f"{reverse('portal-receipt')}?number={row.receipt}&new=1")
    context = {"item": item, "form": form, "takes": item.takes_comments(today)}
    status = 200 if data is None else 422
    return render(request, "portal/comment.html", context, status=status)


def _submit(request: Any, item: Consultation, given: dict[str, Any]) -> ConsultationComment:
    values = {name: given[name] for name in ("clause", "text", "name", "organisation", "contact")}
    return submit_comment(
        consultation=item.pk, nonce=request.POST.get("nonce", ""), trap=given["homepage"],
        address=address_of(request) or "", **values,
    )  # fmt: skip


@portal_page("凭回执号查自己提的意见，不用登录", keep=0)
def receipt(request: Any) -> HttpResponse:
    """What became of a comment, by its receipt number; nobody can guess one."""
    number = request.GET.get("number", "").strip().upper()
    rows = ConsultationComment.objects.select_related("consultation", "answer")
    row = rows.filter(receipt=number).first() if number else None
    known: dict[str, Any] = {"row": row, "number": number[:20], "new": "new" in request.GET}
    if row is not None:
        today = timezone.localdate()
        names = headings(pack_of(row.consultation))
        known["heading"] = names.get(row.clause, "")
        known["told"] = can_be_looked_up(row.consultation, today)
        known["look"] = VERDICT_LOOKS[row.answer.verdict] if row.answer else ""
    return render(request, "portal/receipt.html", known, status=404 if number and not row else 200)


@portal_page("采纳情况向社会公示", keep=SHORT)
def adoption(request: Any, pk: int) -> HttpResponse:
    """Counts by clause, and each summary with its answer; while publicity or archive lasts."""
    item, today = _public_adoption(pk)
    names = headings(pack_of(item))
    order = ["", *names]
    answers = sorted(answers_of(item), key=lambda row: (order.index(row.clause), row.pk))
    for row in answers:
        row.look = VERDICT_LOOKS[row.verdict]
    sums = sums_of(item, names)
    context = {
        "item": item,
        "sums": sums,
        "total": total_of(sums),
        "answers": answers,
        "displayed": on_display(item, today),
    }
    return render(request, "portal/adoption.html", context)


@portal_page("草案与定稿的比对向社会公开")
def final(request: Any, pk: int) -> HttpResponse:
    """Draft and final clause by clause; answers stand beside as long as they are public."""
    item = get_object_or_404(opened(), pk=pk, final__isnull=False)
    shown = can_be_looked_up(item, timezone.localdate())
    answers = list(answers_of(item)) if shown else []
    found = with_answers(compared(item), answers)
    context = {"item": item, "found": found, "final_url": policy_url(item.final)}
    return render(request, "portal/final.html", context)


def _public_adoption(pk: int) -> tuple[Consultation, Any]:
    item, today = get_object_or_404(opened(), pk=pk), timezone.localdate()
    if not can_be_looked_up(item, today):
        raise Http404
    return item, today


def _staged(item: Any, today: Any) -> None:
    stage = stage_of(item, today)
    item.stage_word, item.stage_look = STAGE_WORDS[stage], STAGE_LOOKS[stage]
    item.remaining = remaining_words(item, today)
