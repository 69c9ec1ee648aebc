"""Ranks missing facts by what knowing them would settle, by deciding the case again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from jigai.rules.blame import MATCH, Blame, Blank, probe_values
from jigai.rules.explanation import MissingFact, Outcome
from jigai.rules.facts import Row, Rows
from jigai.rules.model import Model
from jigai.rules.plan import MISSING, UNDETERMINED, VERDICTS
from jigai.rules.single import CaseEvaluator
from jigai.rules.trace import Tracer
from jigai.rules.wording import stored

_OPEN = (MISSING, UNDETERMINED)


@dataclass(frozen=True, slots=True)
class Target:
    """What is being decided: a project or a consortium, and how to read its answer.

    ``read(row)`` gives (verdict code, low, high) of the decided row.
    """

    subject: str
    key: Any
    read: Callable[[Row], tuple[int, int, int]]

    def find(self, rows: Mapping[str, list[Row]]) -> Row:
        """The row of the target among decided rows."""
        return next(row for row in rows[self.subject] if row["key"] == self.key)


def missing_facts(
    evaluator: CaseEvaluator,
    tracer: Tracer,
    rows: Rows,
    target: Target,
    asked: Iterable[tuple[str, str]],
    decided: Mapping[str, list[Row]],
) -> list[MissingFact]:
    """Facts behind the unknown columns ``asked`` (label, column), the one that matters most first.

    Order: greatest part of [low, high] it can close, then the part it closes on average over its
    values, then the number of measures it blocks, then name and key.
    """
    row, blame = target.find(decided), Blame(tracer)
    blocked: dict[Blank, dict[str, None]] = {}
    for label, column in asked:
        for blank in blame.blanks(row, target.subject, column):
            blocked.setdefault(blank, {}).setdefault(label)
    ranked = [
        _weigh(evaluator, tracer.model, rows, target, row, blank, list(labels))
        for blank, labels in blocked.items()
    ]
    useful = [pair for pair in ranked if pair[1].decides or _changes(pair[1], target.read(row)[0])]
    ranked = useful or ranked
    ranked.sort(
        key=lambda pair: (
            -pair[1].decides,
            -pair[0],
            -len(pair[1].blocks),
            pair[1].name,
            str(pair[1].key),
        )
    )
    return [fact for _, fact in ranked]


def _changes(fact: MissingFact, verdict: int) -> bool:
    if not fact.outcomes:
        return True
    return any(outcome.verdict != VERDICTS[verdict] for outcome in fact.outcomes)


def _weigh(
    evaluator: CaseEvaluator,
    model: Model,
    rows: Rows,
    target: Target,
    row: Row,
    blank: Blank,
    labels: list[str],
) -> tuple[Fraction, MissingFact]:
    _, low, high = target.read(row)
    if blank.term == MATCH:
        fact = MissingFact(
            MATCH, "所属企业", blank.subject, blank.key, "平台核查", high - low, labels
        )
        return Fraction(high - low), fact
    info = model.scope.terms[blank.term]
    outcomes, closed = [], []
    for value in probe_values(evaluator.plan, info):
        answer = target.read(target.find(evaluator.decide(_with(rows, blank, value))))
        closed.append(max((high - low) - (answer[2] - answer[1]), 0))
        unit = model.terms[blank.term].unit
        outcomes.append(
            Outcome(stored(info, value, unit_text=unit), VERDICTS[answer[0]], answer[1], answer[2])
        )
    fact = MissingFact(
        blank.term,
        info.name,
        blank.subject,
        blank.key,
        info.source,
        max(closed, default=0),
        labels,
        _merged(outcomes),
    )
    return Fraction(sum(closed), max(len(closed), 1)), fact


def _with(rows: Rows, blank: Blank, value: Any) -> dict[str, list[Mapping[str, Any]]]:
    """The case with one more fact."""
    return {
        subject: [
            {**row, blank.term: value}
            if subject == blank.subject and row.get("key") == blank.key
            else row
            for row in listed
        ]
        for subject, listed in rows.items()
    }


def _merged(outcomes: list[Outcome]) -> list[Outcome]:
    """Values with the same outcome on one line."""
    merged: dict[tuple[str, int, int], list[str]] = {}
    for outcome in outcomes:
        key = (outcome.verdict, outcome.low, outcome.high)
        merged.setdefault(key, []).append(outcome.value)
    return [Outcome("、".join(values), *key) for key, values in merged.items()]


def is_open(verdict: int) -> bool:
    """Whether a verdict waits for something."""
    return verdict in _OPEN
