"""Names of enterprises and projects, and free text."""

from __future__ import annotations

from jigai.sheets.text import (
    Scalar,
    cell_text,
    half_width,
    has_full_width,
    is_blank,
    is_placeholder,
    plain_dashes,
    squeeze,
    trim,
)
from jigai.sheets.values.result import Parsed, missing

_TO_FULL_BRACKETS = str.maketrans("()[]〔〕【】", "（）（）（）（）")


def canonical_name(text: str) -> str:
    """An enterprise name without white space, with full-width brackets and plain letters."""
    plain = squeeze(text)
    if has_full_width(plain.translate(str.maketrans("", "", "（），、"))):
        plain = half_width(plain)
    return plain.translate(_TO_FULL_BRACKETS)


def read_name(raw: Scalar) -> Parsed:
    """Read an enterprise name; ``A_NAME_FORMAT`` when spaces or brackets had to change."""
    if is_blank(raw) or (isinstance(raw, str) and is_placeholder(raw)):
        return missing()
    text = cell_text(raw)
    name = canonical_name(text)
    return Parsed(name, ("A_NAME_FORMAT",) if name != text else (), name, name)


def read_title(raw: Scalar) -> Parsed:
    """Read a project or item name: white space inside and around is removed, nothing else."""
    if is_blank(raw) or (isinstance(raw, str) and is_placeholder(raw)):
        return missing()
    text = cell_text(raw)
    title = squeeze(text)
    return Parsed(title, ("A_TRIM",) if title != text else (), title, title)


def read_text(raw: Scalar) -> Parsed:
    """Read free text; dashes and 无 mean that there is nothing to say."""
    if is_blank(raw) or (isinstance(raw, str) and is_placeholder(raw)):
        return missing()
    text = trim(cell_text(raw))
    return Parsed(text, (), text, text)


def label(text: str) -> str:
    """A heading for comparison: plain, without white space and without required-field marks."""
    plain = plain_dashes(half_width(squeeze(text))).lower().strip("*#:")
    for lead in ("其中:", "其中"):
        plain = plain.removeprefix(lead)
    return plain
