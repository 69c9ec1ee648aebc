"""Where the recognised numbers of a clause stand in its original text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``code`` is the number it is, empty for plain text."""

    text: str
    code: str = ""


def mark_numbers(text: str, tokens: Sequence[tuple[str, str]]) -> tuple[list[Piece], list[str]]:
    """Cut ``text`` at the numbers written in it.

    ``tokens`` are (code, as written) in the order of the document. Every occurrence is one number:
    two caps of 100万元 are found twice. Longer tokens are placed first, so that ``3%`` is not taken
    out of ``33%``. Returns the pieces in order and the codes whose token was not found.
    """
    taken: list[tuple[int, int, str]] = []
    missing = []
    order = sorted(range(len(tokens)), key=lambda i: (-len(tokens[i][1]), i))
    for index in order:
        code, token = tokens[index]
        if not token:
            continue
        span = _first_free(text, token, taken)
        if span is None:
            missing.append(code)
        else:
            taken.append((*span, code))
    return list(_pieces(text, sorted(taken))), missing


def _first_free(
    text: str, token: str, taken: Iterable[tuple[int, int, str]]
) -> tuple[int, int] | None:
    for found in _pattern(token).finditer(text):
        start, end = found.span()
        if all(end <= other or start >= last for other, last, _code in taken):
            return start, end
    return None


def _pattern(token: str) -> re.Pattern[str]:
    """The token in half or full width, with any spaces between its characters."""
    parts = []
    for char in unicodedata.normalize("NFKC", token):
        if char.isspace():
            continue
        wide = chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char
        parts.append(re.escape(char) if wide == char else f"[{re.escape(char)}{re.escape(wide)}]")
    body = r"\s*".join(parts)
    # A number is not part of a longer one.
    before = r"(?<![\d０-９.．])" if token[:1].isdigit() else ""
    after = r"(?![\d０-９])" if token[-1:].isdigit() else ""
    return re.compile(before + body + after)


def _pieces(text: str, taken: Sequence[tuple[int, int, str]]) -> Iterable[Piece]:
    position = 0
    for start, end, code in taken:
        if start > position:
            yield Piece(text[position:start])
        yield Piece(text[start:end], code)
        position = end
    if position < len(text):
        yield Piece(text[position:])
