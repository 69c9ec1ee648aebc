"""专用设备投资抵免: what is not used is carried on five years, the oldest first, then lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.taxes.credit import DIGITAL, CreditItem, back_tax, credit_of, use_credits
from jigai.taxes.law import Law
from tests.taxes import oracle
from tests.taxes.tables import cases, fen

pytestmark = pytest.mark.system("equipment-tax-credit")


def item(year: int, price: int, **more: Any) -> CreditItem:
    return CreditItem(f"示例设备{year}", dt.date(year, 6, 30), price, **{"catalogue": True, **more})


@pytest.mark.parametrize("case", cases("credit"), ids=lambda case: case["name"])
def test_examples(law: Law, case: dict[str, Any]) -> None:
    items = [item(row["year"], fen(row["price"]), public_funds=fen(row.get("public", 0)))
             for row in case["items"]]  # fmt: skip
    payable = {year: fen(value) for year, value in case["payable"].items()}
    found = use_credits(items, payable, law)
    assert {one.year: one.used for one in found.years if one.used} == {
        year: fen(value) for year, value in case["used"].items()
    }
    assert found.lost == fen(case.get("lost", 0))
    for one in found.years:
        assert one.tax is None or one.tax == (one.payable or 0) - one.used


def test_what_the_first_year_cannot_take_is_carried_on(law: Law) -> None:
    """A toy that forgets 当年不足抵免的结转 loses 70,000 of 100,000 here."""
    found = use_credits([item(2020, 100_0000_00)], {2020: 3_0000_00, 2021: 7_0000_00}, law)
    assert [(use.arose, use.year, use.fen) for use in found.uses] == [
        (2020, 2020, 3_0000_00),
        (2020, 2021, 7_0000_00),
    ]
    assert found.years[0].carried == 7_0000_00 and found.lost == 0


@settings(max_examples=100, deadline=None)
@given(
    items=st.lists(st.tuples(st.integers(2008, 2020), st.integers(0, 10**12)), max_size=4),
    payable=st.dictionaries(st.integers(2008, 2026), st.integers(0, 10**11), max_size=19),
)
def test_every_year_equals_the_oracle_and_nothing_vanishes(
    law: Law, items: list[tuple[int, int]], payable: dict[int, int]
) -> None:
    found = use_credits([item(year, price) for year, price in items], payable, law)
    used, lost, left = oracle.credits(items, payable)
    assert {one.year: one.used for one in found.years if one.used} == {
        year: fen_ for year, fen_ in used.items() if fen_
    }
    assert (found.lost, found.left) == (lost, left)
    granted = sum(one.amount or 0 for one in found.credits)
    assert granted == found.used + found.lost + found.left
    assert found.used == sum(use.fen for use in found.uses)


def test_the_catalogue_decides_and_unknown_is_not_no(law: Law) -> None:
    states = {known: credit_of(item(2020, 100, catalogue=known), law).state
              for known in (True, False, None)}  # fmt: skip
    assert states == {True: "yes", False: "no", None: "unknown"}
    unknown = credit_of(item(2020, 100, catalogue=None), law)
    assert unknown.amount is None and unknown.missing == ("是否在目录内",)
    funds = credit_of(item(2020, 100, public_funds=None), law)
    assert funds.amount is None and "财政拨款" in funds.missing[0]
    assert credit_of(item(2007, 100), law).state == "unknown"


def test_digital_renovation_is_capped_by_half_the_original(law: Law) -> None:
    def digital(year: int, price: int, **more: Any) -> CreditItem:
        return item(year, price, kind=DIGITAL, **more)

    found = credit_of(digital(2025, 80_0000_00, original=100_0000_00), law)
    assert (found.base, found.amount) == (50_0000_00, 5_0000_00)
    assert credit_of(digital(2025, 80_0000_00), law).missing == ("专用设备购置时的计税基础",)
    assert credit_of(digital(2023, 100, original=100), law).state == "unknown"


def test_a_year_without_known_tax_uses_nothing_and_is_named(law: Law) -> None:
    found = use_credits([item(2020, 100_0000_00)], {2021: 2_0000_00}, law)
    assert "2020 年抵免前应纳税额" in found.missing
    assert found.years[0].tax is None and found.years[1].used == 2_0000_00


def test_sold_within_five_years_it_is_paid_back(law: Law) -> None:
    one = credit_of(item(2020, 100_0000_00), law)
    assert one.hold_until == dt.date(2025, 6, 30)
    assert back_tax(one, dt.date(2025, 6, 29), 4_0000_00) == 4_0000_00
    assert back_tax(one, dt.date(2025, 6, 30), 4_0000_00) == 0
    leap = credit_of(CreditItem("示例", dt.date(2020, 2, 29), 100, True), law)
    assert leap.hold_until == dt.date(2025, 2, 28)
