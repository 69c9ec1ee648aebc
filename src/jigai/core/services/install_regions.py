"""Installs the regions of GB/T 2260 with their validity and the sounds of their names."""

from __future__ import annotations

from functools import cache

from jigai.core.models.region import Region
from jigai.core.pinyin import initials, pinyin
from jigai.core.regions import load_regions

_FIELDS = ("name", "level", "parent_code", "valid_to", "pinyin", "initials")
_SHIPPED_LEVELS = (Region.Level.PROVINCE, Region.Level.CITY, Region.Level.COUNTY)


def install_regions() -> int:
    """Insert, correct and drop rows so that they equal the table; parks and towns stay.

    Returns the number of shipped rows.
    """
    wanted = {(row.code, row.valid_from): row for row in _shipped()}
    held = {(r.code, r.valid_from): r for r in Region.objects.filter(level__in=_SHIPPED_LEVELS)}
    Region.objects.filter(pk__in=[held[key].pk for key in held.keys() - wanted.keys()]).delete()
    Region.objects.bulk_create([wanted[key] for key in wanted if key not in held], batch_size=2000)
    changed = []
    for key in held.keys() & wanted.keys():
        if any(getattr(held[key], f) != getattr(wanted[key], f) for f in _FIELDS):
            wanted[key].pk = held[key].pk
            changed.append(wanted[key])
    Region.objects.bulk_update(changed, _FIELDS, batch_size=2000)
    return len(wanted)


def _shipped() -> list[Region]:
    return [
        Region(
            code=row.code, name=row.name, level=row.level, parent_code=row.parent or "",
            valid_from=row.valid_from, valid_to=row.valid_to,
            pinyin=sounds[0], initials=sounds[1],
        )
        for row, sounds in ((row, _sounds(row.name)) for row in load_regions())
    ]  # fmt: skip


@cache
def _sounds(name: str) -> tuple[str, str]:
    """How a name sounds; many names stand in the table several times, with other years."""
    return pinyin(name), initials(name)
