"""The questions of the special pages on access, charges, taxes and land."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from jigai.core.forms.money import AreaField, MoneyField
from jigai.core.industries import UnknownIndustryError, industry
from jigai.core.screens.list_filters import RegionField
from jigai.registers.services.report_charge import NEXT, REFUNDED, STATES
from jigai.registers.special.project_code import Period, code_period

_DAY = {"type": "date"}
_TELL = (("", "不清楚"), ("yes", "是"), ("no", "否"))


class CaseForm(forms.Form):
    """A project: chosen by ``project`` or described by industry, region and time."""

    industry = forms.CharField(
        label="行业代码", max_length=6, required=False, help_text="国民经济行业分类，如 3311"
    )
    region = RegionField()
    code = forms.CharField(
        label="项目代码",
        max_length=40,
        required=False,
        help_text="没有备案日期时按它推断月份或年份",
    )
    day = forms.DateField(
        label="核准或备案日期", required=False, widget=forms.DateInput(attrs=_DAY)
    )
    foreign = forms.ChoiceField(
        label="外商投资", required=False, choices=(("", "否"), ("yes", "是"))
    )

    def clean_industry(self) -> str:
        """A code the classification has, or nothing."""
        text = str(self.cleaned_data.get("industry") or "").strip()
        if text:
            try:
                industry(text)
            except UnknownIndustryError as error:
                raise forms.ValidationError(str(error)) from None
        return text

    @property
    def when(self) -> Period:
        """The day given, else what the code tells, else today."""
        day = self.cleaned_data.get("day")
        if day is not None:
            return Period(day, day)
        today = timezone.localdate()
        return code_period(self.cleaned_data.get("code")) or Period(today, today)


def told_form(questions: list[str], data: Any) -> forms.Form:
    """One question a condition: yes, no or not known; fields ``c0``, ``c1`` … by their text."""
    fields = {
        f"told_{_mark(text)}": forms.ChoiceField(label=text, required=False, choices=_TELL)
        for text in questions
    }
    made: type[forms.Form] = type("ToldForm", (forms.Form,), fields)
    return made(data)


def told_of(data: Any, questions: list[str]) -> dict[str, bool]:
    """The answers given, by condition."""
    given = {text: data.get(f"told_{_mark(text)}") for text in questions}
    return {text: answer == "yes" for text, answer in given.items() if answer in ("yes", "no")}


def _mark(text: str) -> str:
    """A name for a question that stays the same whatever else is asked."""
    return "".join(f"{ord(sign):x}" for sign in text)[:80]


class HandleForm(forms.Form):
    """What became of a report."""

    state = forms.ChoiceField(label="核查结果")
    answer = forms.CharField(
        label="答复",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="举报人凭回执号能看到",
    )
    document = forms.CharField(label="文号或凭证号", max_length=200, required=False)
    refunded = MoneyField(label="退还金额", required=False, help_text="只在已退还时填，如 1200元")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(one, STATES[one]) for one in NEXT[now]]
        if REFUNDED not in NEXT[now]:
            del self.fields["refunded"]


class ReportForm(forms.Form):
    """A charge somebody reports."""

    kind = forms.ChoiceField(
        label="举报事项",
        choices=(
            ("unlisted", "清单外收费"),
            ("repeated", "重复收费"),
            ("waived", "应免仍收"),
            ("over", "超标准收费"),
        ),
    )
    charge = forms.CharField(label="收费项目", max_length=80, help_text="照票据上写的")
    enterprise = forms.CharField(label="缴费企业", max_length=100)
    collector = forms.CharField(label="收费单位", max_length=100)
    place = RegionField("发生地", required=True)
    amount = MoneyField(label="金额", help_text="如 1200元、5万元")
    paid = forms.DateField(label="缴费日期", widget=forms.DateInput(attrs=_DAY))
    receipt = forms.CharField(label="票据号", max_length=60)
    told = forms.CharField(
        label="情况说明", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    reporter = forms.CharField(
        label="举报人", max_length=40, required=False, help_text="可以不填；只给核查的人看"
    )
    contact = forms.CharField(
        label="联系方式", max_length=60, required=False, help_text="可以不填；只给核查的人看"
    )

    evidence = forms.FileField(label="证据", required=False, help_text="票据的照片或扫描件")

    def values(self) -> dict[str, Any]:
        """As the register reads them; nothing for what was left empty."""
        given = {**self.cleaned_data, "evidence": None}
        return {name: value for name, value in given.items() if value not in (None, "")}


class TaxForm(forms.Form):
    """Figures for the comparison of preferences that exclude each other."""

    day = forms.DateField(label="按某日", required=False, widget=forms.DateInput(attrs=_DAY))
    cost = MoneyField(label="设备金额合计", required=False, help_text="如 800万元")
    unit_price = MoneyField(label="单位价值", required=False, help_text="单台的金额；不填按合计")
    incomes = forms.CharField(
        label="项目各年所得", required=False, max_length=300,
        help_text="从取得第一笔经营收入的年度起，用顿号隔开，如 100万元、120万元、150万元",
    )  # fmt: skip

    def clean_day(self) -> dt.date:
        """Today where nothing is given."""
        day: dt.date | None = self.cleaned_data.get("day")
        return day or timezone.localdate()

    def clean_incomes(self) -> tuple[int, ...]:
        """Fen a year, at most fifteen."""
        text = str(self.cleaned_data.get("incomes") or "").replace("，", "、").replace(",", "、")
        parts = [part.strip() for part in text.split("、") if part.strip()]
        if len(parts) > 15:
            raise forms.ValidationError("最多填十五年")
        read = MoneyField(label="")
        return tuple(int(read.clean(part) or 0) for part in parts)


class PlaceForm(forms.Form):
    """Where a project goes and how much it takes."""

    project = forms.CharField(label="项目", max_length=200)
    zone = forms.ChoiceField(label="地块")
    area = AreaField(label="占用面积", max_length=40, help_text="如 30亩、20000平方米")
    supply = forms.CharField(
        label="供地编号", max_length=60, required=False, help_text="与实际供应对得上的写编号"
    )

    def __init__(self, *args: Any, zones: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [("", "请选择"), *zones]
