"""Stages that look at all applications at once: the first so many by score, then the budget.

They run after selection and pooled caps, on whole amounts, and never depend on the order in which
applications come: equal scores go by subject and key, fen left over by largest remainder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from jigai.rules.allocate import allocate
from jigai.rules.plan import BudgetPlan, Plan, RankingPlan


@dataclass(slots=True)
class Application:
    """One row that may be paid. ``paid`` is fen after pooled caps, ``None`` while open.

    ``scores`` holds the score of each ranking by its id (``None`` while unknown); ``granted`` and
    ``notes`` are what these stages find.
    """

    subject: str
    key: Any
    measures: tuple[str, ...]
    paid: int | None
    scores: dict[str, int | None] = field(default_factory=dict)
    granted: int | None = None
    places: dict[str, int | None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def order(self) -> tuple[str, str]:
        """The last word on ties."""
        return self.subject, str(self.key).rjust(24)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an amount in fen, by payer or by instalment."""

    name: str
    amount: int


def settle_population(plan: Plan, applications: Iterable[Application]) -> list[Application]:
    """Fill in ``granted`` of every application; what cannot be known yet stays ``None``."""
    found = list(applications)
    for one in found:
        one.granted = one.paid
    for ranking in plan.rankings:
        _rank(ranking, _concerned(found, ranking.measures))
    for budget in plan.budgets:
        _spend(budget, _concerned(found, budget.measures))
    return found


def parts(shares: list[tuple[str, int]], amount: int) -> list[Part]:
    """An amount in the given proportions, whole fen that add up to it exactly."""
    weights = [weight for _name, weight in shares]
    given = allocate(amount, weights, list(range(len(weights))))
    return [Part(name, fen) for (name, _), fen in zip(shares, given, strict=True)]


def _concerned(applications: list[Application], measures: tuple[str, ...]) -> list[Application]:
    """Applications under one of the measures that are not worth nothing already."""
    return [a for a in applications if a.granted != 0 and set(a.measures) & set(measures)]


def _rank(ranking: RankingPlan, rows: list[Application]) -> None:
    scored = [a for a in rows if a.scores.get(ranking.id) is not None]
    unscored = len(rows) - len(scored)
    scored.sort(key=lambda a: (-(a.scores[ranking.id] or 0), a.order))
    certain = 0
    for place, one in enumerate(scored, 1):
        one.places[ranking.id] = place
        # Whoever has no score yet may still come before; whoever still waits may fall out.
        first, last = certain + 1, place + unscored
        certain += one.granted is not None
        if ranking.top is None or first <= ranking.top < last:
            one.granted = None
            one.notes.append(f"{ranking.name}：第 {place} 名，名额或他人得分、结论待定")
        elif first > ranking.top:
            one.granted = 0
            one.notes.append(f"{ranking.name}：第 {place} 名，在前 {ranking.top} 名之外")
        else:
            one.notes.append(f"{ranking.name}：第 {place} 名")
    for one in rows:
        if one.scores.get(ranking.id) is None:
            one.granted = None
            one.notes.append(f"{ranking.name}：没有得分")


def _spend(budget: BudgetPlan, rows: list[Application]) -> None:
    known = [a for a in rows if a.granted is not None]
    wanted = sum(a.granted or 0 for a in known)
    if budget.amount is None:
        _wait(rows, f"{budget.name}没有确定")
    elif len(known) < len(rows):
        _wait(rows, f"{budget.name}：还有申请的金额待定")
    elif wanted > budget.amount:
        _short(budget, budget.amount, known, wanted)


def _short(budget: BudgetPlan, money: int, rows: list[Application], wanted: int) -> None:
    if budget.shortage == "open":
        _wait(rows, f"{budget.name}不足，如何安排待定")
        return
    if budget.shortage == "pro-rata":
        rows.sort(key=lambda a: a.order)
        shares = allocate(money, [a.granted or 0 for a in rows], [a.order for a in rows])
        for one, share in zip(rows, shares, strict=True):
            one.granted = share
            one.notes.append(f"{budget.name}不足，按比例安排")
        return
    rows.sort(key=lambda a: (a.places.get(budget.ranking) or len(rows) + 1, a.order))
    left = money
    for one in rows:
        given = min(one.granted or 0, left)
        if given < (one.granted or 0):
            one.notes.append(f"{budget.name}按名次用完")
        one.granted, left = given, left - given


def _wait(rows: list[Application], note: str) -> None:
    for one in rows:
        one.granted = None
        one.notes.append(note)
