"""Checks that another room answers about whoever applies: its credit, its handling level.

Asked when a case is handed in and again at every later moment, because a record may come in the
meantime; each answer is kept with its time and source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jigai.errors import JigaiError

if TYPE_CHECKING:
    from jigai.cases.models import Case

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
STATE_WORDS = {PASS: "通过", FAIL: "不通过", UNKNOWN: "缺数据，待核实"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gate says: ``pass``, ``fail`` or ``unknown``, in words, from which source, as of when.

    ``appeal`` is the address where the applicant can object or ask for repair.
    """

    state: str
    words: str
    source: str = ""
    as_of: dt.date | None = None
    appeal: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Who wants what: the case, the moment (``submit``, ``accept``, ``decide``, ``close``,
    ``promise`` for 容缺 and 承诺) and the day."""

    case: Case
    moment: str
    on: dt.date


Gate = Callable[[Question], Answer]
_GATES: dict[str, tuple[str, Gate]] = {}


class GateClosed(JigaiError):
    """A gate says no; the message names the reason and the source.

    ``answers`` are those of every gate asked, kept although nothing else of the deed is.
    """

    case: int = 0
    moment: str = ""
    answers: Sequence[tuple[str, Answer]] = ()


def register_gate(name: str, title: str, gate: Gate) -> None:
    """Make a gate known that procedures may name."""
    _GATES[name] = (title, gate)


def known_gates() -> dict[str, str]:
    """Names and titles of the gates that rooms have registered."""
    return {name: title for name, (title, _gate) in _GATES.items()}


def ask(names: Sequence[str], question: Question) -> list[tuple[str, Answer]]:
    """The answers of some gates, with their titles. A gate nobody registered is unknown."""
    found = []
    for name in names:
        title, gate = _GATES.get(name, (name, None))
        answer = gate(question) if gate else Answer(UNKNOWN, "没有接入这项核查")
        found.append((title, answer))
    return found
