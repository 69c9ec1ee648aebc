"""Forms of public money from elsewhere."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from jigai.core.forms.money import MoneyField
from jigai.core.models import Enterprise
from jigai.funding.elsewhere.services.keep_funding import NewFunding
from jigai.funding.elsewhere.words import FOLLOWING, KINDS, LEVELS
from jigai.funding.models import OtherFunding
from jigai.projects.models import Project

_DAY = {"type": "date"}
_APART = re.compile(r"[\s,，;；、]+")


class FundingForm(forms.Form):
    """What is registered. The enterprise is named by credit code or full name; so is its project
    by code or name."""

    enterprise = forms.CharField(
        label="企业", max_length=200, help_text="统一社会信用代码或全称，须在您的数据权限之内"
    )
    project = forms.CharField(
        label="项目", required=False, max_length=300,
        help_text="项目代码或全称；留空表示给企业、未注明项目的资金",
    )  # fmt: skip
    programme = forms.CharField(label="资金名称", max_length=200)
    kind = forms.ChoiceField(label="类别", choices=list(KINDS.items()))
    level = forms.ChoiceField(label="层级", choices=list(LEVELS.items()))
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    amount = MoneyField(
        label="金额", required=False, help_text="带单位，如 50万元；还不知道的留空，不填零"
    )
    document = forms.CharField(label="文号或依据", required=False, max_length=200)
    invoices = forms.CharField(
        label="据以兑付的发票号码", required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一行一个或用逗号分开；查重比对发票，不只比对名称",
    )  # fmt: skip
    serials = forms.CharField(
        label="设备出厂编号", required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    source = forms.CharField(label="信息来源", required=False, max_length=200)
    upload = forms.FileField(label="证明材料", required=False)

    def __init__(self, *args: Any, firms: QuerySet[Enterprise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.firms = firms
        self.fields["year"].initial = timezone.localdate().year

    def clean_enterprise(self) -> Enterprise:
        """The one enterprise within reach of that code or name."""
        text = self.cleaned_data["enterprise"].strip()
        found = list(self.firms.filter(Q(uscc=text.upper()) | Q(name=text)).order_by("pk")[:2])
        if len(found) != 1:
            raise forms.ValidationError("您的数据权限之内没有这家企业，或不止一家；请填信用代码")
        return found[0]

    def clean(self) -> dict[str, Any]:
        """The project is one of the enterprise."""
        given: dict[str, Any] = super().clean() or {}
        text, firm = given.get("project", "").strip(), given.get("enterprise")
        given["project"] = None
        if text and firm is not None:
            rows = Project.objects.filter(enterprise=firm, duplicate_of=None)
            found = list(rows.filter(Q(code=text) | Q(name=text)).order_by("pk")[:2])
            if len(found) == 1:
                given["project"] = found[0]
            else:
                self.add_error("project", "这家企业没有这个项目，或不止一个；请填项目代码")
        return given

    def stated(self) -> NewFunding:
        """What the service takes."""
        given = self.cleaned_data
        return NewFunding(
            kind=given["kind"], level=given["level"], programme=given["programme"],
            year=given["year"], document=given["document"], amount_fen=given["amount"],
            invoices=listed(given["invoices"]), serials=listed(given["serials"]),
            source=given["source"],
        )  # fmt: skip


class MoveForm(forms.Form):
    """The next state, with its day."""

    to = forms.ChoiceField(label="改为", choices=())
    on = forms.DateField(
        label="日期", required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text="申报、批复、到账的日期",
    )  # fmt: skip
    amount = MoneyField(label="金额", required=False, help_text="有变化时填；到账必须有金额")

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(OtherFunding.State.choices)
        self.fields["to"].choices = [(code, words[code]) for code in FOLLOWING[state]]


def listed(text: str) -> tuple[str, ...]:
    """Numbers written one a line or with commas, each once."""
    return tuple(dict.fromkeys(part[:40] for part in _APART.split(text) if part))
