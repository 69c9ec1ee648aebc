"""The open sessions of an account."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from jigai.core.models.user import User


def end_sessions(user: User, *, but: str = "", keep: int = 0) -> int:
    """End the sessions of an account except one key and the ``keep`` newest; returns how many."""
    others = UserSession.objects.filter(user=user).exclude(session_key=but)
    ending = list(others.order_by("-created_at", "-id")[keep:])
    for session in ending:
        session.end()
    return len(ending)
