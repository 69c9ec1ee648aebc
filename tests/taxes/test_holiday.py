"""三免三减半: the calendar from the first income, losses in free years, half the rate."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.errors import JigaiError
from jigai.taxes.holiday import ENERGY_CONTRACT, holiday
from jigai.taxes.law import Law
from tests.taxes import oracle
from tests.taxes.tables import cases, fen

pytestmark = pytest.mark.system("holiday-timeline")


def wan(values: list[float]) -> list[int]:
    return [fen(value) * 10000 for value in values]


@pytest.mark.parametrize("case", cases("holiday"), ids=lambda case: case["name"])
def test_examples(law: Law, case: dict[str, Any]) -> None:
    first = case["first"]
    incomes = dict(enumerate(wan(case["incomes"]), start=first))
    found = holiday(first, incomes, law, high_tech=frozenset(case.get("high_tech", ())))
    assert [year.tax for year in found.years] == wan(case["tax"])
    assert [year.saved for year in found.years] == wan(case["saved"])
    assert found.saved == sum(wan(case["saved"]))
    assert [year.year for year in found.years if year.wasted] == case.get("wasted", [])
    assert [year.phase for year in found.years] == ["免征"] * 3 + ["减半"] * 3
    assert found.last == first + 5


@settings(max_examples=80, deadline=None)
@given(
    first=st.integers(2008, 2030),
    incomes=st.lists(st.integers(-(10**11), 10**12), min_size=6, max_size=6),
)
def test_every_year_equals_the_oracle(law: Law, first: int, incomes: list[int]) -> None:
    found = holiday(first, dict(enumerate(incomes, start=first)), law)
    assert [(one.normal, one.tax) for one in found.years] == oracle.holiday(first, incomes)


def test_the_start_year_moves_every_phase(law: Law) -> None:
    """起算年规则未定: another start gives another calendar, so both are told, never one guessed."""
    incomes = dict.fromkeys(range(2015, 2025), 100_0000_00)
    by_income, assessed = holiday(2015, incomes, law), holiday(2016, incomes, law)
    assert (by_income.phase(2018), assessed.phase(2018)) == ("减半", "免征")
    assert (by_income.phase(2021), assessed.phase(2021)) == ("期满", "减半")
    assert by_income.phase(2014) == "未起算"


def test_an_unknown_income_leaves_the_years_after_it_unknown(law: Law) -> None:
    found = holiday(2015, {2015: -100, 2017: 500}, law)
    assert found.years[0].tax == 0
    assert all(one.tax is None for one in found.years[1:])
    assert found.saved is None and "2016 年项目所得" in found.missing
    assert found.known_saved == 0


def test_each_figure_has_its_source(law: Law) -> None:
    ids = {cite.id for cite in holiday(2015, {}, law).cites if cite.reference}
    assert {"eco_exempt_years", "eco_half_years", "eco_half_ratio", "income_tax_rate"} <= ids


def test_energy_contracts_have_a_holiday_of_their_own_start(law: Law) -> None:
    assert holiday(2011, {}, law, kind=ENERGY_CONTRACT).last == 2016
    with pytest.raises(JigaiError, match="没有值"):
        holiday(2010, {}, law, kind=ENERGY_CONTRACT)
    with pytest.raises(JigaiError, match="没有值"):
        holiday(2007, {}, law)
