"""Evidence lists and forms as people type them: one item a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jigai.core.fields.shapes import PLAIN_TYPES, read_field
from jigai.errors import JigaiError

OPTIONAL = "（可选）"
_KINDS = {word: kind for kind, word in PLAIN_TYPES.items()}
_MOST = 40


def evidence_text(items: Iterable[Mapping[str, Any]]) -> str:
    """``营业执照``, ``节能报告（可选）：说明``, one a line."""
    lines = []
    for item in items:
        optional = "" if item.get("required") else OPTIONAL
        told = f"：{item['help']}" if item.get("help") else ""
        lines.append(f"{item['name']}{optional}{told}")
    return "\n".join(lines)


def read_evidence(text: str) -> list[dict[str, Any]]:
    """The evidence list typed. Raises :class:`JigaiError` for far too many or a name twice."""
    found = []
    for place, line in enumerate(_lines(text), 1):
        name, _colon, told = line.replace(":", "：").partition("：")
        required = OPTIONAL not in name
        name = name.replace(OPTIONAL, "").strip()
        found.append(
            {"id": f"e{place:02d}", "name": name, "required": required, "help": told.strip()}
        )
    _require_distinct([str(item["name"]) for item in found], "材料")
    return found


def fields_text(items: Iterable[Mapping[str, Any]]) -> str:
    """``新增产值，金额，必填：说明``, one a line."""
    lines = []
    for item in items:
        kind = PLAIN_TYPES.get(str(item.get("type")), "文字")
        parts = [str(item["label"]), kind, *(["必填"] if item.get("required") else [])]
        lines.append("，".join(parts) + (f"：{item['help']}" if item.get("help") else ""))
    return "\n".join(lines)


def read_fields(text: str) -> list[dict[str, Any]]:
    """The form typed, in the shape of :mod:`jigai.core.fields`.

    Raises :class:`JigaiError` naming the line for a type nobody knows.
    """
    found = []
    for place, line in enumerate(_lines(text), 1):
        head, _colon, told = line.replace(":", "：").partition("：")
        parts = [part.strip() for part in head.replace(",", "，").split("，") if part.strip()]
        kind = parts[1] if len(parts) > 1 else "文字"
        if kind not in _KINDS or kind == "选项":
            known = "、".join(word for word in _KINDS if word != "选项")
            raise JigaiError(
                "bad-field", f"申报表第{place}行的类型“{kind}”不认识", f"可以写：{known}"
            )
        field = {"id": f"f{place:02d}", "label": parts[0], "type": _KINDS[kind],
                 "required": "必填" in parts[2:], "help": told.strip()}  # fmt: skip
        read_field(field)
        found.append(field)
    _require_distinct([str(item["label"]) for item in found], "申报表")
    return found


def _lines(text: str) -> list[str]:
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if len(found) > _MOST:
        raise JigaiError("too-many-lines", f"最多 {_MOST} 行", "合并或删去一些")
    return found


def _require_distinct(names: Sequence[str], what: str) -> None:
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise JigaiError("name-twice", f"{what}里“{'、'.join(sorted(twice))}”写了两次", "删去一行")
