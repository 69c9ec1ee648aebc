"""Regions, departments, calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from jigai.core.forms.fields import day_field, reason_field
from jigai.core.models import Department, Region
from jigai.core.models.workday import Workday
from jigai.core.screens.list_filters import RegionField

_DAY = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_LINE = re.compile(rf"{_DAY}(?:\s*(?:至|到|—|~|～)\s*{_DAY})?\s*(.*)")


class RegionForm(forms.Form):
    """A park or a town below a county."""

    level = forms.ChoiceField(
        label="级别",
        choices=[(Region.Level.PARK, "园区"), (Region.Level.TOWN, "镇街")],
    )
    suffix = forms.CharField(
        label="代码后缀",
        max_length=6,
        help_text="接在县级六位代码之后；镇街可用统计用区划代码的后六位",
    )
    name = forms.CharField(label="名称", max_length=64)
    valid_from = forms.IntegerField(
        label="启用年份", required=False, min_value=1949, max_value=2100
    )
    source = reason_field("依据", "如设立批复的文号")


class DepartmentForm(forms.Form):
    """A department of a region."""

    region_code = RegionField("区划", required=True)
    name = forms.CharField(label="全称", max_length=100)
    short_name = forms.CharField(label="简称", max_length=40, required=False)
    line = forms.SlugField(
        label="条线", max_length=20, help_text="上下级同一条线用同一个标识，如 finance、tax"
    )
    parent = forms.ModelChoiceField(
        label="上级部门", queryset=Department.objects.filter(valid_to=None), required=False,
        empty_label="没有",
        widget=forms.Select(attrs={"data-picker": True}),
    )  # fmt: skip
    valid_from = day_field("设立日期")


class AliasesForm(forms.Form):
    """Other names, one a line."""

    names = forms.CharField(
        label="别名", required=False, widget=forms.Textarea(attrs={"rows": 6}), help_text="一行一个"
    )

    def clean_names(self) -> list[str]:
        """The names typed."""
        return [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]


class MergerForm(forms.Form):
    """Into which department, when, on what ground."""

    new = forms.ModelChoiceField(
        label="并入", queryset=Department.objects.none(), empty_label="请选择",
        widget=forms.Select(attrs={"data-picker": True}),
    )  # fmt: skip
    on = day_field("日期", required=True, help_text="从这一天起由新部门负责")
    note = reason_field("依据")

    def __init__(self, data: Any = None, *, old: Department) -> None:
        super().__init__(data)
        field: Any = self.fields["new"]
        same = Department.objects.filter(region_code=old.region_code, valid_to=None)
        field.queryset = same.exclude(pk=old.pk).order_by("line", "id")


class ResolveForm(forms.Form):
    """A name on a day."""

    name = forms.CharField(label="名称", max_length=100)
    region = RegionField("地区", required=True)
    on = day_field("日期", required=True)


class CalculatorForm(forms.Form):
    """第 N 个工作日."""

    start = day_field("事发日", required=True)
    count = forms.IntegerField(label="天数", min_value=-2000, max_value=2000)
    kind = forms.ChoiceField(label="按", choices=[("work", "工作日"), ("natural", "自然日")])


class WorkdaysForm(forms.Form):
    """A year's notice: days off and weekends worked, one a line."""

    holidays = forms.CharField(
        label="放假", widget=forms.Textarea(attrs={"rows": 8}),
        help_text="一行一段，如：2027-02-06 至 2027-02-12 春节",
    )  # fmt: skip
    workdays = forms.CharField(
        label="调休上班", required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一天，如：2027-01-31 春节调休",
    )  # fmt: skip
    source = forms.CharField(label="通知文号", max_length=120)

    def clean_holidays(self) -> dict[date, str]:
        """Day to festival."""
        return _days(self.cleaned_data["holidays"])

    def clean_workdays(self) -> dict[date, str]:
        """Day to festival."""
        return _days(self.cleaned_data["workdays"])

    def days(self) -> dict[date, tuple[str, str]]:
        """Day to (kind, name). Raises nothing; a day in both lists is refused by ``clean``."""
        given = self.cleaned_data
        found = {day: (str(Workday.Kind.HOLIDAY), name) for day, name in given["holidays"].items()}
        shifted = {d: (str(Workday.Kind.WORKDAY), name) for d, name in given["workdays"].items()}
        return {**found, **shifted}

    def clean(self) -> dict[str, Any]:
        """No day is both off and worked."""
        given = super().clean() or {}
        both = set(given.get("holidays", {})) & set(given.get("workdays", {}))
        if both:
            days = "、".join(sorted(map(str, both)))
            raise forms.ValidationError(f"同时写在放假和调休上班里：{days}")
        return given


def _days(text: str) -> dict[date, str]:
    found: dict[date, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        try:
            if match is None:
                raise ValueError
            parts = match.groups()
            first = date(*map(int, parts[:3]))
            last = date(*map(int, parts[3:6])) if parts[3] else first
        except ValueError:
            raise forms.ValidationError(f"第 {number} 行看不懂：{line.strip()}") from None
        if not 0 <= (last - first).days <= 30:
            raise forms.ValidationError(f"第 {number} 行的起止日期不对：{line.strip()}")
        for offset in range((last - first).days + 1):
            found[first + timedelta(days=offset)] = parts[6].strip()
    return found


def this_year() -> int:
    """The year in China."""
    return timezone.localdate().year
