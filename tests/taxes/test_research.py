"""研发加计扣除: the rate is that of the year and kind; a year without one is unknown."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.errors import JigaiError
from jigai.taxes.law import Law
from jigai.taxes.research import KINDS, Spending, super_deduction
from tests.taxes.tables import cases, fen

pytestmark = pytest.mark.system("super-deduction-calculator")


@pytest.mark.parametrize("case", cases("research"), ids=lambda case: case["name"])
def test_the_law_of_each_year(law: Law, case: dict[str, Any]) -> None:
    """A toy with 175 % written into it fails in all years but a few."""
    late = fen(case["late"]) if "late" in case else None
    spent = Spending(case["year"], fen(case["own"]), fen(case.get("entrusted", 0)),
                     fen(case.get("overseas", 0)), late)  # fmt: skip
    found = super_deduction(spent, case["kind"], case.get("industry", "C3511"), law)
    assert found.state == case.get("state", "yes")
    assert found.added == (fen(case["added"]) if "added" in case else None)
    assert found.cut == fen(case.get("cut", 0))
    assert found.by_actual == (late is not None)
    if found.state == "unknown":
        assert found.missing
    if found.state == "yes":
        assert sum(part.added for part in found.parts) == found.added
        assert sum(part.base for part in found.parts) == found.base
        assert sum(part.months for part in found.parts) == 12
        assert all(part.cite.reference for part in found.parts)


def test_no_single_rate_fits_two_years(law: Law) -> None:
    rates = {
        year: super_deduction(Spending(year, 100), "manufacturing", "C35", law).added
        for year in (2017, 2019, 2022)
    }
    assert sorted(rates.values(), key=lambda value: value or 0) == [50, 75, 100]


def test_who_is_not_told_is_named(law: Law) -> None:
    found = super_deduction(Spending(2020, 100), None, "C35", law)
    assert found.state == "unknown" and "企业类别" in found.missing[0]


def test_a_manufacturer_needs_half_its_income_from_manufacturing(law: Law) -> None:
    def state(share: Fraction | None) -> str:
        return super_deduction(Spending(2021, 100), "manufacturing", "C35", law, share).state

    assert [state(Fraction(1, 2)), state(Fraction(49, 100)), state(None)] == ["yes", "no", "yes"]


@settings(max_examples=60, deadline=None)
@given(
    own=st.integers(0, 10**13), year=st.integers(2016, 2030), kind=st.sampled_from(sorted(KINDS))
)
def test_parts_add_up_in_every_year(law: Law, own: int, year: int, kind: str) -> None:
    found = super_deduction(Spending(year, own), kind, "C35", law)
    if found.added is not None:
        assert sum(part.base for part in found.parts) == own
        assert own * 50 // 100 - 1 <= found.added <= own * 120 // 100 + 1


def test_impossible_figures_are_refused(law: Law) -> None:
    with pytest.raises(JigaiError, match="负数"):
        super_deduction(Spending(2020, -1), "general", "C35", law)
    with pytest.raises(JigaiError, match="不能多于"):
        super_deduction(Spending(2022, 5, late=6), "general", "C35", law)
