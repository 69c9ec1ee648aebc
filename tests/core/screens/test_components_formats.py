"""Figures as people read them, against an oracle in Decimal that shares no code."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.core.screens import formats
from jigai.core.templatetags import house

FEN = st.integers(min_value=-(10**15), max_value=10**15)


def rounded(value: Decimal, places: str) -> Decimal:
    """Half away from zero, as Decimal does it; no negative zero."""
    return value.quantize(Decimal(places), rounding=ROUND_HALF_UP) + 0


@given(st.integers(min_value=1 - 10**15, max_value=10**15 - 1))
def test_yuan_is_exact(fen: int) -> None:
    assert formats.yuan(fen) == f"{rounded(Decimal(fen) / 100, '0.01'):,}"


@given(FEN)
def test_wan_rounds_half_away_from_zero(fen: int) -> None:
    assert formats.wan(fen) == f"{rounded(Decimal(fen) / 1_000_000, '0.01'):,}"


@given(st.integers(min_value=0, max_value=10**13))
def test_mu_keeps_up_to_four_decimals(area: int) -> None:
    shown = formats.mu(area)
    assert Decimal(shown.replace(",", "")) == rounded(Decimal(area) * 15 / 1_000_000, "0.0001")
    assert 2 <= len(shown.split(".")[1]) <= 4


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (0, "0.00"),
        (1, "0.00"),
        (5_000, "0.01"),
        (4_999, "0.00"),
        (-5_000, "-0.01"),
        (-1, "0.00"),
        # A split of 1,000,000.00 元: three parts, and a gap of one fen.
        (99_999_999, "100.00"),
        (123_456_789, "123.46"),
    ],
)
def test_wan_examples(fen: int, shown: str) -> None:
    assert formats.wan(fen) == shown


def test_yuan_examples() -> None:
    assert formats.yuan(123_456_789) == "1,234,567.89"
    assert formats.yuan(-5) == "-0.05"


def test_mu_examples() -> None:
    # 1 m² is 0.0015 亩; one 亩 is 666.67 m² by the common rounding.
    assert formats.mu(100) == "0.0015"
    assert formats.mu(66_667) == "1.00"
    assert formats.mu(1_000_000) == "15.00"
    assert formats.mu(66_667_000) == "1,000.005"


def test_dates_are_local_and_absent_ones_a_dash() -> None:
    late = dt.datetime(2024, 12, 31, 16, 30, tzinfo=dt.UTC)
    assert formats.day(late) == "2025-01-01"
    assert formats.moment(late) == "2025-01-01 00:30"
    assert formats.day(None) == formats.moment(None) == formats.month(None) == "—"
    assert formats.month((2024, 3)) == formats.month(dt.date(2024, 3, 9)) == "2024年3月"


@pytest.mark.parametrize(
    ("count", "shown"),
    [(None, "—"), (0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (52_428_800, "50.0 MB")],
)
def test_file_sizes(count: int | None, shown: str) -> None:
    assert formats.file_size(count) == shown


@pytest.mark.parametrize("fen", [10**15, 10**15 + 1, 3 * 10**15, -(10**15)])
def test_what_stands_for_no_limit_is_never_a_number(fen: int) -> None:
    """Bounds of pooled or undetermined amounts, and sums with such a bound in them."""
    assert formats.yuan(fen) == house.yuan(fen) == "不封顶"
    assert (house.yuan_unit(fen), house.yuan_unit(1), house.yuan_unit(None)) == ("", "元", "元")
    assert not any(letter.isdigit() for letter in formats.yuan(fen))
