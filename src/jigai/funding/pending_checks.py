"""Checks that wait for the end of a transaction, made with each statement instead.

PostgreSQL keeps a list of them; every later trigger of the transaction pays for its length, so that
two large writes one after the other take ten times as long as each alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def checks_at_once() -> Iterator[None]:
    """Inside, foreign keys are checked with each statement; afterwards they wait again.

    Stands inside a transaction. Where an error ends that, or its part, the database itself goes
    back to what was before.
    """
    _check("IMMEDIATE")
    yield
    _check("DEFERRED")


def _check(when: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL {when}")
