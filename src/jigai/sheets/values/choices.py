"""Enumerated values and yes/no flags, by the synonyms of the specification."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jigai.sheets.text import Scalar, cell_text, half_width, is_blank, plain_dashes, squeeze
from jigai.sheets.values.result import Parsed, missing


@dataclass(frozen=True, slots=True)
class Choice:
    """One permitted value: its code, its Chinese name, other spellings, and patterns."""

    code: str
    name: str
    synonyms: frozenset[str] = frozenset()
    patterns: tuple[re.Pattern[str], ...] = ()

    def fits(self, text: str) -> bool:
        """Whether this spelling (already in comparison form) means this value."""
        return text in self.synonyms or any(pattern.search(text) for pattern in self.patterns)


def comparison_form(text: str) -> str:
    """The form in which spellings are compared."""
    return plain_dashes(half_width(squeeze(text))).upper()


def make_choices(content: Mapping[str, Mapping[str, object]]) -> tuple[Choice, ...]:
    """Build the choices of one field from a specification."""
    return tuple(_choice(str(code), entry) for code, entry in content.items())


def _choice(code: str, entry: Mapping[str, object]) -> Choice:
    name = str(entry["name"])
    spellings = [name, *_texts(entry.get("synonyms"))]
    patterns = tuple(re.compile(pattern) for pattern in _texts(entry.get("patterns")))
    return Choice(code, name, frozenset(map(comparison_form, spellings)), patterns)


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, Sequence) else []


def read_choice(
    raw: Scalar, choices: Sequence[Choice], *, unknown: frozenset[str], blank: str = ""
) -> Parsed:
    """Read an enumerated value; the value is the code of the choice.

    ``unknown`` are spellings that mean "not known" (comparison form); ``blank`` is the code that a
    blank cell stands for, if any.
    """
    by_code = {choice.code: choice for choice in choices}
    if is_blank(raw):
        return _of(by_code[blank], "") if blank else missing()
    text = cell_text(raw)
    form = comparison_form(text)
    for choice in choices:
        if choice.fits(form):
            return _of(choice, text)
    return missing() if form in unknown else missing("E_ENUM_UNKNOWN")


def _of(choice: Choice, text: str) -> Parsed:
    codes = ("A_ENUM",) if text not in ("", choice.name) else ()
    return Parsed(choice.code, codes, choice.name, choice.name)
