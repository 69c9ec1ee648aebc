"""A database that commits, and a clerk in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from jigai.core.models import User
from tests.core.imports import kit


@pytest.fixture
def guards(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Tables that may not be emptied are guarded again once the test's rows are gone."""
    yield
    with django_db_blocker.unblock():
        kit.guard(True)


@pytest.fixture
def committed(guards: None, transactional_db: None) -> Iterator[None]:
    """Transactions end for real; everything is emptied afterwards."""
    yield
    kit.guard(False)


@pytest.fixture
def clerk(committed: None) -> User:
    """王经办 of the county."""
    return kit.clerk(name="王经办")
