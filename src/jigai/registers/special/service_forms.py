"""The questions of the pages on approval items, test results, burdens and certificates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from jigai.core.screens.list_filters import ANY, RegionField
from jigai.registers.special.burden import KINDS
from jigai.registers.special.filing import WORDS
from jigai.registers.special.question_forms import DayForm


class HandlingForm(DayForm):
    """An approval item, a place and a day."""

    item = forms.ChoiceField(label="事项", required=False)
    region = RegionField("地区", required=False)
    zone = forms.CharField(
        label="园区", max_length=60, required=False, help_text="项目在试点园区之内的写园区名称"
    )
    field_order = ("item", "region", "zone", "on")

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [("", "全部事项"), *items]


class RecognitionForm(DayForm):
    """A test, where and to which department its result is to be shown, and a day."""

    q = forms.CharField(
        label="企业或检测项目", max_length=80, required=False, help_text="几个词用空格隔开"
    )
    region = RegionField("用在哪个地区", required=False)
    department = forms.CharField(label="用在哪个部门", max_length=60, required=False)
    field_order = ("q", "region", "department", "on")


class BurdenForm(forms.Form):
    """A year, a kind of cost and a region; without a year the last one that may have records."""

    year = forms.IntegerField(label="年份", required=False, min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label="成本类别", required=False, choices=(("", ANY), *KINDS.items()))
    region = RegionField("地区", empty=ANY)

    def clean_year(self) -> int:
        """This year where nothing is given."""
        return self.cleaned_data.get("year") or timezone.localdate().year


class FilingForm(DayForm):
    """Words for projects, a state and a day."""

    q = forms.CharField(label="项目名称、单位或代码", max_length=80, required=False)
    state = forms.ChoiceField(
        label="情况", required=False,
        choices=(("", "全部"), *WORDS.items(), ("code", "代码不一致")),
    )  # fmt: skip
    field_order = ("q", "state", "on")


def day_of(text: str) -> dt.date | None:
    """An ISO day typed into an address; ``None`` for anything else."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None
