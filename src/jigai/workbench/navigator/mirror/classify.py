"""Sorts a population under one measure: who fits, who lacks one datum, who misses by little.

Every step is one query of the batch executor over all rows; no row is decided by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from jigai.policies.fact_run import FactRows
from jigai.rules.batch import BatchEvaluator
from jigai.rules.binding import Environment
from jigai.rules.compiler import compile_plan
from jigai.rules.model import Model
from jigai.rules.plan import BELOW, MISSING, PAY, UNDETERMINED, MeasurePlan
from jigai.rules.snapshot import Snapshot, from_rows
from jigai.workbench.navigator.mirror.blanks import Blanks
from jigai.workbench.navigator.mirror.near import Relaxed, relaxations

READY, LACKING, NEAR = "ready", "lacking", "near"
# Who misses a threshold by less than this part of it is told.
MARGIN = 20


@dataclass(slots=True)
class Entry:
    """One row under one measure; fen. ``lacking`` is what is missing and ``holder`` who has it;
    ``gap`` says in words how far a threshold is off, ``gap_share`` in hundredths of a per cent."""

    measure: str
    group: str
    subject: str
    key: Any
    amount: int | None = None
    low: int = 0
    high: int = 0
    lacking: str = ""
    holder: str = ""
    gap: str = ""
    gap_share: int | None = None


@dataclass(slots=True)
class Sorted:
    """What was found under one measure; ``counts`` by verdict code over all rows."""

    entries: list[Entry] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)


class Deck(BatchEvaluator):
    """One measure compiled for a snapshot, read column by column."""

    def read(self, columns: Mapping[str, str]) -> dict[str, Any]:
        """Columns of the measure's subject in the order of the rows."""
        return self._fetch(self.measure.subject, {"rid_": "rid", **columns})

    @property
    def measure(self) -> MeasurePlan:
        """The only measure there is."""
        return self.plan.measures[0]

    def scale(self, column: str) -> int:
        """The denominator of what a column stores."""
        for item in self.plan.items:
            if item.id == column:
                return int(getattr(item, "scale", 1))
        return max((t[column].scale for t in self.plan.inputs.values() if column in t), default=1)

    @property
    def verdicts(self) -> Any:
        """The verdict of every row."""
        return np.asarray(self.read({"code": self.measure.code})["code"])


def sort_population(model: Model, env: Environment, facts: FactRows, measure: str) -> Sorted:
    """Every row of the measure's subject that fits, lacks one datum or just misses."""
    inputs = compile_plan(model, env, None, [measure]).inputs
    snapshot = from_rows(facts, inputs)
    deck = Deck(model, env, snapshot, [measure])
    subject = deck.measure.subject
    if not snapshot.size(subject):
        return Sorted()
    m = deck.measure
    columns = deck.read({"code": m.code, "amount": m.effective, "low": m.low, "high": m.high})
    code = np.asarray(columns["code"])
    keys = [_plain(key) for key in snapshot.keys[subject]]
    found = Sorted(counts={int(c): int(n) for c, n in zip(*np.unique(code, return_counts=True),
                                                          strict=True)})  # fmt: skip
    for row in np.flatnonzero(code == PAY).tolist():
        fen = int(columns["amount"][row])
        found.entries.append(Entry(measure, READY, subject, keys[row], fen, fen, fen))
    if MISSING in found.counts:
        lacking = _lacking(model, env, facts, deck, keys, code)
        for row, (names, holder) in lacking.items():
            low, high = int(columns["low"][row]), int(columns["high"][row])
            found.entries.append(
                Entry(measure, LACKING, subject, keys[row], None, low, high, names, holder)
            )
    if BELOW in found.counts:
        found.entries += _near(model, env, snapshot, deck, keys, code)
    return found


def _lacking(
    model: Model, env: Environment, facts: FactRows, deck: Deck, keys: list[Any], code: Any
) -> dict[int, tuple[str, str]]:
    """Rows one blank away from an answer: what would settle them, and who holds it.

    A datum counts where the row has exactly one blank of it, every value of it leads to an answer,
    and at least one of them to money.
    """
    waiting = {keys[row]: int(row) for row in np.flatnonzero(code == MISSING)}
    blanks = Blanks(facts, deck.measure.subject, set(waiting))
    found: dict[int, dict[str, str]] = {}
    for term, info in blanks.terms(deck.plan):
        holes = blanks.single(info.subject, term)
        if not holes:
            continue
        settled, pays = set(holes), set()
        for facts_with in blanks.probes(deck.plan, info):
            trial = Deck(model, env, from_rows(facts_with, deck.plan.inputs), [deck.measure.id])
            names = [_plain(k) for k in trial.snapshot.keys[deck.measure.subject]]
            after = dict(zip(names, trial.verdicts.tolist(), strict=True))
            settled -= {key for key in settled if after[key] in (MISSING, UNDETERMINED)}
            pays |= {key for key in holes if after[key] == PAY}
            if not settled:
                break
        for key in settled & pays:
            found.setdefault(waiting[key], {})[info.name] = info.source
    return {row: ("；或 ".join(named), "、".join(dict.fromkeys(named.values())))
            for row, named in sorted(found.items())}  # fmt: skip


def _near(
    model: Model, env: Environment, snapshot: Snapshot, deck: Deck, keys: list[Any], code: Any
) -> Iterator[Entry]:
    """Rows below a threshold that would pay if it were lower by less than a fifth."""
    below = code == BELOW
    done = np.zeros(len(code), bool)
    for relaxed in relaxations(model, env, deck.measure.id, MARGIN):
        trial = Deck(model, relaxed.env, snapshot, [deck.measure.id])
        rows = np.flatnonzero(below & ~done & (trial.verdicts == PAY))
        done[rows] = True
        if len(rows):
            yield from _told(deck, trial, relaxed, rows, keys)


def _told(deck: Deck, trial: Deck, relaxed: Relaxed, rows: Any, keys: list[Any]) -> Iterator[Entry]:
    columns = {f"v{n}": test.column for n, test in enumerate(relaxed.tests) if test.column}
    values = deck.read(columns) if columns else {}
    for row in rows.tolist():
        gaps = []
        for n, test in enumerate(relaxed.tests):
            value = values[f"v{n}"][row] if f"v{n}" in values else np.ma.masked
            known = not np.ma.is_masked(value)
            scale = deck.scale(test.column)
            gaps.append(test.gap(Fraction(int(value), scale) if known else None))
        short = [gap for gap in gaps if gap is not None]
        share = max((gap.share for gap in short if gap.share is not None), default=None)
        yield Entry(
            deck.measure.id, NEAR, deck.measure.subject, keys[row], 0, 0, 0,
            gap="；".join(gap.text for gap in short), gap_share=share,
        )  # fmt: skip


def _plain(key: Any) -> Any:
    return key.item() if hasattr(key, "item") else key
