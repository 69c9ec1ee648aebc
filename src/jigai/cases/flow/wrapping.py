"""Breaking short Chinese texts into lines of few signs."""

from __future__ import annotations

import unicodedata

# A line does not end with the first and does not begin with the second.
_OPENING = frozenset("（《【“‘(")
_CLOSING = frozenset("，。、；：！？）》】”’」％%)]")


def breadth(text: str) -> float:
    """How many full signs wide a text is; Latin letters and figures take half."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def wrapped(text: str, signs: int) -> list[str]:
    """The text in lines of at most ``signs`` full signs and of about the same length, broken
    anywhere as Chinese is, but neither behind an opening bracket nor before closing punctuation nor
    within a word of Latin letters that would fit a line."""
    best = _lines(text, signs)
    if len(best) < 2:
        return best
    # A last line of one sign looks like a mistake.
    for fewer in range(signs - 1, 1, -1):
        closer = _lines(text, fewer)
        if len(closer) > len(best):
            break
        if max(map(breadth, closer)) < max(map(breadth, best)):
            best = closer
    return best


def _lines(text: str, signs: int) -> list[str]:
    lines: list[str] = []
    rest = text.strip()
    while rest:
        end = _fitting(rest, signs)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return lines


def _fitting(rest: str, signs: int) -> int:
    end = len(rest)
    while end > 1 and breadth(rest[:end]) > signs:
        end -= 1
    cut = end
    while 0 < cut < len(rest) and _sticks(rest[cut - 1], rest[cut]):
        cut -= 1
    return cut or end


def _sticks(left: str, right: str) -> bool:
    latin = left.isascii() and right.isascii() and left.isalnum() and right.isalnum()
    return latin or left in _OPENING or right in _CLOSING
