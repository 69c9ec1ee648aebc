"""Entries of a section as rows on screen."""

from __future__ import annotations

from typing import Any

from jigai.policies.editor.checks import Looked
from jigai.policies.editor.forms.entry import EntryForm, told
from jigai.policies.editor.forms.parameter import KINDS, STATES
from jigai.policies.editor.lines import lines_of
from jigai.policies.editor.parts import Part, Plain, entries
from jigai.policies.models import PackDraft
from jigai.policies.words import READING_KINDS, clause_kinds

HEADS = {
    "clauses": ("要点", "类型", "数"), "parameters": ("取值", "种类", "来源"),
    "readings": ("问什么", "默认", "种类"), "measures": ("金额公式", "资格门", "互斥组"),
}  # fmt: skip


def section_rows(draft: PackDraft, part: Part, looked: Looked) -> list[dict[str, Any]]:
    """Code, name, clause, three cells and the number of problems of each entry.

    Raises :class:`Unreadable`.
    """
    file = f"{draft.slug}/{part.file}"
    found = looked.of_file(file)
    rows = []
    for plain in entries(draft.slug, draft.files, part):
        code = told(plain.get("id"))
        span = lines_of(draft.files[file], part, code) if found else None
        count = sum(span[0] <= p.place.line <= span[1] for p in found) if span else 0
        rows.append({
            "code": code, "name": told(plain.get(part.named)), "clause": told(plain.get("clause")),
            "cells": _cells(part.code, plain), "problems": count,
        })  # fmt: skip
    return rows


def _cells(section: str, plain: Plain) -> tuple[str, str, str]:
    if section == "clauses":
        kinds = clause_kinds("、".join(str(k) for k in plain.get("kind") or []))
        return told(plain.get("summary")), kinds, str(len(plain.get("facts") or []))
    if section == "parameters":
        values = [row for row in plain.get("values") or [] if isinstance(row, dict)]
        value = told(values[-1].get("value")) if values else told(plain.get("formula"))
        kind = KINDS.get(told(plain.get("kind")), "")
        status = told(plain.get("status"))
        decides = told(plain.get("decides"))
        open_ = f"未定，由{decides}定" if decides else "未定"
        return value or open_, kind, STATES.get(status, status)
    if section == "readings":
        options = plain.get("options") or {}
        chosen = options.get(plain.get("default")) or {}
        word = told(chosen.get("word")) if isinstance(chosen, dict) else ""
        return told(plain.get("question")), word, READING_KINDS.get(told(plain.get("kind")), "")
    gates = len(plain.get("gates") or [])
    amount = told(plain.get("amount")) or told(plain.get("status_note"))
    return amount, f"{gates} 道" if gates else "", told(plain.get("exclusive"))


def conflict_rows(form: EntryForm, now: Plain | None) -> list[tuple[str, str, str, bool]]:
    """What was typed beside what is stored now, by the labels of the form."""
    stored = form.initial_of(now or {})
    rows = []
    for name, field in form.fields.items():
        mine, theirs = _shown(form.cleaned_data.get(name)), _shown(stored.get(name))
        if mine != theirs:
            rows.append((str(field.label), mine, theirs, True))
    return rows


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return told(value).replace("\r\n", "\n").strip()
