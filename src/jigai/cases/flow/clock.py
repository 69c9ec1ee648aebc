"""Clocks in working days: when a limit runs out, what pauses took from it, which light it shows.

The rules and what they rest on:

- Counting starts on the day after the clock starts (民法典 201: 开始的当日不计入，自下一日开始
  计算).
- Only working days count, so the last day is a working day (行政许可法 82: 期限以工作日计算，
  不含法定节假日; 民法典 203 comes to the same).
- The time of a pause does not count (行政许可法 45: 所需时间不计算在期限内). A pause is a period
  itself: it takes the days after the one it begins on, up to and including the one it ends on
  (民法典 201). Two pauses on one day take one day.
- The last day belongs to the limit in full (民法典 203: 截止时间为二十四时), so ending on it is
  in time.
- Days granted by an extension join the limit (行政许可法 42: 可以延长十日) and are counted alike.

Everything is read from the ledger each time and nothing is stored, so a corrected holiday moves
every date by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jigai.cases.flow.workdays import WorkdayIndex, index_of
from jigai.core.calendar import WorkCalendar
from jigai.errors import JigaiError

LIGHTS = {
    "green": "正常", "amber": "临近期限", "red": "超期", "paused": "暂停", "met": "按期办结",
    "missed": "超期办结", "none": "时限未定",
}  # fmt: skip
# What is told of a pause that does not fit its clock; it is clipped, never refused.
ODD = {
    "reversed": "恢复早于暂停，不扣除时间",
    "before": "早于起算日，只扣除起算日以后的时间",
    "after": "办结以后才开始，不扣除时间",
}
MOST_DAYS = 10_000
# Later than any date, for a pause that has not ended.
_NEVER = date.max.toordinal() + 1


@dataclass(frozen=True, slots=True)
class Span:
    """A pause from the day it began to the day it ended; ``ends`` is ``None`` while it is open.

    It takes the days (``starts``, ``ends``], so a pause begun and ended on one day takes none.
    """

    starts: date
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit of ``days`` working days after ``starts``, and ``extra`` granted by extensions.

    ``days`` 0 is no limit, and then ``extra`` means nothing. Pauses may come in any order and
    overlap. Raises :class:`JigaiError` (``clock-days``) for numbers no limit has.
    """

    starts: date
    days: int
    pauses: tuple[Span, ...] = ()
    extra: int = 0

    def __post_init__(self) -> None:
        if self.days < 0 or self.extra < 0 or self.days + self.extra > MOST_DAYS:
            raise JigaiError(
                "clock-days",
                f"时限 {self.days} 个工作日、延长 {self.extra} 个工作日，不能计时",
                f"时限和延长都不能为负，合计不超过 {MOST_DAYS} 个工作日",
            )

    @property
    def total(self) -> int:
        """Working days allowed in all; 0 is no limit."""
        return self.days + self.extra if self.days else 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock on a day.

    ``due`` is the last working day allowed: ``None`` without a limit, and where a pause that is
    still open began before the limit ran out. ``amber_from`` is the day on which ``left`` comes
    down to :func:`amber_left`, under the same terms. ``used`` are the working days counted,
    ``left`` is ``total`` less ``used`` (negative: working days over the limit; 0 without one).
    ``held`` are the working days pauses took. ``paused`` says a pause has begun and not ended.
    ``light`` is one of :data:`LIGHTS`. ``provisional``: a year it rests on has no holiday
    arrangement yet.
    """

    due: date | None
    amber_from: date | None
    used: int
    left: int
    light: str
    paused: bool
    provisional: bool
    total: int
    held: int


@dataclass(frozen=True, slots=True)
class PauseReading:
    """What one pause took so far, in working days.

    ``days`` add up to the ``held`` of the clock: a day under several pauses is the one's that
    began first, and ``shared`` of the others. ``odd`` is one of :data:`ODD`, or empty.
    """

    span: Span
    days: int
    shared: int
    odd: str


def read_clock(
    clock: Clock, calendar: WorkCalendar, today: date, stopped: date | None = None
) -> Reading:
    """The clock as of ``today``, or for good where it ``stopped`` (办结、退出).

    The stop ends a pause that was open, and what comes after it changes nothing: the reading of
    a stopped clock does not depend on ``today``. The light, in this order: ``none``; ``met`` or
    ``missed``; ``red`` once the due day is over, even on the weekend after it (``left`` is 0
    then) and even if a pause began since, since a pause does not give back a limit that has run
    out and only stops the delay from growing; ``paused``; ``amber`` from ``amber_from`` on;
    ``green``.
    """
    index = index_of(calendar)
    cuts = _cuts(clock, stopped)
    until = today if stopped is None else stopped
    end = max(until, clock.starts)
    held = sum(_between(index, after, min(to, end.toordinal())) for after, to in cuts)
    used = _between(index, clock.starts.toordinal(), end.toordinal()) - held
    total = clock.total
    due = amber_from = None
    if total:
        due = _reached(clock, total, cuts, index)
        amber_from = _reached(clock, total - amber_left(total), cuts, index)
    paused = stopped is None and _is_paused(clock, today)
    light = _light(due, amber_from, until, paused, stopped is not None) if total else "none"
    return Reading(
        due=due, amber_from=amber_from, used=used, left=total - used if total else 0,
        light=light, paused=paused,
        provisional=calendar.is_provisional(clock.starts, max(end, due or end)),
        total=total, held=held,
    )  # fmt: skip


def read_pauses(
    clock: Clock, calendar: WorkCalendar, today: date, stopped: date | None = None
) -> tuple[PauseReading, ...]:
    """The ledger: what each pause took up to ``today`` or ``stopped``, in the order given."""
    index = index_of(calendar)
    start = clock.starts.toordinal()
    end = (today if stopped is None else stopped).toordinal()
    found: dict[int, PauseReading] = {}
    covered = start
    for at, span in sorted(enumerate(clock.pauses), key=lambda item: item[1].starts):
        after = max(span.starts.toordinal(), start)
        to = min(_end(span), end)
        days = _between(index, max(after, covered), to)
        shared = _between(index, after, to) - days
        found[at] = PauseReading(span, days, shared, _odd(span, clock.starts, stopped))
        covered = max(covered, to)
    return tuple(found[at] for at in range(len(clock.pauses)))


def amber_left(total: int) -> int:
    """Working days left at which a clock turns amber: three tenths, rounded up, at least 1."""
    return max(1, -(-3 * total // 10))


def _end(span: Span) -> int:
    return _NEVER if span.ends is None else span.ends.toordinal()


def _between(index: WorkdayIndex, after: int, to: int) -> int:
    """Working days in (``after``, ``to``]; none where that is empty."""
    return index.number(to) - index.number(after) if to > after else 0


def _cuts(clock: Clock, stopped: date | None) -> list[tuple[int, int]]:
    """The days (after, to] that pauses take: in order, apart, after the start, up to the stop."""
    last = _NEVER if stopped is None else stopped.toordinal()
    found: list[tuple[int, int]] = []
    covered = clock.starts.toordinal()
    for starts, ends in sorted((span.starts.toordinal(), _end(span)) for span in clock.pauses):
        after, to = max(starts, covered), min(ends, last)
        if to > after:
            found.append((after, to))
            covered = to
    return found


def _reached(
    clock: Clock, count: int, cuts: list[tuple[int, int]], index: WorkdayIndex
) -> date | None:
    """The day on which the count comes to this; ``None`` where an open pause comes first."""
    if not count:
        return clock.starts
    number = index.number(clock.starts.toordinal()) + count
    for after, to in cuts:
        if number <= index.number(after):
            break
        if to == _NEVER:
            return None
        number += _between(index, after, to)
    return date.fromordinal(index.day(number))


def _is_paused(clock: Clock, today: date) -> bool:
    """Whether a pause has begun and not ended.

    That is a state, not a count: from the moment it begins, although that day still counts, to
    the moment it ends, although that day does not count any more.
    """
    return any(
        max(span.starts, clock.starts) <= today and (span.ends is None or today < span.ends)
        for span in clock.pauses
    )


def _light(due: date | None, amber_from: date | None, on: date, paused: bool, stopped: bool) -> str:
    late = due is not None and on > due
    if stopped:
        return "missed" if late else "met"
    if late:
        return "red"
    if paused:
        return "paused"
    return "amber" if amber_from is not None and on >= amber_from else "green"


def _odd(span: Span, starts: date, stopped: date | None) -> str:
    return next(_oddities(span, starts, stopped), "")


def _oddities(span: Span, starts: date, stopped: date | None) -> Iterator[str]:
    if span.ends is not None and span.ends < span.starts:
        yield "reversed"
    if span.starts < starts:
        yield "before"
    if stopped is not None and span.starts > stopped:
        yield "after"
