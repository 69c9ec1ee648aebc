"""What has been decided in public: adoptions under publicity and in the archive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jigai.outreach.consultation_period import adoption_public, on_display
from jigai.outreach.consultation_selectors import opened
from jigai.outreach.models import Consultation


@dataclass(frozen=True, slots=True)
class Adoptions:
    """Adoptions a person may read today: under publicity, and looked up in the archive."""

    displayed: list[Consultation]
    archived: list[Consultation]


def adoptions_on(day: dt.date) -> Adoptions:
    """The two are told apart by their own dates: an archived one takes no objections any more."""
    rows = list(opened().filter(adoption_public(day)).order_by("-publicity_from", "-id"))
    displayed = [row for row in rows if on_display(row, day)]
    return Adoptions(displayed, [row for row in rows if row not in displayed])
