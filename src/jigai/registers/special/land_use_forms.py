"""The questions of the pages on land standards, terms and effects of funds."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.forms.money import AreaField, MoneyField
from jigai.core.industries import UnknownIndustryError, industry
from jigai.core.screens.list_filters import RegionField
from jigai.registers.special.question_forms import DayForm


class LandForm(DayForm):
    """A project: where, which industry, and its figures as people write them."""

    document = forms.ChoiceField(label="按哪份文件")
    industry = forms.CharField(
        label="行业代码", max_length=6, required=False, help_text="国民经济行业分类，如 3411"
    )
    region = RegionField("所在地区")
    grade = forms.CharField(
        label="地区等别或类别", max_length=20, required=False, help_text="标准不分等别的不填"
    )
    area = AreaField(
        label="项目总用地面积", max_length=40, required=False, help_text="如 30亩、20000平方米"
    )
    investment = MoneyField(
        label="固定资产总投资",
        max_length=40,
        required=False,
        help_text="如 6000万元；含厂房、设备、地价款",
    )
    output = MoneyField(label="年度产出", max_length=40, required=False, help_text="与标准同一口径")
    floor = AreaField(
        label="计容建筑面积", max_length=40, required=False, help_text="如 12000平方米"
    )
    footprint = AreaField(
        label="建筑占地面积", max_length=40, required=False, help_text="含构筑物、堆场"
    )
    field_order = ("document", "on", "industry", "region", "grade", "area", "investment", "output",
                   "floor", "footprint")  # fmt: skip

    def __init__(self, *args: Any, documents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = documents

    def clean_industry(self) -> str:
        """A code the classification has, or nothing."""
        text = str(self.cleaned_data.get("industry") or "").strip()
        if not text:
            return ""
        try:
            return industry(text).code
        except UnknownIndustryError as error:
            raise forms.ValidationError(str(error)) from None

    def quantities(self) -> dict[str, str]:
        """What was typed, as typed: 20 亩 must not become the nearest 0.01 m²."""
        names = ("area", "investment", "output", "floor", "footprint")
        return {name: str(self.data.get(name) or "").strip() for name in names}


class TermsForm(DayForm):
    """How far ahead terms are listed; the office sets it, no document does."""

    ahead = forms.IntegerField(
        label="提前天数", min_value=0, max_value=3650, required=False,
        help_text="文件没有写；不填按台账的提醒天数",
    )  # fmt: skip


class EffectsForm(forms.Form):
    """Which run, and how many years before and after the year of support are compared."""

    run = forms.ChoiceField(label="测算", required=False)
    before = forms.IntegerField(
        label="支持前几年", min_value=0, max_value=5, required=False, help_text="0 至 5"
    )
    after = forms.IntegerField(
        label="支持后几年", min_value=0, max_value=5, required=False, help_text="0 至 5"
    )

    def __init__(self, *args: Any, runs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run"].choices = runs

    def years(self) -> tuple[int, int]:
        """One year on either side where nothing is given."""
        given = [self.cleaned_data.get(name) for name in ("before", "after")]
        first, last = (1 if value is None else int(value) for value in given)
        return first, last
