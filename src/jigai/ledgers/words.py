"""Quantities of a book in words."""

from __future__ import annotations

from jigai.core.screens import formats
from jigai.ledgers.models import Book

# How many of what the book counts make one of what people read, and its name.
_READ = {
    Book.Unit.FEN: (2, "元"),
    Book.Unit.COUNT: (0, "个"),
    Book.Unit.KGCE: (3, "吨标准煤"),
    Book.Unit.GRAM: (3, "千克"),
}


def number(amount: int, unit: str) -> str:
    """An amount in the unit people read: ``123456`` fen is ``1,234.56``."""
    return formats.grouped(amount, _READ[Book.Unit(unit)][0])


def unit_name(unit: str) -> str:
    """The unit people read: 元, 个, 吨标准煤, 千克."""
    return _READ[Book.Unit(unit)][1]


def quantity(amount: int, unit: str) -> str:
    """``1,234.56 元``."""
    return f"{number(amount, unit)} {unit_name(unit)}"
