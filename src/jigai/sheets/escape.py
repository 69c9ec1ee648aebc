"""Text that must never become a formula, here or after the file is saved as CSV."""

from __future__ import annotations

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST = 32_767


def harmless(text: str) -> str:
    """The text with an apostrophe in front when a spreadsheet would run it; cut at 32,767."""
    start = text.lstrip(" \u00a0\u3000")
    dangerous = text.startswith(_STARTERS) or start.startswith(_STARTERS)
    # A lone dash is how people write "nothing" and is no formula.
    guarded = (
        f"'{text}"
        if (dangerous and len(start.strip()) > 1) or (text[:1] in "\t\r" and text)
        else text
    )
    return guarded if len(guarded) <= _LONGEST else guarded[: _LONGEST - 1] + "…"
