"""One measure on one row of an enterprise, as the page tells it: plain data and its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jigai.policies.calculator.told import (
    CONFIRM,
    VERDICTS,
    Condition,
    amount_text,
    ends_in_number,
)
from jigai.rules import schema
from jigai.rules.bounds import UNBOUNDED
from jigai.rules.explanation import MissingFact, ParameterUse
from jigai.workbench.navigator.documents import Document

# Rows people may make up: a project not yet in the ledger, a title, a loan, a parcel of land.
MADE_UP = ("project", "award", "loan", "parcel")
_ORDER = tuple(VERDICTS)
# What becomes of a measure that fits.
TAKEN, GIVEN_UP, OUT_OF_QUOTA, QUOTA_OPEN = "taken", "given-up", "out-of-quota", "quota-open"
STATES = {
    TAKEN: "建议申报",
    GIVEN_UP: "择一后放弃",
    OUT_OF_QUOTA: "名额已满，让给更高的",
    QUOTA_OPEN: "名额待定",
}


@dataclass(slots=True)
class Match:
    """A measure on a row. Fen; ``amount`` is ``None`` while open, then ``low`` to ``high``.

    ``code`` is a key of :data:`VERDICTS`, ``state`` one of :data:`STATES` for what fits, ``absent``
    says which kind of row there is none of (then nothing is estimated). ``pool`` is the amount of
    a whole consortium of which ``amount`` is the enterprise's share. ``other_funds`` is the clause
    by which it cannot be had together with other public money.
    """

    document: Document
    measure: schema.Measure
    subject: str
    key: Any
    label: str
    code: str
    amount: int | None
    low: int
    high: int
    state: str = ""
    absent: str = ""
    pool: int | None = None
    conditions: list[Condition] = field(default_factory=list)
    missing: list[MissingFact] = field(default_factory=list)
    undetermined: list[str] = field(default_factory=list)
    manual: list[tuple[str, str]] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    dates: list[ParameterUse] = field(default_factory=list)
    other_funds: str = ""
    silent: bool = False

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What it is about: document, measure, row."""
        return self.document.slug, self.measure.id, self.subject, str(self.key)

    @property
    def look(self) -> str:
        """Status code of the house style."""
        return VERDICTS[self.code][0]

    @property
    def word(self) -> str:
        """The verdict in words."""
        return VERDICTS[self.code][1]

    @property
    def state_word(self) -> str:
        """What becomes of it, in words."""
        return STATES.get(self.state, "")

    @property
    def is_open(self) -> bool:
        """Whether something is still to come before it can be said."""
        return self.code in ("missing", CONFIRM, "undetermined")

    @property
    def text(self) -> str:
        """The amount in 元, its range, or why there is none; never a zero for what is not known."""
        if self.silent:
            return "不给数"
        if self.absent:
            return "待估算"
        return amount_text(self.code, self.amount, self.low, self.high)

    @property
    def can_try(self) -> bool:
        """Whether a row there is none of may be made up."""
        return self.subject in MADE_UP

    @property
    def has_unit(self) -> bool:
        """Whether the text ends in a number of 元."""
        return ends_in_number(self.text)

    @property
    def estimate(self) -> int:
        """Fen to sort by: the amount, else the most it may come to; charges last."""
        if self.silent or self.absent or self.measure.charge:
            return -1
        if self.amount is not None:
            return self.amount
        return self.high if self.high < UNBOUNDED else self.low

    def rank(self) -> tuple[Any, ...]:
        """Order on the page: estimated amount, then verdict, then the document's own order."""
        gone = self.state in (GIVEN_UP, OUT_OF_QUOTA)
        return (gone, -self.estimate, _ORDER.index(self.code), self.document.slug,
                self.measure.number, str(self.key))  # fmt: skip
