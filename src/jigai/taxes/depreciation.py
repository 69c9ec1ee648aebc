"""Depreciation month by month, exact, given to the fen by calendar year.

Sources: 企业所得税法实施条例 59, 60, 98; 国税发〔2009〕81号. Life in months, money in fen. The year
figures are the rounded running total cut into years, so they add up to the whole amount.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from jigai.errors import JigaiError
from jigai.taxes.amounts import rounded_years, total

STRAIGHT, SHORT, DECLINING, DIGITS, ONE_OFF = (
    "straight", "short-life", "declining", "digits", "one-off",
)  # fmt: skip
METHODS = {
    STRAIGHT: "直线法（最低年限）",
    SHORT: "缩短年限",
    DECLINING: "双倍余额递减法",
    DIGITS: "年数总和法",
    ONE_OFF: "一次性扣除",
}
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Schedule:
    """Depreciation by calendar year (fen). The years add up to ``base`` to the fen.

    ``base`` is what is written off in all: cost less residual (the whole cost in one go).
    """

    method: str
    months: int
    base: int
    years: dict[int, int]

    @property
    def name(self) -> str:
        """The method as people call it."""
        return METHODS[self.method]

    def book_value(self, cost: int) -> dict[int, int]:
        """What is left at the end of each year (fen)."""
        left, found = cost, {}
        for year, fen in sorted(self.years.items()):
            left -= fen
            found[year] = left
        return found


def first_month(in_service: dt.date, delay: int) -> tuple[int, int]:
    """(year, month) depreciation starts: ``delay`` months after that of being put to use."""
    index = in_service.year * _YEAR + in_service.month - 1 + delay
    return index // _YEAR, index % _YEAR + 1


def straight(cost: int, residual: int, months: int) -> list[Fraction]:
    """Even monthly amounts (exact fen)."""
    return [Fraction(cost - residual, months)] * months


def declining(
    cost: int, residual: int, months: int, multiple: Fraction, last_years: int
) -> list[Fraction]:
    """双倍余额递减法: a fixed share of what is left at the start of each year, even at the end.

    Within a year of depreciation all months are equal. In the last ``last_years`` years what is
    left above the residual is spread evenly. Never below the residual.
    """
    years = _whole_years(months)
    even = min(last_years, years)
    left, found = Fraction(cost), []
    for _ in range(years - even):
        amount = min(left * multiple / years, left - residual)
        found += [amount / _YEAR] * _YEAR
        left -= amount
    return found + [(left - residual) / (even * _YEAR)] * (even * _YEAR)


def digits(cost: int, residual: int, months: int) -> list[Fraction]:
    """年数总和法: n/(1+…+n), (n-1)/(1+…+n) … of the amount, even within a year."""
    years = _whole_years(months)
    weight = Fraction(cost - residual, years * (years + 1) // 2)
    return [weight * left / _YEAR for left in range(years, 0, -1) for _ in range(_YEAR)]


def _whole_years(months: int) -> int:
    if months % _YEAR or months < _YEAR:
        raise JigaiError("not-whole-years", "这一方法按整年算，折旧年限不是整年", "改用整年的年限")
    return months // _YEAR


def by_year(monthly: list[Fraction], start: tuple[int, int]) -> dict[int, int]:
    """Months laid on the calendar from ``start``; whole fen a year that add up to the total."""
    exact: dict[int, Fraction] = {}
    year, month = start
    for place, amount in enumerate(monthly):
        at = year + (month - 1 + place) // _YEAR
        exact[at] = exact.get(at, Fraction(0)) + amount
    return rounded_years(exact)


@dataclass(frozen=True, slots=True)
class Terms:
    """Numbers of the law a schedule needs: when it starts and how the declining balance runs."""

    delay: int
    multiple: Fraction
    last_years: int


def schedule(
    method: str, cost: int, residual: int, months: int, in_service: dt.date, terms: Terms
) -> Schedule:
    """One method on one asset. Raises :class:`JigaiError` for impossible figures.

    With ``one-off`` the whole cost goes into the year of the first month (no residual).
    """
    _check(cost, residual, months)
    start = first_month(in_service, terms.delay)
    if method == ONE_OFF:
        return Schedule(method, 0, cost, {start[0]: cost})
    makers: dict[str, Callable[[], list[Fraction]]] = {
        STRAIGHT: lambda: straight(cost, residual, months),
        SHORT: lambda: straight(cost, residual, months),
        DIGITS: lambda: digits(cost, residual, months),
        DECLINING: lambda: declining(cost, residual, months, terms.multiple, terms.last_years),
    }
    years = by_year(makers[method](), start)
    return Schedule(method, months, total(years), years)


def partly_at_once(
    share: Fraction, cost: int, residual: int, months: int, in_service: dt.date, terms: Terms
) -> Schedule:
    """A share of the cost at once, the rest evenly over the life (中小微企业 2022)."""
    _check(cost, residual, months)
    start = first_month(in_service, terms.delay)
    monthly = [(cost - residual - cost * share) / months] * months
    monthly[0] += cost * share
    years = by_year(monthly, start)
    return Schedule(ONE_OFF, months, total(years), years)


def _check(cost: int, residual: int, months: int) -> None:
    if cost <= 0:
        raise JigaiError("no-cost", "设备原值要大于零", "填写不含税原值")
    if not 0 <= residual < cost:
        raise JigaiError("bad-residual", "残值不能为负，也不能不小于原值", "改正残值")
    if months <= 0:
        raise JigaiError("bad-life", "折旧年限要大于零", "改正年限")
