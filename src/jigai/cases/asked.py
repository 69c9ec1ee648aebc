"""Questions a gate needs answered by whoever applies, one by one: yes, no, or not known.

Which questions there are depends on what is filled in: the industry decides what a catalogue asks.
So they are no fields of the procedure. Another room declares them for its gate; the answers are
kept with the values of the case under a key no field can have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jigai.cases.models import Case

# Names of fields begin with a letter.
KEY = "_asked"
YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS = {YES: "是", NO: "否", UNKNOWN: "不清楚"}
UNANSWERED = "没有回答"


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked by the values as they stand: ``texts``, and what to say of it (``note``)."""

    texts: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its ``key`` on a form, its text and the answer, empty where none was given."""

    key: str
    text: str
    answer: str

    @property
    def word(self) -> str:
        """The answer in words."""
        return ANSWERS.get(self.answer, UNANSWERED)


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one gate. ``fields`` are those the questions depend on."""

    gate: str
    title: str
    fields: tuple[str, ...]
    note: str
    questions: tuple[Asked, ...]

    @property
    def open(self) -> int:
        """How many have neither a yes nor a no."""
        return sum(one.answer not in (YES, NO) for one in self.questions)


Asker = Callable[["Case", Mapping[str, Any]], Asking]
_ASKERS: dict[str, tuple[str, tuple[str, ...], Asker]] = {}


def register_questions(gate: str, title: str, fields: tuple[str, ...], asker: Asker) -> None:
    """``asker(case, values)`` tells what a gate has to know; asked anew when ``fields`` change.

    It must not leave a question out because of an answer already given: the answer would be lost.
    """
    _ASKERS[gate] = (title, fields, asker)


def question_key(gate: str, text: str) -> str:
    """The name of a question on a form."""
    return f"{gate}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def told(values: Mapping[str, Any], gate: str) -> dict[str, bool]:
    """What was answered with yes or no, by the text of the question; the rest is not known."""
    rows = (values.get(KEY) or {}).get(gate) or ()
    return {one["ask"]: one["answer"] == YES for one in rows if one["answer"] in (YES, NO)}


def sections_of(
    case: Case, values: Mapping[str, Any], given: Mapping[str, str] | None = None
) -> list[Section]:
    """The questions of every gate of the case by these values; ``given`` are answers typed by key,
    which count before those kept."""
    found = []
    for gate in case.release.spec.gates:
        if gate not in _ASKERS:
            continue
        title, fields, asker = _ASKERS[gate]
        kept = {one["ask"]: one["answer"] for one in (values.get(KEY) or {}).get(gate) or ()}
        asking = asker(case, values)
        rows = tuple(_asked(gate, text, kept, given or {}) for text in asking.texts)
        if given:
            asking = asker(case, {**values, KEY: _kept(gate, rows)})
        found.append(Section(gate, title, fields, asking.note, rows))
    return found


def _asked(gate: str, text: str, kept: Mapping[str, str], given: Mapping[str, str]) -> Asked:
    key = question_key(gate, text)
    answer = given.get(key, kept.get(text, ""))
    return Asked(key, text, answer if answer in ANSWERS else "")


def _kept(gate: str, rows: tuple[Asked, ...]) -> dict[str, list[dict[str, str]]]:
    return {gate: [{"ask": one.text, "answer": one.answer} for one in rows]}


def take_answers(case: Case, given: Mapping[str, str]) -> None:
    """Put the answers into the case: those to what is asked by its values now, and no others."""
    asked: dict[str, Any] = {}
    for section in sections_of(case, case.values, given):
        asked |= _kept(section.gate, section.questions)
    rest = {name: value for name, value in case.values.items() if name != KEY}
    case.values = {**rest, KEY: asked} if asked else rest


def kept_sections(case: Case) -> list[Section]:
    """The questions as they were asked and answered, for reading."""
    found = []
    for gate, rows in (case.values.get(KEY) or {}).items():
        title, fields, _asker = _ASKERS.get(gate, (gate, (), None))
        asked = tuple(Asked("", one["ask"], one["answer"]) for one in rows)
        found.append(Section(gate, title, fields, "", asked))
    return [one for one in found if one.questions]
