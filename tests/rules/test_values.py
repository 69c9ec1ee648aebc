"""Values as people write them: exact, with unit and comparison, or refused with a reason."""

from __future__ import annotations

import datetime as dt
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.rules.errors import FormulaError
from jigai.rules.units import AREA, ENERGY, MONEY, dimension_name, multiply, unit
from jigai.rules.values import COMPARATORS, parse_date, parse_quantity

# unit as written → how many base units (fen, 0.01 m², gce …) one of it is
FACTORS = {
    "": (Fraction(1), ()),
    "分": (Fraction(1), MONEY),
    "元": (Fraction(100), MONEY),
    "万元": (Fraction(1_000_000), MONEY),
    "亿元": (Fraction(10_000_000_000), MONEY),
    "平方米": (Fraction(100), AREA),
    "亩": (Fraction(200_000, 3), AREA),
    "公顷": (Fraction(1_000_000), AREA),
    "吨标准煤": (Fraction(1_000_000), ENERGY),
    "%": (Fraction(1, 100), ()),
    "‰": (Fraction(1, 1000), ()),
    "百分点": (Fraction(1, 100), ()),
    "人": (Fraction(1), (("person", 1),)),
    "天": (Fraction(1), (("day", 1),)),
    "月": (Fraction(1), (("month", 1),)),
    "年": (Fraction(12), (("month", 1),)),
}
numbers = st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 6))
UNITS = st.sampled_from(sorted(FACTORS))
WORDS = st.sampled_from(sorted(COMPARATORS))


def written(number: tuple[int, int]) -> str:
    """A decimal with so many places, as a person writes it."""
    digits, places = number
    text = str(abs(digits)).rjust(places + 1, "0")
    text = f"{text[:-places]}.{text[-places:]}" if places else text
    return ("-" if digits < 0 else "") + text


@given(numbers, UNITS)
def test_a_quantity_is_read_exactly(number: tuple[int, int], name: str) -> None:
    factor, dimension = FACTORS[name]
    quantity = parse_quantity(written(number) + name)
    assert quantity.value == Fraction(number[0], 10 ** number[1]) * factor
    assert isinstance(quantity.value, Fraction)
    assert quantity.dimension == dimension
    assert quantity.comparator is None
    assert quantity.points == (name == "百分点")


@given(numbers, UNITS)
def test_what_was_written_is_kept_and_reads_the_same_again(
    number: tuple[int, int], name: str
) -> None:
    text = written(number) + name
    quantity = parse_quantity(text)
    assert quantity.text == text
    assert parse_quantity(quantity.text) == quantity


@given(st.integers(0, 10**12), UNITS, WORDS)
def test_the_word_of_comparison_may_stand_before_or_after(
    number: int, name: str, word: str
) -> None:
    before, after = parse_quantity(f"{word}{number}{name}"), parse_quantity(f"{number}{name}{word}")
    for quantity in (before, after):
        assert (quantity.comparator, quantity.family) == COMPARATORS[word]
        assert quantity.value == number * FACTORS[name][0]


@given(st.integers(0, 10**9), UNITS, st.booleans())
def test_full_width_and_spaces_change_nothing(number: int, name: str, thousands: bool) -> None:
    plain = f"{number:,}" if thousands else str(number)
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in plain + name)
    assert unicodedata.normalize("NFKC", wide) == plain + name
    one, two = parse_quantity(plain + name), parse_quantity(f" {wide} ")
    assert (one.value, one.dimension) == (two.value, two.dimension)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_fraction_stays_a_fraction(top: int, bottom: int) -> None:
    assert parse_quantity(f"{top}/{bottom}").value == Fraction(top, bottom)


@given(st.text(max_size=12) | st.text("0123456789.,/-%元万亿亩个左右以上下及超过满", max_size=12))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        quantity = parse_quantity(text)
    except FormulaError as error:
        assert error.code in ("bad-quantity", "unknown-unit")
        assert error.message and error.fix
    else:
        assert isinstance(quantity.value, Fraction)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad-quantity"),
        ("五百万元", "bad-quantity"),
        ("超过500万元以上", "bad-quantity"),
        ("1/0", "bad-quantity"),
        ("1,0", "bad-quantity"),
        ("1e3", "bad-quantity"),
        ("500美元", "unknown-unit"),
        ("500万", "unknown-unit"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_quantity(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "value", "about", "comparator"),
    [
        ("30个左右", 30, True, None),
        ("1个百分点", Fraction(1, 100), False, None),
        ("3个月", 3, False, None),
        ("500万元及以上", 500_000_000, False, ">="),
        ("超过500万元", 500_000_000, False, ">"),
        ("不足15%", Fraction(15, 100), False, "<"),
        ("10万元/亩", 150, False, None),
        ("一半以上", Fraction(1, 2), False, ">="),
        ("超过一半", Fraction(1, 2), False, ">"),
        ("过半数", Fraction(1, 2), False, ">"),
        ("不足半数", Fraction(1, 2), False, "<"),
    ],
)
def test_how_documents_write_it(
    text: str, value: Fraction | int, about: bool, comparator: str | None
) -> None:
    quantity = parse_quantity(text)
    assert (quantity.value, quantity.about, quantity.comparator) == (value, about, comparator)


def test_fifteen_mu_are_a_hectare() -> None:
    assert 15 * parse_quantity("1亩").value == parse_quantity("1公顷").value


@given(UNITS, UNITS)
def test_multiplying_and_dividing_dimensions_cancel(one: str, two: str) -> None:
    left, right = FACTORS[one][1], FACTORS[two][1]
    assert multiply(multiply(left, right), right, -1) == left
    assert multiply(left, left, -1) == ()


def test_dimensions_have_names_for_messages() -> None:
    names = [dimension_name(unit(text)[1]) for text in ("元", "元/亩", "元*元", "人")]
    assert names == ["元", "元/面积", "元^2", "人"]
    assert dimension_name(()) == "无量纲"
    assert dimension_name(multiply((), MONEY, -1)) == "1/元"


@given(st.dates())
def test_a_date_is_read_and_written_the_same(day: dt.date) -> None:
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize("text", ["2021-02-29", "2021/1/1", "2021年1月1日", ""])
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_date(text)
    assert caught.value.code == "bad-date"
