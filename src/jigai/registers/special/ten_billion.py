"""Who counts as above ten billion: by legal entity, or with groups taken as one. Pure.

Both readings look at the same rows, so that nobody is counted as a group and as its members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEGAL, GROUP = "legal", "group"
BASES = {LEGAL: "法人口径", GROUP: "集团口径"}


@dataclass(frozen=True, slots=True)
class Earner:
    """One row of the list: ``basis`` of its revenue (fen), and the group it belongs to."""

    entry: int
    name: str
    basis: str
    enterprise: int | None = None
    group: int | None = None
    group_name: str = ""
    revenue: int | None = None
    year: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A row that does not count, and why; ``open`` where somebody has to look."""

    earner: Earner
    why: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Who counts under a reading and who does not."""

    basis: str
    counted: tuple[Earner, ...]
    left: tuple[Left, ...]

    @property
    def word(self) -> str:
        """The reading in words."""
        return BASES[self.basis]


def tally(rows: Sequence[Earner], basis: str) -> Tally:
    """Count under a reading; every row is either counted or left with its reason."""
    groups = {row.enterprise for row in rows if row.basis == GROUP and row.enterprise is not None}
    groups_named = {row.name for row in rows if row.basis == GROUP}
    counted, left = [], []
    for row in rows:
        why = _why_not(row, basis, row.group in groups or row.group_name in groups_named)
        if why is None:
            counted.append(row)
        else:
            left.append(why)
    return Tally(basis, tuple(counted), tuple(left))


def _why_not(row: Earner, basis: str, group_listed: bool) -> Left | None:
    if basis == LEGAL:
        return Left(row, "集团合并的收入，法人口径不数") if row.basis == GROUP else None
    if row.basis == GROUP or not row.group_name:
        return None
    if group_listed:
        return Left(row, f"属于“{row.group_name}”，已随集团数一次")
    return Left(row, f"属于“{row.group_name}”，但集团没有登记，按集团数不到", open=True)
