"""Amounts, areas and numbers in the forms that clerks use."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.sheets.values.amounts import read_money, yuan_text
from jigai.sheets.values.areas import mu_text, read_area
from jigai.sheets.values.counts import read_count, read_number, read_percent, read_serial

FEN = st.integers(min_value=0, max_value=99_999_999_999)


@pytest.mark.parametrize(
    ("raw", "unit", "fen", "codes"),
    [
        (1250, "万元", 1_250_000_000, ()),
        (0, "万元", 0, ()),
        ("0", "万元", 0, ("A_TEXT_NUMBER",)),
        ("1250", "万元", 1_250_000_000, ("A_TEXT_NUMBER",)),
        ("1,250.00", "万元", 1_250_000_000, ("A_THOUSANDS",)),
        ("1，250.00", "万元", 1_250_000_000, ("A_FULLWIDTH", "A_THOUSANDS")),
        ("１２５０", "万元", 1_250_000_000, ("A_FULLWIDTH",)),
        (" 1250\u00a0", "万元", 1_250_000_000, ("A_TRIM",)),
        ("1250万元", "元", 1_250_000_000, ("A_UNIT_IN_CELL",)),
        ("0.125亿元", "万元", 1_250_000_000, ("A_UNIT_IN_CELL",)),
        ("12500000元", "万元", 1_250_000_000, ("A_UNIT_IN_CELL",)),
        ("1250 千元", "万元", 125_000_000, ("A_UNIT_IN_CELL",)),
        ("¥1,250.00", "元", 125_000, ("A_THOUSANDS", "A_UNIT_IN_CELL")),
        ("￥1250元整", "元", 125_000, ("A_UNIT_IN_CELL",)),
        (247.50000000000176, "万元", 247_500_000, ("A_FLOAT_NOISE",)),
        ("1.25E+03", "元", 125_000, ("A_TEXT_NUMBER",)),
        (0.005, "元", 1, ("A_FLOAT_NOISE",)),
        (333.333333, "万元", 333_333_333, ()),
    ],
)
def test_readable_amounts(raw, unit, fen, codes) -> None:
    parsed = read_money(raw, unit)
    assert (parsed.value, parsed.codes) == (fen, codes)
    assert parsed.clean == yuan_text(fen)


@pytest.mark.parametrize("raw", ["—", "——", "-", "－", "–", "/", "无", " — ", "N/A"])
def test_dashes_are_missing_and_not_zero(raw) -> None:
    parsed = read_money(raw, "万元")
    assert (parsed.value, parsed.codes, parsed.clean) == (None, ("A_DASH_NULL",), "")


@pytest.mark.parametrize("raw", [None, "", " ", "\u3000", "\u200b"])
def test_blank_is_missing_without_a_finding(raw) -> None:
    assert read_money(raw, "元").codes == ()
    assert read_money(raw, "元").value is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("约3338", "E_AMOUNT_APPROX"),
        ("3000左右", "E_AMOUNT_APPROX"),
        ("近500万元", "E_AMOUNT_APPROX"),
        ("500多万", "E_AMOUNT_APPROX"),
        ("100~200", "E_AMOUNT_APPROX"),
        ("待定", "E_AMOUNT_INVALID"),
        ("1250..5", "E_AMOUNT_INVALID"),
        ("12,50", "E_AMOUNT_INVALID"),
        ("1,2500", "E_AMOUNT_INVALID"),
        ("1 250 美元", "E_AMOUNT_INVALID"),
        ("#REF!", "E_AMOUNT_INVALID"),
        ("--5", "E_AMOUNT_INVALID"),
        ("=1+1", "E_AMOUNT_INVALID"),
        ("12%", "E_AMOUNT_INVALID"),
        (True, "E_AMOUNT_INVALID"),
        (float("nan"), "E_AMOUNT_INVALID"),
        (-1488.46, "E_AMOUNT_NEGATIVE"),
        ("(1,488.46)", "E_AMOUNT_NEGATIVE"),
        ("¥-290,000.00", "E_AMOUNT_NEGATIVE"),
        (1_000_001, "E_UNIT_SUSPECT"),
        ("16,380,000", "E_UNIT_SUSPECT"),
    ],
)
def test_amounts_that_cannot_be_trusted_have_no_value(raw, code) -> None:
    parsed = read_money(raw, "万元")
    assert parsed.value is None
    assert parsed.codes[-1] == code
    assert parsed.failed


def test_a_million_in_wan_yuan_is_the_last_unsuspicious_figure() -> None:
    assert read_money(1_000_000, "万元").value == 10**12
    assert read_money(2_000_000, "元").value == 200_000_000
    assert read_money("16380000元", "万元").value == 1_638_000_000


def test_negative_amounts_are_kept_where_they_have_a_meaning() -> None:
    assert read_money("(1,488.46)", "元", negative_allowed=True).value == -148_846
    assert read_money("¥-290,000.00", "元", negative_allowed=True).value == -29_000_000


@given(FEN, st.sampled_from(["元", "万元", "亿元", "千元"]))
def test_what_is_written_in_any_unit_is_read_to_the_fen(fen: int, unit: str) -> None:
    scale = {"元": 100, "千元": 10**5, "万元": 10**6, "亿元": 10**10}[unit]
    text = f"{Decimal(fen) / scale:f}{unit}"
    assert read_money(text, "元").value == fen
    assert read_money(text, "万元").value == fen


@given(FEN)
def test_spelling_does_not_change_the_amount(fen: int) -> None:
    plain = yuan_text(fen)
    grouped = f"{Decimal(plain):,.2f}"
    wide = plain.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789."})
    readings = {read_money(text, "元").value for text in (plain, grouped, wide, f" {plain}\n")}
    assert readings == {fen}


@given(st.floats(min_value=0, max_value=999_999, allow_nan=False))
def test_floats_are_rounded_half_up_by_their_shortest_decimal(number: float) -> None:
    exact = (Decimal(repr(number)) * 100).quantize(Decimal(1), ROUND_HALF_UP)
    assert read_money(number, "元").value == exact


@given(st.text(max_size=20))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for read in (read_count, read_number, read_percent, read_serial):
        read(text)
    parsed = read_money(text, "万元")
    assert parsed.value is None or isinstance(parsed.value, int)
    area = read_area(text, "亩")
    assert area.failed <= (area.value is None)


@pytest.mark.parametrize("raw", ["9" * 30, "-" + "9" * 30, "1e25", 1e25, 10**40, "9" * 18, "1e99"])
def test_what_no_column_holds_is_said_in_so_many_words(raw: str | float) -> None:
    for parsed in (
        read_money(raw, "元", negative_allowed=True),
        read_area(str(raw).strip("-"), "亩"),
    ):
        assert parsed.value is None and parsed.codes[-1:] == ("E_TOO_LARGE",)


def test_the_largest_amount_that_is_held() -> None:
    most = yuan_text(2**63 - 1)
    assert read_money(most, "元").value == 2**63 - 1
    assert read_money(most[:-1] + "8", "元").codes == ("E_TOO_LARGE",)


@given(FEN)
def test_the_corrected_cell_reads_as_the_same_amount(fen: int) -> None:
    parsed = read_money(yuan_text(fen) + "元", "万元")
    again = read_money(parsed.cell, "万元")
    # A figure above the suspicion limit is only readable because its unit was written.
    assert again.value == fen or again.codes == ("E_UNIT_SUSPECT",)


@pytest.mark.parametrize(
    ("raw", "unit", "mu", "codes"),
    [
        (5.1353, "亩", "5.1353", ()),
        ("82154.75平方米", "亩", "123.2321", ("A_AREA_UNIT",)),
        ("13422㎡", "亩", "20.1330", ("A_AREA_UNIT",)),
        ("39.9128亩", "亩", "39.9128", ("A_UNIT_IN_CELL",)),
        (1, "平方米", "0.0015", ()),
        ("2公顷", "平方米", "30.0000", ("A_UNIT_IN_CELL",)),
        ("30亩", "平方米", "30.0000", ("A_AREA_UNIT",)),
        ("—", "亩", "", ("A_DASH_NULL",)),
        ("待核", "亩", "", ("E_AMOUNT_INVALID",)),
        ("-3", "亩", "", ("E_AMOUNT_NEGATIVE",)),
        ("3万元", "亩", "", ("E_AMOUNT_INVALID",)),
    ],
)
def test_areas(raw, unit, mu, codes) -> None:
    parsed = read_area(raw, unit)
    assert (parsed.clean, parsed.codes) == (mu, codes)


@given(st.integers(min_value=0, max_value=10**9))
def test_mu_with_four_decimals_survives_square_metres(ten_thousandths: int) -> None:
    mu = Decimal(ten_thousandths).scaleb(-4)
    assert mu_text(read_area(f"{mu}亩", "平方米").value) == f"{mu:.4f}"


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (120, 120, ()),
        ("120人", 120, ("A_UNIT_IN_CELL",)),
        ("约136", None, ("E_AMOUNT_APPROX",)),
        (12.5, None, ("E_AMOUNT_INVALID",)),
        (-3, None, ("E_AMOUNT_NEGATIVE",)),
        ("3万元", None, ("E_AMOUNT_INVALID",)),
    ],
)
def test_counts(raw, value, codes) -> None:
    parsed = read_count(raw)
    assert (parsed.value, parsed.codes) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "rate"),
    [(0.13, 13), ("13%", 13), (13, 13), ("9％", 9), ("免税", 0), (0, 0), ("1.5%", Decimal("1.5"))],
)
def test_rates(raw, rate) -> None:
    assert read_percent(raw).value == rate


@pytest.mark.parametrize(("raw", "serial"), [(4.0, 4), ("4", 4), ("一、", None), (1.5, None)])
def test_serials(raw, serial) -> None:
    assert read_serial(raw).value == serial
