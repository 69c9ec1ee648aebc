"""What a plan stands on: years, admitted methods, credits, rates; and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from jigai.taxes.credit import Credit, CreditItem, credit_of
from jigai.taxes.depreciation_rules import YES, Method, methods_of
from jigai.taxes.holiday import holiday_rate, phases
from jigai.taxes.income_tax import (
    AFTER,
    Rates,
    SmallProfit,
    loss_carry,
    ordinary_rate,
    small_profit,
)
from jigai.taxes.law import Cite, Law
from jigai.taxes.research import Spending, SuperDeduction, super_deduction
from jigai.taxes.shapes import PlannedAsset, RenovationPlan

# Where no income is given it is taken as this many times everything that could be deducted, so that
# every deduction finds income to be taken from; only differences of taxes are told then.
_AMPLE = 20


@dataclass(frozen=True, slots=True)
class Group:
    """Assets that get one method: alike in kind, pot and admitted methods."""

    assets: tuple[PlannedAsset, ...]
    methods: tuple[tuple[Method, ...], ...]  # per asset, in the order of ``assets``

    @property
    def admitted(self) -> tuple[str, ...]:
        """Methods every asset of the group may use."""
        return tuple(one.method for one in self.methods[0] if one.state == YES)

    @property
    def name(self) -> str:
        """Names of the assets."""
        names = [asset.name for asset in self.assets]
        return "、".join(names[:3]) + (f"等 {len(names)} 项" if len(names) > 3 else "")

    def years(self, method: str) -> dict[int, int]:
        """Deductions of all assets by one method (fen by year)."""
        found: dict[int, int] = {}
        for rows in self.methods:
            made = next(one.schedule for one in rows if one.method == method)
            for year, fen in (made.years if made else {}).items():
                found[year] = found.get(year, 0) + fen
        return found


@dataclass(slots=True)
class Ground:
    """Everything reckoned once for all combinations."""

    plan: RenovationPlan
    law: Law
    groups: list[Group] = field(default_factory=list)
    research: list[SuperDeduction] = field(default_factory=list)
    credits: list[tuple[PlannedAsset, Credit]] = field(default_factory=list)
    marks: dict[int, str] = field(default_factory=dict)
    holiday_cites: tuple[Cite, ...] = ()
    holiday_state: str = "no"
    holiday_missing: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    small: dict[int, SmallProfit] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)

    @property
    def ample(self) -> int:
        """An income that nothing here can use up (fen)."""
        costs = sum(asset.cost for asset in self.plan.assets)
        added = sum(one.added or 0 for one in self.research)
        return _AMPLE * (costs + added + 1)

    @property
    def all_known(self) -> bool:
        """Whether the income of every year was given."""
        return all(year in self.plan.incomes for year in self.years)

    def rates(self, holiday: bool) -> dict[int, Rates]:
        """Rates by year with or without the holiday."""
        found = {}
        for year in self.years:
            rate = self.rate(year)
            mark = self.marks.get(year, AFTER) if holiday else ""
            inside = Fraction(0)
            if holiday and year in self.marks:
                first = min(self.marks)
                half = holiday_rate(self.law, year, mark, first)
                # After a free year one may take the low rate where it is below the half.
                inside = min(half, rate) if half is not None else rate
            found[year] = Rates(rate, inside, mark if year in self.marks and holiday else "")
        return found

    def rate(self, year: int) -> Fraction:
        """The ordinary rate of a year for this taxpayer (known: years stop where it is not)."""
        rate, _ = ordinary_rate(self.law, year, self.plan.taxpayer.high_tech(year))
        assert rate is not None
        return rate

    def carry(self) -> dict[int, int]:
        """Years a loss may be carried on, as of each year."""
        who = self.plan.taxpayer
        return {year: loss_carry(self.law, year, who.high_tech(year))[0] for year in self.years}

    def rate_cites(self) -> list[Cite]:
        """What the ordinary rates rest on."""
        who = self.plan.taxpayer
        return [c for y in self.years for c in ordinary_rate(self.law, y, who.high_tech(y))[1]]


def stand(plan: RenovationPlan, law: Law) -> Ground:
    """Reckon what does not depend on the choice."""
    ground = Ground(plan, law)
    ground.groups = _groups(plan, law)
    for year, spent in sorted(plan.research.items()):
        who = plan.taxpayer
        ground.research.append(
            super_deduction(Spending(year, spent), who.research_kind, who.industry, law)
        )
    ground.credits = [(asset, _credit(asset, law)) for asset in plan.assets]
    _holiday(ground)
    ground.years = _years(ground)
    _small(ground)
    _told(ground)
    return ground


def _groups(plan: RenovationPlan, law: Law) -> list[Group]:
    alike: dict[tuple[object, ...], list[tuple[PlannedAsset, tuple[Method, ...]]]] = {}
    for asset in plan.assets:
        methods = tuple(methods_of(asset, plan.taxpayer, law))
        admitted = tuple(one.method for one in methods if one.state == YES)
        alike.setdefault((asset.kind, asset.in_project, admitted), []).append((asset, methods))
    return [Group(tuple(a for a, _ in rows), tuple(m for _, m in rows)) for rows in alike.values()]


def _credit(asset: PlannedAsset, law: Law) -> Credit:
    item = CreditItem(asset.name, asset.purchase, asset.cost, asset.catalogue, asset.public_funds)
    return credit_of(item, law)


def _holiday(ground: Ground) -> None:
    plan = ground.plan
    if plan.eligible_project is False or (
        plan.eligible_project is None and not plan.project_incomes
    ):
        ground.holiday_state = "no" if plan.eligible_project is False else "unknown"
        if ground.holiday_state == "unknown":
            ground.holiday_missing = ("项目是否在环保、节能节水目录内",)
        return
    missing = []
    if plan.eligible_project is None:
        missing.append("项目是否在环保、节能节水目录内")
    if plan.first_income_year is None:
        missing.append("项目取得第一笔生产经营收入的年度")
    else:
        ground.marks, ground.holiday_cites = phases(plan.first_income_year, ground.law)
        if not ground.marks:
            missing.append(f"{plan.first_income_year} 年的减免年数")
        blank = [year for year in ground.marks if year not in plan.project_incomes]
        if blank:
            missing.append("项目所得：" + "、".join(f"{year} 年" for year in blank))
    ground.holiday_missing = tuple(missing)
    ground.holiday_state = "unknown" if missing else "yes"


def _years(ground: Ground) -> tuple[int, ...]:
    plan = ground.plan
    ends = [plan.start, *plan.incomes, *plan.project_incomes, *plan.research]
    ends += [max(ground.marks)] if ground.holiday_state == "yes" else []
    for group in ground.groups:
        for rows in group.methods:
            ends += [max(one.schedule.years) for one in rows if one.schedule]
    ends += [one.last_year for _, one in ground.credits if one.amount and one.last_year]
    last = plan.horizon if plan.horizon is not None else max(ends)
    found = []
    for year in range(plan.start, last + 1):
        rate, cites = ordinary_rate(ground.law, year, plan.taxpayer.high_tech(year))
        if rate is None:
            ground.missing.append(f"{year} 年的“{cites[0].name}”没有登记的值")
            break
        found.append(year)
    return tuple(found)


def _small(ground: Ground) -> None:
    """Tiers of a small enterprise: years end where the law or an income is not known."""
    if not ground.plan.taxpayer.small_profit:
        return
    kept = []
    for year in ground.years:
        tiers = small_profit(ground.law, year)
        if not tiers.known:
            ground.missing.append(f"{year} 年起小型微利企业的办法没有登记，只算到上一年")
            break
        if year not in ground.plan.incomes:
            ground.missing.append(f"{year} 年应纳税所得额（小型微利企业分档算，不能假定）")
            break
        ground.small[year] = tiers
        kept.append(year)
    ground.years = tuple(kept)


def _told(ground: Ground) -> None:
    """Name what is missing and what was taken for granted."""
    for one in ground.research:
        ground.missing += [f"研发费用加计扣除：{text}" for text in one.missing]
    for asset, credit in ground.credits:
        ground.missing += [f"{asset.name}抵免：{text}" for text in credit.missing]
    for group in ground.groups:
        for asset, rows in zip(group.assets, group.methods, strict=True):
            unknown = [
                f"{row.name}（{'；'.join(row.why)}）" for row in rows if row.state == "unknown"
            ]
            ground.missing += [f"{asset.name}：{text}" for text in unknown[:1]]
    if ground.plan.project_incomes or ground.plan.eligible_project:
        ground.missing += [f"三免三减半：{text}" for text in ground.holiday_missing]
    blank = [year for year in ground.years if year not in ground.plan.incomes]
    if blank:
        span = f"{blank[0]}" if len(blank) == 1 else f"{blank[0]}—{blank[-1]}"
        ground.assumed.append(f"{span} 年里没有填所得的年度，假定所得足够抵减")
    if ground.plan.taxpayer.small_profit is None:
        ground.assumed.append("不知道是不是小型微利企业，按一般税率算")
    late = [y for y in ground.years if ground.plan.taxpayer.high_tech(y)]
    until = ground.plan.taxpayer.high_tech_until
    if late and until is None:
        ground.assumed.append("高新技术企业证书假定一直有效")
