"""The project ledger as stored, in the records that facts and attachment work with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from jigai.core.access.scoping import region_prefix
from jigai.core.enterprise_register import Enterprise
from jigai.core.stored_register import live_or_then, stored_register
from jigai.projects.ledger import Project as Record
from jigai.projects.models import Project

# Columns that carry the name of the record's field, and those that do not.
_SAME = (
    "enterprise_raw", "match", "filing_no", "filing", "nature", "total_fen", "fixed_fen",
    "equipment_fen", "robot_fen", "software_fen", "hardware_fen", "start", "start_precision",
    "end", "end_precision", "in_statistics", "stage", "other_support",
)  # fmt: skip
_RENAMED = ("id", "name", "code", "enterprise_id", "cell_errors", "duplicate_of_id", "tags")

COLUMNS = (*_SAME, *_RENAMED)


def stored_projects(
    region_code: str,
    year: int,
    known_at: datetime | None = None,
    register: Mapping[int, Enterprise] | None = None,
) -> tuple[Record, ...]:
    """The projects of a region (and below) and year, repeated ones included and marked.

    ``row`` and ``duplicate_of_row`` are primary keys; ``register`` is the stored register by key,
    read when not given.
    """
    wanted = Q(region_code__startswith=region_prefix(region_code), ledger_years__contains=[year])
    known = keyed_register(region_code, year, known_at) if register is None else register
    rows = live_or_then(Project, wanted, known_at).values(*COLUMNS)
    return tuple(project_record(row, known) for row in rows.iterator())


def keyed_register(
    region_code: str, year: int, known_at: datetime | None = None
) -> dict[int, Enterprise]:
    """The stored register by primary key."""
    return {item.row: item for item in stored_register(region_code, year, known_at)}


def project_record(row: dict[str, Any], register: Mapping[int, Enterprise]) -> Record:
    enterprise = register.get(row["enterprise_id"])
    return Record(
        row=row["id"],
        project_name=row["name"],
        project_code=row["code"],
        enterprise_name=enterprise.name if enterprise else None,
        uscc=enterprise.uscc if enterprise else None,
        cell_errors=frozenset(row["cell_errors"]),
        tags=tuple(row["tags"]),
        duplicate_of_row=row["duplicate_of_id"],
        **{name: row[name] for name in _SAME},
    )
