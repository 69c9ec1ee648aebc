"""The questions asked on the pages of titles, ladders and project databases."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.registers.models import Register
from jigai.registers.special.question_forms import DayForm

_DAY = {"type": "date"}


class TitleForm(DayForm):
    """Who, which title, on which day."""

    q = forms.CharField(label="企业", max_length=80, required=False)
    roster = forms.ChoiceField(label="称号", required=False)
    held = forms.BooleanField(label="只看当日有效的", required=False)
    field_order = ("q", "roster", "on", "held")

    def __init__(self, *args: Any, rosters: list[Register], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roster"].choices = [("", "全部"), *((r.code, r.name) for r in rosters)]


class MovesForm(DayForm):
    """Who is there on a day, and what moved from another day on."""

    since = forms.DateField(label="进出自", required=False, widget=forms.DateInput(attrs=_DAY))
    field_order = ("on", "since")


class ThemeForm(forms.Form):
    """Into which database a project is taken, and under which theme."""

    theme = forms.ChoiceField(label="专题库和类别")

    def __init__(self, *args: Any, registers: list[Register], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = []
        for register in registers:
            item = register.schema.field("theme")
            if item is not None:
                options = [(f"{register.code}|{c}", w) for c, w in item.options.items()]
                groups.append((register.name, options))
        self.fields["theme"].choices = [("", "请选择"), *groups]
