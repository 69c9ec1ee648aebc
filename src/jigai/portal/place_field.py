"""A place typed by somebody without an account."""

from __future__ import annotations

from django import forms

from jigai.portal.places import places_named


def one_place(typed: str) -> str:
    """The code of the one place meant. Raises ``ValidationError`` for none or several."""
    found = places_named(typed)
    if len(found) == 1:
        return str(found[0].code)
    if not found:
        raise forms.ValidationError("没有这个地区，写区县的全称或六位区划代码")
    named = "、".join(f"{row.name}（{row.code}）" for row in found[:6])
    raise forms.ValidationError(f"有几个同名或相近的地区：{named}，请填区划代码")
