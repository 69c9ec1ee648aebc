"""Forms of the work on projects."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.forms.fields import PersonField, day_field
from jigai.core.screens.list_filters import RegionField
from jigai.projects.work.issues import KINDS

CADENCES = (("month", "月度"), ("quarter", "季度"))


def long_field(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """Several lines of text."""
    box = forms.Textarea(attrs={"rows": 4, "maxlength": 2000})
    return forms.CharField(
        label=label, required=required, max_length=2000, widget=box, help_text=help_text
    )


def file_field(label: str) -> forms.FileField:
    """One file, kept with the evidence."""
    return forms.FileField(label=label, required=False, help_text="可不附；照片、PDF 等")


class IssueForm(forms.Form):
    """A problem of a project."""

    heading = forms.CharField(
        label="问题", max_length=100, help_text="一句话，例如“临时用电没有批”"
    )
    kind = forms.ChoiceField(label="问题类别", choices=[("", "请选择"), *KINDS.items()])
    told = long_field("问题情况", help_text="卡在哪里、从什么时候开始、影响多大")
    wanted = long_field("希望怎样解决", required=False)
    proof = file_field("照片或文件")


class DutyForm(forms.Form):
    """Who answers for a zone or a project."""

    person = PersonField("责任人")
    region = RegionField("地区", required=True)
    zone = forms.CharField(
        label="片区", max_length=100, required=False,
        help_text="园区或镇街的名称，与项目的园区、企业的镇街一致；整个地区的不填",
    )  # fmt: skip
    since = day_field("起", required=True)
    until = day_field("止", help_text="一直负责的不填")


class EndDutyForm(forms.Form):
    """The last day of a duty."""

    until = day_field("最后一天", required=True)


class VisitForm(forms.Form):
    """What a visit found."""

    visited_on = day_field("走访日期", required=True)
    met = forms.CharField(label="见到的人", max_length=200, help_text="姓名和职务，可写几人")
    found = long_field("了解到的情况")
    next_step = forms.CharField(label="下一步", max_length=400, required=False)
    next_on = day_field("下一步日期", help_text="写了日期的会出现在督办日历上")
    photo = file_field("照片或记录")


class NudgeForm(forms.Form):
    """For which projects tasks are made, and by when they are to be answered."""

    region = RegionField("地区", required=True)
    year = forms.IntegerField(label="年度", min_value=1990, max_value=2100)
    month = forms.IntegerField(
        label="月份", min_value=1, max_value=12,
        help_text="按这个月的月报看进度；同一个月再生成一次，已有的不重复",
    )  # fmt: skip
    lag = forms.IntegerField(
        label="落后多少才催（百分点）", min_value=0, max_value=100, initial=0,
        help_text="完成率比时间进度低多少个百分点以上；0 是落后就催。文件没有写，由当地定",
    )  # fmt: skip
    due_on = day_field("反馈限期", required=True)


class AnswerForm(forms.Form):
    """How things stand."""

    answer = long_field("反馈", help_text="现在的情况、打算怎么办、什么时候能到")


class SettleForm(forms.Form):
    """What became of a task."""

    verdict = forms.ChoiceField(
        label="核实", choices=[("done", "属实，办结"), ("back", "不够，退回再办"),
                               ("cancelled", "不用办了，取消")],
    )  # fmt: skip
    result = forms.CharField(label="核实结果", max_length=400)
    due_on = day_field("新的限期", help_text="退回再办时填")


class BulletinForm(forms.Form):
    """Which region and period."""

    region = RegionField("地区", required=True)
    cadence = forms.ChoiceField(label="周期", choices=CADENCES)
    year = forms.IntegerField(label="年度", min_value=1990, max_value=2100)
    period = forms.IntegerField(
        label="期", min_value=1, max_value=12, help_text="月度填月份，季度填 1 到 4"
    )

    def clean(self) -> dict[str, Any]:
        """A year has four quarters."""
        given = super().clean() or self.cleaned_data
        if given.get("cadence") == "quarter" and (given.get("period") or 0) > 4:
            self.add_error("period", "一年只有四个季度，填 1 到 4")
        return given


class SentenceForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", max_length=400)


class KeyListForm(forms.Form):
    """A list and the conditions its projects fulfil."""

    region = RegionField("地区", required=True)
    year = forms.IntegerField(label="年度", min_value=1990, max_value=2100)
    title = forms.CharField(label="名称", max_length=120)
    clause = forms.CharField(label="依据", max_length=200, required=False)
    states = forms.MultipleChoiceField(
        label="所处阶段", required=False, choices=(),
        widget=forms.SelectMultiple(attrs={"size": 6}), help_text="可选几个；不选就不限",
    )  # fmt: skip
    least_total = forms.DecimalField(
        label="总投资不低于（万元）", required=False, min_value=0, max_digits=14, decimal_places=2
    )
    least_planned = forms.DecimalField(
        label="当年计划投资不低于（万元）", required=False, min_value=0, max_digits=14,
        decimal_places=2,
    )  # fmt: skip
    in_library = forms.BooleanField(label="只要已入库的", required=False)
    most = forms.IntegerField(
        label="最多多少个", required=False, min_value=1, max_value=2000,
        help_text="按当年计划投资从大到小取；不填全部列入",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from jigai.projects.states import STATES

        super().__init__(*args, **kwargs)
        self.fields["states"].choices = list(STATES.items())


class LineForm(forms.Form):
    """Who is responsible for a project of a list, and how much is planned for the year."""

    unit = forms.CharField(label="责任单位", max_length=100)
    planned = forms.DecimalField(
        label="当年计划投资（万元）", required=False, min_value=0, max_digits=14, decimal_places=6,
        help_text="不知道就不填，不要写零",
    )  # fmt: skip


class JoinForm(LineForm):
    """A project that joins a list."""

    number = forms.CharField(
        label="项目编号", max_length=30, help_text="项目页上的编号，例如 370812-2021-00001"
    )
    reason = forms.CharField(label="列入理由", max_length=400)
    field_order = ("number", "unit", "planned", "reason")
