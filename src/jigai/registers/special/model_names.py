"""Model texts of equipment, as ledgers and catalogues write them, made comparable and compared.

A ledger never writes a model quite as a catalogue does: full-width signs, long dashes, Roman
numerals in one sign, 系列 or 型 behind it. Those differences mean nothing and are taken away. What
may mean something (改, a letter behind the series, an O where a 0 should be) is never taken away
silently: it comes back as a :class:`Likeness` that people have to look at.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

SAME, MODIFIED, DERIVED, LOOKS_LIKE, OUT_OF_RANGE = (
    "same", "modified", "derived", "looks-like", "out-of-range",
)  # fmt: skip
_DASHES = re.compile("[‐‑‒–—―−﹣－ー~～]+")
_WORDS = re.compile("(系列|型号|型)")
_CHANGED = re.compile(r"[(\[]?(改进型|改型|改造|改进|改|再制造|重绕)(?:\d(?=$|[)\]]))?[)\]]?")
_TIMES = str.maketrans("×*", "XX")
_ALIKE = str.maketrans("OIL", "011")
_LETTERS = re.compile(r"[^\W\d_]+")
_FIRST_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a model relates to a catalogue's: ``kind`` is one of the constants above, ``why`` says it
    to people."""

    kind: str
    why: str


@lru_cache(maxsize=65536)
def plain_model(text: str) -> str:
    """The model without differences that mean nothing; 改 and the like are kept.

    ``ＳＬ７－５００／１０`` → ``SL7-500/10``; ``ZP—Ⅱ型`` → ``ZP-II``.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(_TIMES)
    changed = _CHANGED.search(plain)
    # 改型 is a statement, the 型 of B型 is not: the statement must survive the next line.
    kept = changed.group(0) if changed else ""
    parts = plain.split(kept, 1) if kept else [plain]
    cleaned = [_WORDS.sub("", _DASHES.sub("-", part)) for part in parts]
    return re.sub(r"\s+", "", kept.join(cleaned)).strip("-")


@lru_cache(maxsize=65536)
def without_change(plain: str) -> tuple[str, str]:
    """A plain model without its words for modification, and those words (empty: none)."""
    found = _CHANGED.search(plain)
    if found is None:
        return plain, ""
    return (plain[: found.start()] + plain[found.end() :]).strip("-"), found.group(0).strip("()[]")


def alike(plain: str) -> str:
    """A plain model with signs that look the same made the same; as long as before."""
    return plain.translate(_ALIKE)


@dataclass(frozen=True, slots=True)
class Series:
    """What makes a model a member of a series: letters its sizes may have (``S``, ``M``, ``L`` of
    motor frames), and the smallest and largest rating, which is the first number of a size."""

    letters: frozenset[str] = frozenset()
    low: Decimal | None = None
    high: Decimal | None = None


def compare(model: str, listed: str, series: Series | None) -> Likeness | None:
    """How a ledger's model relates to one catalogued name; ``None``: not at all.

    ``listed`` is a model, the name of a ``series``, or a pattern in which ``#`` stands for a number
    (``#BA-#``).
    """
    plain = plain_model(model)
    base, changed = without_change(plain)
    name = plain_model(listed)
    if not base or not name:
        return None
    found = _same(base, name, series)
    if found is None:
        near = _same(alike(base), alike(name), series)
        if near is None or near.kind == DERIVED:
            return None
        return Likeness(LOOKS_LIKE, f"与目录型号 {listed} 只差字形相近的字母与数字（如 O 与 0）")
    if changed and found.kind == SAME:
        why = found.why.removeprefix("型号")
        return Likeness(MODIFIED, f"型号带“{changed}”，去掉后{why}")
    return found


def _same(base: str, name: str, series: Series | None) -> Likeness | None:
    if "#" in name:
        same = _pattern(name).fullmatch(base) is not None
        return Likeness(SAME, f"型号合乎目录写法 {name}") if same else None
    if base == name:
        return Likeness(SAME, f"型号与目录型号 {name} 相同")
    if series is None or not base.startswith(name):
        return None
    return _member(base[len(name) :], name, series)


@lru_cache(maxsize=4096)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(r"\d+(?:\.\d+)?".join(re.escape(part) for part in name.split("#")))


def _member(rest: str, name: str, series: Series) -> Likeness | None:
    """What stands behind the name of a series decides: a size makes a member, a letter sizes do not
    have a derivative; behind a name that ends in a letter, one digit or a letter begins another
    series."""
    bare = rest.removeprefix("-")
    dashed = rest.startswith("-")
    if not bare:
        return Likeness(SAME, f"型号与目录系列 {name} 相同")
    if name[-1].isalpha() and not dashed and not bare[:2].isdigit():
        return None
    if name[-1].isdigit() and not dashed and bare[0].isdigit():
        return None
    odd = [part for part in _LETTERS.findall(bare) if part not in series.letters]
    if odd or not bare[0].isdigit():
        return Likeness(
            DERIVED, f"在目录系列 {name} 之后另有“{odd[0] if odd else bare}”，可能是派生或改型"
        )
    return _rated(bare, name, series)


def _rated(bare: str, name: str, series: Series) -> Likeness:
    size = _FIRST_NUMBER.match(bare)
    number = Decimal(size.group(0)) if size else Decimal(0)
    low, high = series.low, series.high
    if (low is not None and number < low) or (high is not None and number > high):
        span = f"{low if low is not None else ''}～{high if high is not None else ''}"
        return Likeness(OUT_OF_RANGE, f"属 {name} 系列，但规格 {number} 不在目录所列 {span} 之内")
    return Likeness(SAME, f"型号属于目录系列 {name}")
