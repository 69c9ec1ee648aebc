"""When the money does not suffice: three ways to make it do, side by side, to the fen. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jigai.rules.allocate import allocate
from jigai.workbench.sandbox.result_rows import who

PRO_RATA, RANKED, FIRST = "pro-rata", "ranked", "first"
WAYS = {PRO_RATA: "按比例", RANKED: "按名次", FIRST: "先到先得"}
RANKS = {"grade": "评价等级，同级金额大者先", "large": "金额大者先", "small": "金额小者先"}
_GRADES = ("A", "B", "C", "", "D")


@dataclass(frozen=True, slots=True)
class Claim:
    """One amount asked for (fen): whose it is, and what it may be ranked by."""

    key: str
    who: str
    name: str
    grade: str
    order: int
    amount: int


def claims_of(rows: Iterable[dict[str, Any]]) -> list[Claim]:
    """The paid rows of a result as claims."""
    return [
        Claim(f"{r['subject']}:{r['key']}", who(r), r["enterprise"], r["grade"], r["order"],
              r["given"])
        for r in rows
        if r["given"]
    ]  # fmt: skip


def granted(claims: Sequence[Claim], budget: int, way: str, rank: str = "grade") -> list[int]:
    """What each claim gets, in their order; together the budget, or all where it suffices.

    By proportion whole fen go by largest remainder. In a queue the last one that the money reaches
    gets what is left.
    """
    amounts = [claim.amount for claim in claims]
    if sum(amounts) <= budget:
        return amounts
    if way == PRO_RATA:
        return allocate(budget, amounts, [claim.key for claim in claims])
    found, left = [0] * len(claims), budget
    order = _ORDERS[rank] if way == RANKED else _first
    for place in sorted(range(len(claims)), key=lambda n: order(claims[n])):
        found[place] = take = min(amounts[place], left)
        left -= take
    return found


def _first(claim: Claim) -> tuple[Any, ...]:
    return (claim.order, claim.key)


_ORDERS: dict[str, Callable[[Claim], tuple[Any, ...]]] = {
    "grade": lambda c: (
        _GRADES.index(c.grade) if c.grade in _GRADES else 3, -c.amount, c.order, c.key,
    ),
    "large": lambda c: (-c.amount, c.order, c.key),
    "small": lambda c: (c.amount, c.order, c.key),
}  # fmt: skip


@dataclass(slots=True)
class Effect:
    """What one enterprise asks for and gets by each way, in fen."""

    name: str
    grade: str
    asked: int
    got: dict[str, int]


@dataclass(frozen=True, slots=True)
class Shortage:
    """All ways beside one another. ``totals`` by way: granted fen, enterprises paid in full, in
    part and not at all."""

    budget: int
    asked: int
    totals: dict[str, dict[str, int]]
    effects: list[Effect]

    @property
    def short(self) -> bool:
        """Whether the money does not suffice."""
        return self.asked > self.budget


def shortage(claims: Sequence[Claim], budget: int, rank: str = "grade") -> Shortage:
    """Every way over the same claims, by enterprise in order of what they ask for."""
    effects: dict[str, Effect] = {}
    for claim in claims:
        effect = effects.setdefault(
            claim.who, Effect(claim.name, claim.grade, 0, dict.fromkeys(WAYS, 0))
        )
        effect.asked += claim.amount
    for way in WAYS:
        for claim, fen in zip(claims, granted(claims, budget, way, rank), strict=True):
            effects[claim.who].got[way] += fen
    listed = sorted(effects.values(), key=lambda e: (-e.asked, e.name))
    return Shortage(
        budget, sum(c.amount for c in claims), {w: _total(listed, w) for w in WAYS}, listed
    )


def _total(effects: list[Effect], way: str) -> dict[str, int]:
    got = [(effect.got[way], effect.asked) for effect in effects]
    return {
        "granted": sum(fen for fen, _asked in got),
        "full": sum(fen == asked for fen, asked in got),
        "part": sum(0 < fen < asked for fen, asked in got),
        "none": sum(fen == 0 for fen, _asked in got),
    }
