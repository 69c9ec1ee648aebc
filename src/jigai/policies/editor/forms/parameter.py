"""A parameter: a cited value with its dates, or one that nobody has set yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from jigai.policies.editor.forms.entry import (
    EntryForm,
    Plain,
    RowForm,
    choice,
    formula,
    merged,
    text,
    told,
)
from jigai.rules.environment import read_value
from jigai.rules.errors import FormulaError

KINDS = {
    "threshold": "起点", "rate": "比例", "amount": "金额", "number": "数", "date": "日期",
    "list": "名单", "text": "文字",
}  # fmt: skip
STATES = {"stated": "文件写明", "local": "本级确定", "undetermined": "未定"}
SAMPLES = {
    "threshold": "500万元及以上", "rate": "3%", "amount": "100万元", "number": "3项",
    "date": "2026-06-30", "list": "甲镇、乙镇", "text": "文字",
}  # fmt: skip
_DAY = {"type": "date"}


def checked_value(kind: str, value: str) -> None:
    """Raise ``ValidationError`` for a value that the kind cannot be."""
    try:
        read_value(kind, value)
    except FormulaError as error:
        sample = SAMPLES.get(kind, "")
        fix = error.fix or (f"写成 {sample} 这样" if sample else "")
        raise forms.ValidationError(f"{error.message}；{fix}" if fix else error.message) from None


class ValueRow(RowForm):
    """What holds from a day on."""

    keys = ("from", "to", "value", "reference", "approver")
    since = forms.DateField(
        label="起日", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY)
    )
    to = forms.DateField(
        label="止日", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY)
    )
    value = text("取值", 400)
    reference = text("依据", 200)
    approver = text("批准人", 100)

    @classmethod
    def initial_of(cls, plain: Plain) -> dict[str, Any]:
        """``from`` is no name for a field."""
        found = super().initial_of(plain)
        return {**found, "since": found.pop("from")}

    def clean(self) -> dict[str, Any]:
        """Both a day and a value, or neither."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("value") and not given.get("since") and not self.errors:
            raise forms.ValidationError("写了取值，还要写从哪一天起")
        if given.get("since") and not given.get("value") and not self.errors:
            raise forms.ValidationError("写了起日，还要写取值")
        return given

    def row(self, old: Plain) -> Plain:
        """Days as they are written."""
        data = self.cleaned_data
        given = {
            "from": _iso(data["since"]), "to": _iso(data["to"]), "value": data["value"],
            "reference": data["reference"], "approver": data["approver"],
        }  # fmt: skip
        return merged(old, given, self.keys)


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


class ParameterForm(EntryForm):
    """Name, kind, unit, dated values; who decides it where it is open."""

    section = "parameters"
    order = (
        "id", "name", "clause", "facts", "kind", "unit", "status", "values", "formula", "decides",
        "note",
    )  # fmt: skip
    singles = ("id", "name", "clause", "kind", "unit", "status", "formula", "decides", "note")
    lists = ("facts",)
    tables = {"values": (ValueRow, 1)}

    name = text("名称", 120, required=True, help_text="公式里写它，如 设备补助比例")
    id = text("标识", 80, required=True, help_text="英文，不与别的重复，如 equipment_rate")
    clause = choice("条款", (), required=True)
    kind = choice("种类", KINDS.items(), required=True)
    unit = text("单位", 20, help_text="未定的金额和起点必写，如 万元")
    status = choice("来源", STATES.items(), required=True)
    facts = text("用到条款里的哪个数", 200, help_text="条款里数的编号，用顿号隔开")
    formula = formula("算式", 2, help_text="由别的参数算出时写，代替取值")
    decides = text("由谁定", 120, help_text="未定的必写")
    note = text("说明", 400)

    def clean(self) -> dict[str, Any]:
        """What is open has no value and somebody who decides; every value fits its kind."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        rows = self.rows["values"]
        if not rows.is_valid():
            return given
        values = [row.cleaned_data for row in rows.forms if row.cleaned_data.get("value")]
        status = given.get("status")
        if status == "undetermined" and not told(given.get("decides")):
            self.add_error("decides", "未定的写明由谁定")
        if status == "undetermined" and values:
            self.add_error("status", "标为未定就不写取值；有了取值改为“文件写明”或“本级确定”")
        if status != "undetermined" and not values and not given.get("formula"):
            self.add_error("status", "没有取值；还没有定的标“未定”，不要填零")
        for row in values:
            try:
                checked_value(str(given.get("kind")), str(row["value"]))
            except forms.ValidationError as error:
                self.add_error(None, error)
        return given
