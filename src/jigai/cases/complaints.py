"""What a complainant may know by the number: how far it is, and what came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from jigai.cases.due_words import STATE_LOOKS
from jigai.cases.models import Case, CaseRecord, CaseStep
from jigai.cases.services.file_complaint import CODE
from jigai.core.fields.values import show_value

OUTCOMES = {"true": "属实", "part": "部分属实", "false": "不属实", "unverified": "无法核实"}
OUTCOME_LOOKS = {"true": "confirmed", "part": "warning", "false": "closed", "unverified": "closed"}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step as told outside: by whom it is done is the offices' affair."""

    name: str
    look: str
    word: str
    since: dt.date
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the finding in a word, what was done, money given back (fen), the answer."""

    outcome: str
    look: str
    measure: str
    refund: int | None
    answer: str


def complaint_of(receipt: str) -> Case | None:
    """The complaint of a number, as its holder may ask for it."""
    wanted = receipt.strip().upper()
    if not wanted:
        return None
    rows = Case.objects.filter(receipt=wanted, procedure__code=CODE)
    return rows.select_related("release", "procedure").defer("search", "words").first()


def complaint_about(about: str) -> Case | None:
    """The complaint that handles a record of another room."""
    rows = Case.objects.filter(about=about, procedure__code=CODE).exclude(state="void")
    return rows.select_related("release", "procedure").order_by("id").last()


def stages_of(case: Case) -> list[Stage]:
    """The steps taken so far; what is not needed is left out."""
    rows = case.steps.exclude(state=CaseStep.State.SKIPPED).order_by("id")
    looks = {"active": "running", "done": "done", "returned": "withdrawn", "cancelled": "cancelled"}
    return [
        Stage(step.name, looks[step.state], step.get_state_display(), step.started_on, step.done_on)
        for step in rows
    ]


def outcome_of(case: Case) -> Outcome | None:
    """The outcome, once the case is closed."""
    if case.state != Case.State.DONE:
        return None
    fields = {item.id: item for item in case.release.spec.fields}

    def word(name: str) -> str:
        return show_value(fields[name], case.values.get(name)) if name in fields else ""

    found = str(case.values.get("outcome") or "")
    return Outcome(
        word("outcome"), OUTCOME_LOOKS.get(found, "closed"), word("measure"),
        case.values.get("refund"), str(case.values.get("answer") or ""),
    )  # fmt: skip


def told_outside(case: Case) -> dict[str, Any]:
    """What the page of the number shows."""
    refused = ""
    if case.state == Case.State.REFUSED:
        last = CaseRecord.objects.filter(case=case, verb="refuse_acceptance").last()
        refused = last.reason if last else ""
    return {
        "case": case, "look": STATE_LOOKS[case.state], "stages": stages_of(case),
        "outcome": outcome_of(case), "refused": refused,
        "subject": next(
            (show_value(f, case.values.get(f.id)) for f in case.release.spec.fields
             if f.id == "subject"), ""),
    }  # fmt: skip
