"""Who runs which section of a pack.

Every section is checked, stored and shown. The room whose engine runs it registers here, to be
told of a new version (``install``) and to say how an item stands today (``live``); a room that is
not built yet has not registered, and its items say so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from jigai.core.access import Access
from jigai.core.screens import formats
from jigai.policies.models import PackItem, PackVersion
from jigai.rules.schema_programme import PROGRAMME

TITLES = {"measures": "措施", **{name: title for name, _model, title in PROGRAMME}}


@dataclass(frozen=True, slots=True)
class Live:
    """How an item stands: a status code of the house style, words, and where to look."""

    status: str
    words: str
    url: str = ""
    figures: Sequence[tuple[str, str]] = field(default=())


Install = Callable[[PackVersion, Sequence[PackItem]], None]
# Stands of several items at once, by item id, as far as the asker may see them.
LiveOf = Callable[[Access, Sequence[PackItem]], dict[int, Live]]


@dataclass(frozen=True, slots=True)
class Owner:
    """The room that runs a section."""

    section: str
    room: str
    install: Install | None = None
    live: LiveOf | None = None


_OWNERS: dict[str, Owner] = {}


def register_section(owner: Owner) -> None:
    """Make a room the owner of a section; each has exactly one."""
    if owner.section not in TITLES:
        raise ValueError(f"not a section: {owner.section}")
    known = _OWNERS.setdefault(owner.section, owner)
    if known.room != owner.room:
        raise ValueError(f"{owner.section} is run by {known.room}")


def install_sections(version: PackVersion) -> None:
    """Hand the items of a version that became current to those who run them."""
    items = list(PackItem.objects.filter(pack=version).order_by("section", "place", "id"))
    for item in items:
        item.pack = version  # or each would ask for it again, with all files of the pack
    for section, owner in _OWNERS.items():
        if owner.install:
            owner.install(version, [item for item in items if item.section == section])


def live_items(access: Access, items: Sequence[PackItem]) -> dict[int, Live]:
    """How each item stands; those without an engine are stored and shown only."""
    found: dict[int, Live] = {}
    for section in dict.fromkeys(item.section for item in items):
        own = [item for item in items if item.section == section]
        owner = _OWNERS.get(section)
        told = owner.live(access, own) if owner and owner.live else {}
        for item in own:
            found[item.pk] = told.get(item.pk) or _stored(item)
    return found


def _stored(item: PackItem) -> Live:
    """An item nobody runs yet: registered, with the days to its date if it has one."""
    text = item.data.get("due") or item.data.get("to")
    if not text:
        return Live("neutral", "已登记")
    days = (dt.date.fromisoformat(text) - timezone.localdate()).days
    words = f"还有 {days} 天" if days >= 0 else f"期限已过 {-days} 天"
    return Live("neutral", f"已登记，{words}（{formats.day(dt.date.fromisoformat(text))}）")
