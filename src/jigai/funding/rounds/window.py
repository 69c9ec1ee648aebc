"""Whether a round takes applications, by the clock of the database."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from jigai.errors import JigaiError
from jigai.funding.models import Round

# Shared: many may hand in at the same moment, and closing waits for them. The clock is read after
# the lock, so that whoever waited behind a closing is judged by the moment that counts.
_HELD = """
    SELECT state, opens_at, closes_at, clock_timestamp() FROM funding_round
    WHERE id = %s FOR SHARE
"""


def database_clock() -> dt.datetime:
    """The moment by the database, not that of the beginning of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def require_open(round_: Round, at: dt.datetime | None = None) -> dt.datetime:
    """The moment at which something is handed in, when the round takes it then.

    Called inside the transaction of the handing in; the round's row stays shared until it ends, so
    it cannot be closed meanwhile. ``at`` is for a moment fixed elsewhere. Raises
    :class:`JigaiError` ``round-not-open`` before the window, ``round-closed`` after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [round_.pk])
        state, opens, closes, clock = cursor.fetchone()
    moment: dt.datetime = at or clock
    if state == Round.State.DRAFT or (state == Round.State.OPEN and moment < opens):
        raise JigaiError("round-not-open", f"“{round_.name}”还没有开始", "到开始时间再提交")
    if state != Round.State.OPEN or moment >= closes:
        raise JigaiError(
            "round-closed", f"“{round_.name}”已经截止，这一份没有收下",
            "已填的内容还在；问主管部门有没有下一批次",
        )  # fmt: skip
    return moment
