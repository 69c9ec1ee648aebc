"""Benefits and charges on rows without selection: titles, loans, parcels, regions, enterprises.

Measures that fit a row add up; of those in one ``exclusive`` group only the greatest applies (ties
by measure number). Charges are told apart from benefits. Pooled caps then limit what an enterprise
gets over its rows, in order of subject and key. Both executors decide with these functions; only
the columns come from different places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jigai.rules.plan import BELOW, EXCLUDED, MISSING, PAY, UNDETERMINED, MeasurePlan, Plan

ITEM_SUBJECTS = ("enterprise", "award", "loan", "parcel", "region")
# Which verdict speaks for a row with several measures.
_ORDER = (UNDETERMINED, MISSING, PAY, BELOW, EXCLUDED)


@dataclass(slots=True)
class ItemOutcome:
    """What is decided about one row.

    ``given`` holds the fen of every measure that applies for certain, ``charges`` which of them
    are charges. ``amount`` and ``paid`` (after pooled caps) are benefits in fen, ``None`` while
    open; ``possible`` are those that give or may yet give, ``scores`` what rankings ask, by id.
    """

    subject: str
    key: Any
    owner: Any
    verdict: int
    given: dict[str, int]
    charges: frozenset[str]
    amount: int | None
    low: int
    high: int
    paid: int | None
    possible: tuple[str, ...] = ()
    scores: dict[str, int | None] = field(default_factory=dict)

    @property
    def benefits(self) -> tuple[str, ...]:
        """Measures that give something, in number order."""
        return tuple(name for name in self.given if name not in self.charges)

    @property
    def charged(self) -> int:
        """What is charged, in fen."""
        return sum(fen for name, fen in self.given.items() if name in self.charges)


def item_measures(plan: Plan, subject: str) -> list[MeasurePlan]:
    """Measures on a subject in number order."""
    return [measure for measure in plan.measures if measure.subject == subject]


def decide_item(
    plan: Plan,
    subject: str,
    key: Any,
    owner: Any,
    measures: Sequence[MeasurePlan],
    row: Mapping[str, Any],
) -> ItemOutcome:
    """The verdict, amounts and scores of a row from the columns of its measures."""
    benefits = [m for m in measures if not m.charge]
    codes = [row[m.code] for m in measures]
    verdict = next(code for code in _ORDER if code in codes)
    given = {m.id: row[m.effective] for m in _applying(measures, row)}
    charges = frozenset(m.id for m in measures if m.charge)
    amount = sum(fen for name, fen in given.items() if name not in charges)
    # A charge nobody can tell does not hold up a benefit.
    open_ = any(row[m.code] in (MISSING, UNDETERMINED) for m in benefits)
    low = _total(benefits, row, "low") if open_ else amount
    high = _total(benefits, row, "high") if open_ else amount
    ids = {m.id for m in measures}
    return ItemOutcome(
        subject, key, owner, verdict, given, charges,
        None if open_ else amount, low, high, None if open_ else amount,
        tuple(m.id for m in benefits if row[m.code] not in (BELOW, EXCLUDED)),
        {r.id: row[r.by] for r in plan.rankings if set(r.measures) & ids},
    )  # fmt: skip


def _groups(measures: Sequence[MeasurePlan]) -> Iterator[list[MeasurePlan]]:
    """Measures that exclude each other; one that excludes none stands alone."""
    groups: dict[str, list[MeasurePlan]] = {}
    for measure in measures:
        groups.setdefault(measure.exclusive or f"#{measure.id}", []).append(measure)
    yield from groups.values()


def _applying(measures: Sequence[MeasurePlan], row: Mapping[str, Any]) -> Iterator[MeasurePlan]:
    for group in _groups(measures):
        paying = [m for m in group if row[m.code] == PAY]
        if paying:
            yield max(paying, key=lambda m: (row[m.effective], -m.number))


def _total(measures: Sequence[MeasurePlan], row: Mapping[str, Any], side: str) -> int:
    """Least or greatest sum over the groups of a row that waits."""
    total = 0
    for group in _groups(measures):
        total += max(
            row[m.effective] if row[m.code] == PAY else
            0 if row[m.code] in (BELOW, EXCLUDED) else row[getattr(m, side)]
            for m in group
        )  # fmt: skip
    return total


def pool_items(
    plan: Plan, items: Iterable[ItemOutcome], limits: Mapping[str, Mapping[Any, int | None]]
) -> None:
    """Apply pooled caps in place; ``limits`` gives the limit of each enterprise by cap and key."""
    paying = [item for item in items if item.paid and item.owner is not None]
    paying.sort(key=lambda item: (ITEM_SUBJECTS.index(item.subject), item.key))
    open_: set[int] = set()
    for cap in plan.pooled_caps:
        left = dict(limits.get(cap.id, {}))
        for item in paying:
            for measure in item.benefits if item.owner in left else ():
                rest = left[item.owner]
                if measure in cap.measures and rest is None:
                    # A limit nobody knows may cut anything off.
                    open_.add(id(item))
                elif measure in cap.measures and rest is not None:
                    item.given[measure] = take = min(item.given[measure], rest)
                    left[item.owner] = rest - take
    for item in paying:
        total = sum(item.given[measure] for measure in item.benefits)
        item.paid = None if id(item) in open_ else total
