"""Sounds of Chinese names, for search and for sorting (the database knows no Chinese order)."""

from __future__ import annotations

from functools import cache
from types import ModuleType


def pinyin(name: str) -> str:
    """The syllables joined by blanks: 兖州区 is ``yan zhou qu``."""
    return " ".join(sounds().lazy_pinyin(name)).lower()


def initials(name: str) -> str:
    """The first letters: 兖州区 is ``yzq``."""
    known = sounds()
    return "".join(known.lazy_pinyin(name, style=known.Style.FIRST_LETTER)).lower()


@cache
def sounds() -> ModuleType:
    """The library of sounds; its dictionaries take half a second to load, so only when needed."""
    import pypinyin

    return pypinyin
