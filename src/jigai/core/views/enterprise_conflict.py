"""What two people made of the same enterprise, side by side."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from jigai.core.models import Enterprise, User
from jigai.core.screens import formats
from jigai.core.screens.enterprise_forms import EnterpriseForm
from jigai.core.screens.enterprise_words import LEGAL_TYPES
from jigai.core.services.edit_enterprise import EDITABLE


def differences(form: EnterpriseForm, current: Enterprise) -> list[tuple[str, str, str]]:
    """(label, yours, theirs) of every field that can be edited."""
    return [
        (
            str(form.fields[name].label),
            _words(name, form.cleaned_data.get(name)),
            _words(name, getattr(current, name)),
        )
        for name in EDITABLE
    ]


def last_change(enterprise: Enterprise) -> tuple[str, Any]:
    """Who changed the record last and when, from its history."""
    events: Any = apps.get_model("core.EnterpriseEvent")._default_manager
    event = (
        events.filter(pgh_obj_id=enterprise.pk)
        .select_related("pgh_context")
        .order_by("-pgh_id")
        .first()
    )
    if event is None:
        return "他人", None
    context = event.pgh_context.metadata if event.pgh_context else {}
    user = User.objects.filter(pk=context.get("user")).first()
    return str(user or "他人"), event.pgh_created_at


def _words(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "legal_type":
        return LEGAL_TYPES.get(value, str(value))
    return formats.day(value) if name == "founded" else str(value)
