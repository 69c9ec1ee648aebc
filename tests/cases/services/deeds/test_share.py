"""加签、抄送、催办."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jigai.cases.models import Case
from jigai.core.models import Notice
from jigai.errors import JigaiError
from tests.cases.conftest import Do, People, open_tasks


def test_a_step_waits_for_whoever_was_asked_to_sign(opened: Case, do: Do, people: People) -> None:
    do(opened, "add_signer", "ecology", reason="请把关", to=[people["market"].pk])
    do(opened, "agree", "ecology")
    assert opened.steps.get(code="ecology").state == "active"
    do(opened, "agree", "market")
    assert opened.steps.get(code="ecology").state == "done"


def test_the_signer_first_and_then_the_handler(opened: Case, do: Do, people: People) -> None:
    do(opened, "add_signer", "ecology", reason="请把关", to=[people["market"].pk])
    do(opened, "disagree", "market", reason="有顾虑")
    assert opened.steps.get(code="ecology").state == "active"
    do(opened, "agree", "ecology")
    step = opened.steps.get(code="ecology")
    assert (step.state, step.result) == ("done", "agree"), "an opinion does not decide"


def test_a_signer_writes_nothing_into_the_form(opened: Case, do: Do, people: People) -> None:
    for who in ("ecology", "land", "land", "market"):
        do(opened, "agree", who)
    do(opened, "add_signer", "approval", reason="请把关", to=[people["market"].pk])
    do(opened, "agree", "market", values={"opinion_no": "改了"})
    opened.refresh_from_db()
    assert "opinion_no" not in opened.values


def test_nobody_signs_twice(opened: Case, do: Do, people: People) -> None:
    do(opened, "add_signer", "ecology", reason="示例", to=[people["market"].pk] * 2)
    assert opened.tasks.filter(kind="sign").count() == 1
    with pytest.raises(JigaiError, match="示例market在这一步已有待办"):
        do(opened, "add_signer", "ecology", reason="示例", to=[people["market"].pk])
    do(opened, "agree", "market")
    with pytest.raises(JigaiError, match="示例market在这一步已办理过"):
        do(opened, "add_signer", "ecology", reason="示例", to=[people["market"].pk])


def test_who_handles_no_cases_cannot_sign(opened: Case, do: Do, people: People) -> None:
    with pytest.raises(JigaiError, match="没有办件权限，不能加签"):
        do(opened, "add_signer", "ecology", reason="示例", to=[people["auditor"].pk])
    with pytest.raises(JigaiError, match="没有选择人员"):
        do(opened, "add_signer", "ecology", reason="示例", to=[])


def test_a_copy_keeps_nothing_waiting(opened: Case, do: Do, people: People) -> None:
    do(opened, "copy", "ecology", to=[people["auditor"].pk])
    task = opened.tasks.get(kind="copy")
    assert (task.state, task.person, task.step) == ("open", people["auditor"], None)
    assert open_tasks(opened) == ["land", "ecology"]
    with pytest.raises(JigaiError, match="已经抄送示例auditor，尚未阅读"):
        do(opened, "copy", "ecology", to=[people["auditor"].pk])


def test_nothing_is_copied_to_an_enterprise(opened: Case, do: Do, people: People) -> None:
    with pytest.raises(JigaiError, match="没有查看办件的权限"):
        do(opened, "copy", "ecology", to=[people["applicant"].pk])


def test_urging_counts_and_tells_everybody_who_has_something_to_do(
    opened: Case, do: Do, people: People, django_capture_on_commit_callbacks: Any
) -> None:
    clerks = {people["land"].pk, people["ecology"].pk}
    with django_capture_on_commit_callbacks(execute=True):
        do(opened, "urge", "applicant", reason="工期紧")
    told = Notice.objects.filter(event="case-urged")
    assert set(told.values_list("user", flat=True)) == clerks
    assert set(opened.tasks.filter(state="open").values_list("urged", flat=True)) == {1}


def test_once_a_day_from_the_same_person(
    opened: Case, do: Do, people: People, monkeypatch: Any
) -> None:
    do(opened, "urge", "applicant")
    with pytest.raises(JigaiError, match=r"您已于 20.* 催办过") as refused:
        do(opened, "urge", "applicant")
    assert "明天可以再催" in refused.value.hint
    do(opened, "urge", "chief")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_args, **_more: tomorrow)
    do(opened, "urge", "applicant")
    assert set(opened.tasks.filter(state="open").values_list("urged", flat=True)) == {3}
