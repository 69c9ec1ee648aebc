"""Reads of regions: below one, by words, and the way up."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Replace

from jigai.core.models.region import Region, RegionGroup


def in_year(rows: QuerySet[Region], year: int | None) -> QuerySet[Region]:
    """The rows that held at some time in a year; without one those that hold still."""
    if year is None:
        return rows.filter(valid_to__isnull=True)
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=year)
    return rows.filter(started & (Q(valid_to__isnull=True) | Q(valid_to__gte=year)))


def children(code: str, year: int | None) -> QuerySet[Region]:
    """What lies directly below a code (provinces below the empty one), by code."""
    return in_year(Region.objects.filter(parent_code=code), year).order_by("code", "id")


def found_by_words(typed: str, year: int | None, limit: int = 50, home: str = "") -> list[Region]:
    """Regions by name, pinyin (``yanzhou``), initials (``yzq``) or code.

    Exact ones first, then those that begin so; among equals those of one's own city and province.
    """
    word = typed.strip().lower().replace(" ", "")
    if not word:
        return []
    rows = in_year(Region.objects.all(), year).annotate(
        sound=Replace(F("pinyin"), Value(" "), Value(""))
    )
    if word.isascii() and word[0].isdigit():
        wanted = Q(code__startswith=word.upper())
    elif word.isascii():
        wanted = Q(sound__startswith=word) | Q(initials__startswith=word)
    else:
        wanted = Q(name__contains=word)
    near = Case(
        When(Q(name=word) | Q(code=word) | Q(initials=word), then=0),
        When(Q(name__startswith=word) | Q(sound=word), then=1),
        default=2,
        output_field=IntegerField(),
    )
    away = Case(
        When(Q(code__startswith=home[:4] or "none"), then=0),
        When(Q(code__startswith=home[:2] or "none"), then=1),
        default=2,
        output_field=IntegerField(),
    )
    ordered = rows.filter(wanted).annotate(near=near, away=away)
    return list(ordered.order_by("near", "away", "code", "id")[:limit])


def ancestors(codes: Iterable[str]) -> dict[str, list[Region]]:
    """The regions above each code, from the province down; two queries for any number."""
    found: dict[str, Region] = {}
    wanted = set(codes)
    for _ in range(4):
        missing = wanted - found.keys()
        if not missing:
            break
        latest = F("valid_from").asc(nulls_first=True)
        for row in Region.objects.filter(code__in=missing).order_by("code", latest, "id"):
            found[row.code] = row
        wanted |= {row.parent_code for row in found.values() if row.parent_code}
        wanted -= missing - found.keys()
    return {code: _above(code, found) for code in codes}


def _above(code: str, found: dict[str, Region]) -> list[Region]:
    above: list[Region] = []
    row = found.get(code)
    while row is not None and row.parent_code:
        row = found.get(row.parent_code)
        if row is not None:
            above.insert(0, row)
    return above


def groups_with_members() -> list[tuple[RegionGroup, list[Region]]]:
    """Every group and its members, as they are called today."""
    groups = list(RegionGroup.objects.prefetch_related("members").order_by("slug"))
    codes = {member.region_code for group in groups for member in group.members.all()}
    names = {row.code: row for row in in_year(Region.objects.filter(code__in=codes), None)}
    return [
        (group, [names[m.region_code] for m in group.members.all() if m.region_code in names])
        for group in groups
    ]
