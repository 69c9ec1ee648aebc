"""Questions of a gate: which are asked, whose answers are kept, what counts as known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from jigai.cases import asked
from jigai.cases.asked import (
    KEY,
    Asking,
    kept_sections,
    question_key,
    register_questions,
    sections_of,
    take_answers,
    told,
)
from jigai.cases.draft_form import DraftForm
from jigai.cases.models import Case
from tests.cases.conftest import CONTENT, Do, publish

pytestmark = pytest.mark.django_db
GATE = "test-gate"


def ask_by_land(case: Case, values: Mapping[str, Any]) -> Asking:
    """One question more where there is new land; the note counts what is known."""
    texts = ("在禁建区内", "涉及占补平衡") if values.get("new_land") else ("在禁建区内",)
    return Asking(texts, f"知道 {len(told(values, GATE))} 项")


@pytest.fixture
def draft_asked(draft: Case, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """A draft of a procedure with a gate that asks."""
    monkeypatch.setattr(asked, "_ASKERS", {})
    register_questions(GATE, "示例核查要问的", ("new_land",), ask_by_land)
    draft.release = publish({**CONTENT, "gates": [GATE, "gate-without-questions"]}).current
    draft.save()
    yield draft


def answered(case: Case) -> list[tuple[str, str]]:
    return [(one.text, one.word) for one in kept_sections(case)[0].questions]


def test_answers_are_kept_in_the_order_asked_and_only_to_what_is_asked(draft_asked: Case) -> None:
    case = draft_asked
    case.values = {"project": "示例", "new_land": True}
    land, swap = (question_key(GATE, t) for t in ("在禁建区内", "涉及占补平衡"))
    take_answers(case, {swap: "no", "made-up": "yes"})
    assert answered(case) == [("在禁建区内", "没有回答"), ("涉及占补平衡", "否")]
    assert told(case.values, GATE) == {"涉及占补平衡": False}
    take_answers(case, {land: "unknown"})
    assert answered(case) == [("在禁建区内", "不清楚"), ("涉及占补平衡", "否")]
    assert sections_of(case, case.values)[0].open == 1
    case.values["new_land"] = False
    take_answers(case, {land: "yes"})
    assert answered(case) == [("在禁建区内", "是")] and case.values["project"] == "示例"


def test_the_note_reads_what_is_typed_before_what_is_kept(draft_asked: Case) -> None:
    land = question_key(GATE, "在禁建区内")
    values = {KEY: {GATE: [{"ask": "在禁建区内", "answer": "unknown"}]}}
    assert sections_of(draft_asked, values)[0].note == "知道 0 项"
    typed = sections_of(draft_asked, values, {land: "yes"})[0]
    assert (typed.note, typed.questions[0].answer) == ("知道 1 项", "yes")


def test_the_form_asks_by_what_is_typed_and_not_during_correction(draft_asked: Case) -> None:
    form = DraftForm(draft_asked, None, {"v-new_land": "是"})
    assert len(form.sections()[0].questions) == 2
    assert len(DraftForm(draft_asked, None, {"v-new_land": "乱填"}).sections()[0].questions) == 1
    assert len(DraftForm(draft_asked).sections()[0].questions) == 1


def test_a_procedure_without_questions_keeps_nothing(draft: Case, do: Do, people: Any) -> None:
    case = do(draft, "save", "applicant", values={"project": "示例"}, answers={"x": "yes"})
    assert KEY not in case.values and kept_sections(case) == []
