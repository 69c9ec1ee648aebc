"""受理 by silence (行政许可法 32): nobody said anything for five working days."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.db.models.functions import Coalesce

from jigai.cases.models import Case
from jigai.cases.services.daily.each import each_case
from jigai.cases.services.deed import CaseState, Deed, StepState
from jigai.cases.services.deeds.acceptance import opened
from jigai.cases.services.deeds.decide import finish_step
from jigai.cases.services.silence import TELL_DAYS, accepted_since


def accept_by_silence(day: dt.date) -> int:
    """Accept every application for a licence that has waited too long for a word."""
    # Five working days never take less than five days; the calendar decides case by case.
    latest = day - dt.timedelta(days=TELL_DAYS + 1)
    waiting = (
        Case.objects.filter(state=CaseState.SUBMITTED, release__content__kind="licensing")
        .annotate(received=Coalesce(F("received_on"), F("submitted_on")))
        .filter(received__lte=latest)
        .order_by("pk")
    )
    return each_case(waiting.values_list("pk", flat=True), "accept", day, _accept)


def _accept(deed: Deed) -> bool:
    since = accepted_since(deed.case, deed.calendar, deed.today)
    acceptance = deed.spec.acceptance
    if since is None or acceptance is None:
        return False
    step = deed.case.steps.filter(code=acceptance.id, state=StepState.ACTIVE).first()
    if step is None:
        return False
    finish_step(deed, step, "agree")
    # No gate is asked: the law accepts, and a gate is asked again before every decision.
    opened(deed, since)
    return True
