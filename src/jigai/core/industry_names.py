"""The everyday names of industries in policy documents, and the codes they may stand for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jigai.core.industries import Industry, industry
from jigai.core.tables import read_table


@dataclass(frozen=True, slots=True)
class SpokenName:
    """A name such as 装备 with the entries it covers and the clause that uses it.

    The codes are the platform's reading, not the document's: documents name no codes.
    """

    name: str
    industries: tuple[Industry, ...]
    source: str


@cache
def spoken_names() -> dict[str, SpokenName]:
    """Every name on record."""
    found: dict[str, SpokenName] = {}
    for row in read_table("industry_names"):
        entry = industry(row["code"])
        before = found.get(row["name"])
        codes = (*before.industries, entry) if before else (entry,)
        found[row["name"]] = SpokenName(row["name"], codes, row["source"])
    return found


def industries_named(name: str) -> tuple[Industry, ...]:
    """The entries an everyday name covers; empty for a name not on record."""
    typed = name.strip().removesuffix("行业").removesuffix("产业")
    known = spoken_names().get(typed)
    return known.industries if known else ()
