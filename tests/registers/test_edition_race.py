"""Two editions registered at the same moment: the lock lets in one; without it both get in."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jigai.registers.models import Edition, Register

pytestmark = pytest.mark.system("tech-product-catalogs")
_FUNCTION = "SELECT prosrc, proname FROM pg_proc WHERE proname LIKE 'pgtrigger_editions_do_not%'"


@pytest.mark.parametrize("locked", [True, False])
def test_two_at_the_same_moment(own_database: str, locked: bool) -> None:
    register = Register.objects.create(code="race", name="名录", kind="catalogue")
    if not locked:
        _unlock()
    ready, errors = threading.Barrier(2), []

    def enter(code: str) -> None:
        try:
            with transaction.atomic():
                ready.wait(5)
                Edition.objects.create(
                    register=register, code=code, name=code, valid_from=dt.date(2022, 1, 1)
                )
                # Neither commits before the other has looked, unless it is made to wait.
                _wait(ready)
        except IntegrityError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=(code,)) for code in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Edition.objects.count(), len(errors)) == ((1, 1) if locked else (2, 0))


def _wait(ready: threading.Barrier) -> None:
    with suppress(threading.BrokenBarrierError):
        ready.wait(2)


def _unlock() -> None:
    """The same trigger without its lock."""
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)
        source, name = cursor.fetchone()
        start, end = source.index("PERFORM pg_advisory"), 0
        end = source.index(";", start) + 1
        body: Any = source[:start] + source[end:]
        cursor.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ {body} $$ "
                       "LANGUAGE plpgsql")  # fmt: skip
