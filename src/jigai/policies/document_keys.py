"""How people and packs write a document's number, brought to one form."""

from __future__ import annotations

import re
import unicodedata

# 〔2018〕, [2018], （2018） and (2018) are the same year of the same number.
_MARKS = re.compile(r"[\s〔〕\[\]()（）【】《》“”\"'、，,.。·]")


def document_key(text: str) -> str:
    """``粤经信技改〔2018〕8号`` as ``粤经信技改2018|8号``; empty for nothing.

    The year keeps a bar before the number, so that 〔2018〕8号 and 〔201〕88号 stay apart.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = re.sub(r"[〕\])】]\s*(?=\d)", "|", plain)
    return _MARKS.sub("", plain)[:200]
