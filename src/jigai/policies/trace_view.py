"""An explanation cut into the stages of the engine, as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jigai.rules.explain_text import outcome, taken
from jigai.rules.explanation import STAGES, Entry, Explanation, MeasureExplanation
from jigai.rules.schema_measures import Measure

_BEFORE = ("有效期", "重复与名额")


@dataclass(slots=True)
class Step:
    """One line of the trace: the step, what went in (in words) and what came out."""

    entry: Entry
    taken: str
    outcome: str


@dataclass(slots=True)
class Stage:
    """Steps of one stage, in order."""

    name: str
    steps: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class MeasureStages:
    """One measure with its stages; ``chosen`` is what is paid on."""

    measure: MeasureExplanation
    chosen: bool
    stages: list[Stage]
    # Who decides and how far it is, in the pack's words; and whether it is charged, not paid.
    note: str = ""
    charge: bool = False


@dataclass(slots=True)
class Trace:
    """The whole trace: before the measures, the measures, after them."""

    before: list[Step]
    measures: list[MeasureStages]
    after: list[Step]


def stages_of(found: Explanation, declared: Mapping[str, Measure]) -> Trace:
    """Cut an explanation up; nothing is left out and nothing computed.

    ``declared`` are the measures of the pack by id.
    """
    return Trace(
        [_step(e) for e in found.entries if e.stage in _BEFORE],
        [
            MeasureStages(
                m, m.id in found.chosen, _stages(m.entries),
                declared[m.id].status_note, declared[m.id].charge,
            )
            for m in sorted(found.measures, key=lambda m: (m.id not in found.chosen, m.number))
        ],
        [_step(e) for e in found.entries if e.stage not in _BEFORE],
    )  # fmt: skip


def _stages(entries: list[Entry]) -> list[Stage]:
    found: dict[str, Stage] = {}
    for entry in entries:
        found.setdefault(entry.stage, Stage(entry.stage)).steps.append(_step(entry))
    order = {name: place for place, name in enumerate(STAGES)}
    return sorted(found.values(), key=lambda stage: order.get(stage.name, len(order)))


def _step(entry: Entry) -> Step:
    return Step(entry, taken(entry), outcome(entry))
