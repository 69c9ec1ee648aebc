"""Proposes where a project goes on industrial land."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jigai.core.access import Access
from jigai.core.models import User
from jigai.registers.models import Entry
from jigai.registers.selectors import register_by_code
from jigai.registers.services.propose_entry import propose_entry
from jigai.registers.special.stored_land import PLACEMENTS


def place_project(*, values: Mapping[str, Any], by: User, access: Access) -> Entry:
    """Propose a placement; it waits for approval and counts as occupied meanwhile.

    Raises :class:`JigaiError` for values that do not fit and for more area than the zone has left
    (the check of the register, see ``control_pages``).
    """
    register = register_by_code(PLACEMENTS)
    return propose_entry(register=register, values=values, by=by, access=access)
