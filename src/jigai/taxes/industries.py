"""Industry codes against lists of the law: 13至43 is a span of divisions, 276 a prefix."""

from __future__ import annotations

import re

from jigai.taxes.law import Cite

_SPAN = re.compile(r"(\d{2})至(\d{2})")


def bare(code: str) -> str:
    """A 国民经济行业 code without the letter of its section."""
    return code.strip().lstrip("ABCDEFGHIJKLMNOPQRSTabcdefghijklmnopqrst")


def listed(code: str, cite: Cite) -> bool | None:
    """Whether an industry is in a list of codes; ``None`` without a code or without a list."""
    plain = bare(code)
    if len(plain) < 2 or not cite.known:
        return None
    found = [_matches(plain, part) for part in cite.value]
    if True in found:
        return True
    return None if None in found else False


def _matches(plain: str, part: str) -> bool | None:
    span = _SPAN.fullmatch(part)
    if span:
        return span[1] <= plain[:2] <= span[2]
    if plain.startswith(part):
        return True
    # 27 may or may not be 276: too coarse a code answers neither way.
    return None if part.startswith(plain) else False
