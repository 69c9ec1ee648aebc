"""Awards on screen: what each title is worth, propose, approve, pay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.forms.fields import day_field
from jigai.core.services.send_once import send_once
from jigai.funding.awards.entitlements import choices_asked, entitlements
from jigai.funding.awards.from_rounds import rewarded_by
from jigai.funding.awards.lists import LOOKS, awards_for
from jigai.funding.awards.services.grant_award import decide_award, pay_award, propose_award
from jigai.funding.budgets.access import APPROVE, MANAGE, VIEW, programmes_for
from jigai.funding.models import Programme
from jigai.policies.addressees import reaches
from jigai.policies.force import force_on
from jigai.policies.models import PackVersion
from jigai.policies.standing import current_version
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_readings
from jigai.rules.schema import Reading


class ChooseForm(forms.Form):
    """The day and the readings an evaluation of titles rests on."""

    on = day_field("取值日期")

    def __init__(self, *args: Any, readings: Sequence[Reading] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for reading in readings:
            options = [(key, f"{key}：{o.word}") for key, o in reading.options.items()]
            default = reading.options[reading.default].word
            self.fields[reading.id] = forms.ChoiceField(
                label=reading.name, required=False, choices=[("", f"默认（{default}）"), *options]
            )


def _packs_with_titles() -> list[str]:
    """Documents that have awards for titles."""
    rows = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    found = []
    for version in rows.order_by("slug", "id"):
        if any(m.subject == "award" for m in model_of(version).measures.values()):
            found.append(version.slug)
    return found


@requires(VIEW)
@require_GET
def funds(request: Any) -> HttpResponse:
    """Special funds of documents with awards for titles."""
    rows = programmes_for(request.access).filter(pack__in=_packs_with_titles())
    found = list(rows.order_by("-year", "region_code", "code")[:200])
    return render(request, "funding/awards/funds.html", {"funds": found})


@requires(VIEW)
@require_GET
def worth(request: Any, pk: int) -> HttpResponse:
    """Every title in the fund's region with its award, under readings that may be switched."""
    fund = get_object_or_404(programmes_for(request.access), pk=pk)
    version = current_version(fund.pack)
    day, chosen, form = _chosen(request.GET, fund, version)
    found = entitlements(fund, day, chosen)
    force = force_on(version, day)
    context = {
        "fund": fund, "version": version, "day": day, "form": form, "rows": found, "force": force,
        "chosen": list(chosen.items()), "reading_names": _words(version, chosen),
        "total": sum(row.fen for row in found if row.fen), "looks": LOOKS,
        "open": sum(row.fen is None for row in found),
        "by_round": sorted({row.name for row in rewarded_by(model_of(version)).values()}),
        "may_propose": force.payable and fund.state == "open"
        and reaches(request.access, MANAGE, fund.region_code),
    }  # fmt: skip
    return render(request, "funding/awards/worth.html", context)


def _chosen(
    given: Any, fund: Programme, version: PackVersion
) -> tuple[dt.date, dict[str, str], ChooseForm]:
    """The end of the fund's year (today before it) and no reading by hand, unless chosen."""
    usual = min(timezone.localdate(), dt.date(fund.year, 12, 31))
    readings = choices_asked(version, usual)
    form = ChooseForm(given or None, readings=readings, initial={"on": usual})
    values = form.cleaned_data if form.is_bound and form.is_valid() else {}
    chosen = {r.id: values[r.id] for r in readings if values.get(r.id)}
    return values.get("on") or usual, chosen, form


def _words(version: PackVersion, chosen: dict[str, str]) -> list[tuple[str, str]]:
    known = all_readings(model_of(version).pack)
    return [
        (known[key].name, known[key].options[option].word)
        for key, option in chosen.items()
        if key in known and option in known[key].options
    ]


@requires(MANAGE)
@require_POST
def propose(request: Any, pk: int) -> HttpResponse:
    """Propose the award of one title (``source``) under the readings of the page."""
    fund = get_object_or_404(programmes_for(request.access, MANAGE), pk=pk)
    day, chosen, _ = _chosen(request.POST, fund, current_version(fund.pack))

    def act() -> str:
        made = propose_award(
            programme=fund.pk, source=request.POST.get("source", ""), day=day, readings=chosen,
            by=request.user, access=request.access,
        )  # fmt: skip
        messages.success(request, "已提出，等另一人批准")
        return reverse("award-detail", args=[made.pk])

    return _once(request, act)


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One award: how it came about, what was awarded before, its entries."""
    rows = awards_for(request.access).select_related(
        "enterprise", "programme", "proposed_by", "decided_by", "application"
    )
    award = get_object_or_404(rows, pk=pk)
    version = PackVersion.objects.filter(slug=award.pack, is_current=True).first()
    same = awards_for(request.access).filter(
        enterprise=award.enterprise_id, pack=award.pack, title=award.title
    )
    may = reaches(request.access, APPROVE, award.region_code)
    context = {
        "award": award, "version": version, "look": LOOKS[award.state],
        "readings": _words(version, award.readings) if version else [],
        "others": list(same.exclude(pk=award.pk).order_by("id")), "looks": LOOKS,
        "may_decide": may and award.state == "proposed" and award.proposed_by_id != request.user.pk,
        "may_pay": may and award.state == "approved" and award.application_id is None,
        "form": PayForm(),
        "sees_ledger": request.access.can("ledger.view"),
    }  # fmt: skip
    return render(request, "funding/awards/award.html", context)


class PayForm(forms.Form):
    """The voucher an award was paid by."""

    document = forms.CharField(label="拨付凭证", max_length=200)
    on = day_field("兑付日期", required=True)


@requires(APPROVE)
@require_POST
def decide(request: Any, pk: int) -> HttpResponse:
    """Approve or cancel (``verb``)."""
    award = get_object_or_404(awards_for(request.access, APPROVE), pk=pk)
    approve = request.POST.get("verb") == "approve"

    def act() -> str:
        decide_award(
            award=award.pk, approve=approve, note=request.POST.get("note", "")[:300],
            by=request.user, access=request.access,
        )  # fmt: skip
        messages.success(request, "已批准，资金已占用" if approve else "已取消")
        return reverse("award-detail", args=[award.pk])

    return _once(request, act)


@requires(APPROVE)
@require_POST
def pay(request: Any, pk: int) -> HttpResponse:
    """Record the payment."""
    award = get_object_or_404(awards_for(request.access, APPROVE), pk=pk)
    form = PayForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填拨付凭证和兑付日期")
        return redirect("award-detail", award.pk)

    def act() -> str:
        pay_award(award=award.pk, by=request.user, access=request.access, **form.cleaned_data)
        messages.success(request, "已记兑付")
        return reverse("award-detail", args=[award.pk])

    return _once(request, act)


def _once(request: Any, act: Any) -> HttpResponse:
    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
