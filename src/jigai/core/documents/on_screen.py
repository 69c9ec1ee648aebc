"""A paper on the screen: what ``core/documents/letter.html`` shows as ``letter``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jigai.core.documents.context import context_of
from jigai.core.documents.qr import qr_svg
from jigai.core.models import IssuedDocument

_TEXTS = ("title", "number", "addressee", "closing", "organ", "date", "contact", "code")


def document_page(document: IssuedDocument) -> dict[str, Any]:
    """An issued paper, with its square code and whether it was revoked."""
    content = document.content
    return {
        **_parts(content),
        "check_hint": content["check_hint"],
        "square": qr_svg(content["check_address"]),
        "revoked_at": document.revoked_at,
        "revoked_reason": document.revoked_reason,
    }


def draft_page(
    *, title: str, number: str = "", date: str = "", context: Mapping[str, Any]
) -> dict[str, Any]:
    """A paper before it is issued: the same without a code, marked as a draft."""
    return {
        **_parts({**context_of(context), "title": title, "number": number, "date": date}),
        "check_hint": "",
        "square": "",
        "revoked_at": None,
        "revoked_reason": "",
    }


def _parts(content: Mapping[str, Any]) -> dict[str, Any]:
    """Every part of a letter; those a template of its own does without are empty."""
    return {
        **{name: content.get(name, "") for name in _TEXTS},
        "paragraphs": content.get("paragraphs", []),
        "table": content.get("table") or None,
    }
