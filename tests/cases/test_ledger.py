"""The ledger of a clock: what every pause and extension took or gave, by whom and on what basis."""

from __future__ import annotations

import datetime as dt

import pytest

from jigai.cases.ledger import clock_ledger
from jigai.cases.models import Case
from tests.cases.conftest import Do
from tests.cases.time_travel import Clock
from tests.cases.time_travel import clock as clock


def test_before_acceptance_nothing_runs(clock: Clock, submitted: Case) -> None:
    found = clock_ledger(submitted, clock.day)
    assert (found.starts, found.total, found.due, found.light) == (None, 0, None, "none")
    assert [row.step.code for row in found.steps] == ["accept"]


@pytest.mark.system("time-limited-approval")
def test_days_of_two_pauses_are_counted_once(clock: Clock, opened: Case, do: Do) -> None:
    """From Wednesday to Tuesday on one branch, from Friday to Thursday on the other: six working
    days in all, not nine, and the weekend on nobody's account."""
    clock.at(3, 4)
    do(opened, "pause", "ecology", kind="expert", expected_days=4, reason="专家评审")
    clock.at(3, 6)
    do(opened, "pause", "land", kind="expert", expected_days=4, reason="专家论证")
    clock.at(3, 10)
    do(opened, "resume", "ecology")
    clock.at(3, 12)
    do(opened, "resume", "land")
    case = do(opened, "extend", "chief", days=10, reason="案情复杂")
    found = clock_ledger(case, clock.at(3, 13))
    assert [(row.kind, row.step, row.days, row.shared) for row in found.rows] == [
        ("专家评审", "环评审查", 4, 0), ("专家评审", "用地审查", 2, 2), ("延期", "", 10, 0),
    ]  # fmt: skip
    assert (found.total, found.extra, found.held, found.used) == (30, 10, 6, 3)
    assert found.left == 27
    assert found.due == case.due == dt.date(2026, 4, 22)
    assert (found.light, found.light_words, found.basis) == (
        "green",
        "正常",
        "行政许可法第四十二条",
    )
    first, _second, last = found.rows
    assert (first.by, first.basis, first.expected_days) == (
        "示例ecology",
        "行政许可法第四十五条",
        4,
    )
    assert (last.by, last.reason, last.basis) == ("示例chief", "案情复杂", "行政许可法第四十二条")


def test_each_step_has_its_own_clock(clock: Clock, opened: Case, do: Do) -> None:
    do(opened, "pause", "ecology", kind="expert", expected_days=4, reason="专家评审")
    found = {row.step.code: row for row in clock_ledger(opened, clock.at(3, 13)).steps}
    assert (found["ecology"].light, len(found["ecology"].rows)) == ("暂停", 1)
    assert (found["land"].reading.light, found["land"].rows) == ("red", ())
    assert found["land"].reading.due == dt.date(2026, 3, 12)
    assert found["accept"].reading.light == "met"


def test_a_closed_case_reads_the_same_for_ever(clock: Clock, opened: Case, do: Do) -> None:
    case = do(opened, "withdraw", "applicant", reason="示例")
    assert clock_ledger(case, clock.at(3, 13)) == clock_ledger(case, clock.at(6, 1))
