"""Every reading against a plain count, one day after another, and what must hold between two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.cases.flow.clock import Clock, Reading, Span, read_clock, read_pauses
from jigai.core.calendar import DayKind, SpecialDay, WorkCalendar

DAY = timedelta(days=1)
START = date(2025, 12, 1)
# Past every due day there can be: 35 working days, 130 days of pauses, 60 named dates.
HORIZON = 400


def around(earliest: int, latest: int) -> st.SearchStrategy[date]:
    return st.integers(earliest, latest).map(lambda n: START + timedelta(days=n))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Any dates may be named; the years 2025 and 2026 may both be known, or one, or none."""
    kinds: st.SearchStrategy[DayKind] = st.sampled_from(["holiday", "workday_shift"])
    days = draw(st.dictionaries(around(-5, 130), kinds, max_size=60))
    return WorkCalendar({day: SpecialDay(day, kind, "示例", None) for day, kind in days.items()})


@st.composite
def spans(draw: st.DrawFn) -> Span:
    starts = draw(around(-10, 80))
    length = draw(st.none() | st.integers(-5, 12) | st.integers(13, 40))
    return Span(starts, None if length is None else starts + timedelta(days=length))


closed = spans().filter(lambda span: span.ends is not None)
pauses = st.lists(spans(), max_size=4) | st.lists(closed, max_size=4)
clocks = st.builds(
    Clock,
    starts=around(0, 6),
    days=st.integers(0, 2) | st.integers(0, 25),
    pauses=pauses.map(tuple),
    extra=st.just(0) | st.integers(0, 10),
)
unlimited = clocks.map(lambda clock: replace(clock, days=0))
todays = around(-5, 120)
stops = st.none() | around(-3, 120)


def taken(span: Span, day: date) -> bool:
    return span.starts < day and (span.ends is None or day <= span.ends)


def days_after(start: date, count: int) -> Iterator[date]:
    for n in range(1, count + 1):
        yield start + timedelta(days=n)


def is_amber(left: int, total: int) -> bool:
    """Three tenths or less are left, a part of a day being a day; or the last day is."""
    return left <= 1 or 10 * (left - 1) < 3 * total


class Plain:
    """The rules of the clock as they are told, walked day by day."""

    def __init__(
        self, clock: Clock, calendar: WorkCalendar, today: date, stopped: date | None
    ) -> None:
        self.until = stopped or today
        self.used = self.held = 0
        self.due = None
        counted = 0
        total = clock.days + clock.extra if clock.days else 0
        # A limit of one day is amber as soon as it starts.
        self.amber_from = clock.starts if total and is_amber(total, total) else None
        years = {clock.starts.year}
        for day in days_after(clock.starts, HORIZON):
            if self.due is None or day <= self.until:
                works = calendar.is_workday(day)
                # A stop ends every pause.
                pausing = not (stopped and day > stopped)
                away = pausing and any(taken(span, day) for span in clock.pauses)
                counted += works and not away
                if day <= self.until:
                    years.add(day.year)
                    self.used += works and not away
                    self.held += works and away
                if total and self.due is None and counted == total:
                    self.due = day
                if total and self.amber_from is None and is_amber(total - counted, total):
                    self.amber_from = day
        if self.due:
            years |= set(range(clock.starts.year, self.due.year + 1))
        self.total = total
        self.left = total - self.used if total else 0
        self.provisional = any(not calendar.known(year) for year in years)
        self.paused = stopped is None and any(
            today >= max(span.starts, clock.starts) and (span.ends is None or today < span.ends)
            for span in clock.pauses
        )
        self.before = self.until < clock.starts
        self.light = self._light(stopped is not None)

    def _light(self, stopped: bool) -> str:
        if self.total == 0:
            return "none"
        over = self.due is not None and self.until > self.due
        if stopped:
            return "missed" if over else "met"
        if over:
            return "red"
        if self.paused:
            return "paused"
        return "amber" if is_amber(self.left, self.total) and not self.before else "green"


