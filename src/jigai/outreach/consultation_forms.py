"""Forms of consultations: prepare, comment, classify, answer, publish, lead to the final."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.outreach.models import Consultation, ConsultationAnswer, ConsultationComment
from jigai.outreach.services.link_final import final_versions
from jigai.outreach.services.submit_comment import LONGEST


def _day(label: str, help_text: str = "", required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def _text(label: str, rows: int, longest: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, widget=widget, **options)


class ConsultationForm(forms.Form):
    """What a round is about, how long, and whom to ask."""

    title = forms.CharField(label="标题", max_length=200)
    period_from = _day("公开期起")
    period_to = _day("公开期止", "首尾两日都收意见")
    contact = forms.CharField(
        label="联系方式", max_length=200, help_text="部门电话或地址，会公开；不写个人姓名"
    )
    intro = _text("说明", 4, 4000, required=False, help_text="背景、想听哪方面的意见")
    clauses = forms.MultipleChoiceField(
        label="公开的条款", widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, *args: Any, headings: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clauses"].choices = [
            (code, f"{code} {heading}".strip()) for code, heading in headings.items()
        ]


class CommentForm(forms.Form):
    """A comment on one clause, or on the whole."""

    clause = forms.ChoiceField(label="对哪一条", required=False, choices=())
    text = _text("意见", 6, LONGEST, help_text=f"写明哪里要改、怎样改、为什么；最多 {LONGEST} 字")

    def __init__(
        self, *args: Any, item: Consultation, headings: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = [(code, f"{code} {headings.get(code, '')}"[:60]) for code in item.clauses]
        self.fields["clause"].choices = [("", "全文"), *known]


class PublicCommentForm(CommentForm):
    """The same without an account; who writes is asked for and need not be told."""

    name = forms.CharField(label="姓名", max_length=40, required=False, help_text="可不填，不公开")
    organisation = forms.CharField(
        label="单位", max_length=100, required=False, help_text="可不填，不公开"
    )
    contact = forms.CharField(
        label="联系方式", max_length=100, required=False, help_text="可不填，不公开，只供核实意见"
    )
    # Programs fill in everything; people do not see it.
    homepage = forms.CharField(
        label="请勿填写", max_length=200, required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip


class KindForm(forms.Form):
    """What kind of comment it is."""

    kind = forms.ChoiceField(
        label="类别", choices=ConsultationComment.Kind.choices, widget=forms.RadioSelect
    )
    hidden_reason = forms.CharField(
        label="不公开的原因", max_length=200, required=False,
        help_text="只用于垃圾信息；写了原因就不公开、不答复，但仍计数、仍保留",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """One answer to the comments ticked."""

    comments = forms.MultipleChoiceField(
        label="答复哪些意见", widget=forms.CheckboxSelectMultiple, choices=(),
        help_text="说的是一回事的勾在一起，用一个答复",
    )  # fmt: skip
    summary = _text("意见摘要", 3, 1000, help_text="会公示；用自己的话概括，不写姓名、单位")
    verdict = forms.ChoiceField(
        label="采纳情况", choices=ConsultationAnswer.Verdict.choices, widget=forms.RadioSelect,
        help_text="要求修改的答采纳、部分采纳或未采纳；赞成、询问、无关的答已说明",
    )  # fmt: skip
    reason = _text("理由", 3, 2000, help_text="会公示；采纳写怎样改，未采纳写为什么")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, comments: list[ConsultationComment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comments"].choices = [
            (str(one.pk), f"〔{one.get_kind_display() or '未分类'}〕{one.text[:120]}")
            for one in comments
        ]


class PublishForm(forms.Form):
    """Publicity and archive are two periods."""

    publicity_from = _day("公示期起")
    publicity_to = _day("公示期止", "公示期内可以提异议")
    archive_to = _day("存档期止", "期满后门户不再显示；留空表示长期可查", required=False)


class ExtendForm(forms.Form):
    """A later end, and why."""

    period_to = _day("新的截止日")
    reason = forms.CharField(label="理由", max_length=200)


class FinalForm(forms.Form):
    """Which installed version is the final one."""

    final = forms.ChoiceField(label="定稿", choices=())

    def __init__(self, *args: Any, item: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["final"].choices = [
            (str(row.pk), f"{row.title}（{row.number or '没有文号'}，{row.sha256[:8]}）")
            for row in final_versions(item)
        ]


class ReflectForm(forms.Form):
    """Whether an adopted comment is found again in the final version."""

    reflected = forms.ChoiceField(choices=(("yes", "已体现"), ("no", "没有体现")))
    clause = forms.CharField(max_length=40, required=False)
    note = forms.CharField(max_length=300, required=False)
    seen = forms.IntegerField()
