"""Forms of special funds."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from jigai.core.forms.fields import day_field
from jigai.core.forms.money import MoneyField
from jigai.core.screens.list_filters import RegionField
from jigai.funding.budgets.services.allocate import NewShare
from jigai.funding.models import BudgetChange
from jigai.policies.models import PackVersion

_EXAMPLE = "示例一市 14%\n示例二市 10% 设备更新\n示例三市"
_PARTS = re.compile(r"[\s，,；;\t]+")
_PCT = re.compile(r"\d{1,3}(\.\d{1,4})?[%％]")


def pack_choices() -> list[tuple[str, str]]:
    """Installed documents by slug."""
    rows = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    return list(rows.order_by("slug", "id").values_list("slug", "title"))


class ProgrammeForm(forms.Form):
    """A special fund of a year."""

    region = RegionField("地区", required=True)
    year = forms.IntegerField(label="预算年度", min_value=2000, max_value=2100)
    code = forms.RegexField(
        r"^[A-Za-z0-9\-]{1,40}$", label="编号", help_text="字母、数字和短横线，如 ZX001",
        error_messages={"invalid": "只用字母、数字和短横线"},
    )  # fmt: skip
    name = forms.CharField(label="名称", max_length=200)
    pack = forms.ChoiceField(label="政策", choices=(), required=False)
    clause = forms.CharField(label="依据", max_length=200, required=False)
    payer = forms.CharField(label="出资", max_length=200, required=False, help_text="如：区级财政")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].choices = [("", "不属于已安装的文件"), *pack_choices()]


class ChangeForm(forms.Form):
    """Money into or out of a fund."""

    kind = forms.ChoiceField(label="事项", choices=BudgetChange.Kind.choices)
    amount_fen = MoneyField(label="金额", help_text="带单位，如 3000万元；调减也填正数")
    happened_on = day_field("日期", required=True)
    document = forms.CharField(label="文号或依据", max_length=200)


class DecideForm(forms.Form):
    """The opinion on a change."""

    note = forms.CharField(label="意见", max_length=200, required=False)


class SharesForm(forms.Form):
    """Shares to plan, one a line."""

    lines = forms.CharField(
        label="对象", max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": _EXAMPLE}),
        help_text="每行一个：名称、比例（可不写）、用途（可不写），用空格隔开",
    )  # fmt: skip
    base_fen = MoneyField(
        label="按比例分的总额", required=False,
        help_text="如 140000万元；不填则金额未定，以后逐个确定",
    )  # fmt: skip

    def clean_lines(self) -> list[NewShare]:
        """One share a line. Raises ``ValidationError`` naming the line that cannot be read."""
        rows = [line.strip() for line in self.cleaned_data["lines"].splitlines()]
        return [_share(number, line) for number, line in enumerate(rows, 1) if line]


def _share(number: int, line: str) -> NewShare:
    name, *rest = [part for part in _PARTS.split(line) if part]
    pct, purpose = None, []
    for part in rest:
        if _PCT.fullmatch(part) and pct is None:
            pct = _decimal(part[:-1])
        elif part[-1] in "%％":
            raise forms.ValidationError(f"第 {number} 行的比例“{part}”读不出，写成 14% 或 2.5%")
        else:
            purpose.append(part)
    return NewShare(name=name[:200], purpose=" ".join(purpose)[:200], pct=pct)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


class SetShareForm(forms.Form):
    """What a share amounts to."""

    amount_fen = MoneyField(label="金额", help_text="带单位，如 500万元；会议定为零的填 0元")


class SendShareForm(forms.Form):
    """By which document and when."""

    document = forms.CharField(label="下达文号", max_length=200)
    on = day_field("下达日期", required=True)


class ReportShareForm(forms.Form):
    """What was spent and to what effect."""

    used_fen = MoneyField(label="累计支出", help_text="截至现在，带单位")
    performance = forms.CharField(
        label="绩效说明", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
