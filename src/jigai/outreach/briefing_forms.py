"""Forms of briefings and of what enterprises answer."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.outreach.models import Invitation
from jigai.outreach.services.plan_briefing import topic_choices
from jigai.policies.models import Clause, PackVersion

_MOMENT = {"type": "datetime-local"}
_SCORES = (("", "请选择"), (5, "很满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "很不满意"))
_MARK = "="


class PushForm(forms.Form):
    """A push: what, and in plain words."""

    title = forms.CharField(label="主题", max_length=200)
    topics = forms.MultipleChoiceField(
        label="内容", choices=(), widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="可选几份文件或几项措施（按住 Ctrl 多选）；触达率按这里的措施统计",
    )  # fmt: skip
    text = forms.CharField(
        label="说明", max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 5}), help_text="写给企业看的话",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = topic_choices()


class SessionForm(PushForm):
    """A session: also when and where."""

    held_at = forms.DateTimeField(label="时间", widget=forms.DateTimeInput(attrs=_MOMENT))
    place = forms.CharField(label="地点", max_length=200)
    speaker = forms.CharField(label="主讲", max_length=100, required=False)
    capacity = forms.IntegerField(
        label="席位", min_value=1, max_value=10_000, required=False, help_text="不限就不填"
    )
    field_order = ("title", "held_at", "place", "speaker", "capacity", "topics", "text")


def clause_choices(slugs: list[str]) -> list[tuple[str, Any]]:
    """Clauses of documents, for a select: ``slug=clause``."""
    packs = PackVersion.objects.filter(slug__in=slugs, is_current=True).defer("files")
    rows = Clause.objects.filter(pack__in=packs).select_related("pack").defer("pack__files")
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows.order_by("pack", "place", "id"):
        words = f"{row.code} {row.heading}"[:60]
        groups.setdefault(row.pack.title, []).append((f"{row.pack.slug}{_MARK}{row.code}", words))
    return [("", "请选择"), *groups.items()]


def clause_of(chosen: str) -> dict[str, str]:
    """The two parts of a choice of :func:`clause_choices`."""
    slug, _mark, clause = chosen.partition(_MARK)
    return {"slug": slug, "clause": clause}


class MaterialForm(forms.Form):
    """A file or a clause."""

    title = forms.CharField(label="名称", max_length=200)
    upload = forms.FileField(label="文件", required=False)
    chosen = forms.ChoiceField(label="或者条款", required=False, choices=())

    def __init__(self, *args: Any, slugs: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = clause_choices(slugs)


class CancelForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(label="取消原因", max_length=200, help_text="会告诉已通知的企业")


class AttendanceForm(forms.Form):
    """Who came."""

    who = forms.CharField(
        label="企业名称或信用代码", max_length=200, help_text="不在名单里的企业登记为名单外到会"
    )


class ReceiptForm(forms.Form):
    """The enterprise's receipt."""

    receipt = forms.ChoiceField(label="回执", choices=[("", "请选择"), *Invitation.Receipt.choices])
    note = forms.CharField(label="说明", max_length=300, required=False)


class SignUpForm(forms.Form):
    """How many come."""

    people = forms.IntegerField(
        label="参加人数", min_value=0, max_value=20, help_text="填 0 表示不参加"
    )


class CodeForm(forms.Form):
    """The code told at the door."""

    code = forms.RegexField(
        r"^\s*\d{6}\s*$", label="签到码", error_messages={"invalid": "签到码是六位数字"}
    )


class FeedbackForm(forms.Form):
    """What they think and ask."""

    score = forms.TypedChoiceField(label="满意度", choices=_SCORES, coerce=int)
    text = forms.CharField(
        label="意见", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    question = forms.CharField(
        label="问题", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="由主办部门答复，或转给文件的解释机关",
    )  # fmt: skip
    chosen = forms.ChoiceField(label="问的是哪一条", required=False, choices=())

    def __init__(self, *args: Any, slugs: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = clause_choices(slugs)
