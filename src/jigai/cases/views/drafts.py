"""The applicant's page: fill in, look it over, hand in once, keep the receipt; later 补正."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from jigai.cases import case_parts as parts
from jigai.cases.access import APPLY, HANDLE, VIEW
from jigai.cases.asked import ANSWERS
from jigai.cases.draft_form import DraftForm
from jigai.cases.models import CaseRecord, Commitment
from jigai.cases.services.act import act
from jigai.cases.services.drop_promise import drop_promises
from jigai.cases.services.keep_receipt import keep_receipt
from jigai.cases.services.sign_commitment import commitment_text
from jigai.cases.uploads import store
from jigai.cases.viewer import Viewer
from jigai.cases.views.case_pages import seen
from jigai.core.access import Denied, requires
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError

# What the buttons of the page do.
SAVE, LOOK, SUBMIT = "save", "look", "submit"


@requires(APPLY)
@require_http_methods(["GET", "POST"])
def draft(request: Any, number: str) -> HttpResponse:
    """The form of a draft, or of a notice of 补正; ``?look=1`` shows it as it will be handed in."""
    view = _applicant(request, number)
    correction = _correction(view)
    if view.case.state not in ("draft", "correction"):
        # A second click on 提交 belongs to the receipt of the first.
        handed_in = request.method == "POST" and view.case.records.filter(verb="receipt").exists()
        return redirect("case-receipt" if handed_in else "case-detail", number)
    if request.method == "GET":
        if request.GET.get("look") and correction is None:
            return _look(request, view, None, 200)
        return _page(request, view, DraftForm(view.case, correction), None, 200)
    form = DraftForm(view.case, correction, request.POST, request.FILES)
    if request.POST.get("do") == "hand-in":
        return _hand_in(request, view)
    if not form.is_valid():
        return _page(request, view, form, None, 422)
    try:
        url = send_once(
            user=request.user, nonce=request.POST.get("nonce", ""), path=request.path,
            act=lambda: _act(request, view, form),
        )  # fmt: skip
    except Denied:
        raise
    except JigaiError as problem:
        return _page(request, view, form, problem, 422)
    return redirect(url)


def _applicant(request: Any, number: str) -> Viewer:
    view = seen(request, number)
    if "applicant" not in view.relations:
        raise Http404
    return view


def _correction(view: Viewer) -> Any:
    if view.case.state != "correction":
        return None
    rows = view.case.corrections.filter(supplied_on__isnull=True, lapsed_on__isnull=True)
    return rows.first()


def _act(request: Any, view: Viewer, form: DraftForm) -> str:
    """Save, or hand in what was asked; files are stored in the same transaction."""
    case, user = view.case, request.user
    evidence: dict[str, Any] = {
        item: store(case, upload, user, form.fields[f"e-{item}"].label or "材料").pk
        for item, upload in form.uploads().items()
    }
    values = _with_files(view, form, user)
    more: dict[str, Any] = {}
    verb = "supply" if form.correction is not None else "save"
    if verb == "save":
        evidence |= dict.fromkeys(form.deferred(), "defer")
        more["answers"] = form.answers()
    dropped = {item.id for item in form.evidence} - set(evidence)
    if verb == "save":
        drop_promises(case=case.pk, items=dropped)
    act(case=case.pk, verb=verb, by=user, access=request.access, seen=_seen(request),
        values=values, evidence=evidence, **more)  # fmt: skip
    if verb == "supply":
        messages.success(request, "补正已提交，承办单位会接着办理")
        return reverse("case-detail", args=[case.number])
    if request.POST.get("do") == LOOK:
        return reverse("case-draft", args=[case.number]) + "?look=1"
    messages.success(request, "草稿已保存，还没有提交")
    return reverse("case-draft", args=[case.number])


def _with_files(view: Viewer, form: DraftForm, user: Any) -> dict[str, Any]:
    values = form.values()
    for item in form.items:
        upload = form.cleaned_data.get(f"v-{item.id}") if item.type == "file" else None
        if upload:
            kept = store(view.case, upload, user, item.label)
            values[item.id] = {"id": kept.pk, "name": kept.name}
    return values


def _hand_in(request: Any, view: Viewer) -> HttpResponse:
    """提交, once; the receipt is kept in the same transaction."""
    case = view.case

    def once() -> str:
        act(case=case.pk, verb="submit", by=request.user, access=request.access,
            seen=_seen(request), commitment=request.POST.get("commitment") == "yes")  # fmt: skip
        keep_receipt(case=case.pk, by=request.user)
        return reverse("case-receipt", args=[case.number])

    nonce = request.POST.get("nonce", "")
    try:
        url = send_once(user=request.user, nonce=nonce, path=request.path, act=once)
    except Denied:
        raise
    except JigaiError as problem:
        return _look(request, _applicant(request, case.number), problem, 422)
    return redirect(url)


def _seen(request: Any) -> int | None:
    text = request.POST.get("seen", "")
    return int(text) if text.isdigit() else None


def _page(request: Any, view: Viewer, form: DraftForm, problem: Any, status: int) -> HttpResponse:
    context = {
        "view": view, "case": view.case, "form": form, "problem": problem,
        "correction": form.correction, **_asked(form),
        "autosave": f"case:{view.case.number}:{request.user.pk}",
    }  # fmt: skip
    return render(request, "cases/draft.html", context, status=status)


@requires(APPLY)
@require_GET
def questions(request: Any, number: str) -> HttpResponse:
    """The questions that what is typed calls for; asked for while the form is being filled in."""
    view = _applicant(request, number)
    if view.case.state != "draft":
        raise Http404
    form = DraftForm(view.case, None, request.GET)
    return render(request, "cases/draft_asked.html", _asked(form))


def _asked(form: DraftForm) -> dict[str, Any]:
    sections, typed = form.sections(), [item.id for item in form.items]
    names = dict.fromkeys(name for one in sections for name in one.fields if name in typed)
    return {"sections": sections, "choices": ANSWERS.items(), "asking_fields": list(names)}


def _look(request: Any, view: Viewer, problem: Any, status: int) -> HttpResponse:
    """The application as it stands, with the button that hands it in."""
    context = {
        "view": view, "case": view.case, "problem": problem, "values": parts.values_of(view),
        "materials": parts.materials_of(view), "to_sign": _to_sign(view),
        "answers": parts.answers_of(view),
        "autosave": f"case:{view.case.number}:{request.user.pk}",
    }  # fmt: skip
    return render(request, "cases/draft_look.html", context, status=status)


def _to_sign(view: Viewer) -> dict[str, Any] | None:
    """承诺书 as it is signed, and whether it is already; ``None`` where none is asked for."""
    if not view.spec.commitment:
        return None
    signed = Commitment.objects.filter(case=view.case).exists()
    return {"text": commitment_text(view.case), "signed": signed}


@requires(VIEW, HANDLE, APPLY)
@require_GET
def receipt(request: Any, number: str) -> HttpResponse:
    """回执: when what was handed in, and the hash that proves it."""
    view = _applicant(request, number)
    row = CaseRecord.objects.filter(case=view.case, verb="receipt").order_by("-id").first()
    if row is None:
        raise Http404
    context = {"view": view, "case": view.case, "row": row, "data": row.data,
               "autosave": f"case:{number}:{request.user.pk}"}  # fmt: skip
    return render(request, "cases/receipt.html", context)


URLS = [
    path("cases/<str:number>/draft/", draft, name="case-draft"),
    path("cases/<str:number>/questions/", questions, name="case-questions"),
    path("cases/<str:number>/receipt/", receipt, name="case-receipt"),
]
