"""Financing needs: what an office, an enterprise and an institution each see and do."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import requires
from jigai.core.fields.values import show_value
from jigai.core.screens.context import region_name
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.registers.access import APPLY, EDIT, VIEW, covers, is_official
from jigai.registers.masks import masked
from jigai.registers.models import Entry
from jigai.registers.services.give_consent import give_consent, withdraw_consent
from jigai.registers.services.push_need import push_need, receive_push, report_outcome
from jigai.registers.special.financing import LOOKS, NEXT, PUSHED, STATES, Rates, rates
from jigai.registers.special.pool_forms import OutcomeForm, PushForm
from jigai.registers.special.stored_financing import (
    banks,
    consented_pairs,
    consents_today,
    institutions_of,
    needs_in_reach,
    pushes_of,
    pushes_to,
)

MOST = 200


@requires(VIEW)
@require_GET
def desk(request: Any) -> HttpResponse:
    """The page of whoever asks: an institution's inbox, an enterprise's consents, the office."""
    if institutions_of(request.access):
        rows = _summaries(pushes_to(request.access)[:MOST])
        return render(request, "registers/financing_inbox.html", {"rows": rows})
    needs = list(needs_in_reach(request.access).order_by("-id")[:MOST])
    pushes = list(pushes_of(request.access).order_by("-id")[:MOST])
    consents: dict[int, list[str]] = defaultdict(list)
    for span in consents_today([need.pk for need in needs]):
        consents[span.values["need"]["id"]].append(span.values["institution"])
    places = names_of_regions({need.region_code for need in needs})
    every = pushes_of(request.access).select_related(None).values_list("values", flat=True)
    context = {
        "needs": [_line(need, consents[need.pk], places) for need in needs],
        "pushes": [_pushed(row.values) for row in pushes],
        "rates": [_shares(row) for row in rates(every)], "official": is_official(request.access),
        "applies": request.access.can(APPLY), "edits": request.access.can(EDIT), "most": MOST,
    }  # fmt: skip
    return render(request, "registers/financing_desk.html", context)


def _line(need: Entry, consented: list[str], places: dict[str, str]) -> dict[str, Any]:
    region = places.get(need.region_code, need.region_code)
    return {"row": need, "way": _shown(need, "way"), "about": _shown(need, "about"),
            "region": region, "consented": consented}  # fmt: skip


def _pushed(values: dict[str, Any]) -> dict[str, Any]:
    """A line of the table of pushes; what is not there yet is ``None``."""
    names = ("pushed_on", "received_on", "credited", "lent", "reason", "institution")
    told = {name: values.get(name) for name in names}
    state = values["state"]
    return {**told, "need": values["need"]["name"], "enterprise": values["enterprise"]["name"],
            "word": STATES[state], "look": LOOKS[state]}  # fmt: skip


def _shown(entry: Entry, name: str) -> str:
    field = entry.register.schema.field(name)
    return show_value(field, entry.values.get(name)) if field else ""


def _shares(row: Rates) -> dict[str, Any]:
    """Shares as a fraction and in per cent; nothing received has none."""

    def told(part: int) -> str:
        return f"{part}/{row.received}（{round(part * 1000 / row.received) / 10:g}%）" if (
            row.received
        ) else "—"  # fmt: skip

    return {"row": row, "accepted": told(row.accepted), "credited": told(row.credited),
            "lent": told(row.lent)}  # fmt: skip


def _summaries(pushes: list[Entry]) -> list[dict[str, Any]]:
    """What an institution sees before it signs: region, kind and range, no name."""
    needs = _needs(pushes)
    places = names_of_regions({need.region_code for need in needs.values()})
    return [_summary(push, needs[push.values["need"]["id"]], places) for push in pushes]


def _summary(push: Entry, need: Entry, places: dict[str, str]) -> dict[str, Any]:
    amount = need.register.schema.field("amount")
    assert amount is not None
    return {
        "row": push, "word": STATES[push.values["state"]], "look": LOOKS[push.values["state"]],
        "region": places.get(need.region_code, need.region_code), "way": _shown(need, "way"),
        "range": masked(amount, need.values["amount"], False, partial(show_value, amount)),
        "signed": push.values["state"] != PUSHED,
    }  # fmt: skip


def _needs(pushes: list[Entry]) -> dict[int, Entry]:
    wanted = {push.values["need"]["id"] for push in pushes}
    rows = Entry.objects.filter(pk__in=wanted).select_related("register__current")
    return {need.pk: need for need in rows.defer("search", "words")}


@requires(VIEW)
@require_http_methods(["GET", "POST"])
def item(request: Any, pk: int) -> HttpResponse:
    """One need at an institution: sign for it, see it, report what became of it."""
    push = next((row for row in pushes_to(request.access) if row.pk == pk), None)
    if push is None:
        raise Http404
    now, form = push.values["state"], None
    if request.method == "POST" and request.POST.get("act") == "receive":
        return redirect(_once(request, partial(_receive, request, pk)))
    if NEXT[now]:
        data = request.POST if request.method == "POST" else None
        form = OutcomeForm(data, now=now, initial={"version": push.version})
        if data is not None and form.is_valid():
            try:
                return redirect(_once(request, partial(_report, request, pk, form.cleaned_data)))
            except JigaiError as problem:
                form.add_error(None, f"{problem.message}。{problem.hint}")
    elif request.method == "POST":
        raise JigaiError("outcome-step", f"这项需求{STATES[now]}，现在不能回填", "刷新页面")
    (summary,) = _summaries([push])
    need = next(iter(_needs([push]).values())) if now != PUSHED else None
    shown = [
        (f.label, show_value(f, need.values.get(f.id)), f.type == "long")
        for f in need.register.schema.fields if f.id != "key"
    ] if need else []  # fmt: skip
    steps = push.life.select_related("by").order_by("effective", "id")
    context = {"push": push, "summary": summary, "shown": shown, "form": form,
               "steps": steps}  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "registers/financing_item.html", context, status=status)


def _receive(request: Any, pk: int) -> str:
    receive_push(push=pk, by=request.user, access=request.access)
    messages.success(request, "已签收，下面是需求的全部内容")
    return reverse("financing-item", args=[pk])


def _report(request: Any, pk: int, given: dict[str, Any]) -> str:
    report_outcome(
        push=pk, state=given["state"], by=request.user, access=request.access,
        amount=given.get("amount"), reason=given["reason"], version=given["version"],
    )  # fmt: skip
    messages.success(request, f"已回填：{STATES[given['state']]}")
    return reverse("financing-item", args=[pk])


def _once(request: Any, act: Any) -> str:
    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def push(request: Any, pk: int) -> HttpResponse:
    """Push a need to institutions its enterprise consented to."""
    need: Entry = get_object_or_404(needs_in_reach(request.access), pk=pk)
    if not covers(request.access, EDIT, need.region_code):
        raise Http404
    agreed = {institution for _, institution in consented_pairs([pk])}
    choices = [(str(bank.pk), bank.name) for bank in banks() if str(bank.pk) in agreed]
    data = request.POST if request.method == "POST" else None
    form = PushForm(data, banks=choices)
    if data is not None and form.is_valid():
        try:
            return redirect(_once(request, partial(_push, request, pk, form.cleaned_data)))
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
    context = {"need": need, "form": form, "choices": choices, "region": region_name(
        need.region_code), "way": _shown(need, "way")}  # fmt: skip
    status = 200 if data is None else 422
    return render(request, "registers/financing_push.html", context, status=status)


def _push(request: Any, pk: int, given: dict[str, Any]) -> str:
    chosen = [int(one) for one in given["institutions"]]
    made = push_need(need=pk, institutions=chosen, by=request.user, access=request.access)
    messages.success(
        request, f"已推送给 {len(made)} 家机构，等待签收" if made else "所选机构都已推送过"
    )
    return reverse("financing-desk")


@requires(APPLY)
@require_GET
def consents(request: Any, pk: int) -> HttpResponse:
    """Which institutions may see a need of one's own."""
    need: Entry = get_object_or_404(needs_in_reach(request.access), pk=pk)
    agreed = {institution for _, institution in consented_pairs([pk])}
    rows = [(bank, str(bank.pk) in agreed) for bank in banks()]
    return render(request, "registers/financing_consents.html", {"need": need, "rows": rows})


@requires(APPLY)
@require_POST
def consent(request: Any, pk: int, verb: str, number: int) -> HttpResponse:
    """Give consent to one institution, or withdraw it."""
    act = {"give": give_consent, "withdraw": withdraw_consent}.get(verb)
    if act is None:
        raise Http404

    def once() -> str:
        act(need=pk, institution=number, by=request.user, access=request.access)
        given = verb == "give"
        messages.success(request, "已同意，推送后该机构能看到" if given else "已撤回，即刻看不到")
        return reverse("financing-consents", args=[pk])

    return redirect(_once(request, once))
