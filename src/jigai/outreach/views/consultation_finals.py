"""The final version on screen: register it, compare it with the draft, mark what it carries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.outreach.consultation_compare import changed_clauses, compared, with_answers
from jigai.outreach.consultation_forms import FinalForm, ReflectForm
from jigai.outreach.consultation_selectors import answers_of, managed, visible
from jigai.outreach.models import ConsultationAnswer
from jigai.outreach.services.link_final import link_final, mark_reflected
from jigai.outreach.views.consultations import OfConsultation


@method_decorator(requires("consultation.manage"), name="dispatch")
class Final(OfConsultation):
    """Say which installed version the draft became."""

    form_class = FinalForm
    title = "登记定稿"
    note = "定稿要先作为正式文件安装；征求意见稿不能当作定稿"
    submit = "登记"
    columns = 1
    done = "已登记定稿"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the versions that may be the final one."""
        return FinalForm(data, item=self.item)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Do it."""
        link_final(
            consultation=self.item.pk, final=int(values["final"]), by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("consultation-compare", args=[self.item.pk])


@requires("consultation.view", "consultation.comment")
@require_GET
def compare(request: Any, pk: int) -> HttpResponse:
    """Draft and final clause by clause; whoever organises marks what is reflected."""
    item = get_object_or_404(visible(request.access), pk=pk)
    answers = list(answers_of(item))
    found = with_answers(compared(item), answers)
    context = {
        "item": item,
        "found": found,
        "changed": sorted(changed_clauses(found)),
        "adopted": [row for row in answers if row.verdict in ("adopted", "partly")],
        "manages": managed(request.access).filter(pk=pk).exists(),
    }
    return render(request, "outreach/consultation_compare.html", context)


@requires("consultation.manage")
@require_POST
def reflect(request: Any, pk: int) -> HttpResponse:
    """Mark whether an adopted comment is found again."""
    rows = ConsultationAnswer.objects.filter(consultation__in=managed(request.access))
    row = get_object_or_404(rows, pk=pk)
    form = ReflectForm(request.POST)
    if not form.is_valid():
        raise JigaiError("bad-form", "没有选是否体现", "返回比对页重新填写")
    given = form.cleaned_data

    def act() -> str:
        mark_reflected(
            answer=row.pk, reflected=given["reflected"] == "yes", clause=given["clause"],
            note=given["note"], seen=given["seen"], by=request.user, access=request.access,
        )  # fmt: skip
        messages.success(request, "已标记")
        return reverse("consultation-compare", args=[row.consultation_id]) + "#adopted"

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
