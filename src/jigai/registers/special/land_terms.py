"""Terms of industrial land: what is near its end, and whether it may be renewed; pure.

Nothing is renewed because time passed: a term that ends without an assessment stays 未评估.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

READY, UNASKED, UNFIT, LATE, OPEN, LAPSED = (
    "ready", "unasked", "unfit", "late", "open", "lapsed",
)  # fmt: skip
WORDS = {
    READY: "符合，待协议续期", UNASKED: "符合，使用人没有申请",
    UNFIT: "不符合续期条件", LATE: "届满以后才评估", OPEN: "未评估", LAPSED: "到期未评估",
}  # fmt: skip
LOOKS = {
    READY: "pending", UNASKED: "pending", UNFIT: "rejected", LATE: "rejected",
    OPEN: "warning", LAPSED: "rejected",
}  # fmt: skip
NEXT = {
    READY: "另签续期合同以后，用“变更”登记新的届满日，另一人审核",
    UNASKED: "请使用人书面申请", UNFIT: "按合同约定收回，或另行供地", LATE: "按合同约定处置",
    OPEN: "届满前组织评估", LAPSED: "没有续期；补做的评估不能当作届满前的评估",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One parcel's term from ``starts`` to ``until`` (its last day); ``finding`` is ``fit``,
    ``unfit`` or empty. An assessment of an earlier term says nothing of this one."""

    id: int
    parcel: str
    enterprise: str
    method: str
    starts: dt.date
    until: dt.date
    requested: bool | None
    assessed: dt.date | None
    finding: str
    renewal: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A term with how it stands on a day; ``days`` are left (negative: past)."""

    term: Term
    state: str
    days: int

    @property
    def word(self) -> str:
        """The state in words."""
        return WORDS[self.state]

    @property
    def look(self) -> str:
        """The badge it is drawn with."""
        return LOOKS[self.state]

    @property
    def past(self) -> str:
        """How long ago it ended."""
        return f"{-self.days} 天"

    @property
    def next(self) -> str:
        """What a person does now."""
        return NEXT[self.state]


def standing(term: Term, day: dt.date) -> Standing:
    """How a term stands: the assessment decides, never the date alone."""
    days = (term.until - day).days
    if term.assessed is None or not term.finding or term.assessed < term.starts:
        return Standing(term, OPEN if days >= 0 else LAPSED, days)
    if term.assessed > term.until:
        return Standing(term, LATE, days)
    if term.finding != "fit":
        return Standing(term, UNFIT, days)
    return Standing(term, READY if term.requested else UNASKED, days)


def near_end(terms: Iterable[Term], day: dt.date, ahead: int) -> list[Standing]:
    """Terms that end within ``ahead`` days or have ended, the most urgent first."""
    found = [standing(term, day) for term in terms]
    return sorted(
        (one for one in found if one.days <= ahead), key=lambda one: (one.days, one.term.id)
    )
