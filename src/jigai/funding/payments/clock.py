"""The payment clock: the day promised to an applicant, the day the money came, how often in time.

The promise runs from the close of the window in working days (民法典 201: the day of the event
does not count).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from django.utils import timezone

from jigai.cases.flow.suppress import K
from jigai.core.access.scoping import region_prefix
from jigai.core.calendar import WorkCalendar
from jigai.core.platform_calendar import platform_calendar
from jigai.funding.models import Application, Round
from jigai.funding.rounds.timetable import promise_of

_ASKED = ("cleared", "paying", "paid", "recovering", "decided", "public", "held")


@dataclass(frozen=True, slots=True)
class Clock:
    """One application's promise. ``late`` counts working days after it, ``left`` those before;
    ``provisional`` where a year's holidays are not on record yet."""

    promised_on: dt.date
    paid_on: dt.date | None
    late: int
    left: int
    provisional: bool

    @property
    def code(self) -> str:
        """A code of state for the page."""
        if self.paid_on:
            return "done" if not self.late else "failed"
        return "over" if self.late else "running"


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """One round as the public sees it. ``on_time_pct`` in whole percent and ``median_days`` in
    working days are ``None`` where too few enterprises stand behind them."""

    name: str
    promised_days: int
    paid: int | None
    waiting: int | None
    on_time_pct: int | None
    median_days: int | None


def promise(round_: Round, calendar: WorkCalendar | None = None) -> dt.date:
    """The day by which a round promised its money."""
    return promise_of(round_, calendar or platform_calendar()).on


def clock_of(application: Application, today: dt.date | None = None) -> Clock:
    """The clock of an application, by the promise made to it or by that of its round."""
    days = platform_calendar()
    promised = application.promised_on or promise(application.round, days)
    end = application.paid_on or today or timezone.localdate()
    return Clock(
        promised, application.paid_on, days.workdays_between(promised, end),
        days.workdays_between(end, promised), days.is_provisional(min(end, promised), promised),
    )  # fmt: skip


def statistics(region: str, year: int) -> list[RoundFigures]:
    """Figures of every round of a year in a region and below, newest first; three queries."""
    rounds = Round.objects.filter(region_code__startswith=region_prefix(region), year=year)
    rounds = rounds.exclude(state__in=(Round.State.DRAFT, Round.State.CANCELLED))
    rows = Application.objects.filter(round__in=rounds, state__in=_ASKED, decided_fen__gt=0)
    told = rows.order_by("id").values_list("round", "enterprise", "promised_on", "paid_on")
    by_round: dict[int, list[tuple[int, dt.date | None, dt.date | None]]] = defaultdict(list)
    for round_, *rest in told:
        by_round[round_].append((rest[0], rest[1], rest[2]))
    days = platform_calendar()
    return [_figures(item, by_round[item.pk], days) for item in rounds.order_by("-id")
            if by_round[item.pk]]  # fmt: skip


def _figures(
    round_: Round, rows: list[tuple[int, dt.date | None, dt.date | None]], days: WorkCalendar
) -> RoundFigures:
    close, usual = timezone.localdate(round_.closes_at), promise(round_, days)
    paid = [(firm, promised or usual, on) for firm, promised, on in rows if on is not None]
    enough = len({firm for firm, *_rest in paid}) >= K
    waiting = {firm for firm, _promised, on in rows if on is None}
    length: dict[dt.date, int] = {on: days.workdays_between(close, on) for _, _, on in paid}
    in_time = sum(on <= promised for _firm, promised, on in paid)
    return RoundFigures(
        round_.name, round_.pay_by_days,
        paid=len(paid) if enough or not paid else None,
        waiting=len(rows) - len(paid) if len(waiting) >= K or not waiting else None,
        on_time_pct=in_time * 100 // len(paid) if enough else None,
        median_days=int(median(length[on] for _, _, on in paid)) if enough else None,
    )  # fmt: skip
