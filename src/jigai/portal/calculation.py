"""One calculator as the public page needs it: the form as filled in and what comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from jigai.policies.calculator.answers import Answers, read_answers
from jigai.policies.calculator.catalogue import Subject, usual_day
from jigai.policies.calculator.examples import query_of, usual_examples
from jigai.policies.calculator.programs import Program, program_of
from jigai.policies.calculator.questions import sections_of
from jigai.policies.calculator.readings import SideBySide, side_by_side
from jigai.policies.calculator.work_out import Result, work_out
from jigai.policies.fact_run import Settled
from jigai.policies.force import force_on
from jigai.policies.standing import settled_on
from jigai.portal.onward import onward_of

_EXAMPLES = 6


@dataclass(slots=True)
class Calculation:
    """The question as typed and its answer; nothing of it is kept after the page is drawn."""

    subject: Subject
    day: dt.date
    problem: str
    settled: Settled
    program: Program
    answers: Answers
    result: Result | None = None
    examples: list[tuple[str, str]] = field(default_factory=list)

    @property
    def query(self) -> str:
        """The same question as a part of an address."""
        return urlencode([("day", self.day.isoformat()), *self.answers.pairs])

    @property
    def simulation(self) -> str:
        """Why the figures are only a simulation, by today and by the day asked about."""
        return self.subject.simulation or _not_then(self.subject, self.day)

    @property
    def silent(self) -> bool:
        """Whether the document gives no figures while it is not in force."""
        return (
            bool(self.simulation) and self.program.env.readings.get("simulate_when_inactive") == "a"
        )

    @property
    def readings(self) -> list[SideBySide]:
        """The answer under every other reading, worked out when asked for."""
        rows = self.answers.rows(self.subject.model, self.day)
        return side_by_side(self.program, rows, self.day, self.settled)


def calculate(subject: Subject, given: Mapping[str, str], today: dt.date) -> Calculation:
    """Fill the form from the address and work the measure out."""
    day, problem = _day(given.get("day", ""), usual_day(subject.version, today))
    settled = settled_on(subject.model.pack, day)
    program = program_of(subject.model, subject.measure.id, day, settled)
    sections = sections_of(program)
    answers = read_answers(given, sections, subject.model)
    found = Calculation(subject, day, problem, settled, program, answers)
    found.result = work_out(program, answers, day)
    found.result.silent = found.silent
    found.examples = [
        (example.name, query_of(subject.model, example, sections))
        for example in usual_examples(subject.model, subject.measure.id)
    ][:_EXAMPLES]
    return found


def _day(text: str, usual: dt.date) -> tuple[dt.date, str]:
    text = text.strip()
    if not text:
        return usual, ""
    try:
        return dt.date.fromisoformat(text), ""
    except ValueError:
        return usual, f"“{text[:20]}”不是日期，写成 2021-12-31；下面按 {usual} 计算"


def _not_then(subject: Subject, day: dt.date) -> str:
    force = force_on(subject.version, day)
    if force.payable:
        return ""
    more = f"，{force.because}" if force.because else ""
    return f"所选的日子文件{force.word}{more}，仅模拟，{subject.effect}"


def page_of(subject: Subject, found: Calculation | None) -> dict[str, Any]:
    """What the templates read."""
    return {
        "subject": subject,
        "version": subject.version,
        "measure": subject.measure,
        "calculation": found,
        "result": found.result if found else None,
        "simulation": found.simulation if found else subject.simulation,
        "onward": onward_of(subject),
    }
