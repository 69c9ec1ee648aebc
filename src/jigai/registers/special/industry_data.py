"""Industry lists, read from their register."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from jigai.core.fields.names import industry_word
from jigai.registers.models import EntrySpan
from jigai.registers.special.industry_question import Listing, codes_of_name
from jigai.registers.special.ledger import find_register

LISTS = "industry-lists"


@dataclass(frozen=True, slots=True)
class IndustryList:
    """One list for one place, with everything it ever held by the day it was added."""

    code: str
    word: str
    place: str
    listings: tuple[Listing, ...]

    @property
    def key(self) -> str:
        """What names it in an address."""
        return f"{self.code}@{self.place}"


def list_words() -> dict[str, str]:
    """Kinds of lists by code, whether or not anything is in them."""
    register = find_register(LISTS)
    item = register.schema.field("list") if register else None
    return dict(item.options) if item else {}


def industry_lists() -> list[IndustryList]:
    """Every list there is, in the order of the kinds."""
    register = find_register(LISTS)
    if register is None:
        return []
    words = list_words()
    found: dict[tuple[str, str], list[Listing]] = defaultdict(list)
    rows = EntrySpan.objects.filter(register=register).select_related("entry")
    for span in rows.order_by("starts", "entry_id"):
        key = (str(span.values.get("list") or ""), str(span.values.get("place") or ""))
        found[key].append(_listing(span))
    order = list(words)
    keys = sorted(found, key=lambda k: (order.index(k[0]) if k[0] in words else 99, k[1]))
    return [IndustryList(c, words.get(c, c), p, tuple(found[c, p])) for c, p in keys]


def _listing(span: EntrySpan) -> Listing:
    values = span.values
    name = str(values.get("name") or "")
    codes = tuple(values.get("codes") or ()) or tuple(e.code for e in codes_of_name(name))
    return Listing(
        name=name, codes=codes, starts=span.starts, ends=span.ends, source=span.entry.source,
        note=str(values.get("note") or ""), entry=span.entry_id, wider=bool(values.get("wider")),
    )  # fmt: skip


def shown_codes(listing: Listing) -> str:
    """Codes of a listing with names, for people."""
    return "、".join(industry_word(code) for code in listing.codes)
