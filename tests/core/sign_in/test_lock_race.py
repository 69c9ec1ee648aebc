"""Attempts at the same moment, with real commits."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connection

from jigai.core.sign_in.lock import Locked, clear, lock_key, take_attempt


def test_parallel_attempts_do_not_slip_through(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    """Twenty at once: counting before checking lets exactly five be tried."""
    with django_db_blocker.unblock():
        key = lock_key("nobody")
        outcomes: list[str] = []
        gate = threading.Barrier(20)

        def attempt() -> None:
            gate.wait()
            try:
                take_attempt(key)
                outcomes.append("tried")
            except Locked:
                outcomes.append("locked")
            finally:
                connection.close()

        threads = [threading.Thread(target=attempt) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        try:
            assert sorted(outcomes) == ["locked"] * 15 + ["tried"] * 5
        finally:
            # Nothing undoes a commit for us.
            clear(key)
            connection.close()
