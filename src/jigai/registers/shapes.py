"""The shape of a register as data: fields, keys, validity, public view, counting rules."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from jigai.errors import JigaiError

TYPES = {
    "text": "文字", "long": "长文字", "number": "数值", "money": "金额", "area": "面积",
    "date": "日期", "flag": "是否", "choice": "选项", "region": "地区", "industry": "行业",
    "enterprise": "企业", "entry": "其他名录的条目", "file": "证据文件",
}  # fmt: skip
MASKS = {
    "": "照实公开", "initials": "只露首字", "range": "只露区间", "consent": "同意后公开",
    "hide": "不公开",
}  # fmt: skip
VALIDITIES = {
    "none": "长期有效", "field": "到某个日期字段", "months": "若干个月", "years": "若干年",
    "edition": "随版次",
}  # fmt: skip
# What can name an entry.
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


@dataclass(frozen=True, slots=True)
class Validity:
    """How long an entry counts; ``count`` months or years, or until the date in ``field``."""

    kind: str = "none"
    field: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Validation:
    """A condition every entry must fulfil, and the sentence shown when it does not."""

    rule: str
    say: str


@dataclass(frozen=True, slots=True)
class Counting:
    """A named number of entries: those for which ``when`` is true (all without it)."""

    id: str
    name: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """Everything that versions of a register may change."""

    fields: tuple[Field, ...] = ()
    title: str = ""
    subject: str = ""
    region: str = ""
    unique: tuple[str, ...] = ()
    editions: bool = False
    lines: Mapping[str, str] = field(default_factory=dict)
    validity: Validity = field(default_factory=Validity)
    constants: Mapping[str, str] = field(default_factory=dict)
    admission: str = ""
    validations: tuple[Validation, ...] = ()
    counting: tuple[Counting, ...] = ()
    apply: bool = False
    remind: int = 0
    consent: str = ""
    k: int = 0

    def field(self, name: str) -> Field | None:
        """A field by id or label."""
        return next((f for f in self.fields if name in (f.id, f.label)), None)

    @property
    def public_fields(self) -> tuple[Field, ...]:
        """Fields of the public view."""
        return tuple(f for f in self.fields if f.public and f.mask != "hide")

    def content(self) -> dict[str, Any]:
        """As kept and hashed: plain data, the same for equal schemas.

        Options and lines are lists of pairs: stored objects lose the order of their keys.
        """
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=dict))
        plain["lines"] = _pairs(self.lines)
        for item, kept in zip(self.fields, plain["fields"], strict=True):
            kept["options"] = _pairs(item.options)
        return plain

    @property
    def sha256(self) -> str:
        """Hash of the content."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


_FIELD_KEYS = frozenset(Field.__dataclass_fields__)
_SCHEMA_KEYS = frozenset(Schema.__dataclass_fields__)


def read_schema(content: Mapping[str, Any]) -> Schema:
    """The schema in plain data (a content file, a stored version, the designer's form).

    Raises :class:`JigaiError` (``schema-shape``) for keys or types that do not exist; what is
    wrong between the parts is found by :mod:`jigai.registers.schema_checks`.
    """
    _only(content, _SCHEMA_KEYS, "名录结构")
    validity = content.get("validity") or {}
    _only(validity, frozenset({"kind", "field", "count"}), "有效期")
    return Schema(
        fields=tuple(_field(item) for item in content.get("fields") or ()),
        title=_text(content, "title"), subject=_text(content, "subject"),
        region=_text(content, "region"), unique=tuple(content.get("unique") or ()),
        editions=truth(content.get("editions", False)), lines=_words(content.get("lines")),
        validity=Validity(
            str(validity.get("kind", "none")), _text(validity, "field"),
            _whole(validity.get("count"), "有效期的长度"),
        ),
        constants=_words(content.get("constants")), admission=_text(content, "admission"),
        validations=tuple(
            Validation(_text(v, "rule"), _text(v, "say")) for v in content.get("validations") or ()
        ),
        counting=tuple(
            Counting(_text(c, "id"), _text(c, "name"), _text(c, "when"))
            for c in content.get("counting") or ()
        ),
        apply=truth(content.get("apply", False)),
        remind=_whole(content.get("remind"), "到期前提醒的天数"),
        consent=_text(content, "consent"), k=_whole(content.get("k"), "小组的最少家数"),
    )  # fmt: skip


def _field(item: Mapping[str, Any]) -> Field:
    _only(item, _FIELD_KEYS, f"字段“{item.get('label', item.get('id', ''))}”")
    return Field(
        id=_text(item, "id"), label=_text(item, "label"), type=_text(item, "type") or "text",
        unit=_text(item, "unit"), options=_words(item.get("options")),
        register=_text(item, "register"), required=truth(item.get("required", False)),
        many=truth(item.get("many", False)), public=truth(item.get("public", False)),
        mask=_text(item, "mask"), steps=tuple(str(s) for s in item.get("steps") or ()),
        help=_text(item, "help"),
    )  # fmt: skip


def _only(given: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    odd = sorted(set(given) - known)
    if odd:
        raise JigaiError(
            "schema-shape",
            f"{where}里不认识“{'、'.join(odd)}”",
            f"可以写：{'、'.join(sorted(known))}",
        )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return "" if value is None else str(value).strip()


def _pairs(words: Mapping[str, str]) -> list[list[str]]:
    return [[code, word] for code, word in words.items()]


def _words(given: Any) -> dict[str, str]:
    pairs = given.items() if isinstance(given, Mapping) else given or ()
    return {str(code): str(word) for code, word in pairs}


def _whole(value: Any, what: str) -> int:
    text = str(value if value not in (None, "") else 0)
    if not text.isdigit():
        raise JigaiError("schema-shape", f"{what}“{text}”不是整数", "填写零或正整数")
    return int(text)
