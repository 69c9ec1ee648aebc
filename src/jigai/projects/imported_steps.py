"""Steps of life that a ledger brings: written in bulk, taken back when the import is undone."""

from __future__ import annotations

from typing import Any

from jigai.core.models import ImportBatch


def write_steps(cursor: Any, stage: str, batch: ImportBatch) -> None:
    """A step for every stored project whose stage the staged table moves on."""
    cursor.execute(
        "INSERT INTO projects_projectstep "
        "(project_id, before, after, reason, duty, created_by_id, created_at) "
        "SELECT t.id, t.state, i.state, %s, '', %s, now() "
        f"FROM {stage} AS i JOIN projects_project AS t ON t.id = i.in_target "
        "WHERE NOT i.in_fresh AND i.state <> t.state ORDER BY t.id",
        [_reason(batch), batch.created_by_id],
    )


def take_back_steps(cursor: Any, batch: ImportBatch) -> None:
    """The opposite of every step the batch wrote; the undo itself restores the stage."""
    cursor.execute(
        "INSERT INTO projects_projectstep "
        "(project_id, before, after, reason, duty, takes_back_id, created_by_id, created_at) "
        "SELECT project_id, after, before, %s, '', id, %s, now() FROM projects_projectstep "
        "WHERE reason = %s ORDER BY id",
        [f"撤销{_reason(batch)}", batch.created_by_id, _reason(batch)],
    )


def _reason(batch: ImportBatch) -> str:
    return f"台账导入（批次 {batch.pk}）"
