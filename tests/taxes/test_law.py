"""The law is in the pack and nowhere else: by date, cited, unknown where the pack has no value."""

from __future__ import annotations

import ast
import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jigai.taxes
from jigai.taxes.amounts import minus, present_value, rounded_years, to_fen
from jigai.taxes.industries import listed
from jigai.taxes.law import Cite, Law

pytestmark = [pytest.mark.system("super-deduction-calculator"), pytest.mark.system("tax-navigator")]
ROOM = Path(jigai.taxes.__file__).parent
# Counting, months of a year, yuan and fen, halves, the day before the 29th, days of reminders.
HARMLESS = {0, 1, 2, 3, 12, 20, 28, 30, 31, 90, 100, 180, 2000}


def test_no_number_of_the_law_is_written_in_the_code() -> None:
    """No 0.25, 0.75, 1.75, 10 %, five years … anywhere in the room."""
    found = [
        (path.name, node.lineno, node.value)
        for path in sorted(ROOM.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and node.value not in HARMLESS
    ]
    assert found == []


def test_every_parameter_named_in_the_code_is_in_the_pack(law: Law) -> None:
    prefixes = ("research_", "eco_", "emc_", "equipment_credit", "digital_credit", "life_",
                "resource_", "small_profit_", "loss_carry", "one_off", "sme_one")  # fmt: skip
    named = {
        node.value
        for path in ROOM.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(prefixes)
        and node.value.isascii()
        and not node.value.endswith("_")
    }
    shapes = {"research_kind", "resource_use", "research_only"}
    assert named - shapes <= set(law.ids()) and len(named) > 15


def test_each_dated_value_of_the_tax_sections_has_a_source(law: Law) -> None:
    for name in law.ids():
        cite = law.on(name, dt.date(2024, 6, 1))
        assert not cite.known or cite.reference, name


def test_a_value_that_has_ended_does_not_fall_back_on_an_older_one(law: Law) -> None:
    inside, after = (law.on("one_off_ceiling", day) for day in
                     (dt.date(2027, 12, 31), dt.date(2028, 1, 1)))  # fmt: skip
    assert inside.known and not after.known and after.text == "未定"
    assert not law.in_year("small_profit_low_share", 2028).known
    assert not law.on("no-such-parameter", dt.date(2020, 1, 1)).known


def test_years_and_thresholds_are_read_as_written(law: Law) -> None:
    ceiling = law.on("one_off_ceiling", dt.date(2020, 1, 1))
    assert ceiling.reached_by(500_0000_00) and not ceiling.reached_by(500_0000_01)
    assert law.in_year("life_machine", 2020).years == 10
    assert law.in_year("equipment_credit_carry", 2020).years == 5


def test_a_rate_that_changes_within_a_year_is_split_by_month(law: Law) -> None:
    spans = law.months_of("research_rate", 2022)
    assert [(cite.value, months) for cite, months in spans] == [(Fraction(3, 4), 9), (1, 3)]
    assert [months for _, months in law.months_of("research_rate", 2021)] == [12]


def codes(*values: str) -> Cite:
    return Cite("示例", "示例", values, "", "", dt.date(2020, 1, 1))


@pytest.mark.parametrize(
    ("code", "found"),
    [("C3511", True), ("3511", True), ("C2762", True), ("C2711", False), ("C27", None),
     ("F51", False), ("C13", True), ("B06", False), ("", None), ("C", None)],
)  # fmt: skip
def test_industries_by_prefix_and_span(code: str, found: bool | None) -> None:
    assert listed(code, codes("276", "35", "13至14")) is found


@given(st.dictionaries(st.integers(2000, 2040), st.fractions(-(10**9), 10**9), max_size=12))
def test_rounding_by_running_total_loses_nothing(exact: dict[int, Fraction]) -> None:
    found = rounded_years(exact)
    assert sum(found.values()) == to_fen(sum(exact.values(), Fraction(0)))
    assert all(abs(found[year] - value) <= 1 for year, value in exact.items())


def test_halves_go_away_from_zero_and_worth_is_rounded_once() -> None:
    assert [to_fen(Fraction(n, 2)) for n in (1, -1, 3, -3)] == [1, -1, 2, -2]
    assert present_value({2020: 100, 2021: 100}, Fraction(1, 10), 2020) == 191
    assert present_value({2020: 1, 2021: 1}, Fraction(0), 2020) == 2
    assert minus({2020: 5}, {2021: 2}) == {2020: 5, 2021: -2}
