"""Which stored project every row of a ledger is: first within its year, then among earlier ones."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jigai.core.imports.pairing import Pass, pair_up
from jigai.core.imports.registry import Place
from jigai.projects.ledger import Project as Record
from jigai.projects.models import Project

_FIELDS = (
    "pk", "name", "code", "enterprise_id", "enterprise_raw", "state", "ledger_years", "end",
    "duplicate_of_id",
)  # fmt: skip


@dataclass(slots=True)
class Pairing:
    """Stored rows by row of the file (``None`` for a new one), and how many were not in it."""

    targets: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    absent: int = 0


def pair_with_stored(
    records: Sequence[Record], owners: Sequence[Hashable], place: Place
) -> Pairing:
    """Pair by owner, name and code, then by what is unique.

    A project of an earlier ledger is the same one by its code, or by owner and name where it was
    not finished before the year: yearly projects of one name are otherwise told apart.
    """
    stored = list(
        Project.objects.filter(region_code__startswith=place.prefix).order_by("pk").values(*_FIELDS)
    )
    found = pair_up(list(_passes(records, owners, stored, place.year)))
    paired = {at for at in found if at is not None}
    of_year = [at for at, row in enumerate(stored) if place.year in row["ledger_years"]]
    return Pairing(
        {
            record.row: None if at is None else stored[at]
            for record, at in zip(records, found, strict=True)
        },
        sum(at not in paired for at in of_year),
    )


def _passes(
    records: Sequence[Record],
    owners: Sequence[Hashable],
    stored: Sequence[dict[str, Any]],
    year: int,
) -> Iterator[Pass]:
    mine = [
        (owner, record.project_name, record.project_code)
        for owner, record in zip(owners, records, strict=True)
    ]
    theirs = [
        (row["enterprise_id"] or row["enterprise_raw"], row["name"], row["code"]) for row in stored
    ]
    now = [year in row["ledger_years"] for row in stored]
    earlier = [not here and row["duplicate_of_id"] is None
               for here, row in zip(now, stored, strict=True)]  # fmt: skip
    unfinished = [
        was and (row["end"] is None or row["end"] >= date(year, 1, 1))
        for was, row in zip(earlier, stored, strict=True)
    ]
    codes = [key[2] for key in mine]
    yield Pass(mine, _where(now, theirs))
    yield Pass(codes, _where(now, [key[2] for key in theirs]), only=True)
    yield Pass([key[:2] for key in mine], _where(now, [key[:2] for key in theirs]), only=True)
    coded = [(key[0], key[2]) if key[2] else None for key in mine]
    yield Pass(coded, _where(earlier, [(k[0], k[2]) if k[2] else None for k in theirs]), only=True)
    yield Pass(codes, _where(earlier, [key[2] for key in theirs]), only=True)
    yield Pass(
        [key[:2] for key in mine], _where(unfinished, [key[:2] for key in theirs]), only=True
    )


def _where(wanted: Sequence[bool], keys: Sequence[Any]) -> list[Any]:
    """Keys of the rows that take part, ``None`` for the others."""
    return [key if fits else None for fits, key in zip(wanted, keys, strict=True)]
