"""Reads what the form of a verb brought: days, numbers, people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from jigai.core.models import User
from jigai.errors import JigaiError


def a_day(value: Any, what: str) -> dt.date:
    """A date or its text (``2026-11-22``). Raises :class:`JigaiError` for anything else."""
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value or ""))
    except ValueError:
        raise JigaiError("bad-day", f"{what}不是日期", "写成 2026-01-31 这样") from None


def a_number(value: Any, what: str) -> int:
    """A whole number above zero. Raises :class:`JigaiError` for anything else."""
    try:
        found = int(str(value).strip())
    except ValueError:
        found = 0
    if found <= 0:
        raise JigaiError("bad-number", f"{what}应为大于零的整数", "写阿拉伯数字")
    return found


def a_person(value: Any) -> User:
    """An active account by id. Raises :class:`JigaiError` where there is none."""
    known = str(value or "").strip()
    found = User.objects.filter(pk=known, is_active=True).first() if known.isdigit() else None
    if found is None:
        raise JigaiError("no-such-person", "没有这个人，或账号已停用", "重新选择")
    return found


def some_people(values: Any) -> list[User]:
    """Active accounts by ids, each once; at least one."""
    listed = values if isinstance(values, Iterable) and not isinstance(values, str) else [values]
    found = {person.pk: person for person in (a_person(v) for v in listed if v not in ("", None))}
    if not found:
        raise JigaiError("no-people", "没有选择人员", "至少选择一人")
    return list(found.values())
