"""A reading: a clause that can be understood in more than one way, and the one taken."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.policies.editor.forms.entry import EntryForm, Plain, RowForm, choice, long, merged, text
from jigai.policies.words import READING_KINDS

_DAY = {"type": "date"}


class OptionRow(RowForm):
    """One way to read it; ``word`` is what formulas write."""

    keys = ("code", "word", "means")
    code = text("选项", 20)
    word = text("公式里的词", 60)
    means = text("意思", 300)

    def clean(self) -> dict[str, Any]:
        """All three, or nothing."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        filled = [bool(given.get(key)) for key in self.keys]
        if any(filled) and not all(filled):
            raise forms.ValidationError("选项、词和意思都要写")
        return given


class ReadingForm(EntryForm):
    """The question, its options and the one taken unless an answer says otherwise."""

    section = "readings"
    order = (
        "id", "name", "issue", "clause", "question", "kind", "options", "default", "chosen_by",
        "since", "note",
    )  # fmt: skip
    singles = (
        "id", "name", "issue", "clause", "question", "kind", "default", "chosen_by", "since",
        "note",
    )  # fmt: skip
    tables = {"options": (OptionRow, 2)}

    name = text("名称", 120, required=True, help_text="公式里写它，如 票面口径")
    id = text("标识", 80, required=True)
    issue = text("问题编号", 40, required=True)
    clause = choice("条款", (), required=True)
    question = long("问什么", 2, required=True)
    kind = choice("种类", READING_KINDS.items(), required=True)
    default = text("默认选项", 20, required=True, help_text="选项栏里的一个")
    chosen_by = text("谁定的", 120, required=True)
    since = text("自何日起", 10, help_text="如 2026-01-01，可不写")
    note = text("说明", 400)

    def __init__(self, data: Any = None, *, entry: Plain | None, **options: Any) -> None:
        super().__init__(data, entry=entry, **options)

    def _formset(self, name: str, data: Any) -> Any:
        form, extra = self.tables[name]
        stored = self.entry.get("options") or {}
        rows = [
            {"code": code, **{key: str(value.get(key, "")) for key in ("word", "means")}}
            for code, value in stored.items()
            if isinstance(value, dict)
        ]
        factory = forms.formset_factory(form, extra=extra, max_num=30, absolute_max=30)
        return factory(data, prefix=name, initial=rows)

    def clean(self) -> dict[str, Any]:
        """The default is one of the options."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        rows = self.rows["options"]
        if rows.is_valid():
            codes = [r.cleaned_data["code"] for r in rows.forms if r.cleaned_data.get("code")]
            if not codes:
                self.add_error(None, "至少写一种读法；暂时只有一种理解的也写上")
            if len(set(codes)) < len(codes):
                self.add_error(None, "选项重复")
            if given.get("default") and given["default"] not in codes:
                self.add_error("default", f"从 {'、'.join(codes)} 里选")
        return given

    def _rows(self, name: str) -> Any:
        """Options are a map, not a list."""
        stored = self.entry.get("options") or {}
        found: Plain = {}
        for form in self.rows[name].forms:
            data = form.cleaned_data
            if data.get("code"):
                given = {"word": data["word"], "means": data["means"]}
                found[data["code"]] = merged(stored.get(data["code"]) or {}, given, given)
        return found
