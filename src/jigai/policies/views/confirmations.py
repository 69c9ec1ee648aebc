"""Facts that wait for a person: what, for whom, whose duty; confirmed one by one or together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jigai.core.access import requires, scoped
from jigai.core.services.send_once import send_once
from jigai.policies.confirmable import SUBJECTS, Confirmable, confirmables
from jigai.policies.confirmations import latest_confirmations
from jigai.policies.models import Confirmation, Decision, EvaluationRun
from jigai.policies.selectors import RUNS
from jigai.policies.services.confirm_term import confirm_term


class ConfirmForm(forms.Form):
    """One answer for the ticked subjects."""

    keys = forms.MultipleChoiceField(
        label="对象", choices=(), error_messages={"required": "请至少勾选一个对象"}
    )
    answer = forms.ChoiceField(
        label="结论", choices=(("yes", "是"), ("no", "否"), ("back", "收回以前的确认"))
    )
    note = forms.CharField(label="说明", max_length=400, required=False)


def _runs(request: Any) -> Any:
    runs = EvaluationRun.objects.select_related("pack").defer("pack__files")
    return scoped(runs, request.access, "gate.view", RUNS)


@requires("gate.view")
def latest(request: Any) -> HttpResponse:
    """The newest run's open facts, or how to get there."""
    run = _runs(request).order_by("-id").first()
    if run is None:
        return render(request, "policies/gates_none.html")
    return redirect("gate-run", pk=run.pk)


@requires("gate.view")
def of_run(request: Any, pk: int) -> HttpResponse:
    """Every open fact of a run, those of one's own duty first."""
    run = get_object_or_404(_runs(request), pk=pk)
    answers = _answered(run)
    rows = [
        {
            "fact": fact,
            "mine": request.access.can(fact.capability),
            "waiting": sum((fact.subject, key, fact.term) not in answers for key in fact.keys),
            "subject": SUBJECTS[fact.subject],
        }
        for fact in confirmables(run)
    ]
    rows.sort(key=lambda row: (not row["mine"], not row["fact"].manual))
    return render(request, "policies/gates.html", {"run": run, "rows": rows})


def _answered(run: EvaluationRun) -> dict[tuple[str, str, str], Confirmation]:
    found = latest_confirmations(run.year, run.region_code).select_related("by")
    return {(c.subject, c.subject_key, c.term): c for c in found if c.value is not None}


def _fact(run: EvaluationRun, subject: str, term: str) -> Confirmable:
    for fact in confirmables(run):
        if (fact.subject, fact.term) == (subject, term):
            return fact
    raise Http404


@requires("gate.view")
@require_http_methods(["GET", "POST"])
def of_term(request: Any, pk: int, subject: str, term: str) -> HttpResponse:
    """One fact: the subjects that wait for it, and the answers given."""
    run = get_object_or_404(_runs(request), pk=pk)
    fact = _fact(run, subject, term)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    form.fields["keys"].choices = [(key, key) for key in fact.keys]
    if request.method == "POST" and form.is_valid():
        return _confirm(request, run, fact, form)
    context = {
        "run": run,
        "fact": fact,
        "subject": SUBJECTS[subject],
        "form": form,
        "mine": request.access.can(fact.capability),
        "rows": _subjects(run, fact),
        "history": _history(run, fact),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "policies/gate.html", context, status=status)


def _confirm(
    request: Any, run: EvaluationRun, fact: Confirmable, form: ConfirmForm
) -> HttpResponse:
    given = form.cleaned_data

    def act() -> str:
        count = confirm_term(
            run=run, fact=fact, keys=given["keys"],
            value={"yes": True, "no": False, "back": None}[given["answer"]],
            note=given["note"], by=request.user, access=request.access,
        )  # fmt: skip
        messages.success(request, f"已记录 {count} 项确认，下一次测算即按此取值")
        return reverse("gate-detail", args=[run.pk, fact.subject, fact.term])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


def _subjects(run: EvaluationRun, fact: Confirmable) -> list[dict[str, Any]]:
    answers = _answered(run)
    names = _names(run, fact)
    return [
        {
            "key": key,
            "name": names.get(key, key),
            "answer": answers.get((fact.subject, key, fact.term)),
        }
        for key in fact.keys
    ]


def _names(run: EvaluationRun, fact: Confirmable) -> dict[str, str]:
    rows = Decision.objects.filter(run=run)
    if fact.subject == "enterprise":
        found = rows.filter(enterprise__uscc__in=fact.keys)
        return dict(found.order_by("id").values_list("enterprise__uscc", "enterprise_name"))
    found = rows.filter(subject=fact.subject, subject_key__in=fact.keys)
    return {
        key: f"{label}（{owner}）" if owner else label
        for key, label, owner in found.order_by("id").values_list(
            "subject_key", "label", "enterprise_name"
        )
    }


def _history(run: EvaluationRun, fact: Confirmable) -> Any:
    rows = Confirmation.objects.filter(
        year=run.year, subject=fact.subject, term=fact.term, subject_key__in=fact.keys
    )
    return rows.select_related("by").order_by("-id")[:50]
