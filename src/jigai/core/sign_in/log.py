"""The sign-in log: who came, who was refused, who left."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from jigai.core.models.sign_in import SignInLog
from jigai.core.models.user import User
from jigai.core.sign_in.identify import find_user, shortened

# Any: without Django's plugin a checker takes members of choices for tuples.
Outcome: Any = SignInLog.Outcome


def record(
    request: HttpRequest | None, outcome: str, *, identifier: str = "",
    user: User | None = None,
) -> None:  # fmt: skip
    """Write one line. Give what was typed, or the account; a password never comes here."""
    user = user or find_user(identifier)
    typed = identifier or (user.username if user else "")
    SignInLog.objects.create(
        user=user,
        identifier=shortened(typed, known=user is not None),
        outcome=outcome,
        address=address_of(request),
        agent=_agent(request),
    )


def address_of(request: HttpRequest | None) -> str | None:
    """The network address of the browser, through as many proxies as are configured."""
    return get_adapter().get_client_ip(request) if request is not None else None


def _agent(request: Any) -> str:
    return request.headers.get("User-Agent", "")[:200] if request is not None else ""
