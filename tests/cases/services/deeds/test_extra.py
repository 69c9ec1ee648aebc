"""补齐容缺材料、登记跑动."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.cases.models import Case
from jigai.core.models import Notice
from jigai.errors import JigaiError
from tests.cases.conftest import CONTENT, VALUES, Do, People, make_file, publish
from tests.cases.time_travel import Clock
from tests.cases.time_travel import clock as clock


@pytest.mark.system("tolerance-approval")
def test_only_what_may_follow_follows_and_only_until_the_promised_day(
    draft: Case, do: Do, people: People, clock: Clock
) -> None:
    file = make_file(people["applicant"]).pk
    with pytest.raises(JigaiError, match="“申请书”是关键材料，不能容缺"):
        do(draft, "submit", "applicant", values=VALUES,
           evidence={"application": "defer", "land_paper": "defer"})  # fmt: skip
    do(
        draft,
        "submit",
        "applicant",
        values=VALUES,
        evidence={"application": file, "land_paper": "defer"},
    )
    case = do(draft, "accept", "approval")
    assert case.promised_on == dt.date(2026, 3, 16), "ten working days"
    assert case.evidence.get(item="land_paper").promised_on == case.promised_on
    clock.at(3, 17)
    with pytest.raises(JigaiError, match="承诺于 2026-03-16 前补齐，期限已过"):
        do(case, "supply_deferred", "applicant", evidence={"land_paper": file})
    clock.at(3, 16)
    case = do(case, "supply_deferred", "applicant", evidence={"land_paper": file})
    assert case.promised_on is None
    assert case.evidence.get(item="land_paper").state == "given"
    with pytest.raises(JigaiError, match="不是容缺待补的材料"):
        do(case, "supply_deferred", "applicant", evidence={"land_paper": file})


def test_nothing_given_is_no_supply(opened: Case, do: Do) -> None:
    with pytest.raises(JigaiError, match="没有选择材料"):
        do(opened, "supply_deferred", "applicant", evidence={"land_paper": ""})


@pytest.mark.system("one-stop-handling")
def test_coming_more_often_than_promised_is_told_to_who_oversees(
    people: People, do: Do, clock: Clock, django_capture_on_commit_callbacks: Any
) -> None:
    from jigai.cases.services.start_case import start_case
    from jigai.core.access import access_of

    user, chief = people["applicant"], people["chief"]
    procedure = publish({**CONTENT, "visits": 1}, "one-visit")
    case = start_case(procedure=procedure, by=user, access=access_of(user))
    do(
        case,
        "submit",
        "applicant",
        values=VALUES,
        evidence={"application": make_file(user).pk, "land_paper": "defer"},
    )
    with django_capture_on_commit_callbacks(execute=True):
        do(case, "visit", "approval", reason="交原件")
    assert not Notice.objects.filter(user=chief, title__startswith="跑动超次").exists()
    with django_capture_on_commit_callbacks(execute=True):
        do(case, "visit", "approval", reason="又来盖章")
    assert (
        Notice.objects.filter(user=chief, title__startswith="跑动超次：第 2 次，承诺 1 次").count()
        == 1
    )
    data = list(case.records.filter(verb="visit").values_list("data__exceeding", flat=True))
    assert data == [False, True]
    with pytest.raises(JigaiError, match="还没有到"):
        do(case, "visit", "approval", reason="示例", on="2026-03-03")


def test_without_a_promise_nothing_is_exceeded(opened: Case, do: Do) -> None:
    for _time in range(3):
        do(opened, "visit", "approval", reason="示例")
    exceeding = opened.records.filter(verb="visit", data__exceeding=True)
    assert opened.visits.count() == 3 and not exceeding.exists()
