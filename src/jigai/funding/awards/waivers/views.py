"""Waivers on screen: of a project, one of them, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.forms.fields import day_field
from jigai.core.forms.money import MoneyField
from jigai.core.services.send_once import send_once
from jigai.core.views.form_page import FormPage
from jigai.funding.awards.waivers import services
from jigai.funding.awards.waivers.access import APPEAL, APPROVE, MANAGE, VIEW, waivers_for
from jigai.funding.awards.waivers.lists import LOOKS
from jigai.funding.awards.waivers.rules import directions_of, due_on, policy_for
from jigai.policies.addressees import reaches
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for


class MatchForm(forms.Form):
    """Which encouraged direction, and on which day."""

    direction = forms.CharField(
        label="符合的鼓励方向", max_length=200, help_text="按项目标签带出，审核意见不同的可以改"
    )
    day = day_field("取值日期", required=True)


class ChargeForm(forms.Form):
    """What the counter asked for."""

    due_fen = MoneyField(label="应缴金额", required=False, help_text="不免时应缴多少，带单位")
    charged_fen = MoneyField(label="实际收取", help_text="没有收的填 0元")
    unit = forms.CharField(label="收费单位", max_length=200)
    on = day_field("日期", required=True)


class AppealForm(forms.Form):
    """What happened."""

    told = forms.CharField(
        label="情况说明", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class SettleForm(forms.Form):
    """How it ended."""

    refunded_fen = MoneyField(label="退还金额", help_text="不退还的填 0元，并写理由")
    note = forms.CharField(label="说明", max_length=400, required=False)


@requires(VIEW)
@require_GET
def of_project(request: Any, pk: int) -> HttpResponse:
    """The part of a project's page."""
    project = get_object_or_404(projects_for(request.access), pk=pk)
    today = timezone.localdate()
    context = {
        "project": project, "due": due_on(project.region_code, today), "looks": LOOKS,
        "policy": policy_for(project.region_code, today),
        "rows": list(waivers_for(request.access).filter(project=project).order_by("id")),
        "may_match": reaches(request.access, MANAGE, project.region_code),
    }  # fmt: skip
    return render(request, "funding/waivers/of_project.html", context)


@method_decorator(requires(MANAGE), name="dispatch")
class Match(FormPage):
    """匹配免收项目."""

    form_class = MatchForm
    title = "匹配免收项目"
    note = "按收费减免规则逐项匹配；清单没有列入的不算免"
    submit = "匹配"
    done = "已匹配，等另一人出具证明"
    above = ("收费免征", "waiver-list")
    project: Project

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The project, within reach."""
        row = projects_for(request.access).filter(pk=kwargs["pk"]).first()
        if row is None or not reaches(request.access, MANAGE, row.region_code):
            raise Http404
        self.project = row

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """Today, and the directions that its labels stand for."""
        today = timezone.localdate()
        told = "、".join(directions_of(self.project, today))[:200]
        return MatchForm(data, initial={"day": today, "direction": told})

    def context(self, request: Any) -> dict[str, Any]:
        """Which project."""
        return {"facts": [("项目", self.project.name)],
                "back": reverse("project-detail", args=[self.project.pk])}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Match."""
        found = services.match_waivers(
            project=self.project.pk, by=request.user, access=request.access, **values
        )
        return reverse("waiver-detail", args=[found[0].pk])


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One waiver and what can be done next."""
    rows = waivers_for(request.access).select_related("project", "enterprise", "document", "case")
    waiver = get_object_or_404(rows, pk=pk)
    access, state = request.access, waiver.state
    own = any(
        access.can(name) and waivers_for(access, name).filter(pk=pk).exists()
        for name in (MANAGE, APPEAL)
    )
    decides = reaches(access, APPROVE, waiver.region_code)
    context = {
        "waiver": waiver, "look": LOOKS[state],
        "may_certify": decides and state == "matched" and waiver.created_by_id != request.user.pk,
        "may_record": own and state in ("certified", "waived", "charged"),
        "may_appeal": own and state == "charged", "may_settle": decides and state == "appealed",
        "record": ChargeForm(), "appeal": AppealForm(), "settle": SettleForm(),
    }  # fmt: skip
    return render(request, "funding/waivers/waiver.html", context)


@requires(VIEW)
@require_POST
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """Certify, record what was charged, appeal, settle; the service checks who may."""
    waiver = get_object_or_404(waivers_for(request.access), pk=pk)
    if verb not in _VERBS:
        raise Http404
    form_class, service, words = _VERBS[verb]
    form = form_class(request.POST)
    address = reverse("waiver-detail", args=[waiver.pk])
    if not form.is_valid():
        messages.error(
            request, "；".join(str(e) for errors in form.errors.values() for e in errors)
        )
        return redirect(address)

    def carry_out() -> str:
        service(waiver=waiver.pk, by=request.user, access=request.access, **form.cleaned_data)
        messages.success(request, words)
        return address

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=carry_out))


_VERBS: dict[str, tuple[type[forms.Form], Callable[..., Any], str]] = {
    "certify": (forms.Form, services.certify, "证明已出具"),
    "record": (ChargeForm, services.record_charge, "已记录"),
    "appeal": (AppealForm, services.appeal, "已申诉，转办件处理"),
    "settle": (SettleForm, services.settle_appeal, "已记结果"),
}
