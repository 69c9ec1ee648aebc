"""税收优惠目录: one record each, tied to packs and parameters; exclusive ones are compared."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.registers.models import EntrySpan
from jigai.registers.special.stored_tax import parameters_on, preferences_on
from jigai.registers.special.tax import (
    Known,
    compare_deduction,
    compare_holiday,
    exclusive_pairs,
)
from jigai.rules.loader import load_pack
from tests.registers.content.loaded import load

pytestmark = [pytest.mark.django_db, pytest.mark.system("tax-preference-catalog")]
DAY = dt.date(2021, 6, 1)


def known(name: str, value: Fraction | int | None) -> Known:
    return Known(name, name, None if value is None else Fraction(value), str(value), "示例")


def parameters(**changes: Fraction | int | None) -> dict[str, Known]:
    """Figures of this test only, so that nothing hidden in the code can take their place."""
    given: dict[str, Fraction | int | None] = {
        "income_tax_rate": Fraction(1, 5), "high_tech_tax_rate": Fraction(1, 10),
        "life_machine": 96,
        "short_life_floor": Fraction(1, 2), "one_off_ceiling": 1000_00, "eco_exempt_years": 2,
        "eco_half_years": 1, "eco_half_ratio": Fraction(1, 2), **changes,
    }  # fmt: skip
    return {name: known(name, value) for name, value in given.items()}


@pytest.fixture
def preferences() -> list[EntrySpan]:
    """What is in force on the day."""
    load("tax-preference-catalog")
    return preferences_on(DAY)


def test_deductions_save_the_same_in_all_and_differ_in_the_first_year() -> None:
    found = compare_deduction(800_00, 800_00, parameters())
    by_code = {option.code: option for option in found.options}
    assert [o.total for o in found.options] == [160_00] * 3
    assert by_code["plain"].years == (20_00,) * 8
    assert by_code["short-life"].years == (40_00,) * 4
    assert by_code["one-off"].years == (160_00,)
    assert found.better == "one-off"


def test_above_the_ceiling_the_second_best_is_chosen() -> None:
    at = compare_deduction(2000_00, 1000_00, parameters())
    above = compare_deduction(2000_00, 1000_01, parameters())
    assert (at.better, above.better) == ("one-off", "short-life")
    assert [o.refused for o in above.options if o.code == "one-off"] != [""]


def test_rounding_loses_no_fen() -> None:
    found = compare_deduction(
        1_00, 1_00, parameters(life_machine=36, income_tax_rate=Fraction(1, 3))
    )
    assert all(option.total == 33 for option in found.options)


def test_a_holiday_and_a_low_rate_do_not_add_up() -> None:
    found = compare_holiday((100_00, 100_00, 100_00, 100_00), parameters())
    holiday, low = found.options
    assert holiday.years == (20_00, 20_00, 10_00, 0)
    assert low.years == (10_00,) * 4
    assert found.better == "eco-holiday" and "不能叠加" in found.why
    late = compare_holiday((0, 0, 0, 500_00), parameters())
    assert late.better == "high-tech"


def test_equal_options_are_told_equal() -> None:
    assert compare_holiday((0, 0, 100_00), parameters()).better == ""


def test_a_parameter_nobody_set_stops_the_comparison() -> None:
    with pytest.raises(JigaiError, match="income_tax_rate"):
        compare_deduction(1_00, 1_00, parameters(income_tax_rate=None))
    with pytest.raises(JigaiError, match="没有填各年所得"):
        compare_holiday((0, -5), parameters())


def test_figures_come_from_the_national_parameters_of_the_day() -> None:
    early = compare_deduction(400_0000_00, 400_0000_00, parameters_on(dt.date(2017, 12, 31)))
    later = compare_deduction(400_0000_00, 400_0000_00, parameters_on(dt.date(2018, 1, 1)))
    assert (early.better, later.better) == ("short-life", "one-off")
    assert all(o.used and all(k.reference for k in o.used) for o in later.options)


def test_every_record_has_object_conditions_vouchers_and_reckoning(
    preferences: list[EntrySpan],
) -> None:
    assert len(preferences) == 11
    for span in preferences:
        assert all(span.values.get(k) for k in ("subject", "condition", "vouchers", "reckoning"))
        assert span.entry.source


def test_jiangsu_names_eight_and_luan_three(preferences: list[EntrySpan]) -> None:
    named = {m for span in preferences for m in span.values.get("measures") or ()}
    for slug, count in (("jiangsu-2015", 8), ("luan-2020", 3)):
        ids = {m.id for m in load_pack(packs_dir() / slug, packs_dir()).measures.measures}
        mine = {m.split("/")[1] for m in named if m.startswith(slug)}
        assert mine <= ids and len(mine) == count


def test_every_parameter_cited_exists(preferences: list[EntrySpan]) -> None:
    cited = {p for span in preferences for p in span.values.get("parameters") or ()}
    assert cited and cited <= set(parameters_on(DAY))


def test_exclusions_are_mutual_and_each_has_a_reason(preferences: list[EntrySpan]) -> None:
    rows = {s.values["code"]: tuple(s.values.get("excludes") or ()) for s in preferences}
    pairs = exclusive_pairs(rows)
    assert [(a, b) for a, b, _ in pairs] == [
        ("eco-holiday", "high-tech"),
        ("one-off", "short-life"),
    ]
    assert all(reason for _, _, reason in pairs)
    for span in preferences:
        both = {t.partition("：")[0] for t in span.values.get("excludes") or ()}
        assert not both & set(span.values.get("together") or ())


def test_an_exclusion_only_one_side_names_is_an_error() -> None:
    with pytest.raises(JigaiError, match="后者没有写"):
        exclusive_pairs({"a": ("b：理由",), "b": ()})
    with pytest.raises(JigaiError, match="不存在"):
        exclusive_pairs({"a": ("c：理由",)})


def test_a_preference_ends_with_its_last_day() -> None:
    load("tax-preference-catalog")
    codes = {
        day: {s.values["code"] for s in preferences_on(day)}
        for day in (dt.date(2027, 12, 31), dt.date(2028, 1, 1))
    }
    assert codes[dt.date(2027, 12, 31)] - codes[dt.date(2028, 1, 1)] == {
        "one-off",
        "digital-credit",
    }
