"""Which document explains on a day: followed along what replaced what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from jigai.policies.document_keys import document_key
from jigai.policies.models import PackVersion, Succession


@dataclass(frozen=True, slots=True)
class Document:
    """A document by number and title; ``version`` where a pack of it is installed."""

    number: str
    title: str
    version: PackVersion | None = None
    issued: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """What was asked for, what holds on the day, and the steps between (oldest first)."""

    asked: Document
    holds: Document
    steps: tuple[Succession, ...]
    # The next replacement that has not come into force on the day.
    coming: Succession | None = None


def in_use() -> QuerySet[Succession]:
    """Every succession nobody has taken back."""
    return Succession.objects.filter(withdrawn_at__isnull=True)


def replaced_by(version: PackVersion) -> list[Succession]:
    """What took the place of an installed document, earliest first."""
    return list(in_use().filter(old_key__in=keys_of(version)).order_by("since", "id"))


def successions_by_key() -> dict[str, list[Succession]]:
    """Every succession in use by the key of its old document, earliest first."""
    found: dict[str, list[Succession]] = {}
    for step in in_use().order_by("since", "id"):
        found.setdefault(step.old_key, []).append(step)
    return found


def replaces(version: PackVersion) -> list[Succession]:
    """What an installed document took the place of."""
    about = Q(new_slug=version.slug) | Q(new_key__in=keys_of(version))
    return list(in_use().filter(about).order_by("since", "id"))


def installed(number: str, title: str, slug: str = "") -> PackVersion | None:
    """The installed document of that slug, number or title."""
    packs = PackVersion.objects.filter(is_current=True).exclude(status="standard").defer("files")
    if slug:
        return packs.filter(slug=slug).first()
    wanted = {document_key(text) for text in (number, title) if text}
    rows = packs.order_by("slug", "id")
    return next((row for row in rows if wanted & set(keys_of(row))), None)


def follow(number_or_title: str, day: dt.date) -> Followed | None:
    """From a number, a title or part of one to what holds on a day; ``None`` for one unheard of."""
    asked = _named(number_or_title)
    if asked is None:
        return None
    steps: list[Succession] = []
    holds, coming = asked, None
    while (step := _next(holds)) is not None and step not in steps:
        if day < step.since:
            coming = step
            break
        steps.append(step)
        holds = _new(step)
    return Followed(asked, holds, tuple(steps), coming)


def governing(version: PackVersion, day: dt.date) -> PackVersion:
    """The installed document that explains on a day, where ``version`` was asked for.

    A predecessor before the replacement, a successor after it; ``version`` itself where the other
    one is not installed.
    """
    seen = {version.slug}
    current = version
    while (other := _neighbour(current, day)) is not None and other.slug not in seen:
        seen.add(other.slug)
        current = other
    return current


def _neighbour(version: PackVersion, day: dt.date) -> PackVersion | None:
    for step in replaced_by(version):
        if step.since <= day:
            return installed(step.new_number, step.new_title, step.new_slug)
    for step in replaces(version):
        if day < step.since:
            return installed(step.old_number, step.old_title)
    return None


def keys_of(version: PackVersion) -> list[str]:
    """What an installed document is looked up by."""
    return [document_key(text) for text in (version.number, version.title) if text]


def _named(text: str) -> Document | None:
    key = document_key(text)
    if not key:
        return None
    if (found := installed(text, text)) is not None:
        return _document(found)
    rows = in_use().filter(Q(old_key=key) | Q(old_title__icontains=text.strip()))
    if (step := rows.order_by("since", "id").first()) is not None:
        version = installed(step.old_number, step.old_title)
        return Document(step.old_number, step.old_title, version, step.old_issued)
    rows = in_use().filter(Q(new_key=key) | Q(new_title__icontains=text.strip()))
    step = rows.order_by("since", "id").first()
    return _new(step) if step is not None else _titled(text)


def _titled(text: str) -> Document | None:
    packs = PackVersion.objects.filter(is_current=True, title__icontains=text.strip())
    found = packs.exclude(status="standard").defer("files").order_by("slug").first()
    return _document(found) if found else None


def _document(version: PackVersion) -> Document:
    return Document(version.number or "", version.title, version, version.issued)


def _new(step: Succession) -> Document:
    version = installed(step.new_number, step.new_title, step.new_slug)
    return Document(step.new_number, step.new_title, version, step.new_issued)


def _next(document: Document) -> Succession | None:
    keys = [document_key(text) for text in (document.number, document.title) if text]
    return in_use().filter(old_key__in=keys).order_by("since", "id").first()
