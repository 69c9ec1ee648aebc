"""A credit record through its five links, and what its standing brings on a day.

Clause JS 三.十五: collect, merge, record, disclose, use. A term that no document gives is open
(``None``), never guessed; there is no score.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jigai.core.access.scoping import region_prefix
from jigai.errors import JigaiError
from jigai.registers.lifecycle import add_months

COLLECT, MERGE, KEEP, DISCLOSE, USE = "采集", "整合", "记录", "披露", "使用"
LINKS = (COLLECT, MERGE, KEEP, DISCLOSE, USE)
# From the best to the worst.
STANDINGS = ("good", "other", "abnormal", "dishonest", "serious")
REPAIR, OBJECTION = "repair", "objection"
PENDING, GRANTED, REFUSED = "pending", "granted", "refused"
OPEN = "未定"
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Link:
    """One link: from where or by whom, the day it was done, its term in words (``未定`` where no
    document gives one), and whether it was done at all."""

    name: str
    source: str
    on: str
    term: str
    done: bool = True

    @property
    def open(self) -> bool:
        """Whether its term is not determined."""
        return self.term == OPEN


def links(
    record: Mapping[str, Any], kind: Mapping[str, Any], entered: tuple[str, dt.date],
    disclosure: Mapping[str, Any] | None, uses: Iterable[Mapping[str, Any]],
) -> list[Link]:  # fmt: skip
    """The five links of a record, in order, one line for each use.

    ``entered`` is where the entry comes from and its first day; ``disclosure`` as
    :func:`disclosure_words` reads it.
    """
    retained = retained_until(record, kind)
    found = [
        Link(COLLECT, record["collected_from"], record["collected_on"],
             kind.get("collect_every") or OPEN),
        Link(MERGE, record["merged_by"], record.get("merged_on") or "",
             kind.get("merge_within") or OPEN, bool(record.get("merged_on"))),
        Link(KEEP, entered[0], entered[1].isoformat(),
             f"保存至 {retained}" if retained else OPEN),
    ]  # fmt: skip
    if disclosure is None:
        found.append(Link(DISCLOSE, "", "", "还没有披露", done=False))
    else:
        found.append(Link(DISCLOSE, disclosure["by"], disclosure["on"], disclosure["term"]))
    used = [
        Link(USE, f"{one['used_by']}：{one['purpose']}（{one['basis']}）", one["used_on"],
             f"用至 {one['until']}" if one.get("until") else OPEN)
        for one in uses
    ]  # fmt: skip
    return [*found, *(used or [Link(USE, "", "", "还没有使用", done=False)])]


def retained_until(record: Mapping[str, Any], kind: Mapping[str, Any]) -> dt.date | None:
    """The last day a record is kept; ``None`` where no document says."""
    months = _months(kind, "retain_months")
    if months is None:
        return None
    return add_months(dt.date.fromisoformat(record["happened"]), months) - _DAY


def disclosed_until(
    record: Mapping[str, Any], kind: Mapping[str, Any], disclosed: dt.date
) -> dt.date | None:  # fmt: skip
    """The last day of disclosure by the kind's term; ``None`` where it is open."""
    months = _months(kind, "disclose_months")
    if months is None:
        return None
    decided = dt.date.fromisoformat(record["happened"])
    start = decided if kind.get("counts_from") == "decided" else disclosed
    return add_months(start, months) - _DAY


def check_repair(
    kind: Mapping[str, Any], disclosed: dt.date | None, today: dt.date
) -> None:  # fmt: skip
    """Raise :class:`JigaiError` while the shortest time of disclosure is not over."""
    months = _months(kind, "shortest_months")
    if months is None or disclosed is None:
        return
    earliest = add_months(disclosed, months)
    if today < earliest:
        raise JigaiError(
            "repair-early", f"这种记录披露满 {months} 个月才能修复，最早 {earliest}",
            f"依据：{kind.get('basis')}；到期后再决定，或不予",
        )  # fmt: skip


def _months(kind: Mapping[str, Any], name: str) -> int | None:
    value = kind.get(name)
    return None if value is None else int(float(value))


def worst(standings: Iterable[str]) -> str:
    """The worst standing; empty without any."""
    return max(standings, key=STANDINGS.index, default="")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a standing brings for measures (all where none is named), with its ground."""

    name: str
    kind: str
    standing: str
    measures: tuple[str, ...]
    effect: str
    basis: str
    place: str


def effects_for(
    effects: Iterable[Effect], standings: Iterable[str], measure: str, region: str
) -> list[Effect]:
    """Incentives and penalties for an enterprise of a region and one measure (all if empty)."""
    held = set(standings)
    return [
        one for one in effects
        if one.standing in held
        and (not measure or not one.measures or measure in one.measures)
        and region.startswith(region_prefix(one.place))
    ]  # fmt: skip
