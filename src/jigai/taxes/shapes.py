"""What a renovation plan is made of and what its tax effects look like: the shapes of the room.

Money is integer fen, shares and rates exact fractions, years calendar (= tax) years. What is not
known is ``None`` and is named in ``missing``; it is never taken for zero.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

from jigai.errors import JigaiError
from jigai.taxes.law import Cite

# How an effect is worth money.
SAVED = "saved"  # tax that is never paid
DEFERRED = "deferred"  # the same tax, later: the sum over all years is nil
RECOVERED = "recovered"  # input tax got back: it was paid to the supplier before

# Kinds of assets as the law tells minimum lives apart (parameters life_*).
BUILDING, MACHINE, TOOL, VEHICLE, ELECTRONICS = (
    "building", "machine", "tool", "vehicle", "electronics",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlannedAsset:
    """One line of equipment of the plan.

    ``cost`` is the depreciable cost without deductible input tax (fen, all pieces together),
    ``unit_price`` of one piece (fen; ``None`` = as ``cost``), ``in_service`` the day it is put to
    use, ``bought`` the day of purchase (``None`` = as ``in_service``). ``book_years`` is the life
    in the books (``None`` = the minimum life of the tax law), ``residual`` what is left at the end
    (fen). ``input_tax`` (fen, ``None`` = unknown). ``catalogue``: 目录内专用设备 (``None`` = nobody
    knows yet); ``public_funds`` the part of the price paid by public money (fen, ``None`` =
    unknown). ``fast_renewal``: 技术进步更新快，或常年强震动、高腐蚀 (实施条例第九十八条).
    """

    name: str
    cost: int
    in_service: dt.date
    kind: str = MACHINE
    unit_price: int | None = None
    bought: dt.date | None = None
    book_years: int | None = None
    residual: int = 0
    input_tax: int | None = None
    research_only: bool | None = False
    catalogue: bool | None = None
    public_funds: int | None = 0
    in_project: bool = False
    fast_renewal: bool | None = False

    @property
    def piece(self) -> int:
        """Price of one piece (fen)."""
        return self.cost if self.unit_price is None else self.unit_price

    @property
    def purchase(self) -> dt.date:
        """The day of purchase."""
        return self.bought or self.in_service


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """Who plans: industry (国民经济行业 code, empty = unknown) and standing.

    ``general`` 一般纳税人; ``high_tech_from`` and ``high_tech_until``: first and last year of the
    高新技术企业 certificate (``None`` = none); ``research_kind``: general, manufacturing,
    small_tech or chip_machine. ``small_profit``: 小型微利企业,
    ``small_or_medium``: 中小微企业. ``None`` = unknown everywhere.
    """

    industry: str = ""
    general: bool | None = None
    high_tech_from: int | None = None
    high_tech_until: int | None = None
    research_kind: str | None = None
    small_profit: bool | None = False
    small_or_medium: bool | None = None

    def high_tech(self, year: int) -> bool:
        """Whether the certificate covers a year."""
        first, last = self.high_tech_from, self.high_tech_until
        return first is not None and first <= year and (last is None or year <= last)


@dataclass(frozen=True, slots=True)
class RenovationPlan:
    """What an enterprise means to do, and what it expects.

    ``incomes``: taxable income by year (fen) of everything *outside* the holiday project, before
    the deductions reckoned here; a year left out is unknown and taken as large enough, which the
    answer says. ``project_incomes``: the same of the project (所得单独核算), ``first_income_year``:
    the year of its first operating income, ``eligible_project``: whether it is in the catalogue
    (环境保护、节能节水); ``None`` = unknown. ``research``: qualified spending by year. ``horizon``:
    last year reckoned (``None`` = until everything has run out). ``pooled_losses``: a loss of the
    project in a holiday year is made up from other income (reading 优惠期亏损).
    """

    assets: tuple[PlannedAsset, ...] = ()
    taxpayer: Taxpayer = field(default_factory=Taxpayer)
    first_year: int | None = None
    incomes: dict[int, int] = field(default_factory=dict)
    project_incomes: dict[int, int] = field(default_factory=dict)
    eligible_project: bool | None = None
    first_income_year: int | None = None
    research: dict[int, int] = field(default_factory=dict)
    discount_rate: Fraction = Fraction(0)
    horizon: int | None = None
    pooled_losses: bool = False

    @property
    def start(self) -> int:
        """The year money is counted from: given, else the first year anything happens."""
        if self.first_year is not None:
            return self.first_year
        years = [asset.in_service.year for asset in self.assets] + list(self.research)
        years += list(self.incomes) + list(self.project_incomes)
        if not years:
            raise JigaiError("empty-plan", "方案里没有设备、研发费用，也没有所得", "至少填写一项")
        return min(years)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one instrument does: fen by year (positive = less tax to pay), or why it does not.

    ``code`` is that of 税收优惠目录 where there is one (one-off, short-life, research,
    equipment-credit, eco-holiday, high-tech, equipment-vat). ``state``: yes, no, unknown.
    ``total`` and ``present`` are ``None`` while ``state`` is unknown.
    """

    code: str
    name: str
    kind: str
    state: str
    years: dict[int, int] = field(default_factory=dict)
    total: int | None = 0
    present: int | None = 0
    why: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()


@dataclass(frozen=True, slots=True)
class Combination:
    """One admissible set of instruments over all years, reckoned together.

    ``choices``: (question, answer) as shown: ("扣除方法", "一次性扣除"). ``taxes``: income tax by
    year after everything (empty while an income is only assumed); ``saved``: baseline less taxes.
    """

    key: str
    choices: tuple[tuple[str, str], ...]
    taxes: dict[int, int]
    saved: dict[int, int]
    total: int
    present: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class PlanEffects:
    """The answer of :func:`jigai.taxes.plan.plan_effects`.

    ``effects``: each instrument of the best combination taken in turn (they add up to ``years``),
    then those that are closed or unknown; ``years``: income tax saved (or put off) by year under
    the best combination, without input tax; ``input_tax``: input tax credited, by year, kept apart
    since it was paid to suppliers first. ``combinations``: all admissible ones, best first.
    ``total`` and ``present`` (fen) are of ``years``; they stand for the known part only while
    ``missing`` is not empty.
    """

    base_year: int
    effects: tuple[Effect, ...]
    years: dict[int, int]
    total: int
    present: int
    input_tax: dict[int, int]
    combinations: tuple[Combination, ...]
    reason: str
    missing: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()
