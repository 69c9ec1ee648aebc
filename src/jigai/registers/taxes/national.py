"""The law as shipped with the platform."""

from __future__ import annotations

from functools import cache

from jigai.paths import packs_dir
from jigai.rules.loader import load_pack
from jigai.taxes.law import Law, law_of


@cache
def national_law() -> Law:
    """Every national parameter by date; loaded once."""
    return law_of(load_pack(packs_dir() / "national"))
