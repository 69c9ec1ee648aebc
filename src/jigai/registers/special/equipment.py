"""Judges equipment of a ledger against the catalogue of eliminated equipment, and by its age.

Pure: rows in, verdicts out; where they come from is in :mod:`jigai.registers.special.ledger`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jigai.registers.special.model_names import (
    DERIVED,
    LOOKS_LIKE,
    MODIFIED,
    OUT_OF_RANGE,
    SAME,
    Likeness,
    Series,
    alike,
    compare,
    plain_model,
    without_change,
)

ELIMINATED, OLD, UNSURE_MODEL, UNSURE_BASIS, UNLISTED = (
    "eliminated", "old", "modified", "check", "unlisted",
)  # fmt: skip
WORDS = {
    ELIMINATED: "淘汰", OLD: "老旧", UNSURE_MODEL: "改型待核", UNSURE_BASIS: "条件待核",
    UNLISTED: "不在清单",
}  # fmt: skip
# Codes of the badges they are drawn with.
LOOKS = {
    ELIMINATED: "ineligible", OLD: "warning", UNSURE_MODEL: "undetermined",
    UNSURE_BASIS: "undetermined", UNLISTED: "neutral",
}  # fmt: skip
_RANK = {SAME: 0, MODIFIED: 1, DERIVED: 2, LOOKS_LIKE: 3, OUT_OF_RANGE: 4}


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the catalogue as of a day. ``condition`` restricts it in words that only a look at
    the name plate settles; ``unchecked`` says nobody compared the row with the published text."""

    entry: int
    name: str
    aliases: Sequence[str] = ()
    series: Series | None = None
    category: str = ""
    condition: str = ""
    unchecked: bool = False
    edition: str = ""
    number: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Equipment:
    """One row of a ledger. ``used`` and ``made`` are when it was put to use and built; ``modified``
    is what the ledger says, ``decided`` what an office found: ``listed``, ``free`` or nothing."""

    model: str
    category: str = ""
    used: dt.date | None = None
    made: dt.date | None = None
    modified: bool = False
    decided: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """The catalogue row a model met, the name or alias it met, and how."""

    listed: Listed
    name: str
    likeness: Likeness

    @property
    def is_alias(self) -> bool:
        """Whether an alias and not the catalogue's own name was met."""
        return self.name != self.listed.name


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one machine: ``code`` as above, the sentences for people, and the hit.

    ``old`` stands beside the code: an eliminated machine may be old as well.
    """

    code: str
    why: str
    hit: Hit | None = None
    old: bool = False
    age: str = ""

    @property
    def word(self) -> str:
        """The code in words."""
        return WORDS[self.code]

    @property
    def look(self) -> str:
        """The badge it is drawn with."""
        return LOOKS[self.code]


@dataclass(slots=True)
class Catalogue:
    """The rows of a day, found by the beginning of a model."""

    rows: Sequence[Listed]
    _starts: Mapping[str, list[tuple[str, Listed, str]]] = field(init=False)
    _patterns: list[tuple[Listed, str]] = field(init=False)

    def __post_init__(self) -> None:
        starts: dict[str, list[tuple[str, Listed, str]]] = defaultdict(list)
        self._patterns = []
        for row in self.rows:
            for name in (row.name, *row.aliases):
                plain = alike(plain_model(name))
                if "#" in plain:
                    self._patterns.append((row, name))
                elif plain:
                    starts[plain[0]].append((plain, row, name))
        self._starts = starts

    def hits(self, model: str) -> list[Hit]:
        """Every row the model resembles, the surest first."""
        base = alike(without_change(plain_model(model))[0])
        if not base:
            return []
        # The cheap test first: a full catalogue has hundreds of names with the same first letter.
        near = [(r, n) for plain, r, n in self._starts.get(base[0], ()) if base.startswith(plain)]
        found = []
        for row, name in (*near, *self._patterns):
            likeness = compare(model, name, row.series)
            if likeness is not None:
                found.append(Hit(row, name, likeness))
        return sorted(found, key=lambda h: (_RANK[h.likeness.kind], h.listed.unchecked))


def judge_all(
    machines: Iterable[Equipment], catalogue: Catalogue, old_before: dt.date
) -> list[Verdict]:
    """A verdict for each machine."""
    return [judge(machine, catalogue, old_before) for machine in machines]


def judge(machine: Equipment, catalogue: Catalogue, old_before: dt.date) -> Verdict:
    """What is said of one machine.

    Eliminated only where the model is in the catalogue as it stands, without modification, open
    condition or unchecked source; whatever is less than that waits for people (``decided``).
    """
    old, age = _age(machine, old_before)
    hits = catalogue.hits(machine.model)
    sure = (hit for hit in hits if _strict(machine, hit)[0] == ELIMINATED)
    hit = next(sure, hits[0] if hits else None)
    code, why = _listed(machine, hit)
    if code == UNLISTED and old:
        code = OLD
    return Verdict(code, why, hit, old, age)


def _age(machine: Equipment, old_before: dt.date) -> tuple[bool, str]:
    day, what = (machine.used, "投用") if machine.used else (machine.made, "制造")
    if day is None:
        return False, "投用和制造日期都没有填，不能判断是否老旧"
    if day < old_before:
        return True, f"{day:%Y-%m-%d} {what}，早于 {old_before:%Y-%m-%d}"
    return False, f"{day:%Y-%m-%d} {what}，不早于 {old_before:%Y-%m-%d}"


def _listed(machine: Equipment, hit: Hit | None) -> tuple[str, str]:
    if not machine.model.strip():
        return UNSURE_BASIS, "型号没有填，不能比对"
    if hit is None:
        return UNLISTED, "目录里没有这个型号及其别名"
    if hit.likeness.kind == OUT_OF_RANGE:
        return UNLISTED, hit.likeness.why
    code, why = _strict(machine, hit)
    if code == ELIMINATED or not machine.decided:
        return code, why
    settled = "属于淘汰设备" if machine.decided == "listed" else "不属于淘汰设备"
    told = f"{why}；经核定{settled}（{machine.decided_by or '没有写依据'}）"
    return (ELIMINATED if machine.decided == "listed" else UNLISTED), told


def _strict(machine: Equipment, hit: Hit) -> tuple[str, str]:
    row = hit.listed
    if hit.likeness.kind != SAME:
        return UNSURE_MODEL, hit.likeness.why
    if machine.modified:
        return UNSURE_MODEL, f"{hit.likeness.why}，但台账记明改过型"
    if row.category and machine.category and row.category != machine.category:
        return (
            UNSURE_BASIS,
            f"{hit.likeness.why}，但台账类别是“{machine.category}”，目录是“{row.category}”",
        )
    if row.condition:
        return UNSURE_BASIS, f"{hit.likeness.why}；目录另有限定：{row.condition}"
    if row.unchecked:
        return UNSURE_BASIS, f"{hit.likeness.why}；这一条目录还没有与公布的原文核对"
    return ELIMINATED, hit.likeness.why
