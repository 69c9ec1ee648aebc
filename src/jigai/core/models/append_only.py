"""Triggers for tables that only grow."""

from __future__ import annotations

import pgtrigger

# The rows of the statement, for triggers that look at all of them at once.
NEW_ROWS = pgtrigger.Referencing(new="new_values")  # type: ignore[no-untyped-call]


def append_only(
    name: str, *, may_delete: bool = False, may_update: bool = False
) -> list[pgtrigger.Trigger]:
    """Forbid what would change or drop rows, emptying the whole table included."""
    operation = None
    for allowed, forbidden in ((may_update, pgtrigger.Update), (may_delete, pgtrigger.Delete)):
        if not allowed:
            operation = forbidden if operation is None else operation | forbidden
    triggers = [
        pgtrigger.Trigger(
            name=f"{name}_whole",
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            func="RAISE EXCEPTION 'rows of % stay', TG_TABLE_NAME;",
        )
    ]
    if operation is not None:
        triggers.append(pgtrigger.Protect(name=name, operation=operation))
    return triggers
