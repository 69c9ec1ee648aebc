"""Credit records: the list, one record through its five links, and what is done with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jigai.core.access import Reach, requires, scoped
from jigai.core.models import Enterprise
from jigai.core.screens.list_filters import search
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.registers.access import APPLY, APPROVE, EDIT, VIEW, covers
from jigai.registers.models import Entry, EntrySpan
from jigai.registers.selectors import on_day
from jigai.registers.services.disclose_record import (
    WORDS,
    ask_about_record,
    decide_request,
    disclose_record,
    use_record,
)
from jigai.registers.special.credit import PENDING
from jigai.registers.special.pool_forms import AnswerForm, AskForm, DiscloseForm, UseForm
from jigai.registers.special.stored_credit import (
    disclosures_of,
    effects_of,
    is_disclosed,
    kind_of,
    kinds_of,
    links_of,
    pending_about,
    records_in_reach,
    requests_about,
    standings_on,
)

MOST = 200
STANDINGS = {"good": ("ok", "良好"), "other": ("warning", "其他不良"), "abnormal":
             ("warning", "经营异常"), "dishonest": ("rejected", "失信被执行人"),
             "serious": ("rejected", "严重违法失信")}  # fmt: skip
RESULTS = {"pending": ("pending", "待决定"), "granted": ("confirmed", "准予"),
           "refused": ("rejected", "不予")}  # fmt: skip


@requires(VIEW)
@require_GET
def desk(request: Any) -> HttpResponse:
    """Records in reach with where they stand; by enterprise or number."""
    words, today = request.GET.get("q", "").strip()[:80], timezone.localdate()
    rows = records_in_reach(request.access)
    if words:
        rows = search(rows, words)
    total = rows.count()
    records = list(rows.order_by("-id")[:MOST])
    numbers = [row.pk for row in records]
    kinds, shown = kinds_of(records), disclosures_of(numbers)
    held = held_disclosures(list(shown.values()), today)
    waiting = pending_about(numbers)
    lines = [
        {"row": row, "kind": kinds[row.pk].get("name", ""),
         "nature": "守信" if kinds[row.pk].get("nature") == "good" else "失信",
         "months": kinds[row.pk].get("disclose_months"), "waits": row.pk in waiting,
         "state": _state(shown.get(row.pk), held)}
        for row in records
    ]  # fmt: skip
    context = {"lines": lines, "words": words, "total": total, "most": MOST,
               "edits": request.access.can(EDIT)}  # fmt: skip
    return render(request, "registers/credit_desk.html", context)


def held_disclosures(disclosures: list[Entry], day: dt.date) -> set[int]:
    """Which disclosures hold on a day."""
    rows = EntrySpan.objects.filter(on_day(day), entry__in=[d.pk for d in disclosures])
    return set(rows.values_list("entry", flat=True))


def _state(disclosure: Entry | None, held: set[int]) -> tuple[str, str]:
    if disclosure is None:
        return "waiting", "还没有披露"
    return ("done", "披露中") if disclosure.pk in held else ("closed", "已停止披露")


@requires(VIEW)
@require_http_methods(["GET", "POST"])
def record(request: Any, pk: int) -> HttpResponse:
    """One record: its links, and the steps this person may take."""
    item: Entry = get_object_or_404(records_in_reach(request.access), pk=pk)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    steps = _steps(request, item)
    if request.method == "POST" and act not in steps:
        raise JigaiError("no-step", "这一步现在不能办", "刷新页面查看能办的事项")
    for name, step in steps.items():
        if name != act:
            continue
        if step["form"].is_valid():
            try:
                return redirect(_once(request, partial(step["act"], step["form"].cleaned_data)))
            except JigaiError as problem:
                step["form"].add_error(None, f"{problem.message}。{problem.hint}")
    context = {
        "item": item, "kind": kind_of(item), "links": links_of(item, timezone.localdate()),
        "steps": list(steps.items()), "requests": [_request(row) for row in requests_about(pk)],
        "life": item.life.select_related("by").order_by("effective", "id"),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "registers/credit_record.html", context, status=status)


def _request(row: Entry) -> dict[str, Any]:
    given = row.values
    names = ("asked_on", "said", "answer", "document", "decided_on")
    look, word = RESULTS[given["state"]]
    return {**{name: given.get(name) for name in names}, "kind": WORDS[given["kind"]],
            "look": look, "word": word}  # fmt: skip


def _steps(request: Any, item: Entry) -> dict[str, dict[str, Any]]:
    """Forms by step, bound where it is the one sent."""
    access, today = request.access, timezone.localdate()
    disclosure = disclosures_of([item.pk]).get(item.pk)
    held = is_disclosed(disclosure, today)
    waiting = [row for row in requests_about(item.pk) if row.values["state"] == PENDING]
    found: dict[str, dict[str, Any]] = {}
    here = {capability: access.can(capability) and covers(access, capability, item.region_code)
            for capability in (EDIT, APPROVE)}  # fmt: skip
    if here[APPROVE] and disclosure is None:
        found["disclose"] = _step(request, "disclose", "披露", DiscloseForm, partial(
            _disclose, request, item))  # fmt: skip
    if here[APPROVE] and waiting:
        found["decide"] = _step(
            request, "decide", f"决定{WORDS[waiting[0].values['kind']]}", AnswerForm,
            partial(_decide, request, item, waiting[0]), {"version": waiting[0].version},
        )  # fmt: skip
    if here[EDIT] and held:
        found["use"] = _step(request, "use", "登记使用", UseForm, partial(_use, request, item))
    mine = {g.enterprise_id for g in access.granting(APPLY) if g.enterprise_id}
    if item.enterprise_id in mine and not waiting:
        found["ask"] = _step(request, "ask", "申请修复或提出异议", AskForm, partial(
            _ask, request, item))  # fmt: skip
    return found


def _step(
    request: Any, name: str, title: str, form: type[forms.Form], act: Callable[..., str],
    initial: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    data = request.POST if request.method == "POST" and request.POST.get("act") == name else None
    return {"title": title, "form": form(data, initial=initial), "act": act}


def _once(request: Any, act: Callable[[], str]) -> str:
    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


def _done(request: Any, item: Entry, told: str) -> str:
    messages.success(request, told)
    return reverse("credit-record", args=[item.pk])


def _disclose(request: Any, item: Entry, given: dict[str, Any]) -> str:
    disclose_record(record=item.pk, by=request.user, access=request.access, **given)
    return _done(request, item, "已披露，到期自动停止")


def _use(request: Any, item: Entry, given: dict[str, Any]) -> str:
    use_record(record=item.pk, by=request.user, access=request.access, **given)
    return _done(request, item, "使用已登记")


def _ask(request: Any, item: Entry, given: dict[str, Any]) -> str:
    ask_about_record(record=item.pk, by=request.user, access=request.access, **given)
    return _done(request, item, "已提交，等待决定")


def _decide(request: Any, item: Entry, waiting: Entry, given: dict[str, Any]) -> str:
    decide_request(request=waiting.pk, by=request.user, access=request.access, **given)
    return _done(request, item, "决定已登记")


@requires(VIEW)
@require_GET
def of_enterprise(request: Any, pk: int) -> HttpResponse:
    """An enterprise's standing on a day and what it brings, a part of its page."""
    reach = Reach(region="region_code", enterprise="pk")
    firm = get_object_or_404(scoped(Enterprise.objects.all(), request.access, VIEW, reach), pk=pk)
    try:
        day = dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        day = timezone.localdate()
    held = [STANDINGS[name] for name in sorted(standings_on([pk], day)[pk])]
    effects = effects_of(firm, day)
    context = {"firm": firm, "day": day, "held": held, "effects": effects}
    return render(request, "registers/credit_enterprise.html", context)
