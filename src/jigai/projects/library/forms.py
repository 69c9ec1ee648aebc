"""Forms of the library."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from jigai.core.forms.fields import day_field
from jigai.core.screens.list_filters import CHOOSE, RegionField
from jigai.projects.library.access import levels_of
from jigai.projects.library.adjustable import PARTS, directions
from jigai.projects.library.codes import Level

LEVEL_CHOICES = [(level.value, level.label) for level in Level]


def reason_field(label: str = "原因", *, required: bool = True, help_text: str = "") -> Any:
    """A few lines that say why."""
    box = forms.Textarea(attrs={"rows": 3, "maxlength": 400})
    return forms.CharField(
        label=label, required=required, max_length=400, widget=box, help_text=help_text
    )


def year_box(label: str) -> forms.IntegerField:
    """A year that must be given."""
    return forms.IntegerField(label=label, min_value=1990, max_value=2100)


class EmptyForm(forms.Form):
    """Nothing to fill in."""


class AdmitForm(forms.Form):
    """Letting in; a reason where no rule is installed."""

    reason = reason_field(
        "理由", required=False, help_text="有入库规则的按规则判定，可不填；没有的写凭什么入库"
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = reason_field()


class DecideForm(forms.Form):
    """What becomes of one entry."""

    reason = reason_field()

    def __init__(self, *args: Any, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if optional:
            self.fields["reason"].required = False
            self.fields["reason"].label = "理由"


class LevelForm(forms.Form):
    """To which level."""

    level = forms.ChoiceField(label="级别")

    def __init__(self, *args: Any, region: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(one.value, one.label) for one in levels_of(region)]


class ReportForm(forms.Form):
    """To which level, for many."""

    level = forms.ChoiceField(label="上报到", choices=[("", CHOOSE), *LEVEL_CHOICES])


class JudgeOneForm(LevelForm):
    """Which library, on which day."""

    day = day_field("判定日", required=True, help_text="按这一天的规则、参数与数据年度判定")


class BatchForm(forms.Form):
    """Judging many at once."""

    ABOUT = (
        ("reported", "待审的"), ("none", "没有上报的（预先看）"), ("in", "已在库的（复核）"),
    )  # fmt: skip
    THEN = (("", "只判定"), ("admit", "判定并把符合的入库"))
    region = RegionField("库所属地区或其下级", required=True)
    level = forms.ChoiceField(label="级别", choices=LEVEL_CHOICES)
    about = forms.ChoiceField(label="哪些项目", choices=ABOUT)
    day = day_field("判定日", required=True)
    then = forms.ChoiceField(label="判定以后", choices=THEN, required=False)

    def clean(self) -> dict[str, Any]:
        """Only what waits can be let in."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("then") == "admit" and given.get("about") != "reported":
            self.add_error("then", "只有待审的可以接着入库")
        if given.get("day") and given["day"] > timezone.localdate():
            self.add_error("day", "判定日还没有到")
        return given


class AdjustForm(forms.Form):
    """One value, its new value and why."""

    part = forms.ChoiceField(
        label="调整哪一项", choices=[("", CHOOSE), *((p.key, p.label) for p in PARTS.values())]
    )
    value = forms.CharField(
        label="新值", max_length=400,
        help_text="金额填万元，如 1234.56；日期如 2021-06-30；主方向填方向名称",
    )  # fmt: skip
    reason = reason_field(help_text="超期未开工、停建、退出也要写原因；停建与退出在“记录进程”里办")
    confirm = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = "、".join(directions())
        self.fields["value"].help_text += f"（{listed}）"


class RollOverForm(forms.Form):
    """Which library, which year."""

    region = RegionField("库所属地区", required=True)
    level = forms.ChoiceField(label="级别", choices=LEVEL_CHOICES)
    year = year_box("结转年度")
    add = forms.BooleanField(
        label="补入待审的储备项目", required=False, initial=True,
        help_text="装有入库规则的，待审而符合条件的补入；没有规则的不自动补入",
    )  # fmt: skip


class RemindForm(forms.Form):
    """How long is too long."""

    days = forms.IntegerField(label="超过多少天没有更新", min_value=1, max_value=3660, initial=31)


class PlanForm(forms.Form):
    """Which plan a project carries out."""

    plan = forms.ChoiceField(label="规划或计划")
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, plans: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = [("", CHOOSE), *plans]
