"""The pool of providers: who fits a need, one provider, who should leave, rating a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jigai.core.access import requires
from jigai.core.fields.names import industry_word, region_word
from jigai.core.screens.context import region_name
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.registers.access import APPLY, EDIT, VIEW, covers, is_official
from jigai.registers.models import Entry, Register
from jigai.registers.services.rate_case import rate_case
from jigai.registers.special.pool_forms import NeedForm, RateForm
from jigai.registers.special.providers import (
    ExitFinding,
    Need,
    Provider,
    average_of,
    by_period,
    match,
)
from jigai.registers.special.stored_providers import (
    CASES,
    POOL,
    exits_on,
    pool_on,
    reasons,
    rules_on,
    thresholds,
)

MOST = 200


def _kinds() -> list[tuple[str, str]]:
    pool = Register.objects.select_related("current").filter(code=POOL).first()
    field = pool.schema.field("kind") if pool else None
    return list(field.options.items()) if field else []


@requires(VIEW)
@require_GET
def find(request: Any) -> HttpResponse:
    """Providers that fit a need, best evaluated first; all of them without one."""
    form = NeedForm(request.GET or None, kinds=_kinds())
    valid = form.is_valid() if form.is_bound else True
    given = form.cleaned_data if form.is_bound and valid else {}
    need = Need(*(given.get(name) or "" for name in ("field", "industry", "region", "kind")))
    today = timezone.localdate()
    providers = pool_on(today)
    findings = exits_on(today, providers)
    leaving = {key: reasons(found) for key, found in findings.items()}
    rows = match(providers, need, leaving) if valid else []
    context = {
        "form": form, "rows": [_matched(m) for m in rows[:MOST]], "total": len(rows),
        "pool": len(providers), "asked": bool(given and any(given.values())), "most": MOST,
        "official": is_official(request.access), "leaving": sum(map(bool, leaving.values())),
    }  # fmt: skip
    return render(request, "registers/provider_find.html", context, status=200 if valid else 422)


def _matched(found: Any) -> dict[str, Any]:
    one: Provider = found.provider
    return {"match": found, "one": one, "fields": "、".join(one.fields),
            "industries": _words(one.industries, industry_word) or "不限",
            "areas": _words(one.areas, region_word) or "不限",
            "average": score(found.average)}  # fmt: skip


def _words(codes: Iterable[str], say: Any) -> str:
    return "、".join(say(code) for code in codes)


def score(value: Any) -> str:
    """A mean score with one decimal, half up; a dash where there is none."""
    if value is None:
        return "—"
    tenths = int(value * 10 + value.__class__(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


@requires(VIEW)
@require_GET
def card(request: Any, pk: int) -> HttpResponse:
    """One provider of the pool: certificates, cases, votes by period, what the exit rules say."""
    today = timezone.localdate()
    one = next((p for p in pool_on(today) if p.key == pk), None)
    if one is None:
        raise Http404
    official = is_official(request.access)
    findings = exits_on(today, [one])[pk] if official else []
    mine = {g.enterprise_id for g in request.access.granting(APPLY) if g.enterprise_id}
    cases = [
        {"case": case, "average": score(average_of(case.votes)), "votes": len(case.votes),
         "industry": industry_word(case.industry) if case.industry else "",
         "rate": case.client in mine and not any(v.enterprise in mine for v in case.votes)}
        for case in one.cases
    ]  # fmt: skip
    context = {
        "one": one, "place": region_name(one.place), "fields": "、".join(one.fields),
        "qualifications": [(q, q.valid_on(today)) for q in one.qualifications], "cases": cases,
        "periods": [(period, n, score(mean)) for period, n, mean in by_period(one.votes)],
        "findings": [_finding(f) for f in findings], "official": official,
        "average": score(average_of(one.votes)), "votes": len(one.votes),
        "leaving": reasons(exits_on(today, [one])[pk]),
        "removes": request.access.can(EDIT) and covers(request.access, EDIT, one.place),
        "words": [v.words for v in one.votes if v.words],
    }  # fmt: skip
    return render(request, "registers/provider_card.html", context)


def _finding(found: ExitFinding) -> dict[str, Any]:
    """A finding as a status and a sentence; what cannot be told says what is missing."""
    if found.broken:
        return {"rule": found.rule, "look": "error", "word": "公式有误", "told": found.broken}
    if found.leave is None:
        told = f"没有“{'、'.join(found.missing)}”，不判"
        return {"rule": found.rule, "look": "undetermined", "word": "未定", "told": told}
    if found.leave:
        return {"rule": found.rule, "look": "warning", "word": "应退出", "told": found.rule.says}
    return {"rule": found.rule, "look": "ok", "word": "不退", "told": "没有这种情形"}


@requires(EDIT)
@require_GET
def leaving(request: Any) -> HttpResponse:
    """Providers of one's region that should leave, with the reasons; removal is decided apart."""
    today = timezone.localdate()
    providers = [p for p in pool_on(today) if covers(request.access, EDIT, p.place)]
    findings = exits_on(today, providers)
    rows = [(p, region_name(p.place), reasons(findings[p.key])) for p in providers]
    limits = thresholds()
    context = {
        "rows": [row for row in rows if row[2]], "total": len(providers),
        "rules": rules_on(today),
        "limits": [(name, _plain(limits.get(name))) for name in ("评价下限", "最少评价数")],
    }  # fmt: skip
    return render(request, "registers/provider_leaving.html", context)


def _plain(value: Any) -> str:
    return "未定" if value is None else f"{float(value):g}"


@requires(APPLY)
@require_http_methods(["GET", "POST"])
def rate(request: Any, pk: int) -> HttpResponse:
    """The served enterprise rates a case, once."""
    mine = [g.enterprise_id for g in request.access.granting(APPLY) if g.enterprise_id]
    case: Entry = get_object_or_404(
        Entry, pk=pk, register__code=CASES, state=Entry.State.LISTED, enterprise__in=mine
    )
    data = request.POST if request.method == "POST" else None
    form = RateForm(data, initial={"period": str(dt.date.fromisoformat(
        case.values["finished"]).year)})  # fmt: skip
    if data is not None and form.is_valid():
        try:
            return redirect(_rate(request, case, form.cleaned_data))
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
    context = {"case": case, "form": form, "provider": case.values["provider"]}
    status = 200 if data is None else 422
    return render(request, "registers/provider_rate.html", context, status=status)


def _rate(request: Any, case: Entry, given: dict[str, Any]) -> str:
    def act() -> str:
        rate_case(case=case.pk, by=request.user, access=request.access, **given)
        messages.success(request, "评价已提交，计入服务商的分数")
        return reverse("provider-card", args=[case.values["provider"]["id"]])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)
