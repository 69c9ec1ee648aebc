"""Credit codes, project codes, digit strings, names and enumerated values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.sheets.values.choices import make_choices, read_choice
from jigai.sheets.values.codes import (
    project_code_is_valid,
    read_digits,
    read_project_code,
    read_uscc,
    uscc_is_valid,
)
from jigai.sheets.values.names import canonical_name, read_name, read_text, read_title

GOOD = "91370812MAU37X547A"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]


def with_check(body: str) -> str:
    """The check character by the formula of GB 32100, apart from the library."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (GOOD, GOOD, ()),
        (GOOD.lower(), GOOD, ("A_USCC_FORMAT",)),
        ("9137 0812MA U37X547A", GOOD, ("A_USCC_FORMAT",)),
        ("\u200b" + GOOD, GOOD, ("A_USCC_FORMAT",)),
        ("９１３７０８１２ＭＡＵ３７Ｘ５４７Ａ", GOOD, ("A_USCC_FORMAT",)),
        ("9137O8I2MAU37X547A", GOOD, ("W_USCC_CONFUSABLE",)),
        ("91370812MAU37X5478", "91370812MAU37X5478", ("W_USCC_CHECK",)),
        ("370882228312679", None, ("W_USCC_OLD",)),
        (370882228312679, None, ("W_USCC_OLD",)),
        (9.137081200001832e17, None, ("E_USCC_PRECISION",)),
        ("9.13708E+17", None, ("E_USCC_PRECISION",)),
        ("—", None, ()),
        (None, None, ()),
        ("9137", "9137", ("W_USCC_CHECK",)),
    ],
)
def test_credit_codes(raw, value, codes) -> None:
    parsed = read_uscc(raw)
    assert (parsed.value, parsed.codes) == (value, codes)


@given(st.text(alphabet=ALPHABET, min_size=11, max_size=11))
def test_the_check_character_is_the_one_of_the_standard(tail: str) -> None:
    code = with_check("913708" + tail)
    known = uscc_is_valid(code)
    # The organisation code inside has a check character of its own; the library asks for it.
    assert read_uscc(code).value == code
    if known:
        other = code[:-1] + ("0" if code[-1] != "0" else "1")
        assert read_uscc(other).codes == ("W_USCC_CHECK",)


PROJECT = "2104-370812-07-02-513195"


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (PROJECT, PROJECT, ()),
        (PROJECT.replace("-", ""), PROJECT, ("A_CODE_FORMAT",)),
        ("２１０４－３７０８１２－０７－０２－５１３１９５", PROJECT, ("A_CODE_FORMAT",)),
        ("2104—370812—07—02—513195", PROJECT, ("A_CODE_FORMAT",)),
        ("2104-370812-07-02-513190", "2104-370812-07-02-513190", ("W_CODE_CHECK",)),
        (2.1043708120702513e19, None, ("E_CODE_PRECISION",)),
        ("2.10437E+19", None, ("E_CODE_PRECISION",)),
        ("办理中", None, ()),
        ("—", None, ()),
        ("GTT-2021-01", "GTT-2021-01", ()),
        ("gtt-2021-01", "GTT-2021-01", ("A_CODE_FORMAT",)),
    ],
)
def test_project_codes(raw, value, codes) -> None:
    parsed = read_project_code(raw)
    assert (parsed.value, parsed.codes) == (value, codes)


@given(st.integers(min_value=0, max_value=9), st.integers(min_value=0, max_value=19))
def test_one_wrong_digit_in_a_project_code_is_always_noticed(digit: int, place: int) -> None:
    digits = PROJECT.replace("-", "")
    changed = digits[:place] + str(digit) + digits[place + 1 :]
    assert project_code_is_valid(changed) == (changed == digits)


@pytest.mark.parametrize(
    ("raw", "widths", "value", "codes"),
    [
        ("00335934", (8, 20), "00335934", ()),
        (6789873, (8, 20), "06789873", ("A_INVNO_ZERO",)),
        (6789873.0, (8, 20), "06789873", ("A_INVNO_ZERO",)),
        ("631601", (8, 20), "00631601", ("A_INVNO_ZERO",)),
        (37002168284, (10, 12), "037002168284", ("A_INVNO_ZERO",)),
        (3700221584, (10, 12), "3700221584", ()),
        (2.1237e19, (8, 20), None, ("E_INVNO_PRECISION",)),
        (" 370812 ", (), "370812", ("A_TRIM",)),
        ("３７０８１２", (), "370812", ("A_FULLWIDTH",)),
    ],
)
def test_digit_strings(raw, widths, value, codes) -> None:
    parsed = read_digits(raw, widths)
    assert (parsed.value, parsed.codes) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "name", "codes"),
    [
        ("沅弈（兖州）轮胎有限公司", "沅弈（兖州）轮胎有限公司", ()),
        ("沅弈(兖州)轮胎有限公司", "沅弈（兖州）轮胎有限公司", ("A_NAME_FORMAT",)),
        ("\u3000兖州铎桓轮胎 有限公司\n", "兖州铎桓轮胎有限公司", ("A_NAME_FORMAT",)),
        ("ＡＢＢ（中国）有限公司", "ABB（中国）有限公司", ("A_NAME_FORMAT",)),
        ("—", None, ()),
        (None, None, ()),
    ],
)
def test_enterprise_names(raw, name, codes) -> None:
    parsed = read_name(raw)
    assert (parsed.value, parsed.codes) == (name, codes)


@given(st.text(max_size=30))
def test_a_canonical_name_is_stable(text: str) -> None:
    once = canonical_name(text)
    assert canonical_name(once) == once
    assert not any(sign.isspace() for sign in once)


def test_titles_lose_white_space_and_keep_everything_else() -> None:
    parsed = read_title("特种电缆生产\n线(二期)\u3000改造")
    assert (parsed.value, parsed.codes) == ("特种电缆生产线(二期)改造", ("A_TRIM",))
    assert read_text(" 有 空格 ").value == "有 空格"
    assert read_text("无").value is None


CHOICES = make_choices(
    {
        "A": {"name": "A", "synonyms": ["A类", "A级"]},
        "yes": {"name": "是", "synonyms": ["√", "Y"], "patterns": ["^(?!未).*入选"]},
        "no": {"name": "否", "synonyms": ["×", "-", "--"]},
    }
)


@pytest.mark.parametrize(
    ("raw", "blank", "value", "codes"),
    [
        ("A", "", "A", ()),
        ("a", "", "A", ("A_ENUM",)),
        ("Ａ", "", "A", ("A_ENUM",)),
        ("A ", "", "A", ("A_ENUM",)),
        ("A类", "", "A", ("A_ENUM",)),
        ("是", "", "yes", ()),
        ("√", "", "yes", ("A_ENUM",)),
        ("2021年入选", "", "yes", ("A_ENUM",)),
        ("未入选", "", None, ("E_ENUM_UNKNOWN",)),
        ("—", "", "no", ("A_ENUM",)),
        ("未参评", "", None, ()),
        (None, "", None, ()),
        (None, "no", "no", ()),
        ("E", "", None, ("E_ENUM_UNKNOWN",)),
    ],
)
def test_choices(raw, blank, value, codes) -> None:
    parsed = read_choice(raw, CHOICES, unknown=frozenset({"未参评"}), blank=blank)
    assert (parsed.value, parsed.codes) == (value, codes)
