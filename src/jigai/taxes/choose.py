"""优惠间择优: every admissible combination over all years, best first by present value.

Two things exclude one another: how one asset is deducted, and at which rate the income of a project
is taxed. What does not exclude anything (research, credit) is taken wherever it is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from jigai.errors import JigaiError
from jigai.taxes.amounts import add_years, minus, present_value, rounded_years
from jigai.taxes.depreciation import METHODS, ONE_OFF, STRAIGHT
from jigai.taxes.ground import Ground, stand
from jigai.taxes.income_tax import Case, YearTax, tax_years
from jigai.taxes.law import Cite, Law, unique
from jigai.taxes.shapes import (
    DEFERRED,
    RECOVERED,
    SAVED,
    Combination,
    Effect,
    PlanEffects,
    RenovationPlan,
)

# More than this is no help to anybody; assets alike share a method, so plans stay far below.
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Choice:
    """One way: a method for each group, the holiday or not; and the parts switched on."""

    methods: tuple[str, ...]
    holiday: bool
    research: bool = True
    credit: bool = True


def chosen_effects(plan: RenovationPlan, law: Law) -> PlanEffects:
    """See :func:`jigai.taxes.plan.plan_effects`."""
    ground = stand(plan, law)
    plain = Choice(tuple(STRAIGHT for _ in ground.groups), False, False, False)
    base = _taxes(ground, plain)
    combinations = _ranked(ground, base)
    best_choice, best = combinations[0]
    effects = (*_in_turn(ground, plain, best_choice), *_closed(ground), _input_tax(ground))
    cites = unique(
        [*(c for one in effects for c in one.cites), *ground.rate_cites()],
    )
    return PlanEffects(
        plan.start, effects, best.saved, best.total, best.present,
        next(one.years for one in effects if one.code == "equipment-vat"),
        tuple(one for _, one in combinations), _reason(ground, combinations),
        tuple(dict.fromkeys([*ground.missing, *(m for e in effects if e.code == "equipment-vat"
                                               for m in e.missing)])),
        tuple(ground.assumed), cites,
    )  # fmt: skip


def year_taxes(ground: Ground, choice: Choice) -> list[YearTax]:
    """The tax of each year in full detail for one way."""
    plan = ground.plan
    rest, project = _incomes(ground, choice)
    credits: dict[int, int] = {}
    carry: dict[int, int] = {}
    if choice.credit:
        for asset, one in ground.credits:
            if one.amount and one.last_year:
                year = asset.purchase.year
                credits[year] = credits.get(year, 0) + one.amount
                carry |= dict.fromkeys(ground.years, one.last_year - year)
    return tax_years(
        Case(ground.years, rest, project, ground.rates(choice.holiday), ground.carry(), credits,
             carry, ground.small, plan.pooled_losses)
    )  # fmt: skip


def _incomes(ground: Ground, choice: Choice) -> tuple[dict[int, int], dict[int, int]]:
    """Taxable income of the two pots by year after the deductions of one way."""
    plan = ground.plan
    rest = {year: plan.incomes.get(year, ground.ample) for year in ground.years}
    project = {year: plan.project_incomes.get(year, 0) for year in ground.years}
    for group, method in zip(ground.groups, choice.methods, strict=True):
        pot = project if group.assets[0].in_project else rest
        for year, fen in group.years(method).items():
            if year in pot:
                pot[year] -= fen
    if choice.research:
        for one in ground.research:
            if one.year in rest:
                rest[one.year] -= one.added or 0
    return rest, project


def _taxes(ground: Ground, choice: Choice) -> dict[int, int]:
    """Tax by year for differences: the running total is rounded, so what is only put off adds up
    to nil."""
    return rounded_years({one.year: one.exact for one in year_taxes(ground, choice)})


def _ranked(ground: Ground, base: Mapping[int, int]) -> list[tuple[Choice, Combination]]:
    """Every admissible way, best first: present value, total, then the simpler one."""
    ways = [group.admitted for group in ground.groups]
    holidays = [True, False] if ground.holiday_state == "yes" else [False]
    count = len(holidays)
    for one in ways:
        count *= len(one)
    if count > _MOST:
        raise JigaiError("too-many-ways", f"共有 {count} 种组合，太多", "把同类设备并成一项")
    found = []
    for holiday in holidays:
        for methods in product(*ways):
            choice = Choice(methods, holiday)
            found.append((choice, _combination(ground, choice, base)))
    order = list(METHODS)
    return sorted(
        found,
        key=lambda pair: (
            -pair[1].present,
            -pair[1].total,
            pair[0].holiday,
            [order.index(method) for method in pair[0].methods],
        ),
    )


def _combination(ground: Ground, choice: Choice, base: Mapping[int, int]) -> Combination:
    saved = minus(base, _taxes(ground, choice))
    taxes = {one.year: one.tax for one in year_taxes(ground, choice)} if ground.all_known else {}
    named = [
        (f"{group.name}扣除方法", METHODS[method])
        for group, method in zip(ground.groups, choice.methods, strict=True)
    ]
    if ground.holiday_state == "yes":
        other = "按企业适用税率"
        named.append(("项目所得", "三免三减半" if choice.holiday else other))
    key = "+".join(["holiday" if choice.holiday else "none", *choice.methods])
    return Combination(
        key, tuple(named), taxes, saved, sum(saved.values()),
        present_value(saved, ground.plan.discount_rate, ground.plan.start),
    )  # fmt: skip


def _in_turn(ground: Ground, plain: Choice, best: Choice) -> list[Effect]:
    """The best way switched on part by part; the parts add up to the whole."""
    steps = [
        Choice(plain.methods, best.holiday, False, False),
        Choice(best.methods, best.holiday, False, False),
        Choice(best.methods, best.holiday, True, False),
        Choice(best.methods, best.holiday, True, True),
    ]
    before, found = _taxes(ground, plain), []
    for step, (code, name, kind, state, cites) in zip(steps, _parts(ground, best), strict=True):
        after = _taxes(ground, step)
        saved = minus(before, after)
        before = after
        if state == "yes":
            found.append(_effect(ground, code, name, kind, saved, cites))
    return found


def _effect(
    ground: Ground, code: str, name: str, kind: str, saved: dict[int, int], cites: list[Cite]
) -> Effect:
    years = {year: fen for year, fen in saved.items() if fen}
    total = sum(years.values())
    present = present_value(years, ground.plan.discount_rate, ground.plan.start)
    # Earlier deduction at one and the same rate only puts tax off.
    kind = DEFERRED if kind == DEFERRED and total == 0 else SAVED
    return Effect(code, name, kind, "yes", years, total, present, cites=unique(cites))


def _parts(ground: Ground, best: Choice) -> list[tuple[str, str, str, str, list[Cite]]]:
    used = [
        one
        for group, method in zip(ground.groups, best.methods, strict=True)
        for rows in group.methods
        for one in rows
        if one.method == method
    ]
    names = "、".join(dict.fromkeys(one.name for one in used))
    codes = {one.method for one in used}
    code = ONE_OFF if ONE_OFF in codes else ("straight" if codes <= {STRAIGHT} else "short-life")
    research = [one for one in ground.research if one.added is not None]
    credits = [one for _, one in ground.credits if one.state == "yes"]
    return [
        ("eco-holiday", "三免三减半", SAVED, "yes" if best.holiday else "no",
         [*ground.holiday_cites, *_half(ground)]),
        (code, f"设备扣除：{names}", DEFERRED, "yes" if used else "no",
         [cite for one in used for cite in one.cites]),
        ("research", "研发费用加计扣除", SAVED, "yes" if research else "no",
         [cite for one in research for cite in one.cites]),
        ("equipment-credit", "专用设备投资抵免", SAVED, "yes" if credits else "no",
         [cite for one in credits for cite in one.cites]),
    ]  # fmt: skip


def _half(ground: Ground) -> list[Cite]:
    return [ground.law.in_year("eco_half_ratio", min(ground.marks))] if ground.marks else []


def _closed(ground: Ground) -> list[Effect]:
    """Instruments not open, or not known to be: told with the reason, worth nothing yet."""
    found = []
    if ground.holiday_state == "unknown":
        found.append(_waiting("eco-holiday", "三免三减半", (), ground.holiday_missing))
    for one in ground.research:
        if one.state != "yes":
            name = f"研发费用加计扣除（{one.year} 年）"
            found.append(_waiting("research", name, one.why, one.missing, one.cites))
    for asset, credit in ground.credits:
        if credit.state != "yes":
            name = f"专用设备投资抵免（{asset.name}）"
            found.append(
                _waiting("equipment-credit", name, credit.why, credit.missing, credit.cites)
            )
    return found


def _waiting(
    code: str, name: str, why: tuple[str, ...], missing: tuple[str, ...],
    cites: tuple[Cite, ...] = (),
) -> Effect:  # fmt: skip
    if missing:
        return Effect(code, name, SAVED, "unknown", {}, None, None, why, missing, cites=cites)
    return Effect(code, name, SAVED, "no", {}, 0, 0, why, cites=cites)


def _input_tax(ground: Ground) -> Effect:
    """Input tax of the equipment, in the year of purchase; kept apart from income tax."""
    plan, law = ground.plan, ground.law
    code, name = "equipment-vat", "设备进项抵扣"
    if plan.taxpayer.general is False:
        return Effect(code, name, RECOVERED, "no", why=("小规模纳税人不抵进项",))
    blank = [f"{asset.name}的进项税额" for asset in plan.assets if asset.input_tax is None]
    if plan.taxpayer.general is None and plan.assets:
        blank.insert(0, "是不是一般纳税人")
    years: dict[int, int] = {}
    cites = []
    for asset in plan.assets:
        start = law.on("input_credit_start", asset.purchase)
        cites.append(start)
        if start.known and asset.input_tax and plan.taxpayer.general:
            years = add_years(years, {asset.purchase.year: asset.input_tax})
    if not years and not blank:
        return Effect(code, name, RECOVERED, "no", why=("没有进项税额",), cites=unique(cites))
    present = present_value(years, plan.discount_rate, plan.start)
    known = not blank
    return Effect(
        code, name, RECOVERED, "yes" if known else "unknown", years,
        sum(years.values()) if known else None, present if known else None,
        missing=tuple(blank), cites=unique(cites),
    )  # fmt: skip


def _reason(ground: Ground, ranked: list[tuple[Choice, Combination]]) -> str:
    """Why the first is the best, in one or two sentences."""
    choice, best = ranked[0]
    if len(ranked) == 1:
        return "只有这一种可用的组合。"
    second = ranked[1][1]
    gap = best.present - second.present
    words = "、".join(value for _, value in second.choices)
    text = f"各年少缴税额折成现值最大，比次优（{words}）多 {gap / 100:,.2f} 元。"
    if gap == 0:
        text = f"与次优（{words}）现值相同，取合计较大、次序在前的。"
    if choice.holiday:
        text += "三免三减半与低税率不能在同一笔所得上叠加，减半按法定税率算。"
    fastest = {ONE_OFF}
    open_to = {m for group in ground.groups for m in group.admitted}
    if choice.holiday and fastest & open_to and ONE_OFF not in choice.methods:
        text += "免税年度里的扣除省不下税，所以不选一次性扣除。"
    elif not choice.holiday and ground.plan.discount_rate == Fraction(0) and gap == 0:
        text += "折现率为零时先后没有差别。"
    return text
