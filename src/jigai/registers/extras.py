"""What special files add to a register: pages of their own, and checks of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from jigai.core.access import Access
from jigai.registers.models import Register

if TYPE_CHECKING:
    from jigai.registers.entry_values import Prepared


@dataclass(frozen=True, slots=True)
class Extra:
    """A button on the page of one register (``code``), or of all that serve a ``system``.

    ``needs_code`` passes the register's code to the address.
    """

    label: str
    url_name: str
    icon: str = "search"
    code: str = ""
    system: str = ""
    capability: str = ""
    needs_code: bool = False


_EXTRAS: list[Extra] = []


def register_extra(extra: Extra) -> None:
    """Show the button; call it from the room's ``ready``."""
    if extra not in _EXTRAS:
        _EXTRAS.append(extra)


def extras_of(register: Register, access: Access) -> Iterator[tuple[Extra, str]]:
    """Buttons of a register's page that the person may use, with their addresses."""
    for extra in _EXTRAS:
        mine = extra.code == register.code or (extra.system and extra.system in register.systems)
        if mine and (not extra.capability or access.can(extra.capability)):
            args = [register.code] if extra.needs_code else []
            yield extra, reverse(extra.url_name, args=args)


Check = Callable[[Register, "Sequence[Prepared]"], None]
_CHECKS: dict[str, list[Check]] = {}


def register_check(code: str, check: Check) -> None:
    """Check rows of a register beyond its schema, however they come in.

    ``check(register, rows)`` gets rows without problems, with ``entry_id`` where one changes an
    entry that is there, and appends to ``row.problems``.
    """
    checks = _CHECKS.setdefault(code, [])
    if check not in checks:
        checks.append(check)


def has_checks(register: Register) -> bool:
    """Whether rows of the register are checked against each other and what is stored."""
    return register.code in _CHECKS


def run_checks(register: Register, rows: Sequence[Prepared]) -> None:
    """Every check of the register on the rows that have no problem yet."""
    for check in _CHECKS.get(register.code, ()):
        if sound := [row for row in rows if not row.problems]:
            check(register, sound)


def hold_for_checks(register: Register) -> None:
    """Whoever changes a register with checks waits for whoever is changing it; the caller is in a
    transaction. What a check counted stays true until it is stored."""
    if has_checks(register):
        Register.objects.select_for_update(of=("self",)).order_by("pk").get(pk=register.pk)
