"""The shape of one field as data, and the small readers that shapes made of fields share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jigai.errors import JigaiError

TYPES = {
    "text": "文字", "long": "长文字", "number": "数值", "money": "金额", "area": "面积",
    "date": "日期", "flag": "是否", "choice": "选项", "region": "地区", "industry": "行业",
    "enterprise": "企业", "entry": "其他名录的条目", "file": "证据文件",
}  # fmt: skip
# Those that need no registers: for engines that must not know of them.
PLAIN_TYPES = {kind: word for kind, word in TYPES.items() if kind != "entry"}
MASKS = {
    "": "照实公开", "initials": "只露首字", "range": "只露区间", "consent": "同意后公开",
    "hide": "不公开",
}  # fmt: skip
# What can name a record.
NAMING = frozenset({"text", "long", "enterprise", "choice", "industry", "region", "entry"})
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TRUE = frozenset({"yes", "true", "是", "1", "on"})


def truth(value: Any) -> bool:
    """``yes``, ``true``, ``是`` or a real true."""
    return value is True or str(value).strip().lower() in _TRUE


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``options`` map codes to words, ``register`` is the code of the register whose
    entries an ``entry`` field names, ``steps`` are the bounds of a masked range as written."""

    id: str
    label: str
    type: str
    unit: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    register: str = ""
    required: bool = False
    many: bool = False
    public: bool = False
    mask: str = ""
    steps: tuple[str, ...] = ()
    help: str = ""

    @property
    def shown_label(self) -> str:
        """The label with the unit of a number."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


_FIELD_KEYS = frozenset(Field.__dataclass_fields__)


def read_field(content: Mapping[str, Any]) -> Field:
    """The field in plain data (a content file, a stored version, a designer's form).

    Raises :class:`JigaiError` (``schema-shape``) for keys that do not exist; a type, a mask or
    options that do not fit are for whoever checks the whole.
    """
    only(content, _FIELD_KEYS, f"字段“{content.get('label', content.get('id', ''))}”")
    return Field(
        id=text(content, "id"), label=text(content, "label"), type=text(content, "type") or "text",
        unit=text(content, "unit"), options=words(content.get("options")),
        register=text(content, "register"), required=truth(content.get("required", False)),
        many=truth(content.get("many", False)), public=truth(content.get("public", False)),
        mask=text(content, "mask"), steps=tuple(str(s) for s in content.get("steps") or ()),
        help=text(content, "help"),
    )  # fmt: skip


def only(
    given: Mapping[str, Any], known: frozenset[str], where: str, code: str = "schema-shape"
) -> None:
    """Raise :class:`JigaiError` (with ``code``) for keys besides those known."""
    odd = sorted(set(given) - known)
    if odd:
        raise JigaiError(
            code,
            f"{where}里不认识“{'、'.join(odd)}”",
            f"可以写：{'、'.join(sorted(known))}",
        )


def text(given: Mapping[str, Any], name: str) -> str:
    """A text without blanks around it; empty where there is none."""
    value = given.get(name)
    return "" if value is None else str(value).strip()


def pairs(given: Mapping[str, str]) -> list[list[str]]:
    """Codes and words in their order: stored objects lose the order of their keys."""
    return [[code, word] for code, word in given.items()]


def words(given: Any) -> dict[str, str]:
    """Codes and words from a mapping or from :func:`pairs`."""
    found = given.items() if isinstance(given, Mapping) else given or ()
    return {str(code): str(word) for code, word in found}


def whole(value: Any, what: str, code: str = "schema-shape") -> int:
    """A whole number, zero for nothing; raises :class:`JigaiError` (with ``code``)."""
    digits = str(value if value not in (None, "") else 0)
    if not digits.isdigit():
        raise JigaiError(code, f"{what}“{digits}”不是整数", "填写零或正整数")
    return int(digits)
