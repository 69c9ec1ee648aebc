"""What the public may see of a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jigai.core.fields.shapes import Field
from jigai.core.fields.values import read_value, sort_number
from jigai.errors import JigaiError

WITHHELD = "不公开"


def masked(item: Field, value: Any, consented: bool, show: Callable[[Any], str]) -> str:
    """The text the public view shows; ``show`` gives the full text."""
    if not item.public or item.mask == "hide":
        raise ValueError(f"not a public field: {item.id}")
    if value is None or value == "":
        return ""
    if item.mask == "consent":
        return show(value) if consented else WITHHELD
    if item.mask == "initials":
        return f"{show(value)[:1]}**"
    if item.mask == "range":
        return _range(item, value, show)
    return show(value)


def is_searchable(item: Field) -> bool:
    """Whether the public may search by what the field says: only where it is shown as it is."""
    return item.public and item.mask == "" and item.type in ("text", "long", "enterprise", "entry")


def range_bounds(item: Field) -> list[tuple[Any, str]]:
    """Bounds of a masked range, rising, as (number, as written).

    Raises :class:`JigaiError` (``range-steps``) for none, unreadable or unsorted ones.
    """
    if not item.steps:
        raise JigaiError("range-steps", "只露区间，却没有写分界", "填写分界，如 100万元、1000万元")
    try:
        found = [(sort_number(item, read_value(item, text)), text) for text in item.steps]
    except JigaiError as error:
        raise JigaiError("range-steps", f"分界读不懂：{error.message}", error.hint) from error
    numbers = [number for number, _ in found]
    if numbers != sorted(set(numbers)):
        raise JigaiError("range-steps", "区间的分界没有从小到大排列", "从小到大重新填写")
    return found


def _range(item: Field, value: Any, show: Callable[[Any], str]) -> str:
    number = sort_number(item, value)
    below = ""
    for bound, text in range_bounds(item):
        if number < bound:
            return f"{below}至{text}" if below else f"不足{text}"
        below = text
    return f"{below}及以上"
