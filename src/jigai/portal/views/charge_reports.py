"""Reports of charges from the public: hand one in, look up what became of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jigai.cases.complaints import complaint_about, told_outside
from jigai.errors import JigaiError
from jigai.portal.place_field import one_place
from jigai.portal.public_page import portal_page
from jigai.registers.services.report_charge import STATES, report_charge, report_of
from jigai.registers.special.control_forms import ReportForm
from jigai.registers.special.report_links import about_report

LOOKS = {"pending": "pending", "confirmed": "warning", "unfounded": "closed", "refunded": "done"}


class PublicReportForm(ReportForm):
    """The same report from somebody without an account: the place by name, a trap for robots."""

    place = forms.CharField(
        label="发生地", max_length=30, help_text="区县的名称或区划代码，如 兖州区"
    )
    homepage = forms.CharField(label="主页", required=False, max_length=200)

    def clean_place(self) -> str:
        """The code of the one place meant."""
        return one_place(self.cleaned_data["place"])

    def clean_homepage(self) -> str:
        """Only robots see and fill it."""
        if self.cleaned_data["homepage"]:
            raise forms.ValidationError("不能提交")
        return ""


@portal_page("涉企收费举报面向社会，不用登录", keep=0, methods=("GET", "HEAD", "POST"))
def report(request: Any) -> HttpResponse:
    """Report a charge; the answer is a number that opens the outcome."""
    data = request.POST if request.method == "POST" else None
    form = PublicReportForm(data, request.FILES or None)
    if data is not None and form.is_valid():
        try:
            entry = report_charge(values=form.values(), evidence=form.cleaned_data["evidence"])
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
        else:
            number = entry.values["number"]
            return redirect(f"{reverse('portal-charge-result')}?number={number}&new=1")
    status = 200 if data is None else 422
    return render(request, "portal/charge_report.html", {"form": form}, status=status)


@portal_page("凭回执号查自己举报的收费，不用登录", keep=0)
def result(request: Any) -> HttpResponse:
    """What became of a report, by its number; who reported it is not shown."""
    number = request.GET.get("number", "").strip()[:20]
    row = report_of(number) if number else None
    known: dict[str, Any] = {"row": row, "number": number, "new": "new" in request.GET}
    if row is not None:
        known |= {"answer": row.values.get("answer"), "refunded": row.values.get("refunded")}
        known |= {"word": STATES[row.values["state"]], "look": LOOKS[row.values["state"]]}
        case = complaint_about(about_report(row))
        known |= told_outside(case) | {"look": known["look"]} if case else {}
    status = 404 if number and row is None else 200
    return render(request, "portal/charge_result.html", known, status=status)
