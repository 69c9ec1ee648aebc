"""What is typed on the screens of approvals."""

from __future__ import annotations

from django import forms

from jigai.cases.services.record_check import RESULTS
from jigai.core.screens.list_filters import year_field

SCORES = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}


class CheckForm(forms.Form):
    """The result of a check."""

    result = forms.ChoiceField(label="核查结果", choices=[("", "请选择"), *RESULTS.items()])
    words = forms.CharField(
        label="核查情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="看了什么、和承诺比怎样",
    )  # fmt: skip


class RevokeForm(forms.Form):
    """Why a conclusion is taken back, and on what it rests."""

    reason = forms.CharField(
        label="撤销理由", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="没有履行什么；申请人怎样陈述申辩",
    )  # fmt: skip
    basis = forms.CharField(label="依据", max_length=200, help_text="条款，或承诺书第几条")


class YearForm(forms.Form):
    """The year in which cases were closed."""

    year = year_field("办结年度")


class RatingForm(forms.Form):
    """How satisfied the applicant is."""

    score = forms.TypedChoiceField(
        label="满意度", coerce=int, choices=[("", "请选择"), *SCORES.items()]
    )
    words = forms.CharField(
        label="意见", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不满意的请写明哪里不好",
    )  # fmt: skip
