"""One question to the database on a connection of its own, with a short limit.

The pool waits long for a connection, which is right for a person's request and wrong for a probe:
while the database is away, a few probes would hold every thread of the web service.
"""

from __future__ import annotations

from typing import Any

import psycopg

LIMIT = 3


def ask(statement: str) -> list[tuple[Any, ...]]:
    """The rows of a statement. Raises ``psycopg.Error`` after at most ``LIMIT`` seconds or so."""
    from procrastinate.contrib.django.utils import connector_params

    options = f"-c statement_timeout={LIMIT * 1000}"
    given = {**connector_params(), "connect_timeout": LIMIT, "options": options}
    with psycopg.connect(**given, autocommit=True) as session:
        return session.execute(statement).fetchall()  # type: ignore[call-overload,no-any-return]
