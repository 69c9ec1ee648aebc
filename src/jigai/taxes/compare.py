"""Methods of depreciation side by side: what the books and the tax law write off, tax and worth.

Only the law's deduction changes the tax; the difference to the books is put off, not saved, while
the rate stays. Money in fen by calendar year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from jigai.errors import JigaiError
from jigai.taxes.amounts import minus, present_value, rounded_years
from jigai.taxes.depreciation import Schedule
from jigai.taxes.depreciation_rules import NO, YES, Method, book_schedule, methods_of
from jigai.taxes.income_tax import Case, Rates, loss_carry, ordinary_rate, tax_years
from jigai.taxes.law import Cite, Law, unique
from jigai.taxes.shapes import PlannedAsset, Taxpayer

_AMPLE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One year (fen): books, tax law, their difference (tax − books), tax put off in the year
    (negative: paid back) and what is put off in all at its end."""

    year: int
    book: int
    deducted: int
    difference: int
    put_off: int
    balance: int


@dataclass(frozen=True, slots=True)
class Column:
    """One method: lines by year, ``present`` worth of the tax put off against the books (fen)."""

    method: Method
    lines: tuple[Line, ...]
    total: int
    put_off: int
    present: int

    @property
    def open(self) -> bool:
        """Whether the law admits it."""
        return self.method.state == YES


@dataclass(frozen=True, slots=True)
class Compared:
    """All methods of one asset; ``best`` is the admitted one worth most, by its code."""

    asset: PlannedAsset
    book: Schedule
    years: tuple[int, ...]
    columns: tuple[Column, ...]
    best: str
    reason: str
    assumed: tuple[str, ...]
    cites: tuple[Cite, ...]


def compare_methods(
    asset: PlannedAsset,
    who: Taxpayer,
    law: Law,
    *,
    discount_rate: Fraction,
    incomes: Mapping[int, int] | None = None,
) -> Compared:
    """Every method with its years. ``incomes``: taxable income before depreciation by year (fen);
    a year left out is taken as large enough, and told. Present values as of the year of use.

    Raises :class:`JigaiError` for impossible figures and for a day the pack has no life for.
    """
    methods = methods_of(asset, who, law)
    book = book_schedule(asset, law)
    made = [one for one in methods if one.schedule is not None]
    if book is None or not made:
        raise JigaiError("no-life", methods[0].why[0], "改日期，或先登记参数")
    last = max([*book.years, *(y for one in made if one.schedule for y in one.schedule.years)])
    years = tuple(range(asset.in_service.year, last + 1))
    given = dict(incomes or {})
    books = _taxes(book.years, years, given, asset, who, law)
    columns = tuple(
        _column(one, book, years, books, given, asset, who, law, discount_rate) for one in made
    )
    best = max((one for one in columns if one.open), key=lambda one: (one.present, one.put_off))
    blank = [year for year in years if year not in given]
    assumed = (f"没有填所得的年度（{blank[0]}—{blank[-1]}）假定所得足够抵减",) if blank else ()
    rates = [cite for y in years for cite in ordinary_rate(law, y, who.high_tech(y))[1]]
    cites = unique([*(c for one in methods for c in one.cites), *rates])
    return Compared(asset, book, years, columns, best.method.method, _why(best, columns), assumed,
                    cites)  # fmt: skip


def _column(
    method: Method, book: Schedule, years: tuple[int, ...], books: Mapping[int, int],
    incomes: Mapping[int, int], asset: PlannedAsset, who: Taxpayer, law: Law, rate: Fraction,
) -> Column:  # fmt: skip
    assert method.schedule is not None
    taxes = _taxes(method.schedule.years, years, incomes, asset, who, law)
    put_off = minus(books, taxes)
    lines, balance = [], 0
    for year in years:
        own, theirs = method.schedule.years.get(year, 0), book.years.get(year, 0)
        balance += put_off.get(year, 0)
        lines.append(Line(year, theirs, own, own - theirs, put_off.get(year, 0), balance))
    present = present_value(put_off, rate, years[0])
    return Column(method, tuple(lines), sum(method.schedule.years.values()), balance, present)


def _taxes(
    deducted: Mapping[int, int], years: tuple[int, ...], incomes: Mapping[int, int],
    asset: PlannedAsset, who: Taxpayer, law: Law,
) -> dict[int, int]:  # fmt: skip
    """Tax by year when ``deducted`` is what the law lets off, losses carried on; what is only put
    off adds up to nil."""
    rates, carry = {}, {}
    for year in years:
        rate, cites = ordinary_rate(law, year, who.high_tech(year))
        if rate is None:
            raise JigaiError("no-rate", f"{year} 年的“{cites[0].name}”没有登记的值", "先登记参数")
        rates[year] = Rates(rate, Fraction(0))
        carry[year] = loss_carry(law, year, who.high_tech(year))[0]
    ample = _AMPLE * asset.cost
    rest = {year: incomes.get(year, ample) - deducted.get(year, 0) for year in years}
    found = tax_years(Case(years, rest, {}, rates, carry, {}, {}))
    return rounded_years({one.year: one.exact for one in found})


def _why(best: Column, columns: tuple[Column, ...]) -> str:
    shut = [one.method.name for one in columns if one.method.state == NO]
    open_to = [one for one in columns if one.open]
    text = f"可以用的方法里，{best.method.name}推迟的税折成现值最多。"
    if len(open_to) == 1:
        text = f"只有{best.method.name}可以用。"
    elif all(one.present == best.present for one in open_to):
        text = "可以用的方法现值都一样。"
    return text + (f"不能用：{'、'.join(shut)}。" if shut else "")
