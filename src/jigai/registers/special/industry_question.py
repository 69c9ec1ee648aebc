"""Was an industry in a list on a day? Names and codes meet through GB/T 4754 and spoken names.

Pure. A list grows: each industry has the day it was added, and a question is answered with the
list as it stood on its day.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from jigai.core.industries import Industry, UnknownIndustryError, industry, load_industries
from jigai.core.industry_names import industries_named
from jigai.errors import JigaiError

YES, PART, NO, LATER, FORMER = "yes", "part", "no", "later", "former"
WORDS = {
    YES: "在清单内", PART: "可能在内，要看细类", NO: "不在清单内",
    LATER: "当日还不在，后来加入", FORMER: "当日已移出",
}  # fmt: skip


LOOKS = {YES: "ok", PART: "warning", NO: "neutral", LATER: "waiting", FORMER: "closed"}


@dataclass(frozen=True, slots=True)
class Listing:
    """One industry of a list from ``starts`` until before ``ends``; ``wider`` where its codes cover
    more than the list names (铅锌冶炼 for 锌冶炼): a code alone then settles nothing."""

    name: str
    codes: tuple[str, ...]
    starts: dt.date
    ends: dt.date | None
    source: str = ""
    note: str = ""
    entry: int = 0
    wider: bool = False

    def holds(self, day: dt.date) -> bool:
        """Whether it was in the list on a day."""
        return self.starts <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the question names: the words, and the industries they stand for (none for a name that
    has no code on record)."""

    words: str
    industries: tuple[Industry, ...]
    by_code: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """``code`` as above; the listings that decided it, the nearest first."""

    code: str
    why: str
    listings: tuple[Listing, ...] = ()

    @property
    def word(self) -> str:
        """The code in words."""
        return WORDS[self.code]

    @property
    def look(self) -> str:
        """The badge it is drawn with."""
        return LOOKS[self.code]


def understand(text: str) -> Asked:
    """Read a code or a name. Raises :class:`JigaiError` (``no-industry``, ``unknown-industry``)."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        raise JigaiError("no-industry", "没有填行业", "填行业名称或行业代码")
    digits = plain[1:] if plain[:1].isascii() and plain[:1].isalpha() else plain
    if digits.isdigit():
        try:
            return Asked(plain, (industry(plain),), True)
        except UnknownIndustryError as error:
            raise JigaiError("unknown-industry", str(error), "核对代码，或改填名称") from error
    return Asked(plain, codes_of_name(plain), False)


def codes_of_name(name: str) -> tuple[Industry, ...]:
    """Industries of a spoken name or of a name as in the standard; empty for one not on record."""
    found = industries_named(name)
    if found:
        return found
    wanted = _plain(name)
    return tuple(e for e in load_industries().values() if _plain(e.name) == wanted)[:1]


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).replace(" ", "")
    for tail in ("行业", "产业", "企业"):
        text = text.removesuffix(tail)
    return text


def answer(asked: Asked, listings: Sequence[Listing], day: dt.date) -> Answer:
    """Whether the asked industry was in the list on the day, and why."""
    met = [(listing, degree) for listing in listings if (degree := _degree(asked, listing))]
    now = [(each, d) for each, d in met if each.holds(day)]
    full = tuple(each for each, d in now if d == YES)
    if full:
        return Answer(YES, f"{full[0].name} 自 {full[0].starts} 起在清单内", full)
    part = tuple(each for each, d in now if d == PART)
    if part:
        return Answer(PART, f"行业代码与清单里的“{part[0].name}”有交叉，要看企业实际产品", part)
    coming = (each for each, _ in met if each.starts > day)
    later = tuple(sorted(coming, key=lambda each: each.starts))
    if later:
        return Answer(LATER, f"{later[0].name} 到 {later[0].starts} 才加入", later)
    gone = tuple(each for each, _ in met if each.ends is not None and each.ends <= day)
    if gone:
        return Answer(FORMER, f"{gone[-1].name} 已于 {gone[-1].ends} 移出", gone)
    known = asked.industries or any(_plain(asked.words) == _plain(each.name) for each in listings)
    why = (
        "清单里没有这个行业"
        if known
        else "清单里没有这个名称，平台也不知道它对应哪个行业代码，请改用代码再查"
    )
    return Answer(NO, why)


def _degree(asked: Asked, listing: Listing) -> str:
    """``yes`` where the listing covers all that is asked, ``part`` where it covers some of it."""
    if not asked.by_code and _plain(asked.words) == _plain(listing.name):
        return YES
    if not asked.industries or not listing.codes:
        return ""
    wanted = [entry.code for entry in asked.industries]
    inside = [any(_under(code, top) for top in listing.codes) for code in wanted]
    if all(inside) and not listing.wider:
        return YES
    wider = any(_under(top, code) for code in wanted for top in listing.codes)
    return PART if any(inside) or wider else ""


def _under(code: str, top: str) -> bool:
    """Whether an industry is another or below it."""
    table = load_industries()
    at: str | None = code
    while at is not None:
        if at == top:
            return True
        entry = table.get(at)
        at = entry.parent if entry else None
    return False
