"""Forms about lists."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.forms.fields import day_field
from jigai.funding.models import DecisionList


def _long(label: str, **more: Any) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 5, "maxlength": 4000})
    return forms.CharField(label=label, max_length=4000, widget=box, **more)


class MakeForm(forms.Form):
    """Which meeting the list is for and what is done where the money does not reach.

    No rule is chosen beforehand: people choose it.
    """

    stage = forms.ChoiceField(label="环节", choices=DecisionList.Stage.choices)
    rule = forms.ChoiceField(label="资金安排", choices=())
    reason = forms.CharField(
        label="选择理由", max_length=400, required=False,
        help_text="资金不足时必填：文件没有写怎样削减，这里的选择和理由随名单公开记录",
    )  # fmt: skip

    def __init__(self, *args: Any, rules: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(DecisionList.Rule.choices)
        first = [] if len(rules) == 1 else [("", "请选择")]
        self.fields["rule"].choices = [*first, *((rule, words[rule]) for rule in rules)]


class MeetingForm(forms.Form):
    """The meeting that looked at a list."""

    meeting = forms.CharField(label="会议名称", max_length=200)
    met_on = day_field("会议日期", required=True)
    attendees = forms.CharField(label="参会", max_length=1000, help_text="单位和人员")
    file = forms.FileField(label="会议纪要文件", required=False, help_text="可不附；PDF、Word 等")
    minutes = _long("会议纪要", help_text="审定意见；资金不足时写明为什么这样处理")


class RefuseForm(forms.Form):
    """Why a list is sent back."""

    reason = forms.CharField(label="理由", max_length=400)


class NextForm(forms.Form):
    """The version for the next meeting."""

    stage = forms.ChoiceField(label="报送环节", choices=())
    changes = _long(
        "调整", required=False,
        help_text="不调整的留空。一行一件，空格隔开：申报编号 审定金额（元） 理由；0 是取消。",
    )  # fmt: skip

    def __init__(self, *args: Any, stages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = stages
