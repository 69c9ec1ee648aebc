"""What goes into a template: plain values, without signs that break a document."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from jigai.errors import JigaiError

# Forbidden in XML, or invisible and able to turn the reading direction around.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
# Letters in all texts together; the longest real notices have a few thousand.
LONGEST = 100_000
# Set by the one who issues; a caller's own value would contradict the record.
RESERVED = frozenset({"title", "number", "date", "code", "check_address", "check_hint", "qr"})
_MOST_SHOWN = 20


def plain(text: str) -> str:
    """The text as it may be printed: line breaks stay, other control signs go."""
    return _UNSEEN.sub("", _BREAKS.sub("\n", unicodedata.normalize("NFC", text)))


def one_line(text: str, label: str, most: int, *, required: bool = False) -> str:
    """The text on one line. Raises :class:`JigaiError` if it is longer than ``most`` or missing."""
    found = " ".join(plain(text).split())
    if len(found) > most:
        raise JigaiError(
            "document-too-long", f"{label}有 {len(found)} 字，最多 {most} 字", f"请缩短{label}"
        )
    if required and not found:
        raise JigaiError("document-incomplete", f"文书缺少{label}", f"请填写{label}")
    return found


def chinese_day(day: dt.date) -> str:
    """``2026年11月22日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def context_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The caller's values as plain JSON: dates in Chinese, nothing as an empty text.

    Raises ``ValueError`` for a name that is set by the issuing, ``TypeError`` for a value that is
    neither text, whole number, date, list nor table, and :class:`JigaiError` for far too much text.
    """
    if taken := RESERVED & set(given):
        raise ValueError(f"set by the issuing: {', '.join(sorted(taken))}")
    found: dict[str, Any] = _json(given)
    size = sum(len(text) for text in _texts(found))
    if size > LONGEST:
        raise JigaiError(
            "document-too-long", f"文书内容有 {size} 字，最多 {LONGEST} 字", "请把长内容改作附件"
        )
    return found


def summary_of(given: Mapping[str, str] | Iterable[tuple[str, str]]) -> list[list[str]]:
    """What everybody with the code may read, as ``[label, value]`` in the given order.

    Raises :class:`JigaiError` for too long a text, ``ValueError`` for more than twenty lines.
    """
    pairs = list(given.items() if isinstance(given, Mapping) else given)
    if len(pairs) > _MOST_SHOWN:
        raise ValueError(f"{len(pairs)} lines for the check page, at most {_MOST_SHOWN}")
    return [
        [one_line(label, "公开摘要的名称", 20), one_line(value, f"公开摘要“{label}”", 300)]
        for label, value in pairs
    ]


def _json(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, int):
        return value
    if isinstance(value, dt.date):
        return chinese_day(value)
    if isinstance(value, Mapping):
        return {plain(str(name)): _json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    raise TypeError(f"cannot be printed: {type(value).__name__}")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
