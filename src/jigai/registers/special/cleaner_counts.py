"""Counts of the cleaner production audit list: a slogan, a target and what was accepted, apart.

Pure. Only an enterprise whose audit was accepted with a passing conclusion, and whose rectification
(if any was asked) is done, counts. Being in the list, being under audit, having reported do not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jigai.registers.lifecycle import add_months

STATES = {
    "listed": "已列入名单", "auditing": "审核中", "reported": "已提交报告", "evaluated": "已评估",
    "accepted": "已验收",
}  # fmt: skip
# 清洁生产审核办法（2016年第38号令）：名单公布后两个月内启动，一年内完成。
START_MONTHS, DONE_MONTHS = 2, 12


@dataclass(frozen=True, slots=True)
class Audit:
    """One enterprise of the list as of a day; dates may be unknown."""

    entry: int
    name: str
    state: str
    conclusion: str = ""
    mandatory: bool = False
    published: dt.date | None = None
    accepted: dt.date | None = None
    rectify: bool = False
    rectify_by: dt.date | None = None
    rectified: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """An enterprise that should be further, and why."""

    audit: Audit
    why: str


@dataclass(frozen=True, slots=True)
class Progress:
    """``by_state`` counts everybody once; ``counted`` are those that count; ``open_cases`` were
    accepted but do not count, each with the reason."""

    total: int
    by_state: Mapping[str, int]
    counted: tuple[Audit, ...]
    open_cases: tuple[Late, ...]
    late: tuple[Late, ...]


def counts(audit: Audit, day: dt.date) -> str:
    """Why an enterprise does not count on a day; empty where it does."""
    if audit.state != "accepted":
        return f"还没有验收（{STATES.get(audit.state, audit.state)}）"
    if audit.accepted is None:
        return "没有验收日期"
    if audit.accepted > day:
        return f"{audit.accepted} 才验收"
    if audit.conclusion != "passed":
        return "验收结论不是通过"
    if audit.rectify and (audit.rectified is None or audit.rectified > day):
        return "要求的整改没有完成"
    return ""


def progress(audits: Sequence[Audit], day: dt.date) -> Progress:
    """What the list comes to on a day."""
    reasons = [(audit, counts(audit, day)) for audit in audits]
    return Progress(
        total=len(audits),
        by_state=dict(Counter(audit.state for audit in audits)),
        counted=tuple(audit for audit, why in reasons if not why),
        open_cases=tuple(Late(a, why) for a, why in reasons if why and a.state == "accepted"),
        late=tuple(_late(audits, day)),
    )


def _late(audits: Sequence[Audit], day: dt.date) -> list[Late]:
    found = []
    for audit in audits:
        if (
            audit.rectify
            and audit.rectified is None
            and audit.rectify_by
            and audit.rectify_by < day
        ):
            found.append(Late(audit, f"整改期限 {audit.rectify_by} 已过"))
        if not audit.mandatory or audit.published is None:
            continue
        start, done = (add_months(audit.published, m) for m in (START_MONTHS, DONE_MONTHS))
        if audit.state in ("listed", "auditing") and day > done:
            found.append(Late(audit, f"应在 {done} 前完成审核并提交报告"))
        elif audit.state == "listed" and day > start:
            found.append(Late(audit, f"应在 {start} 前启动审核"))
    return found
