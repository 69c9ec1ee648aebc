"""Forms of recoveries."""

from __future__ import annotations

import datetime as dt

from django import forms

from jigai.core.forms.money import MoneyField

_DAY = {"type": "date"}
_AMOUNT = "带单位，如 12万元、3500.50元"
# What a person may propose; the other reasons are found by the platform itself.
REASONS = (
    ("condition", "不再符合条件"), ("mistake", "多拨"), ("fraud", "虚报冒领"),
)  # fmt: skip


class ProposeForm(forms.Form):
    """A recovery that a person proposes."""

    reason = forms.ChoiceField(label="原因", choices=REASONS)
    amount = MoneyField(label="应收回金额", help_text=_AMOUNT)
    text = forms.CharField(
        label="事由与依据", max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清经过、依据的条款或文件",
    )  # fmt: skip


class ConfirmForm(forms.Form):
    """Amount, interest and term, as another person settles them."""

    amount = MoneyField(label="核定收回金额", help_text=_AMOUNT)
    rate_pct = forms.DecimalField(
        label="年利率（%）", required=False, max_digits=7, decimal_places=4, min_value=0,
        max_value=100, help_text="文件没有写利率；本级没有确定的留空，利息即为“未定”",
    )  # fmt: skip
    rate_source = forms.CharField(
        label="利率依据", required=False, max_length=200, help_text="填了利率的必须写文号或会议"
    )
    until = forms.DateField(
        label="计息截止日", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    due_on = forms.DateField(
        label="退款期限", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    remark = forms.CharField(label="意见", required=False, max_length=400)


class DropForm(forms.Form):
    """Why it is not asked for."""

    reason = forms.CharField(
        label="不予追回的理由", max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )


class RepayForm(forms.Form):
    """A payment that came in."""

    amount = MoneyField(label="收回金额", help_text=_AMOUNT)
    received_on = forms.DateField(
        label="到账日期",
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        initial=dt.date.today,
    )
    reference = forms.CharField(
        label="缴款编号", max_length=60, help_text="国库或财政缴款书的编号，同一编号只登记一次"
    )
