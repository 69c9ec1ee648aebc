"""Forms of the interpretation desk and of the register of open parameters."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.policies.models import Clause, PackVersion
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_readings

_DAY = {"type": "date"}
_MARK = "="
_EXAMPLES = {
    "rate": "3%",
    "date": "2021-06-30",
    "amount": "500万元",
    "threshold": "500万元及以上",
}


class QuestionForm(forms.Form):
    """A question about one clause; document and clause come from the address or are chosen."""

    place = forms.ChoiceField(label="条款", choices=())
    question = forms.CharField(
        label="问题", max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写清条文哪里不明白、遇到的是什么情形",
    )  # fmt: skip
    public = forms.BooleanField(
        label="公开这个问题与答复", required=False, initial=True,
        help_text="不公开的只有您和解释机关能看到；公开时不显示提问人",
    )  # fmt: skip

    def __init__(self, *args: Any, version: PackVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clauses = Clause.objects.filter(pack=version).order_by("place", "id")
        self.fields["place"].choices = [
            ("", "请选择"),
            *((clause.code, f"{clause.code} {clause.heading}"[:60]) for clause in clauses),
        ]


class AnswerForm(forms.Form):
    """An answer; with a reading it changes what evaluations take from its date on."""

    answer = forms.CharField(
        label="答复", max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    choice = forms.ChoiceField(
        label="按此取哪种读法", required=False, choices=(),
        help_text="只作说明、不改变测算的留空",
    )  # fmt: skip
    effective_from = forms.DateField(
        label="适用起日", widget=forms.DateInput(attrs=_DAY),
        help_text="按这一天或以后取值的测算按此答复；不早于文件成文日期",
    )  # fmt: skip
    number = forms.CharField(
        label="文号", max_length=100, required=False, help_text="改变读法的须有文号"
    )

    def __init__(self, *args: Any, version: PackVersion, clause: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readings = all_readings(model_of(version).pack).values()
        ordered = sorted(readings, key=lambda reading: reading.clause != clause)
        self.fields["choice"].choices = [
            ("", "不改变读法"),
            *(
                (
                    f"{reading.name}（{reading.clause}）",
                    [
                        (f"{reading.id}{_MARK}{key}", f"{reading.name}＝{option.word}")
                        for key, option in reading.options.items()
                    ],
                )
                for reading in ordered
            ),
        ]

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        given = dict(self.cleaned_data)
        reading, _mark, option = given.pop("choice").partition(_MARK)
        return {**given, "reading": reading, "option": option}


class ProposalForm(forms.Form):
    """A value for an open parameter, with where it comes from."""

    value = forms.CharField(label="取值", max_length=200)
    valid_from = forms.DateField(label="生效日", widget=forms.DateInput(attrs=_DAY))
    source = forms.CharField(label="依据", max_length=300, help_text="文件名称与文号，或会议纪要")

    def __init__(self, *args: Any, unit: str, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        example = _EXAMPLES.get(kind, f"3{unit}" if unit else "")
        self.fields["value"].help_text = f"连单位一起写，如 {example}" if example else ""


class DecisionForm(forms.Form):
    """Approve or refuse a proposal."""

    verb = forms.ChoiceField(choices=(("approve", "批准"), ("refuse", "不批准")))
    note = forms.CharField(label="意见", max_length=300, required=False, help_text="不批准须写理由")
