"""Today as every service asks for it, and the holidays of the platform, for tests about time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jigai.core.services.install_workdays import install_workdays

# A Monday of 2026 without a holiday near; the Spring Festival of 2026 is off from Sunday 15 to
# Monday 23 February, with the Saturdays 14 and 28 worked.
MONDAY = dt.date(2026, 3, 2)


class Clock:
    """Today; ``at`` sets it."""

    def __init__(self, monkeypatch: Any, day: dt.date) -> None:
        self.day = day
        monkeypatch.setattr(timezone, "localdate", lambda *_args, **_more: self.day)

    def at(self, *day: int) -> dt.date:
        """It is this day of 2026 (month, day), or of another year (year, month, day)."""
        self.day = dt.date(2026, *day) if len(day) == 2 else dt.date(*day)
        return self.day


@pytest.fixture
def clock(db: None, monkeypatch: Any) -> Clock:
    """A clock on the first Monday of March 2026, with the holidays on record."""
    install_workdays()
    return Clock(monkeypatch, MONDAY)
