"""Credit codes, project codes and digit strings such as invoice numbers."""

from __future__ import annotations

import re
from functools import lru_cache

from stdnum.cn import uscc as gb32100
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from jigai.sheets.text import (
    Scalar,
    cell_text,
    half_width,
    is_blank,
    is_placeholder,
    plain_dashes,
    squeeze,
    trim,
)
from jigai.sheets.values.result import Parsed, missing

# GB 32100 leaves out I, O, S, V and Z because they are taken for digits or other letters.
_CONFUSABLE = str.maketrans("IOSZ", "1052")
_USCC_SHAPE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}")
_LEGACY = re.compile(r"\d{15}")
_PROJECT_DIGITS = re.compile(r"(\d{4})(\d{6})(\d{2})(\d{2})(\d{6})")
_SCIENTIFIC = re.compile(r"\d\.\d+E\+\d+")
# A number keeps fifteen digits; every digit beyond is gone.
_EXACT_DIGITS = 15


# Asked when a cell is read and again when its record is made.
@lru_cache(maxsize=65_536)
def uscc_is_valid(code: str) -> bool:
    """Whether a code has 18 characters and its check character (GB 32100-2015) agrees."""
    try:
        return bool(gb32100.validate(code) == code)
    except ValidationError:
        return False


def read_uscc(raw: Scalar) -> Parsed:
    """Read a unified social credit code.

    A failing check character is kept with a warning; a 15-digit legacy number and a number that
    lost its last digits give no value.
    """
    if is_blank(raw) or (isinstance(raw, str) and is_placeholder(raw)):
        return missing()
    if not isinstance(raw, str):
        return _uscc_from_number(raw)
    code = plain_dashes(half_width(squeeze(raw))).replace("-", "").upper()
    codes = ["A_USCC_FORMAT"] if code != raw else []
    if _LEGACY.fullmatch(code):
        return missing(*codes, "W_USCC_OLD")
    if _SCIENTIFIC.fullmatch(code):
        return missing("E_USCC_PRECISION")
    swapped = code.translate(_CONFUSABLE)
    if swapped != code and len(code) == 18 and (uscc_is_valid(swapped) or _only_io(code, swapped)):
        codes = ["W_USCC_CONFUSABLE"]
        code = swapped
    if not uscc_is_valid(code):
        codes.append("W_USCC_CHECK")
    return Parsed(code, tuple(codes), code, code, "@")


def _only_io(code: str, swapped: str) -> bool:
    return code.replace("I", "1").replace("O", "0") == swapped and bool(
        _USCC_SHAPE.fullmatch(swapped)
    )


def _uscc_from_number(raw: Scalar) -> Parsed:
    digits = cell_text(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool) and _LEGACY.fullmatch(digits):
        return missing("W_USCC_OLD")
    return missing("E_USCC_PRECISION")


def project_code_is_valid(code: str) -> bool:
    """Whether the check digit of a project code agrees (ISO 7064 MOD 11,10, a good guess only)."""
    return bool(mod_11_10.is_valid(code.replace("-", "")))


def read_project_code(raw: Scalar) -> Parsed:
    """Read an investment project code (``yymm-region-xx-xx-nnnnnn``); other text is kept as is.

    Words such as 办理中 give no value; other identifiers (of consortia, say) come back unchanged.
    """
    if is_blank(raw) or (isinstance(raw, str) and is_placeholder(raw)):
        return missing()
    if not isinstance(raw, str):
        whole = isinstance(raw, int | float) and len(cell_text(raw)) <= _EXACT_DIGITS
        return (
            Parsed(cell_text(raw), (), cell_text(raw), cell_text(raw), "@")
            if whole
            else missing("E_CODE_PRECISION")
        )
    text = plain_dashes(half_width(squeeze(raw))).upper()
    if _SCIENTIFIC.fullmatch(text):
        return missing("E_CODE_PRECISION")
    digits = _PROJECT_DIGITS.fullmatch(text.replace("-", ""))
    if digits is None:
        # An identifier has a digit; 办理中, 未赋码 and the like have none.
        if not re.search(r"\d", text):
            return missing()
        return Parsed(text, ("A_CODE_FORMAT",) if text != raw else (), text, text, "@")
    code = "-".join(digits.groups())
    codes = ["A_CODE_FORMAT"] if code != raw else []
    if not project_code_is_valid(code):
        codes.append("W_CODE_CHECK")
    return Parsed(code, tuple(codes), code, code, "@")


def read_digits(raw: Scalar, widths: tuple[int, ...] = ()) -> Parsed:
    """Read a string of digits; leading zeros lost by a numeric cell are put back.

    ``widths`` are the lengths that occur, shortest first; none means: leave the length alone.
    """
    if is_blank(raw) or (isinstance(raw, str) and is_placeholder(raw)):
        return missing()
    if isinstance(raw, int | float) and abs(raw) >= 10**_EXACT_DIGITS:
        return missing("E_INVNO_PRECISION")
    text = half_width(squeeze(cell_text(raw)))
    width = next((width for width in widths if width >= len(text)), len(text))
    padded = text.zfill(width) if text.isdigit() else text
    codes = ("A_INVNO_ZERO",) if padded != text else ()
    if isinstance(raw, str) and not codes and text != raw:
        codes = ("A_TRIM",) if text == trim(raw) else ("A_FULLWIDTH",)
    return Parsed(padded, codes, padded, padded, "@")
