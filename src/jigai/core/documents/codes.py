"""Check codes: sixteen signs that nobody can guess, easy to read out and to type."""

from __future__ import annotations

import re
import secrets
import unicodedata

# 32 signs, five bits each; no letters or digits that look alike on paper.
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH, GROUP = 16, 4
_WHOLE = re.compile(f"[{SIGNS}]{{{LENGTH}}}")
_BETWEEN = re.compile(r"[\s\-‐-―_.·]+")


def new_code() -> str:
    """A fresh code of 80 random bits, in groups of four: ``7KQM-2XAB-PR9T-HC4Z``."""
    return _grouped("".join(secrets.choice(SIGNS) for _ in range(LENGTH)))


def read_code(text: str) -> str:
    """The code a person typed, whatever its case, width and spacing; empty if it is none."""
    if len(text) > 100:
        return ""
    signs = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    return _grouped(signs) if _WHOLE.fullmatch(signs) else ""


def _grouped(signs: str) -> str:
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))
