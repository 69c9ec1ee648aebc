"""暂停、恢复、延期, by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.cases.models import Case, Extension, Pause
from jigai.core.models import Notice
from jigai.errors import JigaiError
from tests.cases.conftest import Do, People
from tests.cases.time_travel import Clock
from tests.cases.time_travel import clock as clock

EXPERT = {"kind": "expert", "expected_days": 5, "reason": "专家评审"}


@pytest.fixture
def case(clock: Clock, opened: Case) -> Case:
    """Accepted on Monday, 2 March 2026, with twenty working days."""
    assert opened.due == dt.date(2026, 3, 30)
    return opened


@pytest.mark.system("time-limited-approval")
def test_a_pause_takes_working_days_and_no_others(case: Case, do: Do, clock: Clock) -> None:
    clock.at(3, 5)
    found = do(case, "pause", "ecology", **EXPERT)
    assert (found.due, found.paused) == (None, True)
    assert case.steps.get(code="ecology").due is None
    assert case.steps.get(code="land").due == dt.date(2026, 3, 12), "the other branch runs on"
    clock.at(3, 10)
    found = do(case, "resume", "ecology")
    assert found.due == dt.date(2026, 4, 2), "Friday, Monday, Tuesday; not the weekend"
    assert case.records.get(verb="resume").data["days"] == 3
    assert case.pauses.get().basis == "行政许可法第四十五条"


def test_the_applicant_is_told_how_long_it_takes(
    case: Case, do: Do, people: People, django_capture_on_commit_callbacks: Any
) -> None:
    with pytest.raises(JigaiError, match="没有写所需时间") as refused:
        do(case, "pause", "ecology", kind="expert", reason="专家评审")
    assert "书面告知申请人" in refused.value.hint
    with django_capture_on_commit_callbacks(execute=True):
        do(case, "pause", "ecology", **EXPERT)
    told = Notice.objects.get(user=people["applicant"])
    assert told.title.startswith("计时暂停：专家评审，预计 5 个工作日")


@pytest.mark.parametrize("kind", ["publicity", "correction", "testing", ""])
def test_only_what_the_step_allows_stops_a_clock(case: Case, do: Do, kind: str) -> None:
    with pytest.raises(JigaiError, match="不能以这个事由暂停") as refused:
        do(case, "pause", "ecology", kind=kind, expected_days=5, reason="示例")
    assert "专家评审、听证" in refused.value.hint
    assert not Pause.objects.exists()


def test_what_is_paused_is_not_paused_again(case: Case, do: Do, clock: Clock) -> None:
    do(case, "pause", "ecology", **EXPERT)
    with pytest.raises(JigaiError, match="已经暂停"):
        do(case, "pause", "ecology", **{**EXPERT, "kind": "hearing"})
    with pytest.raises(JigaiError, match="没有您可以恢复的暂停"):
        do(case, "resume", "land")
    do(case, "resume", "chief")
    with pytest.raises(JigaiError, match="没有您可以恢复的暂停"):
        do(case, "resume", "ecology")


def test_where_two_branches_are_paused_one_is_named(case: Case, do: Do) -> None:
    do(case, "pause", "ecology", **EXPERT)
    do(case, "pause", "land", **EXPERT)
    with pytest.raises(JigaiError, match="有几处暂停"):
        do(case, "resume", "chief")
    row = Pause.objects.get(step__code="land")
    do(case, "resume", "chief", pause=row.pk)
    row.refresh_from_db()
    assert row.ends is not None and Pause.objects.filter(ends__isnull=True).count() == 1


def test_a_step_that_is_decided_ends_its_pause(case: Case, do: Do, clock: Clock) -> None:
    do(case, "pause", "ecology", **EXPERT)
    clock.at(3, 4)
    found = do(case, "agree", "ecology")
    assert not found.paused and Pause.objects.get().ends == dt.date(2026, 3, 4)


@pytest.mark.system("time-limited-approval")
def test_an_extension_needs_the_head_and_the_limit_still_running(
    case: Case, do: Do, clock: Clock
) -> None:
    with pytest.raises(JigaiError, match="只有督办人可以延期"):
        do(case, "extend", "ecology", days=10, reason="案情复杂")
    with pytest.raises(JigaiError, match="最多延期 10 个工作日"):
        do(case, "extend", "chief", days=11, reason="案情复杂")
    clock.at(3, 30)
    found = do(case, "extend", "chief", days=10, reason="案情复杂")
    assert found.due == dt.date(2026, 4, 14), "清明 on the 6th is off"
    assert Extension.objects.get().basis == "行政许可法第四十二条"
    with pytest.raises(JigaiError, match="最多延期 1 次，已经用完"):
        do(case, "extend", "chief", days=1, reason="再延")


def test_a_limit_that_has_run_out_is_not_extended(case: Case, do: Do, clock: Clock) -> None:
    clock.at(3, 31)
    with pytest.raises(JigaiError, match="已于 2026-03-30 到期，期限届满以后不能延期"):
        do(case, "extend", "chief", days=10, reason="案情复杂")
    assert not Extension.objects.exists()
