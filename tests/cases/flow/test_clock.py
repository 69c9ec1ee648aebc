"""Clocks on days of real years: holidays, year ends, pauses, corrections and lights."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from jigai.cases.flow.clock import (
    LIGHTS,
    MOST_DAYS,
    ODD,
    Clock,
    Span,
    amber_left,
    read_clock,
    read_pauses,
)
from jigai.core.calendar import DayKind, SpecialDay, WorkCalendar, load_special_days
from jigai.errors import JigaiError


def known_years(*years: int) -> WorkCalendar:
    """The shipped arrangements of these years only, so that later years stay unknown here."""
    return WorkCalendar({d: s for d, s in load_special_days().items() if d.year in years})


CALENDAR = known_years(2024, 2025, 2026)


def corrected(calendar: WorkCalendar, changes: dict[date, DayKind | None]) -> WorkCalendar:
    """The calendar with dates named otherwise, or no longer named."""
    special = {day: named for day, named in calendar.special.items() if day not in changes}
    new = {day: SpecialDay(day, kind, "更正", None) for day, kind in changes.items() if kind}
    return WorkCalendar(special | new)


def march(day: int) -> date:
    """March 2026 has no holiday: the 2nd is a Monday."""
    return date(2026, 3, day)


def span(starts: int, ends: int | None = None) -> Span:
    return Span(march(starts), None if ends is None else march(ends))


def clock(*pauses: Span, days: int = 10, extra: int = 0) -> Clock:
    """Accepted on Monday, March 2nd; ten days end on Monday the 16th."""
    return Clock(march(2), days, pauses, extra)


# --- Spring Festival ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        # 2, Sunday 4, 5-9 | off 10-17 | Sunday 18, 19, 20
        (date(2024, 2, 1), date(2024, 2, 20)),
        # 24, Sunday 26, 27 | off 28 January - 4 February | 5-7, Saturday 8, 10-12
        (date(2025, 1, 23), date(2025, 2, 12)),
        # 13, Saturday 14 | off 15-23 | 24-27, Saturday 28, 2-4 March
        (date(2026, 2, 12), date(2026, 3, 4)),
    ],
)
def test_ten_working_days_across_spring_festival(starts: date, due: date) -> None:
    read = read_clock(Clock(starts, 10), CALENDAR, starts)
    assert read.due == due
    assert not read.provisional
    # Neither ten natural days nor ten weekdays.
    assert (due - starts).days > 14


@pytest.mark.system("time-limited-approval")
@pytest.mark.parametrize(
    ("today", "used", "light"),
    [
        (date(2026, 2, 11), 0, "green"),  # the day before acceptance
        (date(2026, 2, 12), 0, "green"),  # the day itself does not count
        (date(2026, 2, 13), 1, "green"),
        (date(2026, 2, 14), 2, "green"),  # Saturday, worked
        (date(2026, 2, 23), 2, "green"),  # nine days off
        (date(2026, 2, 27), 6, "green"),
        (date(2026, 2, 28), 7, "amber"),  # Saturday, worked: three left
        (date(2026, 3, 1), 7, "amber"),
        (date(2026, 3, 4), 10, "amber"),  # the last day belongs to the limit
        (date(2026, 3, 5), 11, "red"),
    ],
)
def test_a_clock_day_by_day_across_spring_festival_2026(today: date, used: int, light: str) -> None:
    read = read_clock(Clock(date(2026, 2, 12), 10), CALENDAR, today)
    assert (read.used, read.left, read.light) == (used, 10 - used, light)
    assert read.due == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("pause", "due", "held"),
    [
        # Ends on the worked Saturday: Friday and Saturday are gone.
        (Span(date(2026, 2, 26), date(2026, 2, 28)), date(2026, 3, 6), 2),
        # Begins on a worked Saturday, which still counts; the holidays were nobody's anyhow.
        (Span(date(2026, 2, 14), date(2026, 2, 24)), date(2026, 3, 5), 1),
        # Within the holidays.
        (Span(date(2026, 2, 15), date(2026, 2, 23)), date(2026, 3, 4), 0),
    ],
)
def test_pauses_around_worked_saturdays(pause: Span, due: date, held: int) -> None:
    read = read_clock(Clock(date(2026, 2, 12), 10, (pause,)), CALENDAR, date(2026, 3, 10))
    assert (read.due, read.held) == (due, held)


# --- the year end -----------------------------------------------------------------------------


def test_a_limit_that_ends_with_the_known_year_is_certain() -> None:
    starts = date(2026, 12, 21)
    read = read_clock(Clock(starts, 8), CALENDAR, starts)
    assert (read.due, read.provisional) == (date(2026, 12, 31), False)


def test_a_limit_that_runs_into_an_unknown_year_is_provisional_until_its_notice() -> None:
    starts = date(2026, 12, 21)
    before = read_clock(Clock(starts, 9), CALENDAR, starts)
    # Weekends alone decide so far: New Year's Day is a Friday.
    assert (before.due, before.provisional) == (date(2027, 1, 1), True)
    notice = corrected(CALENDAR, {date(2027, 1, 1): "holiday"})
    after = read_clock(Clock(starts, 9), notice, starts)
    assert (after.due, after.provisional) == (date(2027, 1, 4), False)


def test_a_late_clock_read_in_an_unknown_year_is_provisional() -> None:
    late = Clock(date(2026, 12, 21), 8)
    read = read_clock(late, CALENDAR, date(2027, 1, 4))
    assert (read.due, read.left, read.provisional) == (date(2026, 12, 31), -2, True)
    stopped = read_clock(late, CALENDAR, date(2027, 1, 4), date(2026, 12, 31))
    assert not stopped.provisional
    # Not begun yet, but its first day is in the unknown year.
    assert read_clock(Clock(date(2027, 1, 4), 0), CALENDAR, date(2026, 12, 31)).provisional


# --- pauses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pauses", "due", "ledger"),
    [
        ((), 16, []),
        ((span(4, 9),), 19, [(3, 0)]),  # 5, 6, 9
        ((span(4, 4),), 16, [(0, 0)]),  # begun and ended on one day
        ((span(4, 9), span(6, 11)), 23, [(3, 0), (2, 1)]),  # overlapping: the 9th once
        ((span(6, 11), span(4, 9)), 23, [(2, 1), (3, 0)]),  # the one begun first has it
        ((span(4, 12), span(6, 10)), 24, [(6, 0), (0, 2)]),  # nested
        ((span(4, 12), span(6, 10), span(11, 13)), 25, [(6, 0), (0, 2), (1, 1)]),
        ((span(4, 9), span(4, 9)), 19, [(3, 0), (0, 3)]),  # twice the same
        ((span(4, 6), span(6, 10)), 20, [(2, 0), (2, 0)]),  # adjacent
        ((span(4, 5), span(11, 12)), 18, [(1, 0), (1, 0)]),  # apart
        ((span(7, 10),), 18, [(2, 0)]),  # begins on a Saturday
        ((span(8, 10),), 18, [(2, 0)]),  # begins on a Sunday
        ((span(6, 8),), 16, [(0, 0)]),  # a weekend
        ((span(13, 17),), 18, [(2, 0)]),  # begins on the day before the last
        ((span(16, 20),), 16, [(4, 0)]),  # begins on the last day: the limit had run out
    ],
)
def test_pauses_and_their_ledger(
    pauses: tuple[Span, ...], due: int, ledger: list[tuple[int, int]]
) -> None:
    paused = clock(*pauses)
    read = read_clock(paused, CALENDAR, march(31))
    rows = read_pauses(paused, CALENDAR, march(31))
    assert read.due == march(due)
    assert [(row.days, row.shared) for row in rows] == ledger
    assert [row.span for row in rows] == list(pauses)
    assert read.held == sum(days for days, _ in ledger)


def test_the_order_of_the_pauses_does_not_matter() -> None:
    pauses = (span(4, 9), span(6, 11), span(5, 6), span(12, 13))
    reads = {read_clock(clock(*some), CALENDAR, march(12)) for some in permutations(pauses)}
    assert len(reads) == 1
    assert reads.pop().held == 5


def test_an_open_pause_leaves_no_due_day_but_what_is_used_and_left() -> None:
    open_pause = clock(span(4))
    for today, used in ((2, 0), (3, 1), (4, 2), (5, 2), (31, 2)):
        read = read_clock(open_pause, CALENDAR, march(today))
        assert (read.due, read.used, read.left) == (None, used, 10 - used)
        assert read.paused == (today >= 4)
        assert read.light == ("paused" if today >= 4 else "green")
    assert read_pauses(open_pause, CALENDAR, march(10))[0].days == 4


def test_a_pause_runs_from_the_moment_it_begins_to_the_moment_it_ends() -> None:
    resumed = clock(span(4, 9))
    reads = {day: read_clock(resumed, CALENDAR, march(day)) for day in (3, 4, 8, 9, 10)}
    assert [read.paused for read in reads.values()] == [False, True, True, False, False]
    assert [read.used for read in reads.values()] == [1, 2, 2, 2, 3]
    # Its end is known (公示), so the due day is known on its first day.
    assert (reads[4].light, reads[4].due) == ("paused", march(19))


def test_a_closed_pause_does_not_hide_an_open_one() -> None:
    read = read_clock(clock(span(4, 9), span(5)), CALENDAR, march(10))
    assert (read.due, read.used, read.paused) == (None, 2, True)


def test_a_pause_does_not_give_back_a_limit_that_has_run_out() -> None:
    for begun, used in ((16, 10), (18, 12)):
        read = read_clock(clock(span(begun)), CALENDAR, march(25))
        assert (read.light, read.due, read.paused) == ("red", march(16), True)
        assert (read.used, read.left) == (used, 10 - used)
    # Begun a working day earlier it holds the limit open.
    read = read_clock(clock(span(13)), CALENDAR, march(25))
    assert (read.light, read.due, read.left) == ("paused", None, 1)


@pytest.mark.parametrize(
    ("pause", "due", "odd"),
    [
        (span(9, 4), 16, "reversed"),
        (Span(date(2026, 2, 20), march(4)), 18, "before"),  # 3 and 4 only
        (Span(date(2026, 2, 20), date(2026, 2, 25)), 16, "before"),
        (span(2, 4), 18, ""),  # begins with the clock
        (span(4, 4), 16, ""),  # begun and ended on one day
    ],
)
def test_a_pause_that_does_not_fit_is_clipped_and_told(pause: Span, due: int, odd: str) -> None:
    read = read_clock(clock(pause), CALENDAR, march(10))
    (row,) = read_pauses(clock(pause), CALENDAR, march(10))
    assert read.due == march(due)
    assert row.odd == odd
    assert row.days == read.held == (march(due) - march(16)).days
    assert row.shared == 0
    assert not odd or odd in ODD


def test_a_pause_that_began_before_the_clock_holds_it_from_its_start_on() -> None:
    early = clock(Span(date(2026, 2, 20)))
    assert not read_clock(early, CALENDAR, date(2026, 2, 27)).paused
    assert read_clock(early, CALENDAR, march(2)).paused


def test_an_extension_is_counted_as_the_limit_is() -> None:
    read = read_clock(clock(span(4, 9), extra=2), CALENDAR, march(19))
    assert (read.total, read.due, read.left) == (12, march(23), 2)


# --- a correction of the holidays ---------------------------------------------------------------


def test_a_corrected_holiday_moves_the_same_clock() -> None:
    one = clock()
    before = read_clock(one, CALENDAR, march(17))
    assert (before.due, before.used, before.light) == (march(16), 11, "red")
    off = corrected(CALENDAR, {march(10): "holiday"})
    after = read_clock(one, off, march(17))
    assert (after.due, after.used, after.light) == (march(17), 10, "amber")
    paid = corrected(off, {march(14): "workday_shift"})
    again = read_clock(one, paid, march(17))
    assert (again.due, again.used, again.light) == (before.due, before.used, before.light)
    # The worked Saturday comes after the day on which it turned amber.
    assert (before.amber_from, again.amber_from) == (march(11), march(12))
    # The first calendar still answers as it did.
    assert read_clock(one, CALENDAR, march(17)) == before


def test_a_holiday_within_a_pause_changes_the_ledger_only() -> None:
    paused = clock(span(9, 13))
    off = corrected(CALENDAR, {march(10): "holiday"})
    before, after = (read_clock(paused, one, march(18)) for one in (CALENDAR, off))
    assert (before.due, before.used, before.held) == (march(20), 8, 4)
    assert (after.due, after.used, after.held) == (march(20), 8, 3)


def test_the_extended_spring_festival_of_2020() -> None:
    """31 January to 2 February were declared off while the first notice was in force."""
    extended = known_years(2020)
    notice = corrected(
        extended,
        {date(2020, 1, 31): None, date(2020, 2, 1): "workday_shift", date(2020, 2, 2): None},
    )
    one = Clock(date(2020, 1, 20), 5)
    first, second = (read_clock(one, cal, date(2020, 2, 3)) for cal in (notice, extended))
    assert (first.due, first.used, first.light) == (date(2020, 2, 1), 6, "red")
    assert (second.due, second.used, second.light) == (date(2020, 2, 4), 4, "amber")


# --- lights and the stop ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "amber"),
    [(1, 1), (2, 1), (3, 1), (4, 2), (6, 2), (7, 3), (10, 3), (11, 4), (20, 6), (70, 21)],
)
def test_amber_begins_with_the_last_three_tenths(total: int, amber: int) -> None:
    one = clock(days=total)
    seen = {}
    for day in range(total + 2):
        today = CALENDAR.add_workdays(march(2), day)
        read = read_clock(one, CALENDAR, today)
        seen[read.left] = read.light
    greens = dict.fromkeys(range(amber + 1, total + 1), "green")
    assert seen == greens | dict.fromkeys(range(amber + 1), "amber") | {-1: "red"}
    assert amber_left(total) == amber
    since = read_clock(one, CALENDAR, march(2)).amber_from
    assert since == CALENDAR.add_workdays(march(2), total - amber)


def test_a_limit_of_one_day_is_amber_from_its_start_and_not_before() -> None:
    sunday = Clock(march(8), 1)
    assert read_clock(sunday, CALENDAR, march(8)).amber_from == march(8)
    lights = [read_clock(sunday, CALENDAR, march(day)).light for day in (7, 8, 9, 10)]
    assert lights == ["green", "amber", "amber", "red"]


def test_amber_days_are_counted_around_pauses() -> None:
    # Seven days are used on the 11th; from the due day back over the pause it would be the 13th.
    read = read_clock(clock(span(13, 17)), CALENDAR, march(11))
    assert (read.due, read.amber_from, read.light) == (march(18), march(11), "amber")
    # An open pause within the last days: amber came before it, the due day does not come.
    read = read_clock(clock(span(12)), CALENDAR, march(11))
    assert (read.due, read.amber_from, read.light) == (None, march(11), "amber")


def test_the_weekend_after_the_last_day_is_late_by_no_working_day() -> None:
    nine = clock(days=9)
    friday = read_clock(nine, CALENDAR, march(13))
    assert (friday.due, friday.left, friday.light) == (march(13), 0, "amber")
    saturday = read_clock(nine, CALENDAR, march(14))
    assert (saturday.left, saturday.light) == (0, "red")
    assert read_clock(nine, CALENDAR, march(31), march(14)).light == "missed"
    assert read_clock(nine, CALENDAR, march(16)).left == -1


@pytest.mark.parametrize(
    ("stopped", "used", "light"),
    [(1, 0, "met"), (2, 0, "met"), (13, 9, "met"), (16, 10, "met"), (17, 11, "missed")],
)
def test_a_stop_is_met_up_to_the_due_day(stopped: int, used: int, light: str) -> None:
    read = read_clock(clock(), CALENDAR, march(31), march(stopped))
    assert (read.used, read.light, read.due) == (used, light, march(16))


def test_a_stop_ends_an_open_pause() -> None:
    # 5, 6, 9 and 10 were paused: withdrawn while materials were awaited.
    read = read_clock(clock(span(4)), CALENDAR, march(31), march(10))
    assert (read.due, read.used, read.held) == (march(20), 2, 4)
    assert (read.light, read.paused) == ("met", False)


def test_what_comes_after_the_stop_changes_nothing() -> None:
    after = span(12)
    read = read_clock(clock(after), CALENDAR, march(31), march(10))
    assert read == read_clock(clock(), CALENDAR, march(31), march(10))
    (row,) = read_pauses(clock(after), CALENDAR, march(31), march(10))
    assert (row.days, row.odd) == (0, "after")
    (row,) = read_pauses(clock(span(10)), CALENDAR, march(31), march(10))
    assert (row.days, row.odd) == (0, "")


def test_no_limit_has_no_light_but_counts_days() -> None:
    free = clock(span(4, 9), days=0, extra=5)
    for stopped in (None, march(13)):
        read = read_clock(free, CALENDAR, march(13), stopped)
        assert (read.light, read.due, read.left, read.total) == ("none", None, 0, 0)
        assert read.amber_from is None
        assert (read.used, read.held) == (6, 3)
    assert read_clock(free, CALENDAR, march(5)).paused


def test_every_light_has_its_word() -> None:
    reads = [
        read_clock(clock(), CALENDAR, march(3)), read_clock(clock(), CALENDAR, march(16)),
        read_clock(clock(), CALENDAR, march(17)), read_clock(clock(span(4)), CALENDAR, march(5)),
        read_clock(clock(), CALENDAR, march(3), march(3)),
        read_clock(clock(), CALENDAR, march(3), march(17)),
        read_clock(clock(days=0), CALENDAR, march(3)),
    ]  # fmt: skip
    assert [read.light for read in reads] == list(LIGHTS)


@pytest.mark.parametrize(("days", "extra"), [(-1, 0), (5, -1), (MOST_DAYS, 1)])
def test_numbers_no_limit_has_are_refused(days: int, extra: int) -> None:
    with pytest.raises(JigaiError) as refused:
        clock(days=days, extra=extra)
    assert refused.value.code == "clock-days"
    assert refused.value.hint


# --- cost ---------------------------------------------------------------------------------------


class Counting(WorkCalendar):
    """A calendar that counts how often it is asked about a day."""

    asked = 0

    def is_workday(self, day: date) -> bool:
        type(self).asked += 1
        return WorkCalendar.is_workday(self, day)


def test_readings_do_not_walk_days() -> None:
    counting = Counting(CALENDAR.special)
    for day in range(2, 32):
        for days in (10, 1000):
            read_clock(clock(span(4, 9), span(12), days=days), counting, march(day))
    # Once for each named date, for all readings together.
    assert Counting.asked == len(CALENDAR.special)
