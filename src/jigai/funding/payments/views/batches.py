"""Batches: look over, release, send, take in answers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jigai.core.access import requires
from jigai.core.jobs import start_job
from jigai.core.models import AccessLog
from jigai.errors import JigaiError
from jigai.funding.models import PaymentBatch, ReturnFile
from jigai.funding.payments import jobs
from jigai.funding.payments.accounts import masked
from jigai.funding.payments.batch_file import csv_text, hash_of, orders_of, write_xlsx
from jigai.funding.payments.forms import AnswersForm, ReasonForm
from jigai.funding.payments.selectors import MAKE, RELEASE, VIEW, batches_for
from jigai.funding.payments.services.release_batch import release_batch, void_batch
from jigai.funding.payments.services.send_batch import send_batch
from jigai.funding.payments.views.shared import download, kept, once, workbook
from jigai.funding.payments.words import BATCH_LOOKS, ORDER_LOOKS

SHOWN = 200
# Handed over: there is a file and there may be answers.
_AWAY = ("sent", "settled")
_ACTS = {"release": (RELEASE,), "void": (MAKE, RELEASE), "send": (MAKE,), "answers": (MAKE,)}
_TOLD = {
    "release": "已复核，可以送出", "void": "已作废", "send": "已送出，请下载文件交国库",
    "answers": "回单文件已收到，正在记账",
}  # fmt: skip


def _row(request: Any, pk: int) -> PaymentBatch:
    rows = batches_for(request.access).select_related(
        "request__round", "request__programme", "made_by", "released_by"
    )
    return get_object_or_404(rows, pk=pk)


@requires(VIEW)
@require_safe
def detail(request: Any, pk: int) -> HttpResponse:
    """One batch with its payments and answers."""
    return _page(request, _row(request, pk))


def _page(
    request: Any,
    row: PaymentBatch,
    forms: dict[str, Any] | None = None,
    problem: JigaiError | None = None,
) -> HttpResponse:
    given, access, state = forms or {}, request.access, row.state
    orders = row.orders.select_related("enterprise", "account", "application", "replaces")
    lines = [
        (order, ORDER_LOOKS[order.state], masked(order.account.number))
        for order in orders.order_by("id")[:SHOWN]
    ]
    makes = access.can(MAKE)
    context = {
        "row": row, "look": BATCH_LOOKS[state], "lines": lines, "problem": problem, "shown": SHOWN,
        "answers": row.answers.select_related("by").order_by("-id"),
        "may_release": state == "draft" and access.can(RELEASE)
        and row.made_by_id != request.user.pk,
        "may_void": state in ("draft", "released") and (makes or access.can(RELEASE)),
        "may_send": state == "released" and makes, "may_take": makes or access.can(RELEASE),
        "has_file": state in _AWAY, "may_answer": state in _AWAY and makes,
        "void_form": given.get("void") or ReasonForm(prefix="void"),
        "answers_form": given.get("answers") or AnswersForm(),
    }  # fmt: skip
    status = 422 if problem or forms else 200
    return render(request, "funding/payments/batch.html", context, status=status)


@requires(MAKE, RELEASE)
@require_POST
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """Release, void, send, or take in answers."""
    row = _row(request, pk)
    if verb not in _ACTS:
        raise Http404("no such verb")
    request.access.require(*_ACTS[verb])
    form: Any = None
    if verb == "void":
        form = ReasonForm(request.POST, prefix="void")
    elif verb == "answers":
        form = AnswersForm(request.POST, request.FILES)
    if form is not None and not form.is_valid():
        return _page(request, row, {verb: form})
    try:
        return redirect(once(request, lambda: _do(request, row, verb, form), _TOLD[verb]))
    except JigaiError as problem:
        return _page(request, row, {verb: form} if form else None, problem)


def _do(request: Any, row: PaymentBatch, verb: str, form: Any) -> str:
    text = request.POST.get("seen", "")
    seen = int(text) if text.isdigit() else 0
    who = {"by": request.user, "access": request.access}
    if verb == "answers":
        return _answers(request, row)
    if verb == "send" and row.rows > jobs.AT_ONCE:
        job = start_job(
            kind=jobs.SEND, title=f"送出 {row.number}", owner=request.user,
            params={"pk": row.pk, "seen": seen},
        )  # fmt: skip
        return reverse("job-detail", args=[job.pk])
    if verb == "send":
        send_batch(batch=row.pk, seen=seen, **who)
    elif verb == "release":
        release_batch(batch=row.pk, seen=seen, **who)
    else:
        void_batch(batch=row.pk, seen=seen, reason=form.cleaned_data["reason"], **who)
    return reverse("payment-batch", args=[row.pk])


def _answers(request: Any, row: PaymentBatch) -> str:
    file = kept(request, row.request.round.region_code, "国库回单")
    assert file is not None
    job = start_job(
        kind=jobs.ANSWERS, title=f"回单 {row.number}", owner=request.user,
        params={"batch": row.pk, "file": file.pk},
    )  # fmt: skip
    return reverse("job-detail", args=[job.pk])


@requires(MAKE, RELEASE)
@require_safe
def file(request: Any, pk: int, kind: str) -> HttpResponse:
    """The file for the treasury as ``csv`` or ``xlsx``: the same bytes of rows every time."""
    row = _row(request, pk)
    if row.state not in _AWAY or kind not in ("csv", "xlsx"):
        raise Http404("not sent")
    orders = orders_of(row)
    if hash_of(orders) != row.file_hash:
        raise JigaiError(
            "file-altered",
            f"支付批 {row.number} 的明细与送出时的散列不符",
            "不要交给国库，报告平台管理员",
        )
    AccessLog.objects.create(
        user=request.user, action="download", kind="payment-batch", key=str(row.pk),
        label=f"{row.number}.{kind}", request_id=request.request_id,
        on_behalf=request.access.acting_for[:64],
    )  # fmt: skip
    name = f"国库支付-{row.number}.{kind}"
    if kind == "csv":
        return download(csv_text(orders).encode(), "text/csv; charset=utf-8", name)
    return workbook(lambda path: write_xlsx(path, row, orders), name)


@requires(VIEW)
@require_safe
def answers(request: Any, pk: int) -> HttpResponse:
    """One file of answers: what was booked, and the rows set apart."""
    rows = ReturnFile.objects.filter(batch__in=batches_for(request.access))
    row = get_object_or_404(rows.select_related("batch", "by"), pk=pk)
    return render(request, "funding/payments/answers.html", {"row": row})
