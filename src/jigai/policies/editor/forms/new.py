"""Forms of a draft as a whole: how it begins, who it is, what is said on its way."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.screens.list_filters import RegionField
from jigai.policies.editor.forms.entry import text

WAYS = {
    "amend": "改已安装的文件：印发后成为它的新版本",
    "replace": "以已安装的文件为底稿起草新文件：印发后替代它",
    "overlay": "给上级文件起草本级细则：补上级留空的参数",
    "blank": "从空白起草：只带通用词汇、常用资格门和一个合格情形",
}
_DAY = {"type": "date"}


def day(label: str, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs=_DAY)
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class StartForm(forms.Form):
    """From what to begin; a new document needs its identity."""

    way = forms.ChoiceField(
        label="怎样起草", choices=list(WAYS.items()), widget=forms.RadioSelect, initial="amend"
    )
    base = forms.ChoiceField(label="已安装的文件", choices=(), required=False)
    title = text("标题", 200, help_text="不填就用来源文件的标题")
    slug = text("标识", 60, help_text="新文件必填：小写字母、数字与连字符，如 county-2026")
    issuer = text("发文机关", 200, help_text="空白与细则必填")
    region = RegionField("适用地区", help_text="空白与细则必填，在您的数据权限之内")
    begins = day("拟施行日期", False, "空白与细则必填，印发时还可以改")
    ends = day("拟有效期止", False)
    note = text("起草说明", 400, help_text="为什么改、依据什么")

    def __init__(self, *args: Any, versions: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["base"].choices = [("", "请选择"), *((v.slug, v.title) for v in versions)]

    def clean(self) -> dict[str, Any]:
        """What each way needs."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        way = given.get("way")
        needed = {
            "amend": ("base",), "replace": ("base", "slug"),
            "overlay": ("base", "slug", "title", "issuer", "region", "begins"),
            "blank": ("slug", "title", "issuer", "region", "begins"),
        }.get(str(way), ())  # fmt: skip
        for name in needed:
            if not given.get(name) and name not in self.errors:
                self.add_error(name, "这样起草要填写")
        if given.get("begins") and given.get("ends") and given["ends"] < given["begins"]:
            self.add_error("ends", "早于施行日期")
        return given


class IdentityForm(forms.Form):
    """``pack.yaml`` as far as it is written by people; number and date of issue come at the end."""

    title = text("标题", 200, required=True)
    issuer = text("发文机关", 200, required=True)
    interpreter = text("解释机关", 200)
    effective_from = day("拟施行日期", False)
    effective_to = day("拟有效期止", False)
    supersedes = forms.CharField(
        label="替代", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="被替代文件的文号或标题，一行一份",
    )  # fmt: skip
    upstream = forms.CharField(
        label="上位依据", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="一行一份：文号 标题；没有文号只写标题",
    )  # fmt: skip
    notes = forms.CharField(
        label="说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class SubmitForm(forms.Form):
    """Whether the public is asked."""

    consults = forms.TypedChoiceField(
        label="公开征求意见", coerce=lambda value: value == "yes",
        choices=(("yes", "审核通过后公开征求意见"), ("no", "不公开征求意见")),
        widget=forms.RadioSelect, initial="yes",
    )  # fmt: skip
    no_consultation = text("不公开的理由", 400, help_text="选不公开的必填")


class ReasonForm(forms.Form):
    """Why it goes back or is given up."""

    reason = forms.CharField(
        label="理由", max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "写明理由"},
    )  # fmt: skip


class IssueForm(forms.Form):
    """Number and dates, put in when it is issued."""

    number = text("文号", 100, help_text="没有文号的空着")
    issued = day("成文日期")
    effective_from = day("施行日期")
    effective_to = day("有效期止", False, "首尾两日都算；没有期限的空着")
