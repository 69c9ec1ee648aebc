"""Parts that other rooms add to a detail page of this one, loaded by htmx after the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from jigai.core.access import Access


@dataclass(frozen=True, slots=True)
class DetailPart:
    """A part of the page of a ``kind`` (``enterprise``): its title and the address that draws it.

    ``url_name`` takes the record's id; its view answers with a fragment and checks reach itself.
    """

    kind: str
    key: str
    title: str
    url_name: str
    capability: str = ""
    order: int = 100


_parts: dict[tuple[str, str], DetailPart] = {}


def register(*parts: DetailPart) -> None:
    """Add parts; registering a key again replaces it."""
    for part in parts:
        _parts[part.kind, part.key] = part


def parts_of(kind: str, pk: int, access: Access) -> Iterable[tuple[DetailPart, str]]:
    """The parts this person may see, with the address of each."""
    found = [p for p in _parts.values() if p.kind == kind]
    for part in sorted(found, key=lambda p: (p.order, p.key)):
        if not part.capability or access.can(part.capability):
            yield part, reverse(part.url_name, args=[pk])
