"""The same case under every other option of each reading that bears on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jigai.rules.bearing import measure_bearing, stage_nodes
from jigai.rules.binding import Environment
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import all_readings
from jigai.rules.explanation import Alternative
from jigai.rules.facts import Row, Rows
from jigai.rules.model import Model
from jigai.rules.plan import MISSING, PAY, UNDETERMINED, VERDICTS, Plan
from jigai.rules.program import case_evaluator
from jigai.rules.single import CaseEvaluator

MakeEnvironment = Callable[[Mapping[str, str]], Environment]


def build_evaluator(
    model: Model, env: Environment, measures: list[str] | None = None
) -> CaseEvaluator:
    """Compile a pack, or some of its measures, for deciding and explaining single cases."""
    return case_evaluator(compile_plan(model, env, None, measures))


@dataclass(slots=True)
class Evaluators:
    """Evaluators by the readings that differ from the run's own; each compiled once."""

    model: Model
    make: MakeEnvironment
    _built: dict[tuple[tuple[str, str], ...], CaseEvaluator] = field(default_factory=dict)

    def under(self, changed: Mapping[str, str]) -> CaseEvaluator:
        """The evaluator with some readings changed (none for the run itself)."""
        key = tuple(sorted(changed.items()))
        if key not in self._built:
            self._built[key] = build_evaluator(self.model, self.make(changed))
        return self._built[key]


def alternative_readings(
    model: Model,
    make: MakeEnvironment,
    rows: Rows,
    key: Any,
    subject: str = "project",
    evaluators: Evaluators | None = None,
) -> list[Alternative]:
    """What the row ``key`` of a subject would get under each other option, one at a time.

    ``make`` builds the run's environment with some readings changed (``make({})`` is the run).
    Those that change the answer come first, in the order of the pack.
    """
    evaluators = evaluators or Evaluators(model, make)
    base = _answer(evaluators.under({}), rows, subject, key)
    readings, found = all_readings(model.pack), []
    env = make({})
    for identifier in bearing_readings(model, env, subject):
        reading = readings[identifier]
        for option, meaning in reading.options.items():
            if option == env.readings[identifier]:
                continue
            answer = _answer(evaluators.under({identifier: option}), rows, subject, key)
            verdict, amount, low, high = answer
            found.append(
                Alternative(
                    identifier,
                    reading.name,
                    reading.clause,
                    option,
                    meaning.word,
                    meaning.means,
                    VERDICTS[verdict],
                    amount,
                    low,
                    high,
                    answer != base,
                )
            )
    return sorted(found, key=lambda a: not a.differs)


def bearing_readings(model: Model, env: Environment, subject: str) -> list[str]:
    """Readings that the measures of a subject ask under the chosen options, in pack order.

    Readings of kind ``plan`` that no formula asks (they steer a stage) are among them.
    """
    asked: dict[str, None] = {}
    for measure in model.measures.values():
        if measure.computable and measure.subject == subject:
            asked.update(measure_bearing(model, measure, env).readings)
    if subject == "project":
        from jigai.rules.bearing import Bearing

        asked.update(Bearing(model, env).add(stage_nodes(model)).readings)
    readings = all_readings(model.pack)
    return [
        key
        for key, reading in readings.items()
        if reading.kind != "procedure" and (key in asked or reading.kind == "plan")
    ]


def _answer(
    evaluator: CaseEvaluator, rows: Rows, subject: str, key: Any
) -> tuple[int, int | None, int, int]:
    decided = evaluator.decide(rows)
    row = next(row for row in decided[subject] if row["key"] == key)
    if subject == "project":
        return project_answer(row)
    if subject == "consortium":
        return consortium_answer(evaluator.plan, row)
    outcome = row["#outcome"]
    return outcome.verdict, outcome.paid, outcome.low, outcome.high


def project_answer(row: Row) -> tuple[int, int | None, int, int]:
    """Verdict, amount after selection and pooled caps, and bounds of a decided project."""
    amount = row["paid"] if row["verdict"] == PAY else row["amount"]
    return row["verdict"], amount, row["low"], row["high"]


def consortium_answer(plan: Plan, row: Row) -> tuple[int, int | None, int, int]:
    """Verdict, amount and bounds of a decided consortium: what its members get if it pays."""
    measure = next(m for m in plan.measures if m.subject == "consortium")
    verdict = row[measure.code]
    if verdict in (MISSING, UNDETERMINED):
        return verdict, None, row[measure.low], row[measure.high]
    if verdict != PAY:
        return verdict, 0, 0, 0
    amount = row[measure.effective]
    shares = [member["share"] for member in row["#member"]] if measure.id in plan.splits else []
    if None in shares:
        return verdict, None, 0, amount
    total = sum(shares) if shares else amount
    return verdict, total, total, total
