"""From what somebody typed to the account that is meant."""

from __future__ import annotations

import re

from django.db.models import F

from jigai.core.access.duties import in_force
from jigai.core.models.access import Assignment
from jigai.core.models.user import User

MOBILE = re.compile(r"1\d{10}")
CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


def find_user(identifier: str) -> User | None:
    """The account meant: by user name, by mobile number, else the 经办人 of a credit code."""
    typed = identifier.strip()
    if not typed or "\x00" in typed:
        return None
    found = User.objects.filter(username__iexact=typed).first()
    found = found or User.objects.filter(mobile=typed).exclude(mobile="").first()
    if found is None and CREDIT_CODE.fullmatch(typed.upper()):
        found = primary_handler(typed.upper())
    return found


def primary_handler(uscc: str) -> User | None:
    """The 经办人 of an enterprise today; others of the enterprise sign in by their own names."""
    held = (
        Assignment.objects.filter(in_force(), enterprise__uscc=uscc, is_primary=True)
        .select_related("user")
        .order_by(F("valid_to").desc(nulls_first=True), "-id")
        .first()
    )
    return held.user if held else None


def shortened(identifier: str, *, known: bool) -> str:
    """What the log keeps of a typed name.

    Of a name nobody bears only two characters: people type their password into the wrong field.
    """
    typed = identifier.strip().replace("\x00", "")[:64]
    if not known:
        return f"{typed[:2]}…（{len(typed)} 字）" if len(typed) > 2 else "…"
    if MOBILE.fullmatch(typed):
        return f"{typed[:3]}****{typed[-4:]}"
    if CREDIT_CODE.fullmatch(typed.upper()):
        return f"{typed[:6]}…{typed[-4:]}"
    return typed
