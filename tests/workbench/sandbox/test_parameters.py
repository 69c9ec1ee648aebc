"""Parameters as levers: numbers, units, steps, and the typed text they make."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.errors import JigaiError
from jigai.rules.binding import Environment
from jigai.rules.environment import build_environment, read_value
from jigai.workbench.sandbox.parameters import (
    Lever,
    changed,
    decimal,
    lever_of,
    levers,
    others,
    typed,
)
from tests.rules.harness import model


def environment(**readings: str) -> Environment:
    m = model()
    return build_environment(m.pack, m.scope, year=2021, readings=readings)


def lever(name: str) -> Lever:
    return next(found for found in levers(model(), environment()) if found.id == name)


def test_every_lever_writes_what_the_document_reads() -> None:
    """The text of the present value means the same, one step on means one step more."""
    m, env = model(), environment()
    listed = list(levers(m, env))
    assert {"equipment_rate", "equipment_cap", "equipment_threshold", "general_quota",
            "consortium_rate", "lookback_period"} <= {found.id for found in listed}  # fmt: skip
    for found in listed:
        kind = m.parameters[found.id].kind
        assert found.value == env.parameters[found.id].value
        for steps in (0, 1, 7):
            value = found.value + steps * found.step * found.factor
            read, comparator, _family = read_value(kind, found.written(value))
            assert read == value and comparator == env.parameters[found.id].comparator


def test_tax_law_is_no_lever_of_a_subsidy() -> None:
    """Only what a measure reads; the rates of income tax move nothing here."""
    known = {found.id for found in levers(model(), environment())}
    assert not known & {"corporate_tax_rate", "vat_rate", "annual_budget", "district_codes"}


@pytest.mark.parametrize(
    ("name", "step", "word"),
    [
        ("equipment_rate", Fraction(1, 100), "0.01 个百分点"),
        ("uplift_points", Fraction(1, 100), "0.01 个百分点"),
        ("equipment_cap", Fraction(1), "1 万元"),
        ("general_quota", Fraction(1), "1"),
    ],
)
def test_steps_are_stated(name: str, step: Fraction, word: str) -> None:
    found = lever(name)
    assert (found.step, found.step_word) == (step, word)


def test_a_rate_is_searched_up_to_the_whole_in_hundredths_of_a_point() -> None:
    grid = lever("equipment_rate").grid()
    assert (grid.low, grid.high, grid.step) == (0, 1, Fraction(1, 10_000))


def test_a_slider_lies_on_the_steps() -> None:
    slider = lever("consortium_threshold").slider
    assert (slider["before"], slider["value"], slider["after"]) == ("超过", "500", "万元")
    assert Fraction(slider["max"]) % Fraction(slider["step"]) == 0


def test_what_has_no_number_is_no_lever() -> None:
    m = model()
    assert lever_of(m.parameters["district_codes"], "370812") is None
    assert lever_of(m.parameters["annual_budget"], "未定") is None
    left = {p.id for p in others(m, {found.id for found in levers(m, environment())})}
    assert {"district_codes", "annual_budget"} <= left and "corporate_tax_rate" not in left


@given(st.fractions(max_denominator=10**6))
def test_numbers_are_written_exactly(number: Fraction) -> None:
    assert Fraction(decimal(number)) == number


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("equipment_rate", " 4% ", "4%"),
        ("equipment_rate", "未定", None),
        ("equipment_threshold", "800万元", "800万元及以上"),
        ("equipment_threshold", "超过800万元", "超过800万元"),
        ("consortium_threshold", "900万元", "超过900万元"),
        ("district_codes", "370812、370811", "370812、370811"),
        ("general_quota", "2", "2"),
    ],
)
def test_what_is_typed_is_checked(name: str, text: str, wanted: str | None) -> None:
    """A threshold keeps the document's word for whether its own figure counts."""
    assert typed(model(), name, text) == wanted


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("equipment_rate", "三成", "读不懂"),
        ("equipment_rate", "500万元", "无量纲"),
        ("uplift_points", "1%", "不是一回事"),
        ("equipment_cap", "100亩", "面积"),
        ("lookback_start", "2018-01-01", "由公式得出"),
        ("nothing", "1", "不存在"),
    ],
)
def test_what_is_no_value_is_refused_with_the_way_out(name: str, text: str, said: str) -> None:
    with pytest.raises(JigaiError, match=said) as caught:
        typed(model(), name, text)
    assert caught.value.code == "bad-value" and caught.value.hint


def test_changes_are_told_in_words() -> None:
    words = changed(model(), environment(), {"equipment_rate": "4%", "equipment_cap": None})
    assert words == ["设备补助比例 3% → 4%", "设备补助上限 100万元 → 未定"]
