"""A special fund: figures that open their entries, changes of the budget, shares, rounds, lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.send_once import send_once
from jigai.core.views.form_page import FormPage
from jigai.funding.budgets import accounts as at
from jigai.funding.budgets.access import APPROVE, MANAGE, VIEW, changes_for, programmes_for
from jigai.funding.budgets.forms import ChangeForm, DecideForm, ProgrammeForm, pack_choices
from jigai.funding.budgets.local_funds import local_fund, local_funds
from jigai.funding.budgets.money import Balances, balances
from jigai.funding.budgets.services.change_budget import decide_change, propose_change
from jigai.funding.budgets.services.open_programme import open_programme
from jigai.funding.budgets.statement import statement_book
from jigai.funding.models import Allocation, DecisionList, Programme
from jigai.policies.addressees import reaches


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the fund and the entries it is the sum of."""

    label: str
    fen: int
    account: str
    note: str = ""


def figures(held: Balances) -> Iterator[Figure]:
    """What stands where, in the order money takes."""
    yield Figure("预算", held.budget, at.SOURCE, "安排、追加、上级下达，减调减")
    yield Figure("结余", held.available, at.AVAILABLE, "还可审定")
    yield Figure("已审定", held.reserved, at.RESERVED, "等待支付")
    yield Figure("在途", held.transit, at.TRANSIT, "已送财政，未到账")
    yield Figure("已拨付", held.paid, at.PAID)
    yield Figure("已下达下级", held.allocated, at.ALLOCATED)
    yield Figure("应收回", held.receivable, at.RECEIVABLE)
    yield Figure("不再追回", held.written_off, at.WRITTEN_OFF)


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One fund."""
    fund = get_object_or_404(programmes_for(request.access).select_related("book"), pk=pk)
    held = balances(fund)
    keys = dict(fund.book.accounts.values_list("code", "pk"))
    shown = [(f, keys.get(f.account)) for f in figures(held) if f.account in keys]
    changes = fund.changes.select_related("proposed_by", "decided_by").order_by("-id")
    context = {
        "fund": fund, "figures": shown, "changes": list(changes),
        "whole": sum(f.fen for f, _ in shown[1:]), "balances": held,
        "shares": shares_told(fund), "rounds": _rounds(fund), "lists": _lists(fund),
        "place": names_of_regions([fund.region_code]).get(fund.region_code, fund.region_code),
        "pack_title": dict(pack_choices()).get(fund.pack, fund.pack),
        "may_manage": fund.state == "open" and reaches(request.access, MANAGE, fund.region_code),
        "may_approve": fund.state == "open" and reaches(request.access, APPROVE, fund.region_code),
        "proposed": sum(c.amount_fen for c in changes if c.state == "proposed"),
        "sees_ledger": request.access.can("ledger.view"),
    }  # fmt: skip
    return render(request, "funding/budgets/programme.html", context)


def shares_told(fund: Programme) -> dict[str, Any]:
    """The shares of a fund with their sums; what is 未定 is counted, never added as nought."""
    rows = list(fund.allocations.select_related("set_by").order_by("place", "id"))
    names = names_of_regions(row.region_code for row in rows)
    for row in rows:
        row.place_name = names.get(row.region_code, "")
        row.pct = None if row.share_pct is None else f"{row.share_pct.normalize():f}"
    sent = [row for row in rows if row.state == Allocation.State.SENT]
    return {
        "rows": rows, "count": len(rows), "open": sum(row.amount_fen is None for row in rows),
        "set_fen": sum(row.amount_fen or 0 for row in rows),
        "sent_fen": sum(row.amount_fen or 0 for row in sent),
        "used_fen": sum(row.used_fen or 0 for row in sent),
        "silent": sum(row.used_fen is None for row in sent),
        "pct": f"{sum((row.share_pct or Decimal() for row in rows), Decimal()).normalize():f}",
    }  # fmt: skip


def _rounds(fund: Programme) -> list[Any]:
    rows = fund.rounds.annotate(count=Count("applications"), fen=Sum("applications__decided_fen"))
    found = list(rows.order_by("-id")[:50])
    for row in found:
        row.url = _address("round-detail", row.pk)
    return found


def _lists(fund: Programme) -> list[Any]:
    rows = DecisionList.objects.filter(round__programme=fund).select_related("round")
    found = list(rows.defer("effects", "minutes").order_by("-id")[:50])
    for row in found:
        row.url = _address("decision-list-detail", row.pk)
    return found


def _address(name: str, pk: int) -> str:
    """Where another part of the room shows it; empty while it has no page."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


