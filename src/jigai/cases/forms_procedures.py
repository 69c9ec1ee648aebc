"""Forms about a procedure itself; what happens in it is the designer's."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.screens.list_filters import RegionField


class ProcedureForm(forms.Form):
    """What a procedure is and where it runs."""

    name = forms.CharField(label="名称", max_length=120)
    code = forms.SlugField(
        label="代号", max_length=60, help_text="用于网址，建立后不能改，如 parallel-approval"
    )
    region_code = RegionField("办理地区", required=True)
    owner = forms.CharField(label="主管单位", max_length=200)
    clause = forms.CharField(
        label="条款",
        max_length=120,
        required=False,
        help_text="依据的条款，如 兖政发〔2020〕6号 六.2",
    )
    items = forms.CharField(
        label="落实的事项", max_length=600, required=False,
        help_text="政策文件里的办事方式，写成 文件:编号；可写多个，用顿号隔开",
    )  # fmt: skip
    summary = forms.CharField(
        label="说明", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一两句话，企业在办事指南上看到",
    )  # fmt: skip
    start = forms.ChoiceField(label="从哪里开始", required=False)

    def __init__(self, *args: Any, starts: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first: Any = self.fields["start"]
        first.choices = [("", "只有一个受理步骤"), *starts]
        first.help_text = "照一个已有的办事方式改，字段、材料、步骤都带过来"

    def clean_items(self) -> list[str]:
        """References of items, each once."""
        text = str(self.cleaned_data.get("items") or "")
        parts = text.replace("、", ",").replace("，", ",").replace("\n", ",").split(",")
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


class ApplyForm(forms.Form):
    """Where an office begins a case, and for which enterprise."""

    region_code = RegionField("办理地区", required=True)
    uscc = forms.CharField(
        label="企业", max_length=100, required=False,
        help_text="代企业发起时填统一社会信用代码或全称；不涉及企业的空着",
    )  # fmt: skip
