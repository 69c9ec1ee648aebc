"""三免三减半: six years from the first operating income, with the tax of each year.

Sources: 实施条例 88 (eco_*), 财税〔2010〕110号 for energy contracts (emc_*). The half is of the
statutory rate, never of a low one (国税函〔2010〕157号).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from jigai.errors import JigaiError
from jigai.taxes.amounts import to_fen
from jigai.taxes.income_tax import AFTER, BEFORE, FREE, HALF, Pool, loss_carry
from jigai.taxes.law import Cite, Law, unique

ECO, ENERGY_CONTRACT = "eco", "emc"
START_RULES = {
    "first_income": "取得第一笔生产经营收入的年度",
    "assessed": "税务机关核定的年度",
}


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """One year of the calendar. Money in fen; ``None`` where the income is not known.

    ``normal`` without the holiday, ``tax`` with it, ``saved`` the difference. ``loss`` of the year,
    ``made_up`` losses of earlier years taken off first, ``wasted``: a free year without taxable
    income, which is gone.
    """

    year: int
    number: int
    phase: str
    income: int | None = None
    loss: int | None = None
    made_up: int | None = None
    taxable: int | None = None
    normal: int | None = None
    tax: int | None = None
    saved: int | None = None
    wasted: bool = False


@dataclass(frozen=True, slots=True)
class Holiday:
    """The calendar from a first year; ``saved`` is ``None`` while an income is missing."""

    first: int
    last: int
    years: tuple[HolidayYear, ...]
    saved: int | None
    missing: tuple[str, ...]
    cites: tuple[Cite, ...]

    @property
    def known_saved(self) -> int:
        """The years that are known, added up (fen)."""
        return sum(one.saved or 0 for one in self.years)

    def phase(self, year: int) -> str:
        """What a year is to the project."""
        if year < self.first:
            return BEFORE
        return next((one.phase for one in self.years if one.year == year), AFTER)


def phases(first: int, law: Law, kind: str = ECO) -> tuple[dict[int, str], tuple[Cite, ...]]:
    """The phase of each year of the holiday that starts in ``first``; empty where unknown."""
    free, half = (law.in_year(f"{kind}_{name}_years", first) for name in ("exempt", "half"))
    if not (free.known and half.known):
        return {}, (free, half)
    marks = [FREE] * free.years + [HALF] * half.years
    return {first + place: mark for place, mark in enumerate(marks)}, (free, half)


def holiday_rate(law: Law, year: int, phase: str, first: int, kind: str = ECO) -> Fraction | None:
    """The rate on income of the project in a year of the holiday; ``None`` where unknown."""
    if phase == FREE:
        return Fraction(0)
    full = law.in_year("income_tax_rate", year)
    cut = law.in_year(f"{kind}_half_ratio", first)
    if not (full.known and cut.known):
        return None
    return full.number * (1 - cut.number)


def holiday(
    first: int,
    incomes: Mapping[int, int],
    law: Law,
    *,
    kind: str = ECO,
    high_tech: frozenset[int] = frozenset(),
) -> Holiday:
    """The calendar of a project whose first operating income falls in ``first``.

    ``incomes``: taxable income of the project by year (fen), a year left out is unknown and so is
    everything after it, for a loss is carried on. ``high_tech``: years with a certificate, whose
    low rate is what one would pay otherwise. Raises :class:`JigaiError` when the pack has no rule.
    """
    marks, cites = phases(first, law, kind)
    if not marks:
        raise JigaiError(
            "no-holiday", f"{first} 年起的减免年数在全国参数里没有值", "改起算年，或先登记参数"
        )
    pool, known, found = Pool(), True, []
    used: list[Cite] = [*cites, law.in_year(f"{kind}_half_ratio", first)]
    for number, (year, phase) in enumerate(marks.items(), start=1):
        known = known and year in incomes
        full = law.in_year("income_tax_rate", year)
        used.append(full)
        other = full.number
        if year in high_tech:
            low = law.in_year("high_tech_tax_rate", year)
            used.append(low)
            other = min(other, low.number)
        if not known:
            found.append(HolidayYear(year, number, phase, incomes.get(year)))
            continue
        carry, cite = loss_carry(law, year, year in high_tech)
        used.append(cite)
        pool.expire(year, carry)
        rate = holiday_rate(law, year, phase, first, kind)
        assert rate is not None
        found.append(_year(year, number, phase, incomes[year], pool, other, min(rate, other)))
    missing = tuple(f"{one.year} 年项目所得" for one in found if one.income is None)
    saved = None if missing else sum(one.saved or 0 for one in found)
    return Holiday(first, first + len(found) - 1, tuple(found), saved, missing, unique(used))


def _year(
    year: int, number: int, phase: str, income: int, pool: Pool, other: Fraction, rate: Fraction
) -> HolidayYear:
    loss = max(-income, 0)
    pool.add(year, loss)
    made_up = pool.use(max(income, 0))
    taxable = max(income, 0) - made_up
    normal, tax = to_fen(taxable * other), to_fen(taxable * rate)
    return HolidayYear(year, number, phase, income, loss, made_up, taxable, normal, tax,
                       normal - tax, phase == FREE and taxable == 0)  # fmt: skip
