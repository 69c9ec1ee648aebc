"""Declarations at views. A view without one opens for nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from jigai.core.access.capabilities import capability_names

View = TypeVar("View", bound=Callable[..., Any])

# Views of libraries, by URL name; the value is a capability, or one of the words below.
PUBLIC, SIGNED_IN = "public", "signed-in"
LIBRARY_VIEWS = {
    "account_login": PUBLIC,
    "account_logout": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_inactive": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may open a view: everybody, everybody signed in, or holders of one of the capabilities.

    ``reason`` says why a view is public. What rows a holder sees is for the view's query to scope.
    """

    kind: str
    capabilities: tuple[str, ...] = ()
    reason: str = ""


def requires(*capabilities: str) -> Callable[[View], View]:
    """Declare that one of these capabilities is needed. Unknown names fail at import."""
    unknown = [name for name in capabilities if name not in capability_names()]
    if unknown or not capabilities:
        raise ValueError(f"not a capability: {', '.join(unknown) or '(none given)'}")
    return _mark(Policy("capability", capabilities))


def signed_in(view: View) -> View:
    """Declare that everybody signed in may open the view (and sees only what is theirs)."""
    return _mark(Policy(SIGNED_IN))(view)


def public(reason: str) -> Callable[[View], View]:
    """Declare that nobody needs to sign in, and why."""
    return _mark(Policy(PUBLIC, reason=reason))


def _mark(policy: Policy) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access_policy = policy  # type: ignore[attr-defined]
        return view

    return mark


def policy_of(view: Callable[..., Any], url_name: str | None) -> Policy | None:
    """The declaration at a view (or on its class), else that of a library's view by name."""
    found = getattr(view, "access_policy", None)
    if found is None and hasattr(view, "view_class"):
        found = getattr(view.view_class, "access_policy", None)
    if found is None and url_name in LIBRARY_VIEWS:
        found = Policy(LIBRARY_VIEWS[url_name])
    return found
