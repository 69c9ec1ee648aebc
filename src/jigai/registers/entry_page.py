"""What the page of one entry shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from jigai.core.fields.values import show_value
from jigai.registers.lifecycle import KINDS
from jigai.registers.models import Entry

_LOOKS = {
    "apply": "pending", "admit": "listed", "review": "confirmed", "expire": "expired",
    "remove": "removed", "revoke": "revoked", "readmit": "listed", "change": "changed",
}  # fmt: skip


def details_of(entry: Entry, other: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Every field with its text and where it leads; with ``other``, only those that would differ,
    with what they would become."""
    found = []
    for item in entry.register.schema.fields:
        value = entry.values.get(item.id)
        if other is not None and other.get(item.id) == value:
            continue
        found.append({
            "label": item.shown_label, "text": show_value(item, value),
            "url": _url(item.type, value), "wide": item.type == "long" or item.many,
            "after": show_value(item, other.get(item.id)) if other is not None else "",
        })  # fmt: skip
    return found


def _url(kind: str, value: Any) -> str:
    if not isinstance(value, dict) or not value.get("id"):
        return ""
    names = {"enterprise": "enterprise-detail", "entry": "entry-detail", "file": "evidence-detail"}
    return reverse(names[kind], args=[value["id"]])


def life_of(entry: Entry) -> list[dict[str, Any]]:
    """What happened, the latest effect first, as the timeline takes it."""
    events = entry.life.select_related("by", "batch__file").order_by("-effective", "-pk")
    found = []
    for event in events:
        parts = [f"自 {event.effective} 起" if event.kind != "apply" else ""]
        parts += [f"有效期至 {event.until}" if event.until else ""]
        parts += [event.reason, event.document]
        found.append({
            "verb": KINDS[event.kind], "code": "", "at": event.at, "look": _LOOKS[event.kind],
            "who": str(event.by) if event.by else "平台",
            "note": "　".join(part for part in parts if part),
        })  # fmt: skip
    return found
