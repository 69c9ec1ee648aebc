"""Forms of rounds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from jigai.core.forms.fields import day_field, moment_field
from jigai.funding.models import Programme, Round
from jigai.funding.rounds.timetable import LONGEST, STAGES
from jigai.policies.models import PackVersion


class BasicsForm(forms.Form):
    """What is opened for whom and when."""

    name = forms.CharField(label="名称", max_length=200, help_text="如 2021年度技改奖补第一批")
    programme = forms.ModelChoiceField(Programme.objects.none(), label="专项资金")
    pack = forms.ModelChoiceField(PackVersion.objects.none(), label="政策文件")
    mode = forms.ChoiceField(label="方式", choices=Round.Mode.choices)
    year = forms.IntegerField(label="申报年度", min_value=2000, max_value=2100)
    batch = forms.IntegerField(label="批次", min_value=1, max_value=99, initial=1)
    opens_at = moment_field("开始时间")
    closes_at = moment_field("截止时间")
    as_of = day_field("取值日期", required=True, help_text="企业和项目的情况按这一天")
    sealed = forms.BooleanField(
        label="密封至截止", required=False, help_text="截止前任何审核人都看不到申报"
    )

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes
        packs = PackVersion.objects.filter(is_current=True).exclude(status="standard")
        self.fields["pack"].queryset = packs.defer("files").order_by("slug", "id")

    @staticmethod
    def first() -> dict[str, Any]:
        """What stands in the form of a new round."""
        today = timezone.localdate()
        return {"year": today.year, "batch": 1, "mode": Round.Mode.APPLY}


class TimetableForm(forms.Form):
    """Working days by stage."""

    overlap_reason = forms.CharField(
        label="与其他批次重叠的理由", max_length=300, required=False,
        help_text="同一措施在同一时间已有批次开放时必须写明",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage, name in STAGES.items():
            self.fields[stage] = forms.IntegerField(
                label=f"{name}（工作日）", min_value=1, max_value=LONGEST
            )
        self.order_fields([*STAGES, "overlap_reason"])

    def days(self) -> dict[str, int]:
        """Days by stage."""
        return {stage: self.cleaned_data[stage] for stage in STAGES}
