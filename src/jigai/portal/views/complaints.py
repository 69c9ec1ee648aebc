"""Complaints from the public: hand one in, look up what became of it, figures of all."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from jigai.cases.complaint_counts import figures, latest_change, rows_since, subject_words
from jigai.cases.complaints import complaint_of, told_outside
from jigai.cases.flow.suppress import K
from jigai.cases.models import Case
from jigai.cases.services.file_complaint import file_complaint
from jigai.core.access.scoping import region_prefix
from jigai.core.forms.money import MoneyField
from jigai.core.selectors_regions import names_of_regions
from jigai.core.sign_in.log import address_of
from jigai.errors import JigaiError
from jigai.portal.place_field import one_place
from jigai.portal.places import places_named
from jigai.portal.public_page import portal_page

OPEN_TO_ALL = "投诉举报面向社会，不用登录"
_VALUES = ("subject", "heading", "target", "firm", "happened", "amount", "paper", "told")


class ComplaintForm(forms.Form):
    """What is complained of; who complains may be left empty."""

    subject = forms.ChoiceField(label="举报事项")
    heading = forms.CharField(
        label="事由", max_length=100, help_text="一句话，如 同一设备三个月内两次收检测费"
    )
    place = forms.CharField(
        label="发生地", max_length=30, help_text="区县的名称或区划代码，如 兖州区"
    )
    target = forms.CharField(label="被举报单位", max_length=100)
    firm = forms.CharField(label="受影响企业", max_length=100, required=False)
    happened = forms.DateField(
        label="发生日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    amount = MoneyField(label="涉及金额", required=False, help_text="如 1200元、5万元")
    paper = forms.CharField(label="票据号或文号", max_length=100, required=False)
    told = forms.CharField(
        label="情况说明", max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    proof = forms.FileField(label="证据", required=False, help_text="票据、照片、合同等，一份")
    name = forms.CharField(
        label="举报人", max_length=40, required=False, help_text="可以不填；只给办理人看"
    )
    contact = forms.CharField(
        label="联系方式", max_length=60, required=False, help_text="可以不填；只给办理人看"
    )
    homepage = forms.CharField(
        label="主页", required=False, max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", "请选择"), *subject_words().items()]

    def clean_place(self) -> str:
        """The code of the one place meant."""
        return one_place(self.cleaned_data["place"])

    def clean_happened(self) -> dt.date | None:
        """Not a day to come."""
        day: dt.date | None = self.cleaned_data["happened"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("这一天还没有到")
        return day


@portal_page(OPEN_TO_ALL, keep=0, methods=("GET", "HEAD", "POST"))
def new(request: Any) -> HttpResponse:
    """Complain; the answer is a number that opens the outcome."""
    data = request.POST if request.method == "POST" else None
    form = ComplaintForm(data, request.FILES or None)
    if data is not None and form.is_valid():
        try:
            case = _file(request, form.cleaned_data)
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
        else:
            return redirect(f"{reverse('complaint-query')}?number={case.receipt}&new=1")
    status = 200 if data is None else 422
    context = {"form": form, "is_open": bool(subject_words())}
    return render(request, "portal/complaint_new.html", context, status=status)


def _file(request: Any, given: dict[str, Any]) -> Case:
    # Whoever is signed in complains here without being named: the page does not ask who they are.
    return file_complaint(
        values={name: given[name] for name in _VALUES if given[name] not in (None, "")},
        region_code=given["place"], name=given["name"], contact=given["contact"],
        trap=given["homepage"],
        nonce=request.POST.get("nonce", ""), address=address_of(request) or "",
        proof=given["proof"],
    )  # fmt: skip


@portal_page("凭查询码查自己的举报，不用登录", keep=0)
def query(request: Any) -> HttpResponse:
    """How far a complaint is and what came of it; who complained is not shown."""
    number = request.GET.get("number", "").strip()[:40]
    case = complaint_of(number)
    known = {"number": number, "new": "new" in request.GET, "case": case}
    if case is not None:
        known |= told_outside(case)
    return render(
        request, "portal/complaint_query.html", known, status=404 if number and not case else 200
    )


@portal_page("投诉举报的统计向社会公开，件数太少的不公开", keep=300)
def statistics(request: Any) -> HttpResponse:
    """Figures of a year and place; what rests on few complaints stays hidden."""
    today = timezone.localdate()
    typed = request.GET.get("place", "").strip()[:30]
    places = places_named(typed)
    region = region_prefix(places[0].code) if len(places) == 1 else ""
    problem = "" if not typed or len(places) == 1 else f"没有认出“{typed}”，写全称或六位区划代码"
    try:
        year = min(max(int(request.GET.get("year", today.year)), 2000), today.year)
    except ValueError:
        year = today.year
    rows = rows_since(dt.date(year, 1, 1), dt.date(year, 12, 31), region)
    names = names_of_regions({row.region for row in rows})
    shown = figures(rows, subject_words(), lambda code: names.get(code, code))
    context = {
        "shown": shown, "k": K, "year": year, "typed": typed, "problem": problem,
        "years": range(today.year, today.year - 5, -1), "updated": latest_change(),
        "place": places[0].name if region else "全部地区", "any": bool(rows),
    }  # fmt: skip
    return render(request, "portal/complaint_statistics.html", context)
