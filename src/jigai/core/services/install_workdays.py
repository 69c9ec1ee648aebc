"""Installs the holidays and shifted working days of the State Council's yearly notices."""

from __future__ import annotations

import logging

from jigai.core.calendar import load_special_days
from jigai.core.calendar_changes import calendar_changed
from jigai.core.models.workday import Workday

log = logging.getLogger(__name__)
_KINDS = {"holiday": Workday.Kind.HOLIDAY, "workday_shift": Workday.Kind.WORKDAY}


def install_workdays() -> int:
    """Replace shipped days by those of the release; a year entered on screen stays as it is.

    Returns the number of rows installed.
    """
    own = set(Workday.objects.filter(shipped=False).values_list("day__year", flat=True).distinct())
    days = [day for day in load_special_days().values() if day.on.year not in own]
    if own:
        log.info("years entered on screen stay: %s", sorted(own))
    wanted = {day.on: (_KINDS[day.kind], day.name, day.source or "") for day in days}
    held = {
        row.day: (row.kind, row.name, row.source) for row in Workday.objects.filter(shipped=True)
    }
    stale = [day for day, values in held.items() if wanted.get(day) != values]
    Workday.objects.filter(day__in=stale, shipped=True).delete()
    made = Workday.objects.bulk_create(
        Workday(day=day, kind=kind, name=name, source=source, shipped=True)
        for day, (kind, name, source) in wanted.items()
        if day in stale or day not in held
    )
    if stale or made:
        calendar_changed()
    return len(wanted)
