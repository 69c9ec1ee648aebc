"""Asks the gates of a procedure and keeps what they said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from jigai.cases.gates import FAIL, Answer, GateClosed, Question, ask
from jigai.cases.models import Case, CaseRecord
from jigai.core.models import User

GATE = "gate"


def ask_gates(case: Case, moment: str, on: dt.date, by: User | None) -> None:
    """Ask every gate of the case and record each answer with its source and time.

    Raises :class:`GateClosed` where one says no, naming the reason, the source and where to object.
    """
    answers = ask(case.release.spec.gates, Question(case, moment, on))
    for title, answer in answers:
        if answer.state == FAIL:
            closed = GateClosed(
                "gate-closed", f"{title}不通过：{answer.words}",
                f"来源：{answer.source or '—'}，截至 {answer.as_of or on}"
                + (f"；可以申诉或修复：{answer.appeal}" if answer.appeal else ""),
            )  # fmt: skip
            closed.case, closed.moment, closed.answers = case.pk, moment, answers
            raise closed
    record_answers(case.pk, answers, moment, on, by)


def keep_refusal(closed: GateClosed, on: dt.date, by: User | None) -> None:
    """Record what closed the gate; called once the deed itself is undone."""
    if Case.objects.filter(pk=closed.case).exists():
        record_answers(closed.case, closed.answers, closed.moment, on, by)


def record_answers(
    case: int, answers: Iterable[tuple[str, Answer]], moment: str, on: dt.date, by: User | None
) -> None:
    """A line of 流转记录 for each answer, with its time, source and day."""
    for title, answer in answers:
        CaseRecord.objects.create(
            case_id=case, verb=GATE, by=by, reason=f"{title}：{answer.words}"[:2000],
            data={"moment": moment, "state": answer.state, "source": answer.source,
                  "as_of": str(answer.as_of or on), "appeal": answer.appeal, "title": title},
        )  # fmt: skip
