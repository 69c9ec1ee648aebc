"""The document most rounds are opened under, installed once a module."""

from __future__ import annotations

from typing import Any

import pytest

from tests.funding.making import make_pack

# Folders whose tests open rounds. Installing takes a third of a second, longer than most of them.
ROUNDS = (
    "applications", "decisions", "elsewhere", "invoices", "payments", "publicity", "recovery",
    "review", "rounds",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def kept_pack(request: Any) -> None:
    """The rows of the document, there for every test of a module that shares a database."""
    mine = [item for item in request.session.items if item.module is request.module]
    apart = any("own_database" in item.fixturenames for item in mine)
    if request.path.parent.name in ROUNDS and not apart:
        with request.getfixturevalue("kept_rows")():
            make_pack()
