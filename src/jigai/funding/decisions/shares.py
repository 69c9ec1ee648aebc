"""When the money does not reach: what each rule gives every application, to the fen. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jigai.rules.allocate import allocate

ENOUGH, PRO_RATA, QUEUE, STOP = "enough", "pro_rata", "queue", "stop"
SHORT_RULES = (PRO_RATA, QUEUE, STOP)
RULES = (ENOUGH, *SHORT_RULES)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One application on the reviewed list: its key, fen asked, its place in the queue."""

    key: int
    fen: int
    rank: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What a rule gives an application, in fen, and why in words."""

    fen: int
    words: str = ""


def share(wanted: Sequence[Wanted], budget: int, rule: str) -> dict[int, Given]:
    """What each gets, by key; never more than asked, together never more than the budget.

    ``enough`` gives everybody what was reviewed and is for a budget that reaches. In proportion the
    whole budget is given, fen left over by largest remainder. In a queue whoever the money reaches
    last gets what is left, and the rest wait.
    """
    return _RULES[rule](wanted, max(budget, 0))


def _enough(wanted: Sequence[Wanted], budget: int) -> dict[int, Given]:
    return {one.key: Given(one.fen) for one in wanted}


def _pro_rata(wanted: Sequence[Wanted], budget: int) -> dict[int, Given]:
    total = sum(one.fen for one in wanted)
    if total <= budget:
        return _enough(wanted, budget)
    shares = allocate(budget, [one.fen for one in wanted], [one.key for one in wanted])
    words = f"按比例安排，约 {budget * 10000 // total / 100:.2f}%"
    return {one.key: Given(fen, words) for one, fen in zip(wanted, shares, strict=True)}


def _queue(wanted: Sequence[Wanted], budget: int) -> dict[int, Given]:
    found, left = {}, budget
    for place, one in enumerate(in_order(wanted), start=1):
        take = min(one.fen, left)
        left -= take
        found[one.key] = Given(take, _queued(place, take, one.fen))
    return found


def _queued(place: int, got: int, asked: int) -> str:
    if got == asked:
        return f"第 {place} 位，足额"
    if got:
        return f"第 {place} 位，资金到此排完，安排余额，尚缺 {(asked - got) / 100:,.2f} 元"
    return f"第 {place} 位，资金已排完，排队等待"


def _stop(wanted: Sequence[Wanted], budget: int) -> dict[int, Given]:
    return {one.key: Given(0, "停发，等追加预算") for one in wanted}


_RULES = {ENOUGH: _enough, PRO_RATA: _pro_rata, QUEUE: _queue, STOP: _stop}


def in_order(wanted: Sequence[Wanted]) -> list[Wanted]:
    """The queue; equal places by key."""
    return sorted(wanted, key=lambda one: (one.rank, one.key))


def effects(wanted: Sequence[Wanted], budget: int) -> dict[str, dict[str, int]]:
    """What each rule that may be chosen gives: ``granted`` fen, how many ``full``, ``part`` and
    ``none``. Only 资金足够 where the budget reaches; else the three ways to deal with it."""
    reaches = sum(one.fen for one in wanted) <= budget
    rules = (ENOUGH,) if reaches else SHORT_RULES
    asked = {one.key: one.fen for one in wanted}
    return {rule: _total(share(wanted, budget, rule), asked) for rule in rules}


def _total(given: Mapping[int, Given], asked: Mapping[int, int]) -> dict[str, int]:
    return {
        "granted": sum(one.fen for one in given.values()),
        "full": sum(one.fen == asked[key] for key, one in given.items()),
        "part": sum(0 < one.fen < asked[key] for key, one in given.items()),
        "none": sum(one.fen == 0 for one in given.values()),
    }
