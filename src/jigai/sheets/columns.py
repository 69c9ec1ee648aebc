"""Which column holds which field: headings against the spellings of a specification."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jigai.sheets.spec import FieldSpec, TableSpec
from jigai.sheets.text import column_letter, half_width, squeeze
from jigai.sheets.values.names import label
from jigai.sheets.values.units import is_unit, pick_unit

_BRACKET = re.compile(r"\(([^()]*)\)")
_QUALIFIERS = frozenset({"必填", "选填", "自报", "可选", "如有", "全称", "元整", "公章"})
_GENERIC = frozenset({"小计", "合计", "计", "金额", "总额", "名称", "数额", "投资额"})


@dataclass(frozen=True, slots=True)
class Column:
    """A mapped column: its number and letter, its heading path, and its unit (may be empty)."""

    field: FieldSpec
    number: int
    heading: tuple[str, ...]
    unit: str

    @property
    def letter(self) -> str:
        """The column as spreadsheets call it."""
        return column_letter(self.number)


@dataclass(frozen=True, slots=True)
class Heading:
    """The headings above one column, outermost first, with the units written in them."""

    number: int
    path: tuple[str, ...]
    units: tuple[str, ...] = ()

    @classmethod
    def of(cls, number: int, texts: Iterable[str]) -> Heading:
        """Clean heading texts; brackets that only hold a unit or a remark are taken off."""
        path: list[str] = []
        units: list[str] = []
        for text in texts:
            bare = _bare(text, units)
            if bare and (not path or path[-1] != bare):
                path.append(bare)
        return cls(number, tuple(path), tuple(reversed(units)))


def _bare(text: str, units: list[str]) -> str:
    def strip(found: re.Match[str]) -> str:
        if any(is_unit(part) for part in re.split(r"[、,/]", found[1])):
            units.append(found[1])
            return ""
        return "" if found[1] in _QUALIFIERS else found[0]

    return label(_BRACKET.sub(strip, half_width(squeeze(text))))


def known_labels(spec: TableSpec) -> frozenset[str]:
    """Every spelling of every field, to recognise heading rows."""
    return frozenset(text for field in spec.fields.values() for text in field.synonyms)


def map_columns(
    spec: TableSpec, headings: Sequence[Heading], note_units: Sequence[str]
) -> dict[str, Column]:
    """Give each field its best column and each column its best field."""
    ranked = sorted(
        (
            (-_score(field, heading), heading.number, order, field, heading)
            for order, field in enumerate(spec.fields.values())
            for heading in headings
            if _score(field, heading)
        ),
        key=lambda item: item[:3],
    )
    columns: dict[str, Column] = {}
    taken: set[int] = set()
    for _, number, _, field, heading in ranked:
        if field.id not in columns and number not in taken:
            columns[field.id] = Column(
                field, number, heading.path, _unit(field, heading, note_units)
            )
            taken.add(number)
    return columns


def _score(field: FieldSpec, heading: Heading) -> int:
    """How well a heading fits: its own text beats a parent's; the whole path beats both."""
    if not heading.path or (field.under and field.under.isdisjoint(heading.path)):
        return 0
    *parents, leaf = heading.path
    bonus = 1 if field.under else 0
    if "".join(heading.path) in field.synonyms or (
        parents and parents[-1] + leaf in field.synonyms
    ):
        return 4 + bonus
    if leaf in field.synonyms:
        return 3 + bonus
    if parents and leaf in _GENERIC and not field.synonyms.isdisjoint(parents):
        return 2 + bonus
    return 0


def _unit(field: FieldSpec, heading: Heading, note_units: Sequence[str]) -> str:
    """Heading before unit note; empty when the table does not say."""
    if field.type not in {"money", "area"}:
        return ""
    return pick_unit(field.type, heading.units) or pick_unit(field.type, note_units)
