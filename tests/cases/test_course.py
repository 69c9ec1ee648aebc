"""The course of a case: acceptance, branches side by side, joining, decision, going back."""

from __future__ import annotations

import pytest

from jigai.cases.models import Case
from jigai.errors import JigaiError
from tests.cases.conftest import Do, open_tasks


@pytest.mark.system("parallel-approval")
def test_branches_run_side_by_side_and_join(opened: Case, do: Do) -> None:
    assert open_tasks(opened) == ["land", "ecology"]
    do(opened, "agree", "ecology")
    assert open_tasks(opened) == ["land"]
    do(opened, "agree", "land")
    assert open_tasks(opened) == ["joint", "joint"]
    do(opened, "agree", "market")
    assert open_tasks(opened) == ["joint"]
    do(opened, "agree", "land")
    assert open_tasks(opened) == ["decide"]
    case = do(opened, "agree", "approval", values={"opinion_no": "兖审〔2026〕1 号"})
    assert (case.state, case.result) == ("done", "agreed")
    assert case.values["opinion_no"] == "兖审〔2026〕1 号"


def test_nothing_but_acceptance_waits_before_acceptance(submitted: Case) -> None:
    assert submitted.state == "submitted"
    assert open_tasks(submitted) == ["accept"]
    assert submitted.due is None


def test_a_recorded_refusal_leaves_the_decision_open(opened: Case, do: Do) -> None:
    do(opened, "disagree", "ecology", reason="示例：未批先建")
    do(opened, "agree", "land")
    do(opened, "agree", "land")
    do(opened, "agree", "market")
    case = do(opened, "disagree", "approval", reason="环评未通过")
    assert (case.state, case.result) == ("done", "refused")


def test_sent_back_step_and_all_behind_it_are_done_again(opened: Case, do: Do) -> None:
    for who in ("ecology", "land", "land", "market"):
        do(opened, "agree", who)
    do(opened, "send_back", "approval", reason="用地意见不清", to="land")
    assert open_tasks(opened) == ["land"]
    rounds = dict(opened.steps.filter(code="land").values_list("round", "state"))
    assert rounds == {1: "returned", 2: "active"}
    do(opened, "agree", "land")
    assert open_tasks(opened) == ["joint", "joint"]


def test_a_step_whose_condition_is_false_is_passed_over(submitted: Case, do: Do) -> None:
    Case.objects.filter(pk=submitted.pk).update(values={"project": "示例", "new_land": False})
    case = do(submitted, "accept", "approval")
    assert open_tasks(case) == ["ecology"]
    assert case.steps.get(code="land").state == "skipped"


def test_a_step_whose_condition_is_unknown_is_needed(submitted: Case, do: Do) -> None:
    Case.objects.filter(pk=submitted.pk).update(values={"project": "示例"})
    assert open_tasks(do(submitted, "accept", "approval")) == ["land", "ecology"]


def test_the_second_to_decide_is_told_who_was_first(opened: Case, do: Do) -> None:
    task = opened.tasks.get(step__code="ecology", state="open")
    do(opened, "agree", "ecology", task=task.pk)
    with pytest.raises(JigaiError, match="刚由示例ecology办理"):
        do(opened, "disagree", "ecology-2", task=task.pk, reason="不行")


def test_somebody_elses_task_cannot_be_done(opened: Case, do: Do) -> None:
    task = opened.tasks.get(step__code="ecology", state="open")
    with pytest.raises(JigaiError, match="没有可以同意的待办"):
        do(opened, "agree", "land", task=task.pk)


def test_required_materials_must_be_there_unless_deferrable(draft: Case, do: Do) -> None:
    from tests.cases.conftest import VALUES

    with pytest.raises(JigaiError, match="没有提交：申请书、用地材料（可容缺）"):
        do(draft, "submit", "applicant", values=VALUES)
    with pytest.raises(JigaiError, match="关键材料，不能容缺"):
        do(draft, "submit", "applicant", values=VALUES, evidence={"application": "defer"})
