"""Names behind codes, remembered: lists and rosters ask for the same few again and again."""

from __future__ import annotations

from functools import lru_cache

from jigai.core.industries import industry
from jigai.core.screens.context import region_name

_REGIONS: dict[str, str] = {}


def region_word(code: str) -> str:
    """The name of a region; the code itself where it is not known (and that is not remembered)."""
    if code not in _REGIONS:
        found = region_name(code)
        if found == code:
            return code
        _REGIONS[code] = found
    return _REGIONS[code]


@lru_cache(maxsize=2048)
def industry_word(code: str) -> str:
    """The name of an industry with its code; the code itself where it is not known."""
    try:
        return f"{industry(code).name}（{code}）"
    except LookupError:
        return code
