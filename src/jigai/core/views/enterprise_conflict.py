"""What two people made of the same enterprise, side by side."""

from __future__ import annotations

from typing import Any

from jigai.core.models import Enterprise
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


def _words(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "legal_type":
        return LEGAL_TYPES.get(value, str(value))
    return formats.day(value) if name == "founded" else str(value)
