"""Characters: white space that people cannot see, widths, and numbers as people wrote them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

Scalar = str | int | float | bool | date | datetime | None

# Python's \s misses the zero-width characters that pages and chat tools paste into cells.
_SPACE = r"[\s\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff]"
_SPACES = re.compile(f"{_SPACE}+")
_EDGES = re.compile(f"^{_SPACE}+|{_SPACE}+$")
_FULL_WIDTH = re.compile(r"[\uff01-\uff5e]")
_TRANSLATE_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣─", "-"))

PLACEHOLDERS = frozenset(
    {"-", "--", "---", "/", "\\", "无", "空", "N/A", "n/a", "NA", "无此项", "*"}
)

_LONGEST = max(map(len, PLACEHOLDERS))


def squeeze(text: str) -> str:
    """Remove white space of every kind, inside and around."""
    # Most cells hold only letters and digits; that is told much faster than a search finds nothing.
    return text if text.isalnum() else _SPACES.sub("", text)


def trim(text: str) -> str:
    """Remove white space of every kind around the text."""
    return text if text.isalnum() else _EDGES.sub("", text)


def half_width(text: str) -> str:
    """Compatibility form (NFKC): full-width letters, digits and signs become plain ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def has_full_width(text: str) -> bool:
    """Whether the text holds full-width letters, digits or signs."""
    return not text.isascii() and bool(_FULL_WIDTH.search(text))


def plain_dashes(text: str) -> str:
    """Every dash-like character becomes an ASCII hyphen."""
    plain = text.isascii() or text.isalnum()
    return text if plain else text.translate(_TRANSLATE_DASHES)


def is_placeholder(text: str) -> bool:
    """Whether the text only says "nothing here" (``—``, ``/``, ``无`` …); blank is not asked."""
    if len(text) > _LONGEST and text.isalnum():
        return False
    return plain_dashes(half_width(squeeze(text))) in PLACEHOLDERS


def number_text(value: int | float) -> str:
    """A number as a clerk would read it: no trailing ``.0``, no loss of digits."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def exact(value: int | float) -> Decimal:
    """The shortest decimal that gives this number back; never the binary expansion."""
    return Decimal(number_text(value))


def cell_text(value: Scalar) -> str:
    """The cell as text, for messages and for columns that hold text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime):
        return (
            value.date().isoformat() if value.time() == value.time().min else value.isoformat(" ")
        )
    return value.isoformat() if isinstance(value, date) else value


def is_blank(value: Scalar) -> bool:
    """Whether a cell holds nothing that a person could see."""
    if not isinstance(value, str):
        return value is None
    return not value[:1].isalnum() and squeeze(value) == ""


def column_letter(index: int) -> str:
    """Column 1 is A, column 27 is AA."""
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
