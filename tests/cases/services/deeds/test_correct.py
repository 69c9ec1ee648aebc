"""补正 of both kinds: what the law fixes for a licence, what the round says for anything else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.cases.models import Case, Pause
from jigai.cases.services.deeds.supply import changes_of
from jigai.cases.services.start_case import start_case
from jigai.core.access import access_of
from jigai.errors import JigaiError
from tests.cases.conftest import CONTENT, VALUES, Do, People, make_file, publish
from tests.cases.time_travel import Clock
from tests.cases.time_travel import clock as clock

ASKED: dict[str, Any] = {
    "items": [{"id": "application", "say": "没有盖章"}],
    "fields": [{"id": "invest", "say": "与附表不一致"}],
}
SUBSIDY = {
    **CONTENT, "kind": "subsidy",
    "correction": {"times": 2, "days": 5, "pauses": True, "silence": "withdrawn"},
}  # fmt: skip


@pytest.fixture
def waiting(clock: Clock, submitted: Case) -> Case:
    """An application for a licence handed in on Monday, 2 March 2026."""
    return submitted


def subsidy(people: People, do: Do, **correction: Any) -> Case:
    """An application for a subsidy, accepted."""
    rule = {**SUBSIDY["correction"], **correction}
    procedure = publish({**SUBSIDY, "correction": rule}, f"subsidy-{len(correction)}")
    user = people["applicant"]
    case = start_case(procedure=procedure, by=user, access=access_of(user))
    do(
        case,
        "submit",
        "applicant",
        values=VALUES,
        evidence={"application": make_file(user).pk, "land_paper": make_file(user).pk},
    )
    return do(case, "accept", "approval")


def answer(people: People) -> dict[str, Any]:
    """Everything that was asked for."""
    return {
        "values": {"invest": "600万元"},
        "evidence": {"application": make_file(people["applicant"], "盖章.pdf").pk},
    }


@pytest.mark.system("one-stop-handling")
def test_a_licence_is_told_everything_once_and_goes_on_when_it_is_complete(
    waiting: Case, do: Do, people: People, clock: Clock
) -> None:
    clock.at(3, 9)
    case = do(waiting, "correct", "approval", reason="请补", **ASKED)
    assert (case.state, case.due, case.clock_from) == ("correction", None, None)
    clock.at(3, 20)
    case = do(case, "supply", "applicant", **answer(people))
    assert (case.state, case.received_on) == ("submitted", dt.date(2026, 3, 20))
    assert case.steps.get(code="accept").due == dt.date(2026, 3, 27), "five days, run anew"
    with pytest.raises(JigaiError, match="补正只能一次告知") as refused:
        do(case, "correct", "approval", reason="再补", **ASKED)
    assert "第三十二条" in refused.value.hint
    clock.at(3, 23)
    case = do(case, "accept", "approval")
    assert (case.clock_from, case.accepted_by_silence) == (dt.date(2026, 3, 23), False)


def test_after_five_working_days_nothing_can_be_asked_any_more(
    waiting: Case, do: Do, clock: Clock
) -> None:
    """Handed in on Monday the 2nd; Monday the 9th is the fifth working day, calendar days count
    for nothing."""
    clock.at(3, 10)
    with pytest.raises(JigaiError, match=r"2026-03-09.*视为受理"):
        do(waiting, "correct", "approval", reason="请补", **ASKED)
    with pytest.raises(JigaiError, match="自 2026-03-02 起视为受理"):
        do(waiting, "refuse_acceptance", "approval", reason="材料不齐")
    case = do(waiting, "accept", "approval")
    assert (case.accepted_on, case.clock_from) == (dt.date(2026, 3, 2), dt.date(2026, 3, 2))
    assert case.accepted_by_silence


def test_an_accepted_licence_is_not_corrected(opened: Case, do: Do) -> None:
    with pytest.raises(JigaiError, match="受理以后不能再要求补正") as refused:
        do(opened, "correct", "ecology", reason="请补", **ASKED)
    assert "第三十二条" in refused.value.hint and "第四十五条" in refused.value.hint


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "没有写明要补正什么"),
        ({"items": [{"id": "application", "say": " "}]}, "没有写明“申请书”要补正什么"),
        ({"items": [{"id": "nothing", "say": "缺"}]}, "没有“nothing”这项申请人填报的材料"),
        ({"fields": [{"id": "opinion_no", "say": "缺"}]}, "没有“opinion_no”这项申请人填报的内容"),
        ({**ASKED, "days": "两"}, "补正期限应为大于零的整数"),
    ],
)  # fmt: skip
def test_a_notice_says_what_is_missing(
    waiting: Case, do: Do, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(JigaiError, match=said):
        do(waiting, "correct", "approval", reason="请补", **asked)


def test_only_what_was_asked_for_may_change_and_all_of_it_must_come(
    waiting: Case, do: Do, people: People
) -> None:
    case = do(waiting, "correct", "approval", reason="请补", **ASKED)
    file = make_file(people["applicant"]).pk
    with pytest.raises(JigaiError, match="只能修改要求补正的内容"):
        do(case, "supply", "applicant", values={"invest": "6万元", "project": "换一个"},
           evidence={"application": file})  # fmt: skip
    with pytest.raises(JigaiError, match="只能修改要求补正的内容"):
        do(case, "supply", "applicant", values={"invest": "6万元"},
           evidence={"application": file, "photo": file})  # fmt: skip
    with pytest.raises(JigaiError, match="还没有补齐：总投资"):
        do(case, "supply", "applicant", evidence={"application": file})
    with pytest.raises(JigaiError, match="不能再容缺"):
        do(case, "supply", "applicant", values={"invest": "6万元"},
           evidence={"application": "defer"})  # fmt: skip
    with pytest.raises(JigaiError, match="没有填写：总投资"):
        do(case, "supply", "applicant", values={"invest": ""}, evidence={"application": file})
    case.refresh_from_db()
    assert case.state == "correction" and case.values["project"] == VALUES["project"]


def test_what_changed_is_kept_beside_what_it_was(waiting: Case, do: Do, people: People) -> None:
    case = do(waiting, "correct", "approval", reason="请补", **ASKED)
    do(case, "supply", "applicant", **answer(people))
    row = case.corrections.get()
    changed = changes_of(case)[row.pk]
    assert changed["总投资"] == ["500.00 万元", "600.00 万元"]
    assert changed["申请书"] == ["示例材料.pdf", "盖章.pdf"]
    assert row.before["values"] == {"invest": 500_0000_00}
    assert case.evidence.get(item="application").state == "given"


@pytest.mark.system("time-limited-approval")
def test_a_subsidy_is_corrected_in_the_middle_and_its_clock_stops(
    clock: Clock, people: People, do: Do
) -> None:
    case = subsidy(people, do)
    assert case.due == dt.date(2026, 3, 30), "20 working days after the 2nd"
    clock.at(3, 4)
    case = do(case, "correct", "ecology", reason="请补", **ASKED)
    assert (case.state, case.due, case.paused) == ("correction", None, True)
    with pytest.raises(JigaiError, match="补正中的办件不能同意"):
        do(case, "agree", "ecology")
    clock.at(3, 9)
    case = do(case, "supply", "applicant", **answer(people))
    assert (case.state, case.paused) == ("open", False)
    assert case.due == dt.date(2026, 4, 2), "Thursday, Friday and Monday were the applicant's"
    assert case.received_on == dt.date(2026, 3, 2), "received long before"


def test_as_often_as_the_round_says(clock: Clock, people: People, do: Do) -> None:
    case = subsidy(people, do)
    for _time in (1, 2):
        do(case, "correct", "ecology", reason="请补", **ASKED)
        do(case, "supply", "applicant", **answer(people))
    with pytest.raises(JigaiError, match="最多补正 2 次"):
        do(case, "correct", "ecology", reason="请补", **ASKED)


def test_a_round_may_let_the_clock_run_on(clock: Clock, people: People, do: Do) -> None:
    case = subsidy(people, do, pauses=False)
    case = do(case, "correct", "ecology", reason="请补", **ASKED)
    assert case.due == dt.date(2026, 3, 30)
    assert not Pause.objects.filter(case=case).exists()


def test_too_late_is_too_late_whether_or_not_the_round_has_come_by(
    clock: Clock, people: People, do: Do
) -> None:
    case = do(subsidy(people, do), "correct", "ecology", reason="请补", **ASKED)
    clock.at(3, 10)
    with pytest.raises(JigaiError, match="补正期限 2026-03-09 已过，申请按撤回处理"):
        do(case, "supply", "applicant", **answer(people))


def test_a_late_answer_counts_where_the_round_goes_on_without_it(
    clock: Clock, people: People, do: Do
) -> None:
    case = subsidy(people, do, silence="continue")
    do(case, "correct", "ecology", reason="请补", **ASKED)
    clock.at(3, 10)
    case = do(case, "supply", "applicant", **answer(people))
    assert case.state == "open"
    assert case.records.get(verb="supply").data["late"] is True