@given(clocks | unlimited, calendars(), todays, stops)
@settings(max_examples=300)
def test_every_reading_is_what_a_walk_day_by_day_finds(
    clock: Clock, calendar: WorkCalendar, today: date, stopped: date | None
) -> None:
    read = read_clock(clock, calendar, today, stopped)
    plain = Plain(clock, calendar, today, stopped)
    for each in fields(Reading):
        assert getattr(read, each.name) == getattr(plain, each.name), each.name


@given(clocks, calendars(), todays, stops)
@settings(max_examples=300)
def test_the_ledger_adds_up_and_shares_are_days_two_pauses_have(
    clock: Clock, calendar: WorkCalendar, today: date, stopped: date | None
) -> None:
    read = read_clock(clock, calendar, today, stopped)
    rows = read_pauses(clock, calendar, today, stopped)
    until = stopped or today
    assert [row.span for row in rows] == list(clock.pauses)
    assert sum(row.days for row in rows) == read.held
    assert read.used + read.held == calendar.workdays_between(clock.starts, until)
    for row in rows:
        alone = Plain(replace(clock, pauses=(row.span,)), calendar, today, stopped)
        assert row.days + row.shared == alone.held


@given(clocks, spans(), calendars(), todays)
@settings(max_examples=300)
def test_one_more_pause_never_makes_anything_earlier(
    clock: Clock, more: Span, calendar: WorkCalendar, today: date
) -> None:
    before = read_clock(clock, calendar, today)
    after = read_clock(replace(clock, pauses=(*clock.pauses, more)), calendar, today)
    if before.due is None:
        assert after.due is None
    elif after.due is not None:
        assert after.due >= before.due
    assert after.used <= before.used
    assert after.used + after.held == before.used + before.held


@given(clocks.filter(lambda clock: clock.days > 0), calendars(), todays)
@settings(max_examples=300)
def test_one_more_day_moves_the_due_day_by_one_day_that_counts(
    clock: Clock, calendar: WorkCalendar, today: date
) -> None:
    before = read_clock(clock, calendar, today)
    after = read_clock(replace(clock, extra=clock.extra + 1), calendar, today)
    assert after.left == before.left + 1
    assert after.used == before.used
    if before.due is None:
        assert after.due is None
        return
    counts = (
        day
        for day in days_after(before.due, HORIZON)
        if calendar.is_workday(day) and not any(taken(span, day) for span in clock.pauses)
    )
    assert after.due == next(counts, None)
    if not clock.pauses:
        assert after.due == calendar.add_workdays(before.due, 1)


@given(clocks, calendars(), todays)
@settings(max_examples=300)
def test_a_day_later_uses_one_day_at_most_and_never_moves_the_due_day(
    clock: Clock, calendar: WorkCalendar, today: date
) -> None:
    now = read_clock(clock, calendar, today)
    tomorrow = read_clock(clock, calendar, today + DAY)
    assert tomorrow.due == now.due
    moved = (tomorrow.used + tomorrow.held) - (now.used + now.held)
    assert moved == (calendar.is_workday(today + DAY) and today + DAY > clock.starts)


@given(clocks, calendars(), todays, todays, around(-3, 120))
@settings(max_examples=300)
def test_a_stopped_clock_reads_the_same_on_every_day(
    clock: Clock, calendar: WorkCalendar, today: date, another: date, stopped: date
) -> None:
    read = read_clock(clock, calendar, today, stopped)
    assert read == read_clock(clock, calendar, another, stopped)
    # A stop ends every pause, so that a limit always has a last day.
    assert (read.due is None) == (clock.days == 0)
    met = "met" if read.due is None or stopped <= read.due else "missed"
    assert read.light == (met if clock.days else "none")
    late = tuple(span for span in clock.pauses if span.starts >= stopped)
    kept = tuple(span for span in clock.pauses if span not in late)
    assert read == read_clock(replace(clock, pauses=kept), calendar, today, stopped)
