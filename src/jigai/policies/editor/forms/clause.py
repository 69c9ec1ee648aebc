"""A clause: what it says in our own words, and every number in it."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.policies.editor.forms.entry import EntryForm, Plain, RowForm, choice, long, text
from jigai.policies.words import CLAUSE_KINDS

_COMPARATORS = (
    ("", "等于"), ("=", "等于"), (">=", "不低于"), (">", "超过"), ("<=", "不超过"), ("<", "低于"),
    ("about", "左右"), ("name", "名称"), ("unspecified", "没有写"),
)  # fmt: skip


class FactRow(RowForm):
    """One number of the clause."""

    keys = ("id", "what", "value", "unit", "comparator", "token", "waived")
    id = text("编号", 40)
    what = text("是什么", 200)
    token = text("原文写法", 200)
    value = text("值", 60)
    unit = text("单位", 20)
    comparator = choice("比较", _COMPARATORS[1:])
    waived = text("不用的理由", 200)

    @classmethod
    def initial_of(cls, plain: Plain) -> dict[str, Any]:
        """An equals sign goes without saying."""
        return {**super().initial_of(plain), "comparator": plain.get("comparator") or "="}

    def clean(self) -> dict[str, Any]:
        """A number needs its own name; the comparator alone is no row."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(given.get(key) for key in self.keys if key != "comparator"):
            given["comparator"] = ""
        elif not given.get("id") or not given.get("what"):
            raise forms.ValidationError("每个数都要写编号和是什么")
        if given.get("comparator") == "=":
            given["comparator"] = ""
        return given

    def row(self, old: Plain) -> Plain:
        """An equals sign that was written stays written."""
        found = super().row(old)
        if old.get("comparator") == "=" and "comparator" not in found:
            return {**old, **found, "comparator": "="}
        return found


class ClauseForm(EntryForm):
    """Heading, summary, kinds; why it holds nothing to run, where it does not."""

    section = "clauses"
    order = ("id", "heading", "anchor", "summary", "kind", "declaratory", "pending", "facts")
    singles = ("id", "heading", "anchor", "summary", "declaratory", "pending")
    tables = {"facts": (FactRow, 2)}

    id = text("条号", 40, required=True, help_text="照文件写，如 四.1；别处引用它")
    heading = text("标题", 200, required=True)
    anchor = text("原文里的起头", 200, help_text="原文中能找到这一条的几个字")
    summary = long("要点", 3, required=True, help_text="用自己的话写，不照抄")
    kind = forms.MultipleChoiceField(
        label="类型", choices=list(CLAUSE_KINDS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    declaratory = text("不设事项的理由", 200, help_text="只写目的、方向的条款填；有事项的不填")
    pending = text("等待", 100, help_text="事项还没有写的，写等什么")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = set(CLAUSE_KINDS)
        more = [kind for kind in self.entry.get("kind") or [] if kind not in known]
        self.fields["kind"].choices = [*CLAUSE_KINDS.items(), *((k, k) for k in more)]

    @classmethod
    def initial_of(cls, plain: Plain) -> dict[str, Any]:
        """Kinds are ticked."""
        return {**super().initial_of(plain), "kind": list(plain.get("kind") or [])}

    def clean_id(self) -> str:
        """Clause numbers are Chinese; they only must be told apart."""
        code = str(self.cleaned_data["id"]).strip()
        if code in self.taken:
            raise forms.ValidationError(f"条号“{code}”已有")
        return code

    def more(self) -> Plain:
        """Kinds in the order they were written, new ones behind."""
        ticked = list(self.cleaned_data["kind"])
        old = [kind for kind in self.entry.get("kind") or [] if kind in ticked]
        return {"kind": old + [kind for kind in ticked if kind not in old]}
