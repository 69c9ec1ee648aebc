"""Whether the months of a project fit together. Pure; amounts in integer fen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

UNIT, DECREASE = "E_M_UNIT", "E_M_DECREASE"
MISMATCH, MISSING, OVER_PLAN, JUMP = "W_M_MISMATCH", "W_M_MISSING", "W_M_OVER_PLAN", "W_M_JUMP"
EMPTY = "E_M_EMPTY"
# The figure that each finding is about.
FIELD_OF = {
    UNIT: "cumulative", DECREASE: "cumulative", MISMATCH: "current", OVER_PLAN: "cumulative",
    JUMP: "current", EMPTY: "cumulative", MISSING: "project",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as odd; a bureau may set its own.

    ``unit_times``: times the planned total above which a unit is taken to be mistaken;
    ``plan_percent``: per cent of the annual plan; ``mismatch_fen``: the smallest difference told;
    ``jump_times``: times the average of the months before.
    """

    unit_times: int = 50
    plan_percent: int = 150
    mismatch_fen: int = 100_00
    jump_times: int = 10


STANDARD = Limits()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a project reports for a month: the month's own figure and the sum since January.

    ``year_plan`` is the annual plan and ``total`` the planned total, as far as they are known.
    """

    month: int
    current: int | None
    cumulative: int | None
    year_plan: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """Findings of one month; a month that is not ``accepted`` counts nowhere.

    A month that is missing between reported ones has no figures and ``reported`` false.
    """

    month: int
    accepted: bool
    flags: tuple[str, ...] = ()
    reported: bool = True


def check_year(entries: Iterable[Entry], limits: Limits = STANDARD) -> dict[int, Checked]:
    """The findings of a project's year by month, those of missing months among them."""
    given = {entry.month: entry for entry in entries}
    if not given:
        return {}
    found: dict[int, Checked] = {}
    last: Entry | None = None
    for month in range(min(given), max(given) + 1):
        entry = given.get(month)
        if entry is None:
            found[month] = Checked(month, False, (MISSING,), reported=False)
            continue
        before = found.get(month - 1)
        follows = before is None or before.accepted
        found[month] = _check(entry, last, follows, given, found, limits)
        if found[month].accepted:
            last = entry
    return found


def _check(
    entry: Entry, last: Entry | None, follows: bool, given: Mapping[int, Entry],
    found: Mapping[int, Checked], limits: Limits,
) -> Checked:  # fmt: skip
    if suspect_unit(entry, limits):
        return Checked(entry.month, False, (UNIT,))
    if entry.cumulative is None:
        return Checked(entry.month, False, (EMPTY,))
    reached = last.cumulative or 0 if last else 0
    flags: list[str] = []
    if entry.cumulative < reached:
        flags.append(DECREASE)
    elif follows and _differs(entry, reached, limits):
        flags.append(MISMATCH)
    if _over(entry.cumulative, entry.year_plan, limits.plan_percent):
        flags.append(OVER_PLAN)
    before = [m for m, checked in found.items() if checked.accepted and m < entry.month]
    earlier = [given[m].current or 0 for m in before]
    if _jumps(entry.current, earlier, limits):
        flags.append(JUMP)
    return Checked(entry.month, True, tuple(flags))


def _differs(entry: Entry, reached: int, limits: Limits) -> bool:
    if entry.current is None or entry.cumulative is None:
        return False
    return abs(entry.current - (entry.cumulative - reached)) >= limits.mismatch_fen


def _over(value: int, plan: int | None, percent: int) -> bool:
    return plan is not None and plan > 0 and value * 100 > plan * percent


def _jumps(current: int | None, earlier: list[int], limits: Limits) -> bool:
    """At least three months before, so that a start after idle months is no jump."""
    total = sum(earlier)
    if current is None or len(earlier) < 3 or total <= 0:
        return False
    return current * len(earlier) >= total * limits.jump_times


def suspect_unit(entry: Entry, limits: Limits = STANDARD) -> bool:
    """Whether a figure is so far above the planned total that its unit must be another."""
    return bool(oversized(entry, limits))


def oversized(entry: Entry, limits: Limits = STANDARD) -> frozenset[str]:
    """Which of ``current`` and ``cumulative`` cannot be meant in this unit."""
    if not entry.total or entry.total <= 0:
        return frozenset()
    most = entry.total * limits.unit_times
    pairs = (("current", entry.current), ("cumulative", entry.cumulative))
    return frozenset(name for name, value in pairs if value is not None and value > most)
