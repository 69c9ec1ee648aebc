"""撤回、取回、作废."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.cases.models import Case
from jigai.errors import JigaiError
from tests.cases.conftest import CONTENT, Do, People, make_file, open_tasks, publish
from tests.cases.conftest import VALUES as VALUES


def through(case: Case, do: Do) -> None:
    """Everything up to the decision."""
    for who in ("ecology", "land", "land", "market"):
        do(case, "agree", who)


def test_the_applicant_withdraws_and_nothing_is_left_to_do(opened: Case, do: Do) -> None:
    case = do(opened, "withdraw", "applicant", reason="方案调整")
    assert (case.state, case.result, case.closed_on) == ("withdrawn", "", case.submitted_on)
    assert open_tasks(case) == []
    with pytest.raises(JigaiError, match="已撤回的办件不能同意"):
        do(opened, "agree", "ecology")


def test_nobody_else_withdraws(opened: Case, do: Do) -> None:
    with pytest.raises(JigaiError, match="只有申请人可以撤回"):
        do(opened, "withdraw", "ecology", reason="示例")


def test_what_is_decided_is_not_withdrawn(people: People, do: Do) -> None:
    """The decision has been made although the certificate has still to be handed over."""
    steps = [*CONTENT["steps"], {"id": "hand", "name": "送达", "deed": "task", "days": 1,
                                 "who": {"line": "approval"}}]  # fmt: skip
    case = started(publish({**CONTENT, "steps": steps}, "with-delivery"), people)
    do(
        case,
        "submit",
        "applicant",
        values=VALUES,
        evidence={"application": make_file(people["applicant"]).pk, "land_paper": "defer"},
    )
    do(case, "accept", "approval")
    through(case, do)
    do(case, "agree", "approval")
    assert open_tasks(case) == ["hand"]
    with pytest.raises(JigaiError, match="“决定”已经作出，不能撤回"):
        do(case, "withdraw", "applicant", reason="示例")


def started(procedure: Any, people: People) -> Case:
    from jigai.cases.services.start_case import start_case
    from jigai.core.access import access_of

    user = people["applicant"]
    return start_case(procedure=procedure, by=user, access=access_of(user))


def test_one_takes_back_what_nobody_has_built_on(opened: Case, do: Do) -> None:
    through(opened, do)
    assert open_tasks(opened) == ["decide"]
    do(opened, "recall", "market", reason="看错了")
    rounds = dict(opened.steps.filter(code="joint").values_list("round", "state"))
    assert rounds == {1: "returned", 2: "active"}
    assert open_tasks(opened) == ["joint"], "the opinion of the other office stands"
    assert opened.steps.get(code="decide").state == "returned"
    do(opened, "agree", "market", reason="看清楚了")
    assert opened.steps.get(code="joint", round=2).result == "agree"
    assert opened.steps.get(code="decide", state="active").round == 2


def test_not_after_the_next_has_decided(opened: Case, do: Do) -> None:
    do(opened, "agree", "ecology")
    do(opened, "agree", "land")
    do(opened, "agree", "market")
    with pytest.raises(JigaiError, match="后面的“会签”已由示例market办理"):
        do(opened, "recall", "ecology", reason="看错了")


def test_not_after_the_next_has_taken_it(opened: Case, do: Do) -> None:
    through(opened, do)
    do(opened, "claim", "approval")
    with pytest.raises(JigaiError, match="后面的“决定”已由示例approval领办"):
        do(opened, "recall", "market", reason="看错了")


def test_one_takes_back_a_voice_while_the_step_still_runs(opened: Case, do: Do) -> None:
    do(opened, "agree", "ecology")
    do(opened, "agree", "land")
    do(opened, "agree", "market")
    do(opened, "recall", "market", reason="看错了")
    assert open_tasks(opened) == ["joint", "joint"]
    assert opened.steps.get(code="joint").round == 1
    do(opened, "disagree", "market", reason="不同意")
    do(opened, "agree", "land")
    assert opened.steps.get(code="joint").result == "disagree"


def test_acceptance_is_not_taken_back(opened: Case, do: Do) -> None:
    with pytest.raises(JigaiError, match="受理已经告知申请人"):
        do(opened, "recall", "approval", reason="示例")


def test_only_who_oversees_voids(opened: Case, do: Do) -> None:
    with pytest.raises(JigaiError, match="只有督办人可以作废"):
        do(opened, "void", "ecology", reason="示例")
    case = do(opened, "void", "chief", reason="重复申请")
    assert (case.state, open_tasks(case)) == ("void", [])
    assert case.records.filter(verb="void", reason="重复申请").exists()
