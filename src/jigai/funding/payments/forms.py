"""Forms of accounts, quota documents, answers and cost shares."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from jigai.core.forms.money import MoneyField
from jigai.errors import JigaiError
from jigai.funding.models import Round
from jigai.funding.payments.services.answer_request import RULES
from jigai.funding.payments.services.set_shares import NewShare

_DAY = {"type": "date"}
LEVELS = ("省级", "市级", "县级")


class AccountForm(forms.Form):
    """An account as the bank's paper names it."""

    holder = forms.CharField(
        label="户名", max_length=200, help_text="与营业执照名称一致；更过名的可以是登记过的曾用名"
    )
    bank = forms.CharField(label="开户银行", max_length=200, help_text="填到支行")
    number = forms.CharField(label="账号", max_length=60, help_text="8 到 30 位数字，空格不影响")
    branch_no = forms.CharField(
        label="行号", max_length=20, required=False, help_text="12 位联行号；不知道可以留空"
    )
    upload = forms.FileField(
        label="证明材料", required=False, help_text="开户许可证或银行出具的账户信息"
    )


class VerifyForm(forms.Form):
    """What the comparison gave."""

    agrees = forms.ChoiceField(
        label="核对结果", choices=(("yes", "与证明材料一致"), ("no", "不相符")),
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label="意见", max_length=300, required=False, help_text="不相符的必须写")


class GrantForm(forms.Form):
    """The quota document (指标文件)."""

    quota_no = forms.CharField(label="指标文号", max_length=100)
    quota_on = forms.DateField(label="下达日期", widget=forms.DateInput(attrs=_DAY))
    amount = MoneyField(label="指标金额", help_text="带单位，如 120万元、35000.50元")
    rule = forms.ChoiceField(
        label="指标少于请示时", required=False,
        choices=[("", "指标足够"), *RULES.items()], help_text="只足额拨付，没有轮到的以后再请款",
    )  # fmt: skip
    upload = forms.FileField(label="指标文件", required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class AnswersForm(forms.Form):
    """A file of answers."""

    upload = forms.FileField(
        label="回单文件", help_text=".csv 或 .xlsx；列与合计行见操作指南“资金拨付”",
        error_messages={"required": "请选择国库或银行出具的回单文件"},
    )  # fmt: skip


class SharesForm(forms.Form):
    """What each level bears; empty percents with a basis are 未定."""

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {share.level: share for share in round_.cost_shares.order_by("place", "id")}
        for place, level in enumerate(LEVELS):
            share = held.get(level)
            percent = share.percent if share else None
            self.fields[f"percent{place}"] = forms.DecimalField(
                label=f"{level}（%）", required=False, min_value=Decimal(0), max_value=Decimal(100),
                max_digits=7, decimal_places=4,
                initial=f"{percent.normalize():f}" if percent is not None else None,
            )  # fmt: skip
            self.fields[f"source{place}"] = forms.CharField(
                label=f"{level}依据", required=False, max_length=200,
                initial=share.source if share else "",
            )  # fmt: skip

    def shares(self) -> list[NewShare]:
        """Levels with a percent or a basis. Raises :class:`JigaiError` for one without basis."""
        found = []
        for place, level in enumerate(LEVELS):
            percent = self.cleaned_data[f"percent{place}"]
            source = self.cleaned_data[f"source{place}"].strip()
            if percent is not None and not source:
                raise JigaiError("no-basis", f"{level}没有写依据", "写文号和条款，或商定的纪要")
            if percent is not None or source:
                found.append(NewShare(level, percent, source))
        return found
