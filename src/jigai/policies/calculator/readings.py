"""The same case under every other reading that bears on the measure; asked for on demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from jigai.policies.calculator.programs import Program, program_of
from jigai.policies.calculator.told import amount_text, ends_in_number
from jigai.policies.calculator.work_out import KEYS
from jigai.policies.fact_run import FactRows, Settled
from jigai.rules.alternatives import consortium_answer
from jigai.rules.bearing import measure_bearing
from jigai.rules.environment import all_readings
from jigai.rules.plan import BELOW, EXCLUDED, PAY, VERDICT_CODES, VERDICTS, CheckPlan
from jigai.rules.schema import Reading

_Answer = tuple[int, int | None, int, int]


@dataclass(frozen=True, slots=True)
class Other:
    """What one option of one reading would give; ``taken`` marks the one that holds now."""

    word: str
    means: str
    taken: bool
    verdict: str
    text: str
    differs: bool

    @property
    def has_unit(self) -> bool:
        """Whether the text ends in a number of 元."""
        return bool(self.text) and ends_in_number(self.text)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One reading with all its options beside one another."""

    id: str
    name: str
    clause: str
    question: str
    options: tuple[Other, ...]

    @property
    def differs(self) -> bool:
        """Whether any option changes the answer."""
        return any(option.differs for option in self.options)


def side_by_side(
    program: Program, rows: FactRows, day: dt.date, settled: Settled
) -> list[SideBySide]:
    """Every reading the measure asks, those that change the answer first.

    Plans are compiled for this measure alone and kept, so a second question compiles nothing.
    """
    base, found = _answer(program, rows), []
    for identifier, reading in _asked(program).items():
        taken, options = program.env.readings[identifier], []
        for option, meaning in reading.options.items():
            other = program if option == taken else program_of(
                program.model, program.measure.id, day, settled, {identifier: option}
            )  # fmt: skip
            answer = base if option == taken else _answer(other, rows)
            verdict, amount, low, high = answer
            text = "" if program.is_check else amount_text(
                VERDICT_CODES[verdict], amount, low, high)  # fmt: skip
            options.append(Other(meaning.word, meaning.means, option == taken, VERDICTS[verdict],
                                 text, answer != base))  # fmt: skip
        found.append(
            SideBySide(identifier, reading.name, reading.clause, reading.question, tuple(options))
        )
    return sorted(found, key=lambda row: not row.differs)


def _asked(program: Program) -> Mapping[str, Reading]:
    asked = measure_bearing(program.model, program.measure, program.env).readings
    readings = all_readings(program.model.pack)
    return {key: r for key, r in readings.items() if key in asked and r.kind != "procedure"}


def _answer(program: Program, rows: FactRows) -> _Answer:
    """Verdict, amount and bounds of the measure itself, before anything competes with it."""
    plan, subject = program.plan, program.measure.subject
    decided = program.evaluator.decide(rows)
    key = KEYS.get(subject, 1)
    row = next(row for row in decided[subject] if row["key"] == key)
    if subject == "consortium":
        return consortium_answer(program.evaluator.plan, row)
    code = row[plan.code]
    if isinstance(plan, CheckPlan):
        return code, None, 0, 0
    if code in (BELOW, EXCLUDED):
        return code, 0, 0, 0
    if code == PAY:
        amount = row[plan.effective]
        return code, amount, amount, amount
    return code, None, row[plan.low], row[plan.high]
