"""Icons of the pages, drawn inline: the content security policy then needs no exception."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
ICONS = VENDOR / "icons" / "icons.json"


class UnknownIcon(ImproperlyConfigured):
    """A page asks for an icon that was not copied."""


@cache
def icon_bodies() -> dict[str, str]:
    """Name to what stands inside ``<svg>``. Raises where the assets have not been copied."""
    try:
        return dict(json.loads(ICONS.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ImproperlyConfigured("页面资源还没有准备好，请先运行 make setup") from error


def assets_missing() -> list[str]:
    """Files a page needs that are not there, for ``jigai check``."""
    needed = ("icons/icons.json", "tabler/tabler.min.css", "tabler/tabler.min.js")
    return [name for name in needed if not (VENDOR / name).exists()]


def draw_icon(name: str, label: str = "", css: str = "") -> SafeString:
    """The icon as SVG. Without a label it is decoration, hidden from screen readers."""
    body = icon_bodies().get(name)
    if body is None:
        raise UnknownIcon(f"no icon {name!r}: add it to frontend/icons.txt and run make setup")
    meaning = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon {}" width="20" height="20" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" '
        'stroke-linejoin="round" {}>{}</svg>',
        css,
        mark_safe(meaning),
        # From @tabler/icons, copied at set-up; never from a person.
        mark_safe(body),
    )
