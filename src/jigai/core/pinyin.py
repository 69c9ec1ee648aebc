"""Sounds of Chinese names, for search and for sorting (the database knows no Chinese order)."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin


def pinyin(name: str) -> str:
    """The syllables joined by blanks: 兖州区 is ``yan zhou qu``."""
    return " ".join(lazy_pinyin(name)).lower()


def initials(name: str) -> str:
    """The first letters: 兖州区 is ``yzq``."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
