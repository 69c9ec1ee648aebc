"""The ledger of systems the documents call for: what works today, and which items ask for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from jigai.paths import systems_file
from jigai.yaml_files import read_yaml

STATUSES = {"working": "可用", "partial": "部分可用", "planned": "未建"}


@dataclass(frozen=True, slots=True)
class SystemRow:
    """One row of the ledger."""

    id: str
    name: str
    family: str
    status: str
    where: str
    missing: str = ""
    asked: int = 0
    test: str = field(default="", repr=False)


@lru_cache(maxsize=1)
def _rows() -> tuple[SystemRow, ...]:
    data = read_yaml(systems_file())
    return tuple(
        SystemRow(
            row["id"], row["name"], row["family"], row["status"], row["where"] or "",
            row.get("missing", ""), 0, row["test"] or "",
        )
        for row in data["systems"]
    )  # fmt: skip


def system_rows(asked: Mapping[str, int]) -> list[SystemRow]:
    """Every system with how many items of the documents ask for it."""
    return [
        SystemRow(r.id, r.name, r.family, r.status, r.where, r.missing, asked.get(r.id, 0), r.test)
        for r in _rows()
    ]


def status_counts() -> list[tuple[str, str, int]]:
    """How many systems stand where: code, word, count."""
    counts = Counter(row.status for row in _rows())
    return [(code, word, counts[code]) for code, word in STATUSES.items()]
