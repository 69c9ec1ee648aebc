"""The meeting that looks at a list: which, when, who, what was said."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import EvidenceFile, User
from jigai.errors import JigaiError
from jigai.funding.decisions.access import MAKE, require_at
from jigai.funding.decisions.services.locked import locked_list, save_list
from jigai.funding.models import DecisionList


def record_meeting(
    *, decision_list: int, meeting: str, met_on: dt.date, attendees: str, minutes: str,
    by: User, access: Access, file: EvidenceFile | None = None, seen: int | None = None,
) -> DecisionList:  # fmt: skip
    """Put a meeting on record with a submitted list; written again it replaces what was there,
    and the history keeps both. Raises :class:`JigaiError` for a day to come."""
    with transaction.atomic():
        row = locked_list(decision_list, "submitted", seen)
        require_at(access, MAKE, row.round.region_code)
        if met_on > timezone.localdate():
            raise JigaiError("meeting-to-come", "会议日期还没有到", "开过会再登记")
        row.meeting, row.met_on = meeting.strip(), met_on
        row.attendees, row.minutes = attendees.strip(), minutes.strip()
        row.minutes_file = file or row.minutes_file
        save_list(row, "meeting", "met_on", "attendees", "minutes", "minutes_file")
    return row
