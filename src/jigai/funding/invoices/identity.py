"""What makes a line of an invoice the same line, wherever and however often it was imported."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_TAX_CATEGORY = re.compile(r"^\s*\*[^*]*\*")
_NO_SIGN = re.compile(r"[\W_]+")
# Fully digital invoices have a number of twenty digits and no code of their own.
_DIGITAL = 20


def squeezed(text: str | None) -> str:
    """A text without spaces, punctuation, width, case: ``Ａ－1 型`` and ``a1型`` are the same."""
    return _NO_SIGN.sub("", unicodedata.normalize("NFKC", text or "")).casefold()


def paper_of(code: str | None, number: str | None, customs_no: str = "") -> str:
    """The paper itself: invoice code and number, else the customs document; empty without either.

    A number of twenty digits is unique by itself, whatever stands in the column of the code.
    """
    bare = squeezed(number)
    if bare:
        return bare if len(bare) == _DIGITAL else f"{squeezed(code)}-{bare}"
    customs = squeezed(customs_no)
    return f"customs-{customs}" if customs else ""


def identity_of(
    *, code: str | None, number: str | None, customs_no: str, item: str, spec: str | None,
    amount_fen: int | None,
) -> str:  # fmt: skip
    """The identity of a line (SHA-256 in hex) from paper, item, model and amount without tax.

    The item counts without its tax category (``*机床*``). Empty where the paper has no number or
    the amount is in doubt: such a line cannot be told from others and cannot be counted.
    """
    paper = paper_of(code, number, customs_no)
    if not paper or amount_fen is None:
        return ""
    bare = _TAX_CATEGORY.sub("", unicodedata.normalize("NFKC", item))
    parts = (paper, squeezed(bare), squeezed(spec), str(amount_fen))
    return hashlib.sha256("/".join(parts).encode()).hexdigest()
