"""Two results beside one another: who gains, who loses, and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jigai.workbench.sandbox.result_rows import who

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One enterprise under two scenarios, amounts in fen; ``why`` where it gets nothing now."""

    name: str
    grade: str
    size: str
    before: int
    after: int
    why: str

    @property
    def difference(self) -> int:
        """After less before."""
        return self.after - self.before

    @property
    def kind(self) -> str:
        """new, gone, more, less or same."""
        if not self.before:
            return "new" if self.after else "same"
        if not self.after:
            return "gone"
        return "more" if self.difference > 0 else "less" if self.difference else "same"


KINDS = {"new": "新得", "more": "增加", "less": "减少", "gone": "不再得"}


def changes(before: Iterable[Row], after: Iterable[Row]) -> list[Change]:
    """Every enterprise whose amount differs, the greatest difference first."""
    old, new = _gathered(before), _gathered(after)
    found = []
    for key in {**old, **new}:
        one, other = old.get(key), new.get(key)
        row = other or one
        assert row is not None
        change = Change(
            row["name"], row["grade"], row["size"], one["fen"] if one else 0,
            other["fen"] if other else 0, other["why"] if other and not other["fen"] else "",
        )  # fmt: skip
        if change.difference:
            found.append(change)
    return sorted(found, key=lambda c: (-abs(c.difference), c.name))


def _gathered(rows: Iterable[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        one = found.setdefault(
            who(row),
            {"name": row["enterprise"], "grade": row["grade"], "size": row["size"], "fen": 0,
             "why": ""},
        )  # fmt: skip
        one["fen"] += row["given"]
        if not row["given"] and row["why"] and not one["why"]:
            one["why"] = row["why"][0]
    return found


def tally(listed: list[Change]) -> dict[str, dict[str, int]]:
    """Heads and fen by kind of change."""
    return {
        kind: {
            "heads": sum(c.kind == kind for c in listed),
            "fen": sum(c.difference for c in listed if c.kind == kind),
        }
        for kind in KINDS
    }
