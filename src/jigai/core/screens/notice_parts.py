"""How a notice is opened from a list: a form, because opening marks it as read."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


def open_button(row: Any) -> SafeString:
    """A button that looks like a link and belongs to the form around the list."""
    return format_html(
        '<button type="submit" class="btn btn-link p-0" form="open-notice" formaction="{}">{}'
        "</button>",
        reverse("notice-open", args=[row.pk]),
        row.title,
    )
