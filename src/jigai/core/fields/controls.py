"""Form controls made from fields: what is shown, what was typed, what stands in the box."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from jigai.core.fields.shapes import Field
from jigai.core.fields.values import show_value
from jigai.core.screens.list_filters import RegionField

_CODE = re.compile(r"[0-9A-Z]{18}")
_FLAG = (("", "请选择"), ("是", "是"), ("否", "否"))


def control(item: Field) -> forms.Field:
    """What the field is filled in with; ``required`` and texts as the field says."""
    options: dict[str, Any] = {"label": item.shown_label, "required": item.required,
                               "help_text": item.help or _HELP.get(item.type, "")}  # fmt: skip
    if item.type == "file":
        # Whether one is there already is known to the rules, not to the browser.
        return forms.FileField(**{**options, "required": False})
    if item.type == "flag":
        return forms.ChoiceField(choices=_FLAG, **options)
    if item.type == "choice":
        return forms.ChoiceField(choices=[("", "请选择"), *item.options.items()], **options)
    if item.type == "date":
        return forms.DateField(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
        )
    if item.type == "region":
        return RegionField(**options)
    if item.type == "long" or item.many:
        if item.many:
            options["help_text"] = item.help or "可填多个，用顿号或换行隔开"
        return forms.CharField(
            max_length=4000, widget=forms.Textarea(attrs={"rows": 2 if item.many else 3}), **options
        )
    return forms.CharField(max_length=400, **options)


_HELP = {
    "money": "写上单位，如 500万元", "area": "写上单位，如 20亩；记到 0.01 平方米",
    "enterprise": "企业全称，或统一社会信用代码", "industry": "国民经济行业代码，如 3411",
    "entry": "被引用名录里的条目名称",
}  # fmt: skip


def given(item: Field, value: Any, stored: Mapping[str, Any]) -> Any:
    """What was typed, as the reader of values takes it; ``stored`` are the values so far, by id.

    A chosen file becomes its name (the view stores the bytes); without one the file stays.
    """
    if item.type == "file":
        return {"name": value.name} if value else stored.get(item.id)
    if item.type in ("enterprise", "entry") and value:
        text = str(value).strip()
        before = stored.get(item.id)
        if before and before.get("name") == text:
            return before
        if item.type == "entry":
            return text
        return {"uscc": text} if _CODE.fullmatch(text.upper()) else {"name": text}
    return value


def written(item: Field, value: Any) -> Any:
    """A stored value as it stands in its control."""
    if value is None:
        return None
    if item.type == "money":
        return (
            f"{value / 100:.2f}".rstrip("0").rstrip(".") + "元" if value < 10**12 else f"{value}分"
        )
    if item.type == "area":
        return f"{value // 100}.{value % 100:02d}平方米"
    if item.type == "flag":
        return "是" if value else "否"
    if item.type in ("date", "choice", "region", "industry", "number"):
        return value
    return None if item.type == "file" else show_value(item, value)
