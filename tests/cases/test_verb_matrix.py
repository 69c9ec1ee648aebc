"""Every verb × every state × every kind of person: as the table of the guide says, in the services.

A cell that the table allows must be carried out, a cell it forbids must be refused with its reason.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from jigai.cases.access import desk_of, relations_of
from jigai.cases.flow.verbs import RELATIONS, RUNNING, STATES, VERBS, refusal
from jigai.cases.models import Case, Task
from jigai.cases.services.act import act
from jigai.core.access import Access, Denied, access_of
from jigai.core.models import Delegation, User
from jigai.errors import JigaiError
from tests.cases.conftest import VALUES, Do, People, make_file
from tests.factories import make_department, make_user
from tools.verb_table import PAGE, page

EVERYBODY = (*RELATIONS, "outsider")


def test_the_page_of_the_guide_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_can_be_used_somewhere_and_says_why_elsewhere(verb: str) -> None:
    cells = list(itertools.product(STATES, RELATIONS))
    assert any(refusal(verb, state, (who,)) is None for state, who in cells)
    for state, who in cells:
        said = refusal(verb, state, (who,))
        assert said is None or (said[0] and said[1])


@pytest.fixture
def cast(people: People) -> dict[str, User]:
    """One account for each way of standing to the case of :func:`in_state`."""
    lead, colleague = people["ecology"], people["ecology-2"]
    deputy = make_user("approval", "370811", name="示例代办人")
    now = timezone.now()
    Delegation.objects.create(giver=lead, taker=deputy, starts=now - dt.timedelta(hours=1),
                              ends=now + dt.timedelta(days=1), reason="示例外出")  # fmt: skip
    return {
        "handler": lead, "deputy": deputy, "past": people["land"], "colleague": colleague,
        "applicant": people["applicant"], "supervisor": people["chief"],
        "reader": people["auditor"],
        "outsider": make_user("approval", department=make_department("370811", "ecology")),
    }  # fmt: skip


def in_state(state: str, draft: Case, do: Do, cast: dict[str, User]) -> Case:
    """The case of the fixtures in a state; somebody has acted on it and somebody is to act now."""
    if state == "draft":
        return draft
    evidence = {"application": make_file(cast["applicant"]).pk, "land_paper": "defer"}
    do(draft, "submit", "applicant", values=VALUES, evidence=evidence)
    # Acceptance is the task of everybody in turn here: the land office took part in it.
    Task.objects.filter(case=draft, state="open").update(
        department=cast["handler"].assignments.get().department
    )
    if state == "submitted":
        return _with(draft, cast)
    if state == "refused":
        return do(draft, "refuse_acceptance", "ecology", reason="不属于本机关职权")
    if state == "correction":
        do(draft, "correct", "ecology", reason="缺页", items=[{"id": "application", "say": "缺页"}])
        return _with(draft, cast)
    do(draft, "accept", "ecology")
    do(draft, "agree", "land")
    case = _with(draft, cast)
    if state in ("withdrawn", "void", "lapsed"):
        Case.objects.filter(pk=case.pk).update(state=state, closed_on=timezone.localdate())
        Task.objects.filter(case=case, state="open").update(state="cancelled")
    if state == "done":
        for who in ("ecology", "market", "land", "approval"):
            do(case, "agree", who)
    return Case.objects.get(pk=case.pk)


def _with(case: Case, cast: dict[str, User]) -> Case:
    """Somebody else has done something in it."""
    if not Task.objects.filter(case=case, acted_by=cast["past"]).exists():
        Task.objects.create(
            case=case, step=case.steps.first(), person=cast["past"], kind="sign", state="done",
            acted_by=cast["past"], done_at=timezone.now(),
        )  # fmt: skip
    return Case.objects.get(pk=case.pk)


def data_of(verb: str, cast: dict[str, User]) -> dict[str, Any]:
    """What the form of a verb would bring."""
    to = cast["colleague"].pk
    return {
        "transfer": {"to": to},
        "delegate": {"to": to, "until": timezone.localdate() + dt.timedelta(days=3)},
        "add_signer": {"to": [to]}, "copy": {"to": [cast["reader"].pk]},
        "correct": {"items": [{"id": "application", "say": "缺页"}]},
        "pause": {"kind": "expert", "basis": "行政许可法第四十五条", "expected_days": 5},
        "extend": {"days": 5},
        "supply": {"evidence": {"application": make_file(cast["applicant"]).pk}},
        "supply_deferred": {"evidence": {"land_paper": make_file(cast["applicant"]).pk}},
        "submit": {"values": VALUES, "evidence": {
            "application": make_file(cast["applicant"]).pk, "land_paper": "defer"}},
        "send_back": {"to": "land"},
    }.get(verb, {})  # fmt: skip


def outcome(case: Case, verb: str, access: Access, data: dict[str, Any]) -> tuple[str, str]:
    """The code and the words of the refusal, ``done`` where it was carried out; undone after."""
    assert access.user is not None
    with transaction.atomic():
        try:
            act(case=case.pk, verb=verb, by=access.user, access=access, reason="示例理由", **data)
            return "done", ""
        except JigaiError as error:
            return error.code, error.message
        finally:
            transaction.set_rollback(True)


# Cells that the table allows and the law, the step or the course of the case does not, with words
# of the answer.
FURTHER = {
    ("correct", "open"): "行政许可", ("send_back", "open"): "不能退回",
    ("resume", "open"): "没有", ("recall", "open"): "不能取回",
}  # fmt: skip
# In a state of rest nobody handles anything; whoever remains is asked all the same.
AT_REST = ("past", "applicant", "supervisor", "outsider")


@pytest.mark.parametrize("state", STATES)
def test_the_services_answer_as_the_table_says(
    state: str, draft: Case, do: Do, cast: dict[str, User]
) -> None:
    case = in_state(state, draft, do, cast)
    assert case.state == state
    tasks = list(case.tasks.select_related("step", "department", "person"))
    data = {verb: data_of(verb, cast) for verb in VERBS}
    for who in EVERYBODY if state in RUNNING else AT_REST:
        access = access_of(cast[who])
        held = relations_of(case, access, tasks, desk_of(access))
        nobody_acted = who == "past" and state in ("draft", "refused")
        assert who in held or who == "outsider" or nobody_acted
        for verb in VERBS:
            code, words = outcome(case, verb, access, data[verb])
            cell = f"{verb} {state} {who}: {code} {words}"
            said = refusal(verb, state, held)
            if not held:
                assert code == "out-of-reach", cell
            elif said is not None:
                assert (code, words) == ("verb-refused", said[0]), cell
            elif code != "done":
                assert FURTHER.get((verb, state), "—") in words, cell


def test_an_outsider_is_told_the_same_whatever_the_verb(draft: Case, cast: dict[str, User]) -> None:
    user = cast["outsider"]
    for verb in VERBS:
        with pytest.raises(Denied, match="不在您的查看范围之内"):
            act(case=draft.pk, verb=verb, by=user, access=access_of(user), reason="示例")
