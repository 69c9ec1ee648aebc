"""Loads content files by code, as the platform does when it starts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jigai.registers.models import Register
from jigai.registers.services.load_content import FOLDER, load_file


def load(*codes: str) -> list[Register]:
    """The registers of these codes, loaded from the files that ship."""
    return [load_file(FOLDER / f"{code}.yaml") for code in codes]


@pytest.fixture
def loaded() -> Iterator[object]:
    """The loader, for tests that choose their registers."""
    yield load
