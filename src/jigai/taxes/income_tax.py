"""Enterprise income tax by year: rates, losses carried on, holiday of a project, credits in turn.

Money in fen, years calendar. Exact inside; the tax of a year is rounded once. Two pots: what a
holiday covers (``project``) and the rest; outside a holiday they are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from jigai.taxes.amounts import to_fen
from jigai.taxes.law import Cite, Law, unique

FREE, HALF, AFTER, BEFORE = "免征", "减半", "期满", "未起算"


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of one year. ``project`` is that of income under a holiday in that year."""

    rest: Fraction
    project: Fraction
    phase: str = ""


@dataclass(slots=True)
class YearTax:
    """One year: taxable income after losses by pot, tax before credits, credits, tax (fen).

    ``exact`` is the tax before it is rounded, for differences that must add up over the years.
    """

    year: int
    taxable: int
    project_taxable: int
    before_credit: int
    credited: int
    tax: int
    exact: Fraction
    phase: str = ""
    losses_used: int = 0
    losses_expired: int = 0


@dataclass(slots=True)
class Pool:
    """Losses or credits by the year they arose, the oldest first."""

    left: dict[int, int] = field(default_factory=dict)

    def add(self, year: int, fen: int) -> None:
        """Put something in."""
        if fen:
            self.left[year] = self.left.get(year, 0) + fen

    def use(self, most: int) -> int:
        """Take up to ``most`` out, oldest first; returns what was taken."""
        taken = 0
        for year in sorted(self.left):
            part = min(self.left[year], most - taken)
            self.left[year] -= part
            taken += part
        return taken

    def expire(self, year: int, carry: int) -> int:
        """Drop what is older than ``carry`` years when ``year`` starts; returns what is lost."""
        old = [one for one in self.left if year - one > carry]
        return sum(self.left.pop(one) for one in old)


@dataclass(frozen=True, slots=True)
class SmallProfit:
    """小型微利企业 in a year: tiers by yearly taxable income, ``None`` where the law is unknown."""

    rate: Cite
    low_ceiling: Cite
    low_share: Cite
    ceiling: Cite
    high_share: Cite

    @property
    def known(self) -> bool:
        """Whether every number of the year is sourced."""
        return all(cite.known for cite in self.cites)

    @property
    def cites(self) -> tuple[Cite, ...]:
        """What it rests on."""
        return (self.rate, self.low_ceiling, self.low_share, self.ceiling, self.high_share)

    def tax(self, taxable: int, otherwise: Fraction) -> Fraction:
        """Exact tax: by tiers up to the ceiling, at the ordinary rate on all of it above."""
        if not self.ceiling.reached_by(taxable):
            return taxable * otherwise
        low = min(Fraction(taxable), self.low_ceiling.number)
        high = taxable - low
        counted = low * self.low_share.number + high * self.high_share.number
        return counted * self.rate.number


def small_profit(law: Law, year: int) -> SmallProfit:
    """The tiers of a year."""
    names = ("rate", "low_ceiling", "low_share", "ceiling", "high_share")
    return SmallProfit(*(law.in_year(f"small_profit_{name}", year) for name in names))


@dataclass(frozen=True, slots=True)
class Case:
    """What one way of doing it means: incomes after deductions by year, rates and credits.

    ``together`` years have one pot (no holiday running); ``small`` taxes the rest by tiers.
    """

    years: tuple[int, ...]
    rest: Mapping[int, int]
    project: Mapping[int, int]
    rates: Mapping[int, Rates]
    carry: Mapping[int, int]
    credits: Mapping[int, int]
    credit_carry: Mapping[int, int]
    small: Mapping[int, SmallProfit] = field(default_factory=dict)
    pooled_losses: bool = False


def tax_years(case: Case) -> list[YearTax]:
    """The tax of each year in turn; losses and credits that run out are lost and told."""
    rest_pool, project_pool, credit_pool = Pool(), Pool(), Pool()
    found = []
    for year in case.years:
        carry = case.carry[year]
        expired = rest_pool.expire(year, carry) + project_pool.expire(year, carry)
        rest, project, used = _incomes(case, year, rest_pool, project_pool)
        exact = _before_credit(case, year, rest, project)
        before = to_fen(exact)
        credit_pool.add(year, case.credits.get(year, 0))
        credit_pool.expire(year, case.credit_carry.get(year, 0))
        credited = credit_pool.use(before)
        found.append(
            YearTax(
                year, rest, project, before, credited, before - credited, exact - credited,
                case.rates[year].phase, used, expired,
            )
        )  # fmt: skip
    return found


def _incomes(case: Case, year: int, rest_pool: Pool, project_pool: Pool) -> tuple[int, int, int]:
    """Taxable income of the two pots after losses, and the losses used."""
    rest, project = case.rest.get(year, 0), case.project.get(year, 0)
    if case.rates[year].phase not in (FREE, HALF):
        # No holiday runs: one pot, and what the project lost under it may be made up from all.
        rest, used = _after_losses(rest + project, year, rest_pool)
        more = project_pool.use(rest)
        return rest - more, 0, used + more
    if case.pooled_losses and project < 0 < rest:
        part = min(-project, rest)
        rest, project = rest - part, project + part
    rest, used = _after_losses(rest, year, rest_pool)
    project, more = _after_losses(project, year, project_pool)
    return rest, project, used + more


def _after_losses(income: int, year: int, pool: Pool) -> tuple[int, int]:
    if income <= 0:
        pool.add(year, -income)
        return 0, 0
    used = pool.use(income)
    return income - used, used


def _before_credit(case: Case, year: int, rest: int, project: int) -> Fraction:
    rates = case.rates[year]
    small = case.small.get(year)
    main = small.tax(rest, rates.rest) if small else rest * rates.rest
    return main + project * rates.project


def ordinary_rate(law: Law, year: int, high_tech: bool) -> tuple[Fraction | None, tuple[Cite, ...]]:
    """The rate of a year: the low one of a holder of the certificate, else the statutory one."""
    full = law.in_year("income_tax_rate", year)
    if not high_tech:
        return (full.number if full.known else None), (full,)
    low = law.in_year("high_tech_tax_rate", year)
    if not (full.known and low.known):
        return None, (full, low)
    return min(full.number, low.number), unique((low, full))


def loss_carry(law: Law, year: int, high_tech: bool) -> tuple[int, Cite]:
    """Years a loss may be carried on, as of a year of use; 0 where the law is unknown."""
    long = law.in_year("loss_carry_years_high_tech", year)
    cite = long if high_tech and long.known else law.in_year("loss_carry_years", year)
    return (cite.years if cite.known else 0), cite
