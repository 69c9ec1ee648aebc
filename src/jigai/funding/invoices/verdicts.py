"""What the rules of a round make of one invoice line, with the readings that decide it."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.funding.compute.estimate import estimate
from jigai.funding.models import Application, InvoiceLine, Round
from jigai.policies.stored_packs import model_of
from jigai.rules.bearing import Bearing
from jigai.rules.environment import all_readings
from jigai.rules.explain_parts import LINE_AMOUNT, LINE_STATUS


@dataclass(frozen=True, slots=True)
class Verdict:
    """One application's answer: the word of the engine itself, and what counts, in fen."""

    application: Application
    status: str
    kind: str
    amount: int | None
    counted: bool | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A reading that bears on lines, as the round takes it."""

    name: str
    clause: str
    question: str
    means: str


def verdict_of(application: Application, line: InvoiceLine) -> Verdict | None:
    """The engine's own explanation of the line; ``None`` where its document judges no lines."""
    found = estimate(application)
    if found is None:
        return None
    for told in found.explanation.lines:
        if told.key == line.pk:
            return Verdict(application, told.status, told.kind, told.amount, told.counted,
                           tuple(told.missing))  # fmt: skip
    return None


def rules_of(round_: Round) -> list[Rule]:
    """The readings that decide whether and with what amount a line counts in a round."""
    model = model_of(round_.pack)
    nodes = [model.formulas.get(("fact", name, "formula")) for name in (LINE_STATUS, LINE_AMOUNT)]
    asked = Bearing(model).add(nodes).readings
    readings = all_readings(model.pack)
    found = []
    for key in asked:
        reading = readings.get(key)
        if reading is not None:
            option = reading.options[round_.readings.get(key, reading.default)]
            found.append(Rule(reading.name, reading.clause, reading.question, option.means))
    return found