@requires(VIEW)
@require_GET
def statement(request: Any, pk: int) -> HttpResponse:
    """The fund as a workbook: figures, changes, shares, every entry."""
    request.access.require("export.make")
    fund = get_object_or_404(programmes_for(request.access).select_related("book"), pk=pk)
    return statement_book(request, fund)


@method_decorator(requires(MANAGE), name="dispatch")
class New(FormPage):
    """A fund of a year."""

    form_class = ProgrammeForm
    template_name = "funding/budgets/programme_new.html"
    title = "新建专项资金"
    note = "账簿一并建立；金额随预算安排批准后进入"
    submit = "建立"
    done = "专项资金已建立，请提出预算安排"
    above = ("专项资金", "programme-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """This year's, of one's own region; ``?pack=`` chooses the document, ``?registered=`` the
        registered local fund it is."""
        today = timezone.localdate()
        start: dict[str, Any] = {"region": request.access.home_region, "year": today.year,
                                 "pack": request.GET.get("pack", "")}  # fmt: skip
        chosen = request.GET.get("registered", "")
        known = local_fund(int(chosen), today) if chosen.isdecimal() and len(chosen) < 10 else None
        if known is not None:
            start |= {"region": known.region_code, "year": known.year or today.year,
                      "name": known.name, "pack": known.pack, "clause": known.document}  # fmt: skip
        return ProgrammeForm(data, initial=start)

    def context(self, request: Any) -> dict[str, Any]:
        """What the region and those above it have registered."""
        known = local_funds(request.access.home_region or "", timezone.localdate())
        return {"registered": known}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Open it."""
        made = open_programme(
            region_code=values.pop("region"), by=request.user, access=request.access, **values
        )
        return reverse("programme-detail", args=[made.pk])


class OfFund(FormPage):
    """A form about one fund within reach."""

    above = ("专项资金", "programme-list")
    fund: Programme

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The fund, where one may change it."""
        row = programmes_for(request.access, MANAGE).filter(pk=kwargs["pk"]).first()
        if row is None:
            raise Http404
        self.fund = row

    def context(self, request: Any) -> dict[str, Any]:
        """Which fund."""
        return {"facts": [("专项资金", self.fund.name), ("预算年度", str(self.fund.year))],
                "back": reverse("programme-detail", args=[self.fund.pk])}  # fmt: skip


@method_decorator(requires(MANAGE), name="dispatch")
class Propose(OfFund):
    """A change of the budget."""

    form_class = ChangeForm
    title = "提出预算变动"
    note = "由另一人批准后入账"
    submit = "提交批准"
    done = "已提交批准，并通知了有权批准的人"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """Today's."""
        return ChangeForm(data, initial={"happened_on": timezone.localdate()})

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Put it up."""
        propose_change(programme=self.fund.pk, by=request.user, access=request.access, **values)
        return reverse("programme-detail", args=[self.fund.pk])


@requires(APPROVE)
@require_POST
def decide(request: Any, pk: int) -> HttpResponse:
    """Approve or refuse a change (``verb``)."""
    change = get_object_or_404(changes_for(request.access, APPROVE), pk=pk)
    form = DecideForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    approve = request.POST.get("verb") == "approve"

    def act() -> str:
        decide_change(
            change=change.pk, approve=approve, note=note, by=request.user, access=request.access
        )
        messages.success(request, "已批准并入账" if approve else "已退回，未入账")
        return reverse("programme-detail", args=[change.programme_id])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
