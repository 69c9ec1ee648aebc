"""Requests: draft, send, record the quota document, make batches out of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jigai.core.access import requires
from jigai.core.evidence.serve import serve_evidence
from jigai.core.jobs import start_job
from jigai.errors import JigaiError
from jigai.funding.models import PaymentRequest
from jigai.funding.payments import jobs
from jigai.funding.payments.forms import GrantForm, ReasonForm, SharesForm
from jigai.funding.payments.plan import plan_batch
from jigai.funding.payments.request_word import write_sheet
from jigai.funding.payments.selectors import (
    GRANT,
    MAKE,
    REQUEST,
    VIEW,
    requests_for,
    rounds_for,
    waiting_rounds,
)
from jigai.funding.payments.services.answer_request import grant_request, return_request
from jigai.funding.payments.services.make_batch import make_batch
from jigai.funding.payments.services.make_request import make_request
from jigai.funding.payments.services.send_request import drop_request, send_request
from jigai.funding.payments.services.set_shares import set_shares
from jigai.funding.payments.shares import shares_told
from jigai.funding.payments.views.shared import kept, once, workbook
from jigai.funding.payments.words import BATCH_LOOKS, REQUEST_LOOKS

# Rows shown on the page; the workbook holds all of them.
SHOWN = 100
_ACTS = {"send": REQUEST, "drop": REQUEST, "grant": GRANT, "return": GRANT, "batch": MAKE}


@requires(REQUEST)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Rounds with applications that wait for money; one is drafted into a request."""
    if request.method == "POST":
        text = request.POST.get("round", "")
        row = get_object_or_404(rounds_for(request.access), pk=text if text.isdigit() else 0)

        def draft() -> str:
            made = make_request(round_=row, by=request.user, access=request.access)
            return reverse("payment-detail", args=[made.pk])

        return redirect(once(request, draft, "请示已拟好，核对明细后送出"))
    context = {"rounds": waiting_rounds(request.access)}
    return render(request, "funding/payments/request_new.html", context)


@requires(VIEW)
@require_safe
def detail(request: Any, pk: int) -> HttpResponse:
    """One request with its lines, quota and batches."""
    return _page(request, _row(request, pk))


def _row(request: Any, pk: int) -> PaymentRequest:
    rows = requests_for(request.access).select_related(
        "round", "programme", "document", "made_by", "granted_by", "quota_file"
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    request: Any,
    row: PaymentRequest,
    forms: dict[str, Any] | None = None,
    problem: JigaiError | None = None,
) -> HttpResponse:
    given, access = forms or {}, request.access
    plan = plan_batch(row) if row.state == "granted" and row.rows <= jobs.AT_ONCE else None
    counts = row.lines.aggregate(
        granted=Count("pk", filter=Q(state="granted")),
        released=Count("pk", filter=Q(state="released")),
    )
    context = {
        "row": row, "look": REQUEST_LOOKS[row.state], "problem": problem, "shown": SHOWN,
        "lines": row.lines.select_related("application").order_by("place", "id")[:SHOWN],
        "shares": shares_told(list(row.round.cost_shares.order_by("place", "id"))),
        "batches": [(b, BATCH_LOOKS[b.state]) for b in row.batches.order_by("-id")],
        "plan": plan, "counts": counts, "large": row.rows > jobs.AT_ONCE,
        "may_send": row.state == "draft" and access.can(REQUEST),
        "grant_form": given.get("grant") or GrantForm(), "may_make": access.can(MAKE),
        "may_grant": row.state == "sent" and access.can(GRANT)
        and row.made_by_id != request.user.pk,
        "return_form": given.get("return") or ReasonForm(prefix="return"),
    }  # fmt: skip
    status = 422 if problem or forms else 200
    return render(request, "funding/payments/request.html", context, status=status)


@requires(REQUEST, GRANT, MAKE)
@require_POST
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """Send, drop, grant, return, or make a batch."""
    row = _row(request, pk)
    if verb not in _ACTS:
        raise Http404("no such verb")
    request.access.require(_ACTS[verb])
    form: Any = None
    if verb == "grant":
        form = GrantForm(request.POST, request.FILES)
    elif verb == "return":
        form = ReasonForm(request.POST, prefix="return")
    if form is not None and not form.is_valid():
        return _page(request, row, {verb: form})
    try:
        return redirect(once(request, lambda: _do(request, row, verb, form), _TOLD[verb]))
    except JigaiError as problem:
        return _page(request, row, {verb: form} if form else None, problem)


_TOLD = {
    "send": "请示已送出", "drop": "拟稿已作废", "grant": "指标已登记", "return": "已退回",
    "batch": "支付批已制好，等另一人复核",
}  # fmt: skip


def _do(request: Any, row: PaymentRequest, verb: str, form: Any) -> str:
    text = request.POST.get("seen", "")
    seen = int(text) if text.isdigit() else 0
    who = {"by": request.user, "access": request.access}
    here = reverse("payment-detail", args=[row.pk])
    if verb == "batch":
        return _batch(request, row)
    if verb == "send":
        send_request(request=row.pk, seen=seen, **who)
    elif verb == "drop":
        drop_request(request=row.pk, seen=seen, **who)
    elif verb == "return":
        return_request(request=row.pk, seen=seen, reason=form.cleaned_data["reason"], **who)
    else:
        given = form.cleaned_data
        grant_request(
            request=row.pk,
            seen=seen,
            quota_no=given["quota_no"],
            quota_on=given["quota_on"],
            fen=given["amount"] or 0,
            rule=given["rule"],
            file=kept(request, row.round.region_code, "指标文件"),
            **who,
        )
    return here


def _batch(request: Any, row: PaymentRequest) -> str:
    if row.rows > jobs.AT_ONCE:
        job = start_job(
            kind=jobs.MAKE, title=f"制单 {row.number}", owner=request.user, params={"pk": row.pk}
        )
        return reverse("job-detail", args=[job.pk])
    batch = make_batch(request=row.pk, by=request.user, access=request.access)
    return reverse("payment-batch", args=[batch.pk])


@requires(VIEW)
@require_safe
def paper(request: Any, pk: int, kind: str) -> HttpResponse:
    """The request in Word, its detail sheet, or the quota document as uploaded."""
    row = _row(request, pk)
    if kind == "sheet":
        return workbook(lambda path: write_sheet(path, row), f"资金拨付明细表-{row.number}.xlsx")
    file = {"word": row.document.file if row.document else None, "quota": row.quota_file}.get(kind)
    if file is None:
        raise Http404("no such paper")
    return serve_evidence(request, file)


@requires(REQUEST)
@require_http_methods(["GET", "POST"])
def shares(request: Any, pk: int) -> HttpResponse:
    """What each level bears of a round's money."""
    row = get_object_or_404(rounds_for(request.access), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = SharesForm(data, round_=row)
    if data is not None and form.is_valid():

        def deed() -> str:
            set_shares(round_=row, shares=form.shares(), by=request.user, access=request.access)
            return reverse("payment-list")

        try:
            return redirect(once(request, deed, "分级负担比例已登记"))
        except JigaiError as problem:
            form.add_error(None, str(problem))
    context = {"round": row, "form": form,
               "told": shares_told(list(row.cost_shares.order_by("place", "id")))}  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "funding/payments/shares.html", context, status=status)
