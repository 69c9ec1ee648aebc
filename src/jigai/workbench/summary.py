"""Totals of a run: by measure, by industry, by size; sums reconcile to the fen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jigai.core.enterprise_register import SIZE_NAMES, Enterprise
from jigai.core.industries import UnknownIndustryError, industry
from jigai.rules.plan import BELOW, EXCLUDED, PAY
from jigai.workbench.decisions import ConsortiumDecision, ProjectDecision


@dataclass(frozen=True, slots=True)
class Award:
    """One amount to one enterprise under one measure (fen)."""

    measure: str
    number: int
    clause: str
    enterprise: Enterprise | None
    amount: int


@dataclass(frozen=True, slots=True)
class Group:
    """A line of a summary: label, clause, awards, enterprises, amount in fen."""

    label: str
    clause: str
    count: int
    enterprises: int
    amount: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Head counts by status and the money, in fen."""

    projects: int
    pay: int
    selected: int
    below: int
    excluded: int
    open: int
    individual: int
    consortium: int
    open_high: int

    @property
    def total(self) -> int:
        """Individual awards and consortium shares together."""
        return self.individual + self.consortium


def awards(projects: list[ProjectDecision], consortia: list[ConsortiumDecision]) -> Iterator[Award]:
    """Every amount to be paid: selected projects by measure, and members' shares."""
    for decision in projects:
        if not decision.selected or not decision.paid:
            continue
        left = decision.paid
        for index, measure in enumerate(decision.measures):
            last = index == len(decision.measures) - 1
            amount = left if last else min(left, decision.row[measure.effective])
            left -= amount
            yield Award(measure.name, measure.number, measure.clause, decision.enterprise, amount)
    for pool in consortia:
        for member in pool.members:
            if pool.verdict == PAY and member.share:
                measure = pool.measure
                yield Award(
                    measure.name, measure.number, measure.clause, member.enterprise, member.share
                )


def totals(projects: list[ProjectDecision], consortia: list[ConsortiumDecision]) -> Totals:
    """Totals of a run."""
    verdicts = Counter(decision.verdict for decision in projects)
    return Totals(
        projects=len(projects),
        pay=verdicts[PAY],
        selected=sum(1 for d in projects if d.selected),
        below=verdicts[BELOW],
        excluded=verdicts[EXCLUDED],
        open=len(projects) - verdicts[PAY] - verdicts[BELOW] - verdicts[EXCLUDED],
        individual=sum(d.paid or 0 for d in projects),
        consortium=sum(m.share or 0 for c in consortia for m in c.members if c.verdict == PAY),
        open_high=sum(d.high for d in projects if d.verdict not in (PAY, BELOW, EXCLUDED)),
    )


def by_measure(given: list[Award]) -> list[Group]:
    """One line per measure in number order."""
    return _grouped(given, lambda a: (a.number, a.measure, a.clause))


def by_industry(given: list[Award]) -> list[Group]:
    """One line per industry division (GB/T 4754-2017)."""
    return _grouped(given, lambda a: (0, _division(a.enterprise), ""), by_label=True)


def by_size(given: list[Award]) -> list[Group]:
    """One line per size class."""
    order = {name: index for index, name in enumerate(SIZE_NAMES)}

    def key(award: Award) -> tuple[int, str, str]:
        size = award.enterprise.size_computed if award.enterprise else None
        return (order.get(size or "", 9), SIZE_NAMES.get(size or "", "规模未定"), "")

    return _grouped(given, key)


def _division(enterprise: Enterprise | None) -> str:
    code = (enterprise.industry_code or "")[:2] if enterprise else ""
    try:
        found = industry(code) if code else None
    except UnknownIndustryError:
        found = None
    return f"{code} {found.name}" if found else "行业未定"


def _grouped(
    given: list[Award], key: Callable[[Award], tuple[int, str, str]], by_label: bool = False
) -> list[Group]:
    groups: dict[tuple[int, str, str], list[Award]] = {}
    for award in given:
        groups.setdefault(key(award), []).append(award)
    order = sorted(groups, key=lambda k: k[1] if by_label else (k[0], k[1]))
    return [
        Group(
            k[1],
            k[2],
            len(groups[k]),
            len({a.enterprise.uscc for a in groups[k] if a.enterprise}),
            sum(a.amount for a in groups[k]),
        )
        for k in order
    ]
