"""Facts as rows: options become numbers, absent facts take what the vocabulary assumes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from jigai.rules.scope import TermInfo

Row = dict[str, Any]
Rows = Mapping[str, Iterable[Mapping[str, Any]]]

# Key columns of each subject: its own, then the rows it belongs to.
KEYS: dict[str, tuple[str, ...]] = {
    "enterprise": ("key",),
    "project": ("key", "enterprise_key"),
    "consortium": ("key", "enterprise_key"),
    "member": ("key", "consortium_key", "enterprise_key"),
    "line": ("key", "project_key", "member_key", "original_key"),
    "award": ("key", "enterprise_key"),
    "loan": ("key", "enterprise_key", "project_key"),
    "parcel": ("key", "enterprise_key"),
    "region": ("key",),
}
CHILDREN: dict[str, tuple[str, ...]] = {
    "enterprise": ("project", "consortium", "member", "award", "loan", "parcel"),
    "project": ("line", "loan"),
    "consortium": ("member",),
    "member": ("line",),
    "line": (),
    "award": (),
    "loan": (),
    "parcel": (),
    "region": (),
}


class Unreadable:
    """Marks a fact that was supplied but cannot be read: unknown, never assumed."""

    def __repr__(self) -> str:
        """Show as a word."""
        return "UNREADABLE"


UNREADABLE = Unreadable()
_TRUE = {"是", "true", "yes", "1"}
_FALSE = {"否", "false", "no", "0"}


@dataclass(frozen=True, slots=True)
class Assumption:
    """A fact nobody supplied and the vocabulary assumes: listed under 未核实事项."""

    subject: str
    key: Any
    term: str


def assumed_value(info: TermInfo) -> Any:
    """Stored value of what the vocabulary assumes for an absent fact (``None`` if nothing)."""
    return None if info.assume is None else read_text(info, info.assume)


def read_text(info: TermInfo, text: str) -> Any:
    """Read a fact written as text (examples, assumptions) into its stored value.

    Raises :class:`ValueError` naming the term when the text does not fit its type.
    """
    kind = info.type.kind
    if kind == "bool":
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
    elif kind == "enum":
        if text in info.type.options:
            return info.type.options.index(text)
        if text in info.words:
            return info.words.index(text)
    elif kind == "date":
        return dt.date.fromisoformat(text)
    elif kind == "text":
        return text
    else:
        return _number(info, text)
    raise ValueError(f"“{info.name}”不认识取值“{text}”")


def _number(info: TermInfo, text: str) -> int:
    from jigai.rules.values import parse_quantity

    quantity = parse_quantity(text)
    if quantity.dimension != info.type.dimension:
        raise ValueError(f"“{info.name}”的单位不对：“{text}”")
    stored = Fraction(quantity.value) * info.scale
    if stored.denominator != 1:
        raise ValueError(f"“{info.name}”的值“{text}”比最小单位还细")
    return int(stored)


class Encoder:
    """Turns supplied rows into stored rows of a plan's inputs.

    A term that is absent (no key, or ``None``) takes the vocabulary's assumption;
    :data:`UNREADABLE` stays unknown. Options may be given as code or as Chinese word.
    """

    def __init__(self, inputs: Mapping[str, Mapping[str, TermInfo]]) -> None:
        """Prepare one lookup per term."""
        self._terms: dict[str, list[tuple[str, Any, dict[str, int] | None]]] = {}
        for subject, terms in inputs.items():
            self._terms[subject] = [
                (name, info.assumed, _options(info)) for name, info in terms.items()
            ]

    def encode(self, subject: str, row: Mapping[str, Any]) -> Row:
        """Stored row with keys and all terms the plan needs."""
        stored: Row = {key: row.get(key) for key in KEYS[subject]}
        for name, assumed, options in self._terms.get(subject, ()):
            value = row.get(name)
            if value is None:
                value = assumed
            elif value is UNREADABLE:
                value = None
            elif options is not None and type(value) is str:
                value = options[value]
            stored[name] = value
        return stored

    def assumptions(self, subject: str, row: Mapping[str, Any]) -> list[Assumption]:
        """What had to be assumed for this row."""
        return [
            Assumption(subject, row.get("key"), name)
            for name, assumed, _ in self._terms.get(subject, ())
            if assumed is not None and row.get(name) is None
        ]


def _options(info: TermInfo) -> dict[str, int] | None:
    if info.type.kind != "enum":
        return None
    known = {code: index for index, code in enumerate(info.type.options)}
    known.update({word: index for index, word in enumerate(info.words)})
    return known


def link(rows: dict[str, list[Row]]) -> None:
    """Link stored rows to their parents, children and referenced rows (``#subject`` keys)."""
    index = {subject: {row["key"]: row for row in rows[subject]} for subject in rows}
    for subject, listed in rows.items():
        for row in listed:
            for child in CHILDREN[subject]:
                row[f"#{child}"] = []
    for subject in ("consortium", "project", "member", "line", "award", "loan", "parcel"):
        for row in rows.get(subject, ()):
            _attach(subject, row, index)


def _attach(subject: str, row: Row, index: dict[str, dict[Any, Row]]) -> None:
    for key in KEYS[subject][1:]:
        parent = key.removesuffix("_key")
        if parent == "original":
            row["#original_key"] = index["line"].get(row[key])
            continue
        found = index[parent].get(row[key])
        row[f"#{parent}"] = found
        if found is not None:
            found[f"#{subject}"].append(row)
    if subject == "line":
        owner = row["#project"] or row["#member"]
        row["#enterprise"] = owner["#enterprise"] if owner else None
