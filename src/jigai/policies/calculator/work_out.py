"""Works a measure out from what was typed: the engine's own decision and explanation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from jigai.policies.calculator.answers import Answers
from jigai.policies.calculator.programs import Program
from jigai.policies.calculator.told import (
    CONFIRM,
    VERDICTS,
    Condition,
    amount_text,
    conditions_of,
    ends_in_number,
)
from jigai.policies.fact_run import FactRows
from jigai.policies.trace_view import MeasureStages, Step, stages_of
from jigai.rules.explain import explain_consortium, explain_item, explain_project
from jigai.rules.explain_check import explain_check
from jigai.rules.explanation import (
    CheckExplanation,
    Explanation,
    Figure,
    LineExplanation,
    MeasureExplanation,
    MissingFact,
)
from jigai.rules.schema import Measure

KEYS = {"project": 1, "consortium": "C", "enterprise": "E", "region": "R"}


@dataclass(slots=True)
class Result:
    """One measure worked out; fen.

    ``silent`` documents give no figures while they are not in force. ``unfilled`` are invoices that
    are not filled in and so count nothing; what falls short because of them is not a refusal.
    """

    measure: Measure
    told: MeasureExplanation
    found: Explanation
    code: str
    conditions: list[Condition] = field(default_factory=list)
    missing: list[MissingFact] = field(default_factory=list)
    before: list[Step] = field(default_factory=list)
    stages: MeasureStages | None = None
    after: list[Step] = field(default_factory=list)
    unfilled: list[LineExplanation] = field(default_factory=list)
    waits: bool = False
    silent: bool = False

    @property
    def look(self) -> str:
        """Status code of the house style."""
        return VERDICTS[self.code][0]

    @property
    def word(self) -> str:
        """The verdict in words."""
        return VERDICTS[self.code][1]

    @property
    def is_check(self) -> bool:
        """Whether there is a verdict and never an amount."""
        return isinstance(self.told, CheckExplanation)

    @property
    def figures(self) -> list[Figure]:
        """Quantities of a check with what they are held against."""
        return self.told.figures if isinstance(self.told, CheckExplanation) else []

    @property
    def text(self) -> str:
        """The amount, its range, or why there is none; empty for a check."""
        if self.is_check:
            return ""
        if self.silent:
            return "不给数"
        if self.waits:
            return "待填发票"
        if self.measure.charge and self.code == "excluded":
            return "不适用"
        return amount_text(self.code, self.told.amount, self.told.low, self.told.high)

    @property
    def has_unit(self) -> bool:
        """Whether the text ends in a number of 元."""
        return not self.is_check and ends_in_number(self.text)

    @property
    def gaps(self) -> list[Condition]:
        """Conditions that say how far they are off."""
        return [condition for condition in self.conditions if condition.gap]


def work_out(program: Program, answers: Answers, day: dt.date) -> Result:
    """Decide and explain the measure on what was typed; nothing is stored."""
    return explain_rows(program, answers.rows(program.model, day))


def explain_rows(program: Program, rows: FactRows) -> Result:
    """The same on rows that are at hand."""
    measure, model = program.measure, program.model
    key = KEYS.get(measure.subject, 1)
    args = (program.evaluator, model, program.env, rows)
    if program.is_check:
        found = explain_check(*args, measure.id, key)
    elif measure.subject == "project":
        found = explain_project(*args, key)
    elif measure.subject == "consortium":
        found = explain_consortium(*args, key)
    else:
        found = explain_item(*args, measure.subject, key)
    told = found.measure(measure.id)
    result = Result(measure, told, found, told.verdict_code)
    result.conditions = list(conditions_of(model, program.plan, told))
    result.missing = [fact for fact in found.missing if told.name in fact.blocks]
    if result.code == "missing" and result.conditions and all(c.duty for c in result.conditions):
        result.code = CONFIRM
    _wait_for_lines(result)
    cut = stages_of(found, model.measures)
    result.before = [step for step in cut.before if step.entry.stage == "有效期"]
    result.stages = next(m for m in cut.measures if m.measure.id == measure.id)
    result.after = cut.after if measure.subject == "consortium" else []
    return result


def _wait_for_lines(result: Result) -> None:
    """An invoice that is not filled in counts nothing, but nobody said that it is worth nothing."""
    result.unfilled = [line for line in result.found.lines if line.missing]
    result.waits = bool(result.unfilled) and result.code == "below-threshold"
    if result.waits:
        result.code = "missing"
        result.conditions = [
            replace(c, known=False, gap="") if c.gap else c for c in result.conditions
        ]
