"""The part of the room under test makes itself known."""

from __future__ import annotations

import pytest

from jigai.projects.monthly import pages


@pytest.fixture(scope="package", autouse=True)
def _known() -> None:
    pages.register()
