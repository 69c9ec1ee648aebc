"""The shape of a register as data: fields, keys, validity, public view, counting rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from jigai.core.fields.shapes import Field, only, pairs, read_field, text, truth, whole, words

VALIDITIES = {
    "none": "长期有效", "field": "到某个日期字段", "months": "若干个月", "years": "若干年",
    "edition": "随版次",
}  # fmt: skip


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
        plain["lines"] = pairs(self.lines)
        for item, kept in zip(self.fields, plain["fields"], strict=True):
            kept["options"] = pairs(item.options)
        return plain

    @property
    def sha256(self) -> str:
        """Hash of the content."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


_SCHEMA_KEYS = frozenset(Schema.__dataclass_fields__)


def read_schema(content: Mapping[str, Any]) -> Schema:
    """The schema in plain data (a content file, a stored version, the designer's form).

    Raises :class:`JigaiError` (``schema-shape``) for keys that do not exist; what is
    wrong between the parts is found by :mod:`jigai.registers.schema_checks`.
    """
    only(content, _SCHEMA_KEYS, "名录结构")
    validity = content.get("validity") or {}
    only(validity, frozenset({"kind", "field", "count"}), "有效期")
    return Schema(
        fields=tuple(read_field(item) for item in content.get("fields") or ()),
        title=text(content, "title"), subject=text(content, "subject"),
        region=text(content, "region"), unique=tuple(content.get("unique") or ()),
        editions=truth(content.get("editions", False)), lines=words(content.get("lines")),
        validity=Validity(
            str(validity.get("kind", "none")), text(validity, "field"),
            whole(validity.get("count"), "有效期的长度"),
        ),
        constants=words(content.get("constants")), admission=text(content, "admission"),
        validations=tuple(
            Validation(text(v, "rule"), text(v, "say")) for v in content.get("validations") or ()
        ),
        counting=tuple(
            Counting(text(c, "id"), text(c, "name"), text(c, "when"))
            for c in content.get("counting") or ()
        ),
        apply=truth(content.get("apply", False)),
        remind=whole(content.get("remind"), "到期前提醒的天数"),
        consent=text(content, "consent"), k=whole(content.get("k"), "小组的最少家数"),
    )  # fmt: skip
