"""Forms of an application: its fields with autosave, and the invoices it counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.urls import reverse

from jigai.core.fields.controls import control
from jigai.core.fields.shapes import Field
from jigai.core.fields.values import read_value
from jigai.errors import JigaiError
from jigai.funding.applications.pool import PoolLine
from jigai.funding.applications.services.fill_form import fields_of, shown_now
from jigai.funding.applications.services.pick_lines import Pick
from jigai.funding.models import Application

_SHARE = Field("share", "计入金额", "money")
_ANSWERS = {"yes": True, "no": False}


class ValuesForm(forms.Form):
    """The fields of the measure; each saves itself when it is left."""

    def __init__(self, application: Application, data: Any = None) -> None:
        super().__init__(data, auto_id="field_%s")
        self.application = application
        url = reverse("application-field", args=[application.pk])
        for item in fields_of(application):
            one = control(item)
            # The mark says what is needed; a half-filled draft is kept all the same.
            one.required, one.initial = False, shown_now(application, item)
            one.label = f"{item.shown_label}（必填）" if item.required else item.shown_label
            one.widget.attrs |= {
                "hx-post": url, "hx-trigger": "change", "hx-target": "#field-state",
                "hx-vals": json.dumps({"field": item.id}), "hx-sync": "this:queue last",
            }  # fmt: skip
            self.fields[f"v-{item.id}"] = one

    @property
    def rows(self) -> list[tuple[str, str, forms.BoundField]]:
        """Field id, what its box held when drawn, and the box."""
        return [
            (item.id, shown_now(self.application, item), self[f"v-{item.id}"])
            for item in fields_of(self.application)
        ]


def read_picks(data: Mapping[str, Any], chosen: list[str]) -> dict[int, Pick]:
    """The ticked lines of the invoices table by primary key.

    Raises :class:`JigaiError` naming the row whose share cannot be read.
    """
    found: dict[int, Pick] = {}
    for place, key in enumerate(chosen, start=1):
        if not key.isdigit():
            raise JigaiError("unknown-line", "选的发票已经不在了", "刷新页面重新选择")
        try:
            share = read_value(_SHARE, f"{str(data.get(f's-{key}', '')).strip()}元")
        except JigaiError as problem:
            raise JigaiError(
                "line-share", f"第{place}行的计入金额“{data.get(f's-{key}', '')}”读不懂",
                "填以元为单位的数，如 125000.50",
            ) from problem  # fmt: skip
        found[int(key)] = _pick(data, key, share or 0)
    return found


def _pick(data: Mapping[str, Any], key: str, share: int) -> Pick:
    second_hand, related, leased = (
        _ANSWERS.get(str(data.get(f"{name}-{key}", ""))) for name in "hrl"
    )
    return Pick(
        share, second_hand, related, leased,
        str(data.get(f"c-{key}", "")), str(data.get(f"n-{key}", "")),
    )  # fmt: skip


def as_typed(one: PoolLine, data: Mapping[str, Any], chosen: list[str]) -> PoolLine:
    """A line of the table as it was sent, to be shown again with nothing lost."""
    key = str(one.line.pk)
    if f"s-{key}" not in data:
        return one
    said = _pick(data, key, 0)
    for name in ("second_hand", "related_party", "leased", "customs_no", "serial"):
        setattr(one.line, name, getattr(said, name))
    return replace(one, ticked=key in chosen, typed=str(data[f"s-{key}"]))
