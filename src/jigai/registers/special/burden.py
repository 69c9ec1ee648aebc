"""Relief of burdens: what policies give is only half; what enterprises received is the other.

Amounts are whole fen. An enterprise without a record has no amount, which is not zero.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jigai.registers.special.handling import lies_in

# 土地、税收、物流、水电、融资：广东2019 四.四（guangdong-2019:GD-M15）列举的五方面负担。
KINDS = {"land": "用地", "tax": "税费", "logistics": "物流", "utility": "水电", "finance": "融资"}


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy in force from ``first`` to ``last`` (``None``: open) in ``region`` ("" everywhere)
    for industries that begin with one of ``industries`` (empty: all)."""

    key: int
    name: str
    number: str
    kind: str
    first: dt.date
    last: dt.date | None
    region: str = ""
    industries: tuple[str, ...] = ()

    def in_force(self, first: dt.date, last: dt.date) -> bool:
        """Whether it held on any day from ``first`` to ``last``."""
        return self.first <= last and (self.last is None or first <= self.last)


@dataclass(frozen=True, slots=True)
class Benefit:
    """What an enterprise received under a policy in a month, or in a year where ``month`` is 0."""

    key: int
    enterprise: int | None
    name: str
    policy: int
    policy_name: str
    kind: str
    year: int
    month: int
    amount: int
    region: str
    confirmed: bool

    @property
    def who(self) -> int | str:
        """What tells enterprises apart: the stored one, else its name."""
        return self.enterprise if self.enterprise is not None else self.name

    @property
    def period(self) -> str:
        """The period in words."""
        return f"{self.year}年{self.month}月" if self.month else f"{self.year}年"


@dataclass(frozen=True, slots=True)
class Sum:
    """Benefits of one group: their amount, what of it is confirmed, records, enterprises once."""

    kind: str
    year: int
    region: str
    amount: int
    confirmed: int
    records: int
    enterprises: int

    @property
    def word(self) -> str:
        """The kind of cost in words."""
        return KINDS.get(self.kind, self.kind)

    @property
    def waiting(self) -> int:
        """What nobody has confirmed yet."""
        return self.amount - self.confirmed


def period_days(year: int, month: int) -> tuple[dt.date, dt.date]:
    """First and last day of a month, or of the year where ``month`` is 0."""
    if not month:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def summed(benefits: Iterable[Benefit]) -> list[Sum]:
    """By kind, year and region, newest year first; every record is in exactly one group."""
    groups: dict[tuple[str, int, str], list[Benefit]] = defaultdict(list)
    for one in benefits:
        groups[one.kind, one.year, one.region].append(one)
    return in_order(_sum(key, rows) for key, rows in groups.items())


def in_order(sums: Iterable[Sum]) -> list[Sum]:
    """The newest year first, kinds as the document lists them, then regions."""
    order = [*KINDS, ""]
    return sorted(sums, key=lambda one: (-one.year, order.index(one.kind), one.region))


def total(benefits: Sequence[Benefit]) -> Sum:
    """All of them as one group: an enterprise that is in several counts once."""
    return _sum(("", 0, ""), benefits)


def _sum(key: tuple[str, int, str], rows: Sequence[Benefit]) -> Sum:
    return Sum(
        *key, sum(r.amount for r in rows), sum(r.amount for r in rows if r.confirmed), len(rows),
        len({r.who for r in rows}),
    )  # fmt: skip


def reconciled(sums: Iterable[Sum], benefits: Iterable[Benefit]) -> int:
    """The sums less the rows, in fen; anything but 0 is a fault."""
    return sum(one.amount for one in sums) - sum(one.amount for one in benefits)


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise a policy may be for."""

    key: int
    name: str
    region: str
    industry: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A policy in force, how many enterprises its dates, region and industries admit, how many
    have a record, and the ones that have none."""

    policy: Policy
    admitted: int
    recorded: int
    without: tuple[Firm, ...]


def gaps(
    policies: Iterable[Policy], firms: Sequence[Firm], benefits: Iterable[Benefit], year: int
) -> list[Gap]:
    """Per policy in force in a year, the enterprises without a record of that year."""
    held: dict[int, set[int | None]] = defaultdict(set)
    for one in benefits:
        if one.year == year:
            held[one.policy].add(one.enterprise)
    found = []
    for policy in policies:
        if not policy.in_force(*period_days(year, 0)):
            continue
        meant = [f for f in firms if _meant(policy, f)]
        without = tuple(f for f in meant if f.key not in held[policy.key])
        found.append(Gap(policy, len(meant), len(meant) - len(without), without))
    return found


def _meant(policy: Policy, firm: Firm) -> bool:
    placed = not policy.region or lies_in(firm.region, policy.region)
    trade = not policy.industries or any(
        firm.industry.startswith(code) for code in policy.industries
    )
    return placed and trade


def shown_publicly(sums: Iterable[Sum], k: int) -> list[tuple[Sum, bool]]:
    """Every group with whether its figures may be shown: only with at least ``k`` enterprises."""
    return [(one, one.enterprises >= k) for one in sums]
