"""Where reports of charges are handled when another room takes them on.

That room registers here when the platform starts; registers know none of it. Without one, reports
are answered where they stand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jigai.core.models import User
    from jigai.registers.models import Entry


@dataclass(frozen=True, slots=True)
class Handling:
    """By which matter a report is handled: its number, how it stands, where it is seen."""

    number: str
    word: str
    look: str
    url: str


Filed = Callable[["Entry", "User | None"], None]
Handled = Callable[["Entry"], "Handling | None"]
_filed: list[Filed] = []
_handled: list[Handled] = []


def take_reports(filed: Filed, handled: Handled) -> None:
    """``filed`` is called with each new report in its transaction, ``handled`` says what became of
    it there; ``None`` where it was not taken."""
    _filed[:], _handled[:] = [filed], [handled]


def report_filed(entry: Entry, by: User | None) -> None:
    """Tell whoever takes reports."""
    for told in _filed:
        told(entry, by)


def handling_of(entry: Entry) -> Handling | None:
    """Who handles a report, if anybody but the register."""
    return next((found for ask in _handled if (found := ask(entry)) is not None), None)


def about_report(entry: Entry) -> str:
    """How a report is named to other rooms."""
    return f"charge-report:{entry.pk}"
