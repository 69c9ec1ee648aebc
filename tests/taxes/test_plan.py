"""优惠间择优: every admissible way, the best by worth, parts that add up, unknown named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.errors import JigaiError
from jigai.taxes.income_tax import Case, Rates, small_profit, tax_years
from jigai.taxes.law import Law
from jigai.taxes.plan import PlanEffects, PlannedAsset, RenovationPlan, Taxpayer, plan_effects
from tests.taxes import oracle

pytestmark = pytest.mark.system("tax-navigator")
WAN = 10000_00
MAKER = Taxpayer("C3511", general=True, research_kind="manufacturing")


def asset(cost: int, on: str = "2020-06-15", **more: Any) -> PlannedAsset:
    return PlannedAsset("示例设备", cost, dt.date.fromisoformat(on),
                        **{"input_tax": cost * 13 // 100, "catalogue": False, **more})  # fmt: skip


def plan(*assets: PlannedAsset, who: Taxpayer = MAKER, **more: Any) -> RenovationPlan:
    return RenovationPlan(assets, who, **{"eligible_project": False, **more})


def effect(found: PlanEffects, code: str) -> Any:
    return next(one for one in found.effects if one.code == code)


def test_the_best_is_the_one_worth_most_and_the_others_are_shown(law: Law) -> None:
    found = plan_effects(plan(asset(480 * WAN), discount_rate=Fraction(5, 100)), law)
    assert [c.key.split("+")[1] for c in found.combinations] == [
        "one-off", "short-life", "digits", "declining", "straight",
    ]  # fmt: skip
    worth = [c.present for c in found.combinations]
    assert worth == sorted(worth, reverse=True) and worth[-1] == 0
    assert found.present == worth[0] and found.years == found.combinations[0].saved
    gap = f"{(worth[0] - worth[1]) / 100:,.2f}"
    assert gap in found.reason


def test_early_deduction_in_free_years_is_worth_less_than_a_late_one(law: Law) -> None:
    """A toy that takes the best of each alone picks 一次性扣除; together it is the worst."""
    machine = asset(480 * WAN, in_project=True)
    incomes = dict.fromkeys(range(2020, 2031), 200 * WAN)
    found = plan_effects(
        plan(machine, eligible_project=True, first_income_year=2020, project_incomes=incomes,
             incomes=dict.fromkeys(range(2020, 2031), 50 * WAN),
             discount_rate=Fraction(5, 100)), law
    )  # fmt: skip
    best = found.combinations[0]
    assert best.key == "holiday+straight" and "免税年度" in found.reason
    by_key = {c.key: c for c in found.combinations}
    assert by_key["holiday+one-off"].present < best.present
    assert by_key["none+one-off"].present > by_key["none+straight"].present
    assert len(found.combinations) == 10


def test_holiday_and_low_rate_do_not_stack(law: Law) -> None:
    who = Taxpayer("C3511", True, high_tech_from=2015, research_kind="manufacturing")
    incomes = dict.fromkeys(range(2020, 2026), 100 * WAN)
    found = plan_effects(
        plan(who=who, eligible_project=True, first_income_year=2020, project_incomes=incomes,
             incomes=dict.fromkeys(range(2020, 2026), 0)), law
    )  # fmt: skip
    taxes = found.combinations[0].taxes
    assert [taxes[year] for year in range(2020, 2026)] == [0, 0, 0] + [125 * WAN // 10] * 3
    assert found.total == 3 * 15 * WAN + 3 * 25 * WAN // 10


def test_deduction_that_is_only_earlier_saves_nothing_in_all(law: Law) -> None:
    rate = Fraction(1, 20)
    for cost in (480 * WAN, 333_3333_33, 7 * WAN + 1):
        found = plan_effects(plan(asset(cost), discount_rate=rate), law)
        put_off = effect(found, "one-off")
        assert (put_off.kind, put_off.total) == ("deferred", 0) and put_off.present > 0
        assert {one.total for one in found.combinations} == {0}


def test_parts_add_up_to_the_whole(law: Law) -> None:
    found = plan_effects(
        plan(asset(480 * WAN, catalogue=True), asset(900 * WAN, "2021-03-01", kind="tool"),
             research={2020: 100 * WAN, 2021: 100 * WAN}, discount_rate=Fraction(3, 100)), law
    )  # fmt: skip
    income_tax = [one for one in found.effects if one.code != "equipment-vat"]
    assert sum(one.total for one in income_tax) == found.total == sum(found.years.values())
    for year, fen in found.years.items():
        assert sum(one.years.get(year, 0) for one in income_tax) == fen
    assert effect(found, "research").total == (75 + 100) * WAN * 25 // 100
    assert effect(found, "equipment-credit").total == 48 * WAN
    assert found.input_tax == {2020: 480 * WAN * 13 // 100, 2021: 900 * WAN * 13 // 100}


def test_unknown_is_named_and_never_counted(law: Law) -> None:
    who = Taxpayer("", None, research_kind=None, small_profit=None)
    found = plan_effects(
        plan(asset(480 * WAN, catalogue=None, input_tax=None), who=who, research={2020: WAN},
             eligible_project=None), law
    )  # fmt: skip
    states = {one.code: one.state for one in found.effects}
    assert states["research"] == states["equipment-credit"] == states["equipment-vat"] == "unknown"
    for one in found.effects:
        assert one.state != "unknown" or (one.total is None and one.missing)
    text = "；".join(found.missing)
    for word in ("行业代码", "企业类别", "是否在目录内", "进项税额", "一般纳税人"):
        assert word in text
    assert "小型微利" in "".join(found.assumed) and "假定所得" in "".join(found.assumed)
    assert not found.combinations[0].taxes


def test_a_missing_project_income_leaves_the_holiday_open(law: Law) -> None:
    found = plan_effects(
        plan(asset(WAN), eligible_project=True, first_income_year=2020,
             project_incomes={2020: WAN}), law
    )  # fmt: skip
    holiday = effect(found, "eco-holiday")
    assert holiday.state == "unknown" and holiday.total is None
    assert "2021 年" in "".join(holiday.missing)


def test_taxes_of_a_known_plan_equal_a_reckoning_by_hand(law: Law) -> None:
    """480 at once in 2020 against income of 100 a year: tax from 2024 on only."""
    incomes = dict.fromkeys(range(2020, 2031), 100 * WAN)
    found = plan_effects(plan(asset(480 * WAN), incomes=incomes), law)
    at_once = next(c for c in found.combinations if c.key == "none+one-off")
    assert [at_once.taxes[y] for y in range(2020, 2026)] == [0, 0, 0, 0, 5 * WAN, 25 * WAN]
    assert at_once.total == 0


def test_credit_waits_for_tax_and_the_choice_of_deduction_knows_it(law: Law) -> None:
    """With everything deducted at once there is no tax for years and a credit may run out."""
    incomes = dict.fromkeys(range(2020, 2031), 60 * WAN)
    found = plan_effects(plan(asset(480 * WAN, catalogue=True), incomes=incomes), law)
    totals = {c.key: c.total for c in found.combinations}
    assert totals["none+straight"] > totals["none+one-off"]
    assert found.combinations[0].key != "none+one-off"


def test_small_enterprises_are_taxed_by_tiers_and_only_as_far_as_known(law: Law) -> None:
    tiers = small_profit(law, 2020)
    taxed = [tiers.tax(n * WAN, Fraction(1, 4)) for n in (80, 100, 200, 300)]
    assert taxed == [4 * WAN, 5 * WAN, 15 * WAN, 25 * WAN]
    assert tiers.tax(300 * WAN + 1, Fraction(1, 4)) == Fraction(300 * WAN + 1, 4)
    who = Taxpayer("C3511", True, small_profit=True, research_kind="manufacturing")
    years = range(2025, 2031)
    found = plan_effects(
        plan(asset(WAN, "2025-06-01"), who=who, incomes=dict.fromkeys(years, 100 * WAN)), law
    )
    assert max(found.combinations[0].taxes) == 2027
    assert any("2028" in text for text in found.missing)
    blind = plan_effects(plan(asset(WAN, "2025-06-01"), who=who), law)
    assert any("应纳税所得额" in text for text in blind.missing) and blind.total == 0


def test_small_taxpayers_have_no_input_tax(law: Law) -> None:
    found = plan_effects(plan(asset(WAN), who=Taxpayer("C3511", general=False)), law)
    assert effect(found, "equipment-vat").state == "no" and found.input_tax == {}


@settings(max_examples=60, deadline=None)
@given(
    incomes=st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=14),
    credit=st.dictionaries(st.integers(0, 13), st.integers(0, 10**9), max_size=3),
)
def test_tax_of_every_year_equals_an_independent_one(
    incomes: list[int], credit: dict[int, int]
) -> None:
    years = tuple(range(2010, 2010 + len(incomes)))
    credits = {2010 + place: fen for place, fen in credit.items() if place < len(incomes)}
    found = tax_years(
        Case(years, dict(zip(years, incomes, strict=True)), {},
             {y: Rates(Fraction(1, 4), Fraction(0)) for y in years}, dict.fromkeys(years, 5),
             credits, dict.fromkeys(years, 5))
    )  # fmt: skip
    assert [one.tax for one in found] == _by_hand(years, incomes, credits)


def _by_hand(years: tuple[int, ...], incomes: list[int], credits: dict[int, int]) -> list[int]:
    losses: list[list[int]] = []
    waiting: list[list[int]] = []
    found = []
    for year, income in zip(years, incomes, strict=True):
        left = max(income, 0)
        for row in losses:
            if year - row[0] <= 5:
                part = min(row[1], left)
                row[1] -= part
                left -= part
        if income < 0:
            losses.append([year, -income])
        tax = oracle.cents(Decimal(left) / 4)
        if credits.get(year):
            waiting.append([year, credits[year]])
        for row in waiting:
            if year - row[0] <= 5:
                part = min(row[1], tax)
                row[1] -= part
                tax -= part
        found.append(tax)
    return found


def test_losses_in_free_years_by_either_reading() -> None:
    """Kept apart they wait for the project's own income; pooled they meet other income at once."""
    rates = {2020: Rates(Fraction(1, 4), Fraction(0), "免征"),
             2021: Rates(Fraction(1, 4), Fraction(1, 8), "减半")}  # fmt: skip
    made = {
        pooled: tax_years(
            Case((2020, 2021), {2020: 100, 2021: 100}, {2020: -80, 2021: 80}, rates,
                 {2020: 5, 2021: 5}, {}, {}, pooled_losses=pooled)
        )
        for pooled in (False, True)
    }  # fmt: skip
    assert [one.tax for one in made[False]] == [25, 25]
    assert [one.tax for one in made[True]] == [5, 35]


def test_a_plan_with_nothing_in_it_is_refused(law: Law) -> None:
    with pytest.raises(JigaiError, match="至少填写一项"):
        plan_effects(RenovationPlan(), law)


def test_too_many_ways_are_refused_in_words(law: Law) -> None:
    kinds = ["machine", "tool", "vehicle", "electronics"]
    many = [asset(WAN, kind=kind, in_project=inside) for kind in kinds for inside in (True, False)]
    with pytest.raises(JigaiError, match="并成一项"):
        plan_effects(plan(*many), law)


def test_every_figure_names_its_law(law: Law) -> None:
    machine = asset(480 * WAN, catalogue=True)
    found = plan_effects(plan(machine, research={2020: WAN}, discount_rate=Fraction(1, 20)), law)
    for one in found.effects:
        assert one.state != "yes" or (one.cites and all(c.reference for c in one.cites)), one.code
    assert {"income_tax_rate", "one_off_ceiling"} <= {cite.id for cite in found.cites}
