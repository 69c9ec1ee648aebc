"""Tax preferences that exclude one another, compared for given figures.

Rates, years and limits come from national parameters; nothing is known here. Money in fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from jigai.errors import JigaiError

DEDUCTION, HOLIDAY = "deduction", "holiday"


@dataclass(frozen=True, slots=True)
class Known:
    """A parameter on a day: value (rates as fractions, money in fen), as written, reference."""

    id: str
    name: str
    value: Fraction | None
    text: str
    reference: str


@dataclass(frozen=True, slots=True)
class Option:
    """One preference with the tax it saves year by year (fen) and the parameters it used."""

    code: str
    name: str
    years: tuple[int, ...]
    used: tuple[Known, ...]
    note: str = ""
    refused: str = ""

    @property
    def total(self) -> int:
        """All years together."""
        return sum(self.years)

    def in_year(self, year: int) -> int | None:
        """The tax saved in a year counted from 1; ``None`` where the option is refused."""
        if self.refused:
            return None
        return self.years[year - 1] if year <= len(self.years) else 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Options side by side; ``better`` is the code of the better one, empty when equal."""

    title: str
    options: tuple[Option, ...]
    better: str
    why: str

    @property
    def table(self) -> list[tuple[int, list[int | None]]]:
        """A line for every year, counted from 1: one figure an option, none for refused ones."""
        most = max((len(option.years) for option in self.options), default=0)
        return [
            (year, [option.in_year(year) for option in self.options]) for year in range(1, most + 1)
        ]

    @property
    def parameters(self) -> list[Known]:
        """Every parameter the options used, each once."""
        return list({known.id: known for o in self.options for known in o.used}.values())


Parameters = Mapping[str, Known]


def _need(parameters: Parameters, *ids: str) -> list[Known]:
    found = [parameters.get(one) for one in ids]
    missing = [
        one for one, known in zip(ids, found, strict=True) if known is None or known.value is None
    ]
    if missing:
        raise JigaiError(
            "no-parameter",
            f"全国参数在这一天没有值：{'、'.join(missing)}",
            "换一个日期，或先登记参数",
        )
    return [known for known in found if known is not None]


def _fen(value: Fraction) -> int:
    """Whole fen, halves away from zero."""
    shifted = abs(value) + Fraction(1, 2)
    whole = shifted.numerator // shifted.denominator
    return whole if value >= 0 else -whole


def _spread(cost: int, years: int, rate: Fraction) -> tuple[int, ...]:
    """Tax saved by even depreciation; what rounding leaves is in the last year."""
    even = _fen(Fraction(cost) / years * rate)
    total = _fen(Fraction(cost) * rate)
    return (*(even for _ in range(years - 1)), total - even * (years - 1))


def compare_deduction(cost: int, unit_price: int, parameters: Parameters) -> Comparison:
    """一次性扣除, 缩短年限 and the minimum life for equipment of ``cost`` fen in all.

    The total saved is the same; who deducts earlier has the use of the money. Raises
    :class:`JigaiError` for no amount and for a parameter without a value on the day.
    """
    if cost <= 0 or unit_price <= 0:
        raise JigaiError("no-amount", "设备金额和单位价值都要大于零", "填写金额")
    rate, life, floor = _need(parameters, "income_tax_rate", "life_machine", "short_life_floor")
    assert rate.value is not None and life.value is not None and floor.value is not None
    # Durations are kept in months.
    years = life.value / 12
    least = years * floor.value
    short = -(-least.numerator // least.denominator)
    options = [
        Option("plain", "按最低年限直线折旧", _spread(cost, int(years), rate.value), (life, rate)),
        Option("short-life", "缩短年限", _spread(cost, short, rate.value), (life, floor, rate),
               f"最短 {short} 年；要属于加速折旧行业"),
    ]  # fmt: skip
    ceiling = parameters.get("one_off_ceiling")
    if ceiling is None or ceiling.value is None:
        options.append(
            Option("one-off", "一次性扣除", (), (), refused="这一天没有一次性扣除的规定")
        )
    elif unit_price > ceiling.value:
        options.append(Option("one-off", "一次性扣除", (), (ceiling,),
                              refused=f"单位价值超过上限（{ceiling.text}）"))  # fmt: skip
    else:
        options.append(
            Option("one-off", "一次性扣除", (_fen(Fraction(cost) * rate.value),), (ceiling, rate))
        )
    open_ones = [option for option in options if not option.refused]
    best = max(open_ones, key=lambda option: option.years[0])
    why = "总额相同，只差先后：首年少缴得最多的较优；亏损或处在免税期的年度另看"
    return Comparison("同一项设备的扣除方法", tuple(options), best.code, why)


def compare_holiday(incomes: tuple[int, ...], parameters: Parameters) -> Comparison:
    """三免三减半 (halved at the statutory rate) against the reduced rate of 高新技术企业.

    ``incomes``: taxable income of the project by year from its first operating income, fen.
    """
    if not incomes or not any(income > 0 for income in incomes):
        raise JigaiError("no-income", "没有填各年所得", "从取得第一笔经营收入的年度起逐年填写")
    rate, low, free, half, ratio = _need(
        parameters, "income_tax_rate", "high_tech_tax_rate", "eco_exempt_years", "eco_half_years",
        "eco_half_ratio",
    )  # fmt: skip
    assert None not in (rate.value, low.value, free.value, half.value, ratio.value)
    full, reduced, share = (
        Fraction(rate.value or 0),
        Fraction(low.value or 0),
        Fraction(ratio.value or 0),
    )
    first, second = int(free.value or 0), int(free.value or 0) + int(half.value or 0)
    saved_holiday, saved_low, mixed = [], [], []
    for place, income in enumerate(incomes):
        base = Fraction(max(income, 0))
        cut = full if place < first else full * (1 - share) if place < second else Fraction(0)
        saved_holiday.append(_fen(base * cut))
        saved_low.append(_fen(base * (full - reduced)))
        # After exemption a holder of the certificate may take the reduced rate where that is lower.
        mixed.append(_fen(base * max(cut, full - reduced)))
    options = (
        Option("eco-holiday", "三免三减半", tuple(saved_holiday), (free, half, ratio, rate),
               "减半年度按法定税率减半"),
        Option("high-tech", "高新技术企业低税率", tuple(saved_low), (low, rate)),
    )  # fmt: skip
    one, other = options
    better = "" if one.total == other.total else one.code if one.total > other.total else other.code
    best = sum(mixed)
    why = "两者不能叠加：减半按法定税率算，不在低税率上再减半"
    if best > max(one.total, other.total):
        why = f"两者不能叠加；逐年择优合计 {best / 100:,.2f} 元，比只选一种多"
    return Comparison("项目所得的税率优惠", options, better, why)


def exclusive_pairs(rows: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str, str]]:
    """Pairs of codes that exclude each other with the reason; each pair once.

    ``rows``: by code, texts ``other：reason``. Raises :class:`JigaiError` for a code nobody has and
    for a pair that only one side names.
    """
    stated: dict[tuple[str, str], str] = {}
    for code, texts in rows.items():
        for text in texts:
            other, _, reason = text.partition("：")
            if other not in rows:
                raise JigaiError("tax-pair", f"“{code}”写了不存在的优惠“{other}”", "改正代号")
            stated[code, other] = reason
    lonely = [pair for pair in stated if pair[::-1] not in stated]
    if lonely:
        code, other = lonely[0]
        raise JigaiError("tax-pair", f"“{code}”写了不能与“{other}”并用，后者没有写", "两边都写")
    return [(a, b, reason) for (a, b), reason in sorted(stated.items()) if a < b]
