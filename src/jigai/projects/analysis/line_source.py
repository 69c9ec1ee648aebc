"""Where invoice lines come from: the room that owns them says so, this room asks.

A line is a row with ``id project_id enterprise_id region_code date amount_fen item_class item
unit quantity line_key``; repeated and void lines are left out, red letters have negative amounts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from jigai.core.access import Access

LineSource = Callable[[Access], QuerySet[Any]]
_sources: list[LineSource] = []


def register_lines(source: LineSource) -> None:
    """Name the one source of invoice lines; a later one takes its place."""
    _sources[:] = [source]


def lines_within(access: Access) -> QuerySet[Any] | None:
    """Lines the person may see; ``None`` where no room keeps invoices or the person may see none
    at all."""
    if not _sources or not access.can("funding.view"):
        return None
    return _sources[0](access)
