"""Moves applications from state to state, and writes their course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.states import FOLLOWING, may_follow
from jigai.funding.awards.from_rounds import awards_follow
from jigai.funding.models import Application, ApplicationStep

State = Application.State
# The rows are locked in the order of their keys, so that two bulk deeds wait for each other.
_LOCK = """
    SELECT state, count(*), min(number) FROM (
      SELECT state, number FROM funding_application WHERE id = ANY(%s) ORDER BY id FOR UPDATE
    ) AS held GROUP BY state ORDER BY state
"""
_MOVE = """
    UPDATE funding_application SET state = %s, version = version + 1 WHERE id = ANY(%s)
"""
_STEPS = """
    INSERT INTO funding_applicationstep (application_id, state, text, data, by_id, at)
    SELECT id, state, %s, '{}'::jsonb, %s, now() FROM funding_application
    WHERE id = ANY(%s) ORDER BY id
"""


def move(
    *, application: Application, to: str, text: str, by: User | None,
    data: dict[str, Any] | None = None,
) -> ApplicationStep:  # fmt: skip
    """Take an application to another state with a line in its course.

    The caller holds the row's lock in its transaction. Raises :class:`JigaiError` for a state that
    does not follow.
    """
    if not may_follow(application.state, to):
        raise _wrong(application.number, application.state, to)
    application.state = to
    application.version += 1
    application.save(update_fields=["state", "version"])
    awards_follow([application.pk], to)
    return note(application=application, text=text, by=by, data=data)


def note(
    *, application: Application, text: str, by: User | None, data: dict[str, Any] | None = None
) -> ApplicationStep:
    """A line in the course of an application that leaves its state as it is."""
    return ApplicationStep.objects.create(
        application=application, state=application.state, text=text[:400], data=data or {}, by=by
    )


def move_many(*, applications: Sequence[int], to: str, text: str, by: User | None) -> int:
    """Take applications to another state, all of them or none; few statements however many.

    Their awards in the ledger follow. Locks the rows; runs in the caller's transaction. Returns how
    many there were. Raises :class:`JigaiError` naming the first that may not go there, or a row
    that is not there.
    """
    keys = sorted(set(applications))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [keys])
        found = cursor.fetchall()
        for state, _count, number in found:
            if not may_follow(state, to):
                raise _wrong(number, state, to)
        if sum(count for _state, count, _number in found) != len(keys):
            raise JigaiError("unknown-application", "有的申报已经不存在", "刷新名单后重新选择")
        cursor.execute(_MOVE, [to, keys])
        cursor.execute(_STEPS, [text[:400], by.pk if by else None, keys])
    awards_follow(keys, to)
    return len(keys)


def _wrong(number: str, before: str, after: str) -> JigaiError:
    allowed = "、".join(State(code).label for code in State.values if code in FOLLOWING[before])
    return JigaiError(
        "wrong-state",
        f"{number} 现在是“{State(before).label}”，不能改为“{State(after).label}”",
        f"此时可以：{allowed}" if allowed else "它已经办结",
    )
