"""Who changed a record last, for people who find that somebody was before them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from jigai.core.models import User


def events_of(label: str, **conditions: Any) -> QuerySet[Any]:
    """The history of a tracked table (``core.Role``), of the rows that fit the conditions."""
    rows: QuerySet[Any] = apps.get_model(f"{label}Event")._default_manager.filter(**conditions)
    return rows


def last_change(events: QuerySet[Any]) -> tuple[str, Any]:
    """Who made the newest of these changes and when."""
    event = events.select_related("pgh_context").order_by("-pgh_id").first()
    if event is None:
        return "他人", None
    context = event.pgh_context.metadata if event.pgh_context else {}
    user = User.objects.filter(pk=context.get("user")).first()
    return str(user or "他人"), event.pgh_created_at
