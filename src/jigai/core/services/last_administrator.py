"""Somebody must always be able to manage the platform."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Q

from jigai.core.access.duties import in_force
from jigai.core.models.access import Assignment
from jigai.errors import JigaiError

_LOCK = 7_031_002


def administrators() -> Q:
    """The condition on duties that manage every account and role, without an end."""
    return in_force() & Q(
        valid_to__isnull=True,
        scope=Assignment.Scope.ALL,
        role__capabilities__contains=["person.manage", "role.manage"],
        user__is_active=True,
    )


@contextmanager
def keeping_an_administrator() -> Iterator[None]:
    """Around a change inside its transaction: undoes it where it takes the last one away.

    Raises ``JigaiError``. The lock makes two such changes wait for each other, or each could take
    away one of the last two.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    had_one = Assignment.objects.filter(administrators()).exists()
    yield
    if had_one and not Assignment.objects.filter(administrators()).exists():
        raise JigaiError(
            "last-administrator",
            "这样平台就没有可用的管理员了",
            "请先把平台管理员（全部范围、不设止日）授予另一位启用中的人员",
        )
