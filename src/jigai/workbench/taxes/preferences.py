"""Preferences of 税收优惠目录 in force, as these pages list them."""

from __future__ import annotations

import datetime as dt

from jigai.errors import JigaiError
from jigai.registers.models import EntrySpan
from jigai.registers.special.stored_tax import preferences_on


def preferences(day: dt.date) -> list[EntrySpan]:
    """Those of a day; none where the catalogue has not been loaded."""
    try:
        return preferences_on(day)
    except JigaiError:
        return []
