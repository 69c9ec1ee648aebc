"""Which level handles an approval item on a day, after delegations, recalls, mergers and ends.

A change counts from its effective day on: until the day before the old level takes applications,
from that day on it takes none. A change whose document is revoked counts no longer from then on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from jigai.core.access.scoping import region_prefix

OPEN, DELEGATED, CANCELLED, UNKNOWN = "open", "delegated", "cancelled", "unknown"
STATES = {OPEN: "正常办理", DELEGATED: "层级有变", CANCELLED: "已取消", UNKNOWN: "没有登记"}
DELEGATE, RECALL, CANCEL, MERGE = "delegate", "recall", "cancel", "merge"
KINDS = {DELEGATE: "下放", RECALL: "收回", CANCEL: "取消", MERGE: "合并"}
# From the highest to the lowest; "graded" is divided by a catalogue of its own.
LEVELS = {
    "nation": "国家", "province": "省级", "city": "市级", "county": "县级", "zone": "园区",
    "graded": "按分级目录",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the catalogue from ``starts`` until before ``ends`` (``None``: open), as it stood
    on the day asked about; ``since`` is when it came to stand so, if later."""

    code: str
    name: str
    level: str
    line: str
    department: str
    starts: dt.date
    ends: dt.date | None = None
    procedure: str = ""
    basis: str = ""
    entry: int = 0
    source: str = ""
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one item, by ``code``. ``regions`` and ``zones`` narrow it (empty: everywhere);
    ``ends`` is the day from which its document counts no longer; ``into`` the item merged into."""

    code: str
    kind: str
    effective: dt.date
    document: str
    before: str = ""
    after: str = ""
    line: str = ""
    department: str = ""
    regions: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    into: str = ""
    ends: dt.date | None = None
    entry: int = 0
    note: str = ""

    @property
    def citation(self) -> str:
        """The document with its day, for people."""
        return f"{self.document}，{self.effective} 起"

    @property
    def word(self) -> str:
        """The change in words: 下放（市级 → 县级）."""
        if self.kind in (DELEGATE, RECALL):
            return f"{KINDS[self.kind]}（{LEVELS.get(self.before, '—')} → {LEVELS[self.after]}）"
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Step:
    """A change as it concerns the place asked about: whether it counts on the day, and why not;
    ``lapsed`` where it did count until its document was revoked."""

    change: Change
    counts: bool
    why: str = ""
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Handling:
    """Where an item is handled in a region on a day.

    ``state`` is open (as the catalogue says), delegated (another level took over), cancelled (no
    application is taken; ``into`` is the item it became part of) or unknown (nobody registered it,
    so nothing may be concluded). ``level`` and ``line`` are empty for the last two; ``since`` is
    the first day of this state, ``citation`` what it rests on.
    """

    state: str
    code: str
    name: str = ""
    level: str = ""
    line: str = ""
    department: str = ""
    since: dt.date | None = None
    document: str = ""
    citation: str = ""
    procedure: str = ""
    into: str = ""
    into_name: str = ""
    history: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def level_word(self) -> str:
        """The level in words."""
        return LEVELS.get(self.level, "")

    @property
    def word(self) -> str:
        """The state in words."""
        if self.into:
            return f"已并入“{self.into_name or self.into}”"
        return STATES[self.state]

    @property
    def sentence(self) -> str:
        """Where it is handled, for people."""
        if self.state == UNKNOWN:
            return "事项目录里没有登记这件事，或者那一天还没有施行，不能断定在哪里办"
        if self.state == CANCELLED:
            name = self.into_name or self.into
            instead = f"，按“{name}”办理" if name else "，不用再申请"
            return f"“{self.name}”自 {self.since} 起{self.word}{instead}"
        who = f"由{self.level_word}{self.department}办理"
        return f"“{self.name}”自 {self.since} 起{who}"


def handle(
    item: Item | None, changes: Iterable[Change], on: dt.date, region: str, zone: str = ""
) -> Handling:
    """Where an item is handled on a day in a region (and in a zone of it, where one is given).

    ``changes`` are those of the item, in any order; on one day they count in the given order.
    """
    if item is None or on < item.starts:
        return Handling(UNKNOWN, item.code if item else "", item.name if item else "")
    steps = [_step(c, on, region, zone) for c in sorted(changes, key=lambda c: c.effective)]
    held = [step.change for step in steps if step.counts]
    return _state(item, held, tuple(steps), on, _elsewhere(steps, on, region, zone))


def _state(
    item: Item, held: Sequence[Change], steps: tuple[Step, ...], on: dt.date, notes: tuple[str, ...]
) -> Handling:
    basis = item.basis or item.source
    as_listed = Handling(
        OPEN, item.code, item.name, item.level, item.line, item.department, item.starts, basis,
        basis, item.procedure, history=steps, notes=notes,
    )  # fmt: skip
    ended = replace(as_listed, state=CANCELLED, level="", line="", department="", procedure="",
                    notes=())  # fmt: skip
    if item.ends is not None and on >= item.ends:
        told = f"{item.source}，{item.ends} 起移出目录"
        return replace(ended, since=item.ends, document=item.source, citation=told)
    if not held:
        back = [s.change.ends for s in steps if s.lapsed and s.change.ends is not None]
        return replace(as_listed, since=max([item.starts, item.since or item.starts, *back]))
    last = held[-1]
    if last.kind in (CANCEL, MERGE):
        return replace(ended, since=last.effective, document=last.document,
                       citation=last.citation, into=last.into)  # fmt: skip
    line, department = _who(item, held)
    return replace(
        as_listed, state=OPEN if last.after == item.level else DELEGATED, level=last.after,
        line=line, department=department, since=last.effective, document=last.document,
        citation=last.citation, notes=notes + _doubts(item, held),
    )  # fmt: skip


def _who(item: Item, held: Sequence[Change]) -> tuple[str, str]:
    """The last department named; a recall to the level of the catalogue returns it to its own."""
    last = held[-1]
    if last.line or last.department:
        return last.line or item.line, last.department or item.department
    if last.after == item.level:
        return item.line, item.department
    named = [c for c in held if c.line or c.department]
    return (named[-1].line or item.line, named[-1].department or item.department) if named else (
        item.line, item.department,
    )  # fmt: skip


def _doubts(item: Item, held: Sequence[Change]) -> tuple[str, ...]:
    """Sentences where a change says it came from another level than the one it met."""
    found, level = [], item.level
    for change in held:
        if change.kind in (CANCEL, MERGE):
            continue
        if change.before and change.before != level and level:
            found.append(
                f"{change.document}写的原层级是{LEVELS[change.before]}，"
                f"登记的当时是{LEVELS[level]}，请核对"
            )
        level = change.after
    return tuple(found)


def _step(change: Change, on: dt.date, region: str, zone: str) -> Step:
    if change.regions and not any(lies_in(region, one) for one in change.regions):
        return Step(change, False, "不在这次变动的地区范围之内")
    if change.zones and zone.strip() not in change.zones:
        return Step(change, False, f"只适用于{'、'.join(change.zones)}")
    if change.effective > on:
        return Step(change, False, f"{change.effective} 起生效，还没有到")
    if _gone(change, on):
        return Step(change, False, f"依据的文件自 {change.ends} 起不再有效", lapsed=True)
    return Step(change, True)


def _gone(change: Change, on: dt.date) -> bool:
    return change.ends is not None and change.ends <= on


def _elsewhere(
    steps: Iterable[Step], on: dt.date, region: str, zone: str
) -> tuple[str, ...]:  # fmt: skip
    """Zones of the region where it is otherwise, told to whoever did not say which zone."""
    if zone.strip():
        return ()
    return tuple(
        f"在{'、'.join(c.zones)}之内的：{c.word}，{c.citation}"
        for c in (step.change for step in steps)
        if c.zones and c.effective <= on and not _gone(c, on)
        and (not c.regions or any(lies_in(region, one) for one in c.regions))
    )  # fmt: skip


def lies_in(region: str, above: str) -> bool:
    """Whether a region is another or lies below it: 370812 in 370800, 370000 and 000000."""
    if not above or above == "000000":
        return True
    return bool(region) and region.startswith(region_prefix(above))


def refusal(found: Handling, level: str) -> str:
    """Why a level takes no application, and where it goes instead; empty where it does take it.

    Nothing is refused where the item is not registered or divided by a catalogue of its own.
    """
    if found.state == UNKNOWN or found.level == "graded":
        return ""
    if found.state == CANCELLED:
        return f"{found.sentence}（{found.citation}），不再受理"
    if level == found.level:
        return ""
    return (
        f"“{found.name}”不由{LEVELS.get(level, level)}受理：自 {found.since} 起由"
        f"{found.level_word}{found.department}办理（{found.document}）"
    )
