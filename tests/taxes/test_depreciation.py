"""加速折旧: schedules to the fen against the oracle, methods admitted by day, books against tax."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.errors import JigaiError
from jigai.taxes.compare import compare_methods
from jigai.taxes.depreciation import METHODS, Terms, schedule
from jigai.taxes.depreciation_rules import methods_of, months_words
from jigai.taxes.law import Law
from jigai.taxes.shapes import BUILDING, ELECTRONICS, TOOL, PlannedAsset, Taxpayer
from tests.taxes import oracle
from tests.taxes.tables import cases, fen

pytestmark = pytest.mark.system("depreciation-calculator")
TERMS = Terms(1, Fraction(2), 2)
MAKER, TRADER = Taxpayer("C3511"), Taxpayer("F5171")


def asset(cost: int, on: str, **more: Any) -> PlannedAsset:
    return PlannedAsset("示例设备", cost * 100, dt.date.fromisoformat(on), **more)


def states(item: PlannedAsset, who: Taxpayer, law: Law) -> dict[str, str]:
    return {one.method: one.state for one in methods_of(item, who, law)}


@pytest.mark.parametrize("case", cases("depreciation"), ids=lambda case: case["name"])
def test_examples(case: Any) -> None:
    made = schedule(
        case["method"], fen(case["cost"]), fen(case["residual"]), case["months"], case["on"], TERMS
    )
    for year, yuan in case["years"].items():
        assert made.years[year] == fen(yuan), year
    written_off = fen(case["cost"]) - (0 if case["method"] == "one-off" else fen(case["residual"]))
    assert sum(made.years.values()) == made.base == written_off
    assert min(made.years) == min(case["years"]) and max(made.years) == max(case["years"])


@settings(max_examples=120, deadline=None)
@given(
    method=st.sampled_from(sorted(METHODS)),
    cost=st.integers(1, 10**12),
    share=st.integers(0, 99),
    years=st.integers(1, 20),
    day=st.dates(dt.date(2008, 1, 1), dt.date(2030, 12, 31)),
)
def test_every_method_equals_the_oracle_and_loses_no_fen(
    method: str, cost: int, share: int, years: int, day: dt.date
) -> None:
    residual = cost * share // 100
    made = schedule(method, cost, residual, years * 12, day, TERMS)
    assert made.years == oracle.depreciation(
        method, cost, residual, years * 12, day.year, day.month
    )
    assert sum(made.years.values()) == (cost if method == "one-off" else cost - residual)
    assert all(value >= 0 for value in made.years.values())
    assert made.book_value(cost)[max(made.years)] == (0 if method == "one-off" else residual)


@pytest.mark.parametrize(
    ("bought", "one_off", "faster"),
    [
        ("2013-12-31", "no", "no"),
        ("2014-01-01", "no", "yes"),
        ("2017-12-31", "no", "yes"),
        ("2018-01-01", "yes", "yes"),
        ("2023-12-31", "yes", "yes"),
        ("2027-12-31", "yes", "yes"),
        ("2028-01-01", "no", "yes"),
    ],
)
def test_methods_open_and_close_by_the_day_of_purchase(
    law: Law, bought: str, one_off: str, faster: str
) -> None:
    """C35 专用设备 is one of the six industries of 2014; 500万元 at once only from 2018 to 2027."""
    found = states(asset(480_0000, bought), MAKER, law)
    assert (found["one-off"], found["short-life"], found["digits"]) == (one_off, faster, faster)
    assert found["straight"] == "yes"


def test_the_ceiling_is_of_one_piece_and_includes_itself(law: Law) -> None:
    at = asset(3000_0000, "2020-05-01", unit_price=500_0000_00)
    above = asset(3000_0000, "2020-05-01", unit_price=500_0000_01)
    assert states(at, MAKER, law)["one-off"] == "yes"
    assert states(above, MAKER, law)["one-off"] == "no"
    assert "超过" in next(m for m in methods_of(above, MAKER, law) if m.method == "one-off").why[0]


def test_before_2018_at_once_is_for_research_and_small_things(law: Law) -> None:
    research = asset(90_0000, "2016-03-01", research_only=True)
    assert states(research, TRADER, law)["one-off"] == "yes"
    assert states(asset(90_0000, "2016-03-01"), TRADER, law)["one-off"] == "no"
    unknown = asset(90_0000, "2016-03-01", research_only=None)
    assert states(unknown, TRADER, law)["one-off"] == "unknown"
    assert states(asset(5000, "2016-03-01"), TRADER, law)["one-off"] == "yes"
    assert states(asset(5001, "2016-03-01"), TRADER, law)["one-off"] == "no"


def test_industries_by_year_and_what_needs_a_person(law: Law) -> None:
    spinner = Taxpayer("C1711")
    machine = {y: asset(900_0000, f"{y}-06-01") for y in (2014, 2016, 2019)}
    assert states(machine[2014], spinner, law)["short-life"] == "no"
    assert states(machine[2016], spinner, law)["short-life"] == "unknown"
    assert states(machine[2019], spinner, law)["short-life"] == "yes"
    assert states(machine[2019], TRADER, law)["short-life"] == "no"
    assert states(machine[2019], Taxpayer(""), law)["short-life"] == "unknown"
    assert states(asset(900_0000, "2012-06-01", fast_renewal=True), TRADER, law)["digits"] == "yes"


def test_2022_lets_a_small_enterprise_take_half_at_once(law: Law) -> None:
    small = Taxpayer("F5171", small_or_medium=True)
    machine = asset(1200_0000, "2022-06-15")
    found = {one.method: one for one in methods_of(machine, small, law)}["one-off"]
    assert found.state == "yes" and found.name == "部分一次性扣除"
    assert found.schedule is not None
    assert found.schedule.years[2022] == 600_0000_00 + 30_0000_00
    assert sum(found.schedule.years.values()) == machine.cost
    whole = {one.method: one for one in methods_of(
        asset(1200_0000, "2022-06-15", kind=ELECTRONICS), small, law)}["one-off"]  # fmt: skip
    assert whole.schedule is not None and whole.schedule.years == {2022: 1200_0000_00}
    assert states(machine, Taxpayer("F5171"), law)["one-off"] == "unknown"
    assert states(asset(1200_0000, "2023-01-01"), small, law)["one-off"] == "no"


def test_lives_and_shortened_lives_come_from_the_law(law: Law) -> None:
    for kind, months in ((TOOL, 36), (ELECTRONICS, 22), ("vehicle", 29), ("machine", 72)):
        rows = methods_of(asset(1_0000, "2020-05-01", kind=kind), MAKER, law)
        short = next(one for one in rows if one.method == "short-life")
        assert short.schedule is not None and short.schedule.months == months
        assert all(cite.reference for cite in short.cites)
    building = methods_of(asset(1_0000, "2020-05-01", kind=BUILDING), MAKER, law)
    assert next(one for one in building if one.method == "one-off").state == "no"


def test_a_day_before_the_law_is_unknown_not_zero(law: Law) -> None:
    rows = methods_of(asset(1_0000, "2007-05-01"), MAKER, law)
    assert {one.state for one in rows} == {"unknown"} and rows[0].schedule is None
    with pytest.raises(JigaiError, match="没有登记"):
        compare_methods(asset(1_0000, "2007-05-01"), MAKER, law, discount_rate=Fraction(0))


def test_books_and_tax_differ_and_the_tax_comes_back(law: Law) -> None:
    """只算会计不算税 shows the books alone: the difference and the tax are the point."""
    found = compare_methods(
        asset(480_0000, "2020-06-01"), MAKER, law, discount_rate=Fraction(5, 100)
    )
    at_once = next(one for one in found.columns if one.method.method == "one-off")
    first = at_once.lines[0]
    assert (first.book, first.deducted) == (24_0000_00, 480_0000_00)
    assert first.difference == 456_0000_00 and first.put_off == 114_0000_00
    assert at_once.lines[1].put_off == -12_0000_00
    assert at_once.lines[-1].balance == 0 and sum(x.difference for x in at_once.lines) == 0
    assert at_once.present > 0 and found.best == "one-off"
    worth = {one.method.method: one.present for one in found.columns}
    assert worth["one-off"] > worth["short-life"] > worth["straight"] == 0
    assert {"life_machine", "one_off_ceiling", "income_tax_rate"} <= {c.id for c in found.cites}


def test_what_is_only_put_off_adds_up_to_nil_to_the_fen(law: Law) -> None:
    for cost in (480_0000, 333_3333, 1_0001):
        found = compare_methods(asset(cost, "2020-06-01"), MAKER, law, discount_rate=Fraction(0))
        assert [one.put_off for one in found.columns] == [0] * 5
        assert all(one.total == cost * 100 for one in found.columns)


def test_at_a_rate_that_rises_later_early_deduction_costs_tax(law: Law) -> None:
    who = Taxpayer("C3511", high_tech_from=2019, high_tech_until=2021)
    found = compare_methods(asset(480_0000, "2020-06-01"), who, law, discount_rate=Fraction(0))
    at_once = next(one for one in found.columns if one.method.method == "one-off")
    assert at_once.put_off < 0 and found.best != "one-off"


def test_losses_carry_early_deduction_on_until_they_run_out(law: Law) -> None:
    incomes = dict.fromkeys(range(2020, 2031), 10_0000_00)
    found = compare_methods(
        asset(480_0000, "2020-06-01"), MAKER, law, discount_rate=Fraction(0), incomes=incomes
    )
    at_once = next(one for one in found.columns if one.method.method == "one-off")
    # The loss of 2020 lives five years; the books go on finding ten a year after it is gone.
    assert [line.put_off for line in at_once.lines][:6] == [0] * 6
    assert [line.put_off for line in at_once.lines][6:10] == [-(10_0000_00 // 4)] * 4
    assert at_once.put_off < 0 and found.best != "one-off"
    assert not found.assumed


def test_impossible_figures_are_refused() -> None:
    day = dt.date(2020, 1, 1)
    for cost, residual, months in ((0, 0, 60), (100, 100, 60), (100, -1, 60), (100, 0, 0)):
        with pytest.raises(JigaiError):
            schedule("straight", cost, residual, months, day, TERMS)
    with pytest.raises(JigaiError, match="整年"):
        schedule("digits", 100, 0, 30, day, TERMS)


def test_months_in_words() -> None:
    assert [months_words(n) for n in (36, 29, 7)] == ["3 年", "2 年 5 个月", "7 个月"]
