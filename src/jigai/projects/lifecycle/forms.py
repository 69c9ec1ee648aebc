"""Forms of a project's life."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.forms.fields import day_field, reason_field
from jigai.core.screens.list_filters import RegionField
from jigai.projects.states import State, may_follow
from jigai.projects.work.forms import file_field


class StepForm(forms.Form):
    """Which stage was reached, when, by whose doing, and what shows it."""

    to = forms.ChoiceField(label="进入阶段", choices=())
    happened_on = day_field("发生日期", required=True)
    duty = forms.CharField(label="责任单位或责任人", max_length=100)
    filing_no = forms.CharField(
        label="备案号或核准文号", max_length=100, required=False, help_text="记为已备案核准时填"
    )
    reason = forms.CharField(
        label="原因或说明", max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
        help_text="停建、退出必填",
    )  # fmt: skip
    proof = file_field("证明材料")

    def __init__(self, *args: Any, state: str = State.PLANNED, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [
            ("", "请选择"),
            *((s.value, s.label) for s in may_follow(state) if s is not State.ADMITTED),
        ]
        self.fields["proof"].help_text = "备案核准、开工、竣工、验收、投产、评价要附；其余可不附"


class TakeBackForm(forms.Form):
    """Why a step is corrected."""

    reason = reason_field("更正原因", "写清原来记错了什么；原记录保留")


class MoveForm(forms.Form):
    """Where a project goes, or who carries it on."""

    region = RegionField("新属地", required=True)
    owner = forms.CharField(
        label="新单位", max_length=200, required=False,
        help_text="企业全称或统一社会信用代码；单位不变的不填",
    )  # fmt: skip
    effective = day_field("生效日期", required=True)
    reason = reason_field("移交原因", "例如区划调整、企业合并；此前各月的月报仍归原属地")


class SameForm(forms.Form):
    """Which record of one project stays."""

    keeps = forms.CharField(
        label="保留的项目编号", max_length=30, required=False,
        help_text="填要保留的那一条；两条都是独立项目的不填",
    )  # fmt: skip
    reason = reason_field("核实依据", "例如已与任城区核对，同一备案号")
