"""The questions of the pages on providers, financing and credit."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.forms.money import MoneyField
from jigai.core.industries import UnknownIndustryError, industry
from jigai.core.screens.list_filters import RegionField
from jigai.registers.special.financing import CREDITED, LENT, NEXT, STATES

_AREA = {"rows": 3}
_DAY = {"type": "date"}


class NeedForm(forms.Form):
    """What kind of provider somebody looks for."""

    field = forms.CharField(
        label="需要的服务", max_length=40, required=False, help_text="如 数控改造、能源管理"
    )
    kind = forms.ChoiceField(label="类别", required=False)
    industry = forms.CharField(
        label="行业代码", max_length=6, required=False, help_text="如 3411；不填就不限"
    )
    region = RegionField("企业所在地", empty="不限")

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "不限"), *kinds]

    def clean_industry(self) -> str:
        """A code the classification has, or nothing."""
        text = str(self.cleaned_data.get("industry") or "").strip()
        if text:
            try:
                industry(text)
            except UnknownIndustryError as error:
                raise forms.ValidationError(str(error)) from None
        return text


class RateForm(forms.Form):
    """What a served enterprise says of a case."""

    score = forms.CharField(label="评分", max_length=6, help_text="0到100")
    period = forms.CharField(label="评价期", max_length=4, help_text="四位年份")
    words = forms.CharField(
        label="评语", max_length=1000, required=False, widget=forms.Textarea(attrs=_AREA)
    )


class PushForm(forms.Form):
    """Institutions a need is pushed to."""

    institutions = forms.MultipleChoiceField(
        label="推送给", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "选一家或几家企业已同意的机构"},
    )  # fmt: skip

    def __init__(self, *args: Any, banks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institutions"].choices = banks


class OutcomeForm(forms.Form):
    """What became of a need at an institution."""

    state = forms.ChoiceField(label="结果")
    amount = MoneyField(label="金额", required=False, help_text="授信、放款时填，如 300万元")
    reason = forms.CharField(
        label="原因", max_length=400, required=False, widget=forms.Textarea(attrs=_AREA),
        help_text="未通过时必填，企业看得到",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(one, STATES[one]) for one in NEXT[now]]
        if not {CREDITED, LENT} & set(NEXT[now]):
            del self.fields["amount"]


class DiscloseForm(forms.Form):
    """By whom and on what ground a record is disclosed."""

    unit = forms.CharField(label="披露单位", max_length=100)
    basis = forms.CharField(label="依据", max_length=200, help_text="文件或条款")


class AskForm(forms.Form):
    """Repair of a record, or an objection to it."""

    kind = forms.ChoiceField(label="事项", choices=(("repair", "信用修复"), ("objection", "异议")))
    said = forms.CharField(
        label="理由",
        max_length=1000,
        widget=forms.Textarea(attrs=_AREA),
        help_text="修复写已怎样纠正，异议写哪里不对",
    )


class AnswerForm(forms.Form):
    """The decision on a repair or an objection."""

    state = forms.ChoiceField(
        label="决定", choices=(("granted", "准予（异议成立）"), ("refused", "不予（异议不成立）"))
    )
    answer = forms.CharField(
        label="理由", max_length=1000, widget=forms.Textarea(attrs=_AREA), help_text="企业看得到"
    )
    document = forms.CharField(label="文号", max_length=120, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class UseForm(forms.Form):
    """One use of a record: by whom, for what, on what ground, until when."""

    used_by = forms.CharField(label="使用单位", max_length=100)
    purpose = forms.CharField(label="用途", max_length=200)
    basis = forms.CharField(label="依据", max_length=200, help_text="文件或条款")
    until = forms.DateField(
        label="使用期限", required=False, widget=forms.DateInput(attrs=_DAY),
        help_text="没有规定的留空，显示未定",
    )  # fmt: skip
