"""Which documents concern a place: its own, those from above, those of a group it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from jigai.core.access.scoping import region_prefix
from jigai.core.models import Region, RegionGroup, RegionGroupMember
from jigai.core.selectors_regions import names_of_regions

OWN, ABOVE, GROUP, BELOW = "own", "above", "group", "below"
RELATION_WORDS = {OWN: "本地区", ABOVE: "上级", GROUP: "区域组", BELOW: "下级"}
# More than this many places of one name are too many to choose from.
_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A region or a group of regions in the tree; ``count`` documents are its own."""

    code: str
    name: str
    depth: int
    count: int


def places_named(typed: str) -> list[Region]:
    """Current regions with this code, name, pinyin or initials; the exact ones alone if any."""
    words = typed.strip()
    if not words:
        return []
    rows = Region.objects.filter(valid_to__isnull=True)
    exact = rows.filter(Q(code=words) | Q(name=words)).order_by("code", "id")
    found = list(exact[:_CHOICES])
    if found:
        return found
    low = words.lower()
    like = Q(name__startswith=words) | Q(pinyin__startswith=low) | Q(initials=low)
    return list(rows.filter(like).order_by("code", "id")[:_CHOICES])


def ancestors(code: str) -> list[str]:
    """Codes of the levels above a region: 370812 → 370800, 370000."""
    found = [code[:6]] if len(code) > 6 else []
    found += [code[:4] + "00", code[:2] + "0000"]
    return [above for above in dict.fromkeys(found) if above != code]


def relation(document: str, code: str, groups: Iterable[str]) -> str:
    """How a document of one region stands to a place; empty where it does not concern it."""
    if not document:
        return ""
    if document == code:
        return OWN
    if document in ancestors(code):
        return ABOVE
    if document in groups:
        return GROUP
    if document[:6].isdigit() and document.startswith(region_prefix(code)):
        return BELOW
    return ""


def groups_of(code: str) -> set[str]:
    """Groups that hold a region or a level above it."""
    rows = RegionGroupMember.objects.filter(region_code__in=[code, *ancestors(code)])
    return set(rows.values_list("group__slug", flat=True))


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of regions and groups by code."""
    wanted = set(codes)
    groups = RegionGroup.objects.filter(slug__in=wanted)
    return {**names_of_regions(wanted), **dict(groups.values_list("slug", "name"))}


def tree_of(codes: Sequence[str]) -> list[Place]:
    """The places of documents with the levels above them, in order; groups come last."""
    regions = [code for code in codes if code[:6].isdigit()]
    every = sorted({*regions, *(above for code in regions for above in ancestors(code))})
    groups = sorted({code for code in codes if code and code not in regions})
    names = place_names([*every, *groups])
    return [
        Place(code, names.get(code, code), len(ancestors(code)), codes.count(code))
        for code in every
    ] + [Place(code, names.get(code, code), 0, codes.count(code)) for code in groups]


def region_of_code(code: str) -> Region | None:
    """The newest entry of a code."""
    latest = F("valid_from").desc(nulls_last=True)
    return Region.objects.filter(code=code).order_by(latest, "-id").first()
