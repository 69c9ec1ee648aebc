"""Check codes: what they are made of, how many there are, and what people make of them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.core.documents.codes import SIGNS, new_code, read_code


def test_a_code_has_eighty_bits_of_signs_that_do_not_look_alike() -> None:
    assert len(SIGNS) == len(set(SIGNS)) == 32
    assert not set(SIGNS) & set("01IOio")
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(rf"[{SIGNS}]{{4}}(-[{SIGNS}]{{4}}){{3}}", code) for code in codes)


def test_every_sign_comes_at_every_place() -> None:
    codes = [new_code().replace("-", "") for _ in range(1500)]
    assert all({code[place] for code in codes} == set(SIGNS) for place in range(16))
    assert all(first[:8] != second[:8] for first, second in pairwise(codes))


@pytest.mark.parametrize(
    "typed",
    [
        "7KQM-2XAB-PR9T-HC4Z", "7kqm2xabpr9thc4z", " 7KQM 2XAB PR9T HC4Z\n", "7KQM—2XAB–PR9T‐HC4Z",
        "７ＫＱＭ－２ＸＡＢ－ＰＲ９Ｔ－ＨＣ４Ｚ", "7KQM_2XAB.PR9T·HC4Z",
    ],
)  # fmt: skip
def test_what_people_type_is_read(typed: str) -> None:
    assert read_code(typed) == "7KQM-2XAB-PR9T-HC4Z"


@pytest.mark.parametrize(
    "typed",
    ["", "7KQM-2XAB-PR9T-HC4", "7KQM-2XAB-PR9T-HC4ZZ", "0KQM-2XAB-PR9T-HC4Z", "查验码", "A" * 5000,
     "7KQM-2XAB-PR9T-HC4Z\x00", "7KQM2XABPR9THC4ı"],
)  # fmt: skip
def test_anything_else_is_not(typed: str) -> None:
    assert read_code(typed) == ""


@settings(max_examples=60)
@given(st.text(max_size=120))
def test_no_text_breaks_the_reading(typed: str) -> None:
    code = read_code(typed)
    assert code == "" or read_code(code) == code


def test_reading_a_code_gives_it_back() -> None:
    code = new_code()
    assert read_code(code) == read_code(code.lower().replace("-", "")) == code
