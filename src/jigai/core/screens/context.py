"""What the frame around every page shows, computed only when asked for."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import F
from django.http import HttpRequest

import jigai
from jigai.core.screens.menu import Group, build_menu, url_of

PRODUCT = "技改通"
DENSITIES = ("compact", "normal", "loose")
MENUS = ("wide", "narrow")

# What the frame links to, and the name each address has in its room.
LINKS = {
    "home": "home",
    "search": "search",
    "notices": "notice-list",
    "profile": "profile",
    "account_login": "account_login",
    "account_logout": "account_logout",
    "account_change_password": "account_change_password",
    "mfa_index": "mfa_index",
    "usersessions_list": "usersessions_list",
}


class Shell:
    """The frame of one request; ``shell`` in every template."""

    product = PRODUCT
    version = jigai.__version__

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def _user(self) -> Any:
        return getattr(self._request, "user", None)

    @property
    def _access(self) -> Any:
        return getattr(self._request, "access", None)

    @property
    def signed_in(self) -> bool:
        """Whether the frame has a person."""
        return bool(getattr(self._user, "is_authenticated", False))

    def can(self, capability: str) -> bool:
        """Whether this person holds the capability; nobody holds one while signed out."""
        return self.signed_in and self._access is not None and bool(self._access.can(capability))

    @cached_property
    def menu(self) -> tuple[Group, ...]:
        """The left menu."""
        return build_menu(self.can, self._request.path) if self.signed_in else ()

    @cached_property
    def density(self) -> str:
        """Row height of tables, kept in a cookie so that the first paint is right."""
        return self._cookie("jg_density", DENSITIES, "normal")

    @cached_property
    def menu_width(self) -> str:
        """Whether the menu is wide or shows its icons only."""
        return self._cookie("jg_menu", MENUS, "wide")

    def _cookie(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self._request.COOKIES.get(name, default)
        return value if value in allowed else default

    @cached_property
    def person(self) -> str:
        """The name of the person."""
        return str(self._user) if self.signed_in else ""

    @cached_property
    def roles(self) -> str:
        """Names of the roles held today."""
        return "、".join(dict.fromkeys(grant.role_name for grant in self._grants))

    @cached_property
    def holder(self) -> str:
        """The department, enterprise or institution the person stands for."""
        return next((grant.holder for grant in self._grants if grant.holder), "")

    @cached_property
    def acting_for(self) -> str:
        """Names of absent people whose duties this person carries out today."""
        return str(getattr(self._access, "acting_for", "") or "") if self.signed_in else ""

    @property
    def _grants(self) -> tuple[Any, ...]:
        return tuple(getattr(self._access, "grants", ())) if self.signed_in else ()

    @cached_property
    def region(self) -> str:
        """The name of the region the person works for, or empty."""
        code = getattr(self._access, "home_region", "") if self.signed_in else ""
        return region_name(code) if code else ""

    @cached_property
    def notices(self) -> int:
        """Number of notices not read yet."""
        related = getattr(self._user, "notices", None) if self.signed_in else None
        return related.filter(read_at__isnull=True).count() if related is not None else 0

    @cached_property
    def urls(self) -> dict[str, str]:
        """Addresses the frame links to; empty where a room has not given one."""
        return {name: url_of(found) for name, found in LINKS.items()}


def region_name(code: str) -> str:
    """The current name of a region code; the code itself where the register does not know it."""
    from jigai.core.models import Region

    latest = F("valid_from").desc(nulls_last=True)
    found = Region.objects.filter(code=code).order_by(latest, "-id").first()
    return found.name if found else code


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"shell": Shell(request)}
