"""Fields of the tax questions: blank is unknown, zero is zero, amounts are exact."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError

from jigai.registers.taxes.fields import (
    FenField,
    RateField,
    TellField,
    YearField,
    YearsField,
    by_year,
    read_fen,
)
from jigai.registers.taxes.sheet import Table, bars, maybe, money, worth

pytestmark = pytest.mark.system("tax-navigator")


@pytest.mark.parametrize(
    ("text", "fen"),
    [("5万元", 5_0000_00), ("1200", 1200_00), ("1,200.05", 1200_05), ("0", 0), ("1亿元", 10**10)],
)
def test_amounts(text: str, fen: int) -> None:
    assert read_fen(text) == fen


@pytest.mark.parametrize(
    "text", ["很多", "5%", "5亩", "-3元", "0.001元", "5万元以上", "999999亿元"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_fen(text)


def test_blank_is_not_zero() -> None:
    assert FenField(required=False).clean("") is None
    assert FenField(required=False).clean("0") == 0
    assert FenField(required=False, negative=True).clean("-5万元") == -5_0000_00
    assert RateField(required=False).clean("") is None
    assert RateField(required=False).clean("0") == 0
    assert [TellField().clean(text) for text in ("", "yes", "no")] == [None, True, False]
    assert YearField().clean("") is None


def test_rates_are_exact() -> None:
    assert RateField().clean("12.5%") == Fraction(1, 8)
    assert RateField().clean("13％") == Fraction(13, 100)
    for text in ("-1%", "101", "x", "1/0", "0.00000001"):
        with pytest.raises(ValidationError):
            RateField().clean(text)


def test_years_keep_their_place() -> None:
    found = YearsField().clean("100万元、未知、-20万元、0")
    assert found == (100_0000_00, None, -20_0000_00, 0)
    assert by_year(2020, found) == {2020: 100_0000_00, 2022: -20_0000_00, 2023: 0}
    assert YearsField().clean("") == ()
    with pytest.raises(ValidationError, match="最多"):
        YearsField().clean("、".join(["1元"] * 31))
    with pytest.raises(ValidationError):
        YearsField(negative=False).clean("-1元")


def test_texts_of_amounts() -> None:
    assert (money(None), money(0), maybe(None), worth(None)) == ("未知", "0.00", "—", "未知")
    assert worth(123_45) == "123.45 元"


def test_tables_and_drawings_carry_the_same_figures() -> None:
    table = Table("示例", ("年度", "额"), (("2020", "1.00"),), ("合计", "1.00"))
    assert table.head == [("年度", False), ("额", True)]
    assert table.body == [[("2020", False), ("1.00", True)]] and table.last[1] == ("1.00", True)
    drawn = bars("示例", "说明", [2020, 2021], {"甲": [1_0000_00, None]})
    assert drawn.rows == (("2020", "1.00"), ("2021", "—"))
    assert drawn.option["series"][0]["data"] == [1.0, None]
