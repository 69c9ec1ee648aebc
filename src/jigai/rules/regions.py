"""Whether a document covers a region: its own region, those below, or the members of a group."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jigai.rules.schema import Identity

GROUP = "group"


def covered_codes(
    identity: Identity, groups: Mapping[str, Collection[str]] | None = None
) -> tuple[str, ...]:
    """GB/T 2260 codes a document covers, with all below them; none for a document of the whole
    country. ``groups`` (id → member codes) stands before what the pack itself lists."""
    region = identity.region
    if region is None:
        return ()
    if groups is not None and region.code in groups:
        return tuple(groups[region.code])
    return tuple(region.members) or (region.code,)


def region_holding(identity: Identity) -> str:
    """The one region a document belongs to: its own, or the smallest that holds all members of its
    group (320000 for 苏南五市); empty for the whole country or more than one province."""
    codes = covered_codes(identity)
    if len(codes) == 1:
        return codes[0]
    for length in (4, 2):
        beginnings = {code[:length] for code in codes}
        if len(beginnings) == 1:
            return beginnings.pop().ljust(6, "0")
    return ""


def applies_to(
    identity: Identity, region_code: str, groups: Mapping[str, Collection[str]] | None = None
) -> bool:
    """Whether a document applies in a region (six-digit code, or a longer one below it).

    A document of a group applies in each member and below it, and not in the region that holds
    them all: 苏南五市 covers 320200 and 320282, neither 320300 nor 320000.
    """
    codes = covered_codes(identity, groups)
    return not codes or any(region_code.startswith(_prefix(code)) for code in codes)


def _prefix(code: str) -> str:
    """Digits all codes below share: 320000 → 32, 320100 → 3201, 370812 → itself."""
    short = code
    while len(short) > 2 and short.endswith("00"):
        short = short[:-2]
    return short
