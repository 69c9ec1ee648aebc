"""Rows that all tests of a module begin with, written once.

Around the module lies a transaction that is rolled back after its last test; the one that
pytest-django puts around each test becomes a savepoint in it, so a test still leaves nothing to
the next. Not for modules with ``own_database``, which closes the connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection, transaction

Unblock = Callable[[], AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def kept_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Unblock]:
    """What opens the database to a fixture of the same scope, for as long as it writes."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # durable blocks may stand in it
    with django_db_blocker.unblock():
        assert not connection.in_atomic_block, "asked for by a test that has already begun"
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
