"""The law as shipped, loaded once."""

from __future__ import annotations

import pytest

from jigai.paths import packs_dir
from jigai.rules.loader import load_pack
from jigai.taxes.law import Law, law_of


@pytest.fixture(scope="session")
def law() -> Law:
    """The national pack."""
    return law_of(load_pack(packs_dir() / "national"))
