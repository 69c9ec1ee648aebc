"""Forms about documents that replace each other or stand above one another."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.forms.fields import day_field, reason_field
from jigai.policies.models import PackParameter, PackVersion, UpstreamDocument


def _documents() -> list[tuple[str, str]]:
    rows = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    return list(rows.order_by("slug").values_list("slug", "title"))


class SuccessionForm(forms.Form):
    """Who replaces whom, and from when."""

    old_number = forms.CharField(label="旧文号", max_length=100, required=False)
    old_title = forms.CharField(label="旧标题", max_length=200, required=False)
    old_issued = day_field("旧文件成文日期")
    new_slug = forms.ChoiceField(
        label="新文件", required=False, help_text="已安装的选这里；没有数据包的填下面的文号与标题"
    )
    new_number = forms.CharField(label="新文号", max_length=100, required=False)
    new_title = forms.CharField(label="新标题", max_length=200, required=False)
    since = day_field("替代起日", required=True, help_text="这一天起按新文件，之前按旧文件")
    basis = forms.CharField(label="依据", max_length=200, help_text="写明替代的条款或文号")
    note = reason_field("说明")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_slug"].choices = [("", "不在已安装的文件里"), *_documents()]
        self.fields["note"].required = False


class WithdrawForm(forms.Form):
    """Why a record is taken back."""

    because = reason_field("理由")


class FindForm(forms.Form):
    """A document as people know it, and a day."""

    q = forms.CharField(label="文号或标题", max_length=200, required=False)
    on = day_field("看哪一天")


class AttachForm(forms.Form):
    """Where an upstream document can be found."""

    kind = forms.ChoiceField(
        label="挂接方式",
        choices=[
            ("pack", "已安装的数据包"),
            ("parameter", "通用参数"),
            ("file", "上传原文"),
            ("none", "不存在数据包（只留说明）"),
            ("pending", "待导入（取消挂接）"),
        ],
    )
    pack_slug = forms.ChoiceField(label="数据包", required=False)
    parameter = forms.ChoiceField(label="通用参数", required=False)
    upload = forms.FileField(label="原文", required=False)
    note = reason_field("说明")

    def __init__(self, *args: Any, row: UpstreamDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        packs = [(slug, title) for slug, title in _documents() if slug != row.slug]
        self.fields["pack_slug"].choices = [("", "请选择"), *packs]
        standard = PackParameter.objects.filter(pack__status="standard", pack__is_current=True)
        rows = standard.order_by("pack__slug", "code").values_list("pack__slug", "code", "name")
        named = {f"{slug}:{code}": name for slug, code, name in rows}
        self.fields["parameter"].choices = [("", "请选择"), *named.items()]
        self.fields["note"].required = False
