"""Filing numbers (备案、核准): what the cell says about whether a project is filed."""

from __future__ import annotations

_NOT_FILED = frozenset({"未备案", "办理中", "无备案", "未办理", "正在办理", "待办理", "尚未备案"})


def filing_state(number: str | None) -> str:
    """``yes``, ``none`` (未备案, 办理中 …) or ``unknown`` from the cell of a filing number."""
    if number is None:
        return "unknown"
    return "none" if number in _NOT_FILED else "yes"
