"""Shares of a fund: plan, set, send, report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.screens import formats
from jigai.core.views.form_page import FormPage
from jigai.funding.budgets.access import APPROVE, MANAGE, VIEW, allocations_for, programmes_for
from jigai.funding.budgets.forms import (
    ReportShareForm,
    SendShareForm,
    SetShareForm,
    SharesForm,
)
from jigai.funding.budgets.money import balances
from jigai.funding.budgets.services.allocate import (
    plan_shares,
    report_share,
    send_share,
    set_share,
)
from jigai.funding.budgets.views.programmes import OfFund, shares_told
from jigai.funding.models import Allocation
from jigai.policies.addressees import reaches


@requires(VIEW)
@require_GET
def page(request: Any, pk: int) -> HttpResponse:
    """All shares of a fund and how they reconcile with what it holds."""
    fund = get_object_or_404(programmes_for(request.access), pk=pk)
    told = shares_told(fund)
    held = balances(fund)
    context = {
        "fund": fund, "shares": told, "balances": held,
        "waiting_fen": told["set_fen"] - told["sent_fen"],
        "left_fen": held.available - (told["set_fen"] - told["sent_fen"]),
        "agrees": told["sent_fen"] == held.allocated,
        "may_manage": fund.state == "open" and reaches(request.access, MANAGE, fund.region_code),
        "may_approve": fund.state == "open" and reaches(request.access, APPROVE, fund.region_code),
    }  # fmt: skip
    return render(request, "funding/budgets/allocations.html", context)


@method_decorator(requires(MANAGE), name="dispatch")
class Plan(OfFund):
    """Shares to add."""

    form_class = SharesForm
    title = "列入分配对象"
    note = "写了比例和总额的按比例算到分，余数给小数部分最大的；没有写的为未定"
    submit = "列入"
    columns = 1
    done = "已列入"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Plan them."""
        plan_shares(
            programme=self.fund.pk, shares=values["lines"], base_fen=values["base_fen"],
            by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("allocation-page", args=[self.fund.pk])


class _OfShare(FormPage):
    """A form about one share."""

    above = ("专项资金", "programme-list")
    capability = MANAGE
    share: Allocation

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The share, within reach of the right."""
        rows = allocations_for(request.access, self.capability).select_related("programme")
        row = rows.filter(pk=kwargs["pk"]).first()
        if row is None:
            raise Http404
        self.share = row

    def context(self, request: Any) -> dict[str, Any]:
        """Which share, and what it is now."""
        fen = self.share.amount_fen
        now = "未定" if fen is None else f"{formats.yuan(fen)} 元"
        return {"facts": [("专项资金", self.share.programme.name), ("对象", self.share.name),
                          ("用途", self.share.purpose or "—"), ("现在的金额", now)],
                "seen": request.POST.get("seen") or str(self.share.version),
                "back": self.back()}  # fmt: skip

    def back(self) -> str:
        """The shares of the fund."""
        return reverse("allocation-page", args=[self.share.programme_id])

    def seen(self, request: Any) -> int:
        """The version the person looked at."""
        text = request.POST.get("seen", "")
        return int(text) if text.isdecimal() and len(text) < 9 else 0


@method_decorator(requires(MANAGE), name="dispatch")
class Set(_OfShare):
    """确定金额."""

    form_class = SetShareForm
    title = "确定分配金额"
    done = "金额已确定，等另一人下达"
    columns = 1

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Set it."""
        set_share(
            allocation=self.share.pk, seen=self.seen(request), by=request.user,
            access=request.access, **values,
        )  # fmt: skip
        return self.back()


@method_decorator(requires(APPROVE), name="dispatch")
class Send(_OfShare):
    """下达."""

    form_class = SendShareForm
    capability = APPROVE
    title = "下达资金"
    note = "下达后从本级结余转出"
    submit = "下达"
    done = "已下达并入账"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """Today."""
        return SendShareForm(data, initial={"on": timezone.localdate()})

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Send it."""
        send_share(allocation=self.share.pk, by=request.user, access=request.access, **values)
        return self.back()


@method_decorator(requires(MANAGE), name="dispatch")
class Report(_OfShare):
    """使用与绩效."""

    form_class = ReportShareForm
    title = "报支出与绩效"
    done = "已记录"
    columns = 1

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With what was reported before."""
        used = self.share.used_fen
        told = None if used is None else f"{formats.yuan(used).replace(',', '')}元"
        start = {"performance": self.share.performance, "used_fen": told}
        return ReportShareForm(data, initial=start)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Keep it."""
        report_share(
            allocation=self.share.pk, seen=self.seen(request), by=request.user,
            access=request.access, **values,
        )  # fmt: skip
        return self.back()
