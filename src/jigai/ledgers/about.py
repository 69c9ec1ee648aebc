"""What books and entries belong to in other rooms: a name and an address."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

_known: dict[str, tuple[str, str]] = {}


def register(kind: str, label: str, url_name: str) -> None:
    """``programme:3`` is called ``label`` and opens at ``url_name`` with its number."""
    _known[kind] = (label, url_name)


def link_of(about: str) -> tuple[str, str]:
    """Label and address of what something belongs to; empty where nobody has named it."""
    kind, _, key = about.partition(":")
    if kind not in _known or not key.isdecimal():
        return "", ""
    label, url_name = _known[kind]
    try:
        return label, reverse(url_name, args=[int(key)])
    except NoReverseMatch:
        return label, ""
