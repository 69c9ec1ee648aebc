"""Where a complaint about repeated tests or a burden goes: the desk for it, else charge reports."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from jigai.core.access import Access
from jigai.registers.access import APPLY, VIEW

# By name, because the desk is of a room above this one and may be missing.
_PLACES = (
    ("complaint-new", "", "投诉举报"), ("charge-report-new", APPLY, "举报收费"),
    ("charge-check", VIEW, "收费检查与举报"),
)  # fmt: skip


def complaint_link(access: Access) -> tuple[str, str]:
    """Words and address of the first place that exists and is open to the person; else empty."""
    for name, capability, words in _PLACES:
        if capability and not access.can(capability):
            continue
        try:
            return words, reverse(name)
        except NoReverseMatch:
            continue
    return "", ""
