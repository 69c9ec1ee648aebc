"""The shape of an explanation: plain data that goes to the screen, to a sheet or to JSON.

Every amount is there twice: as integer fen (``value``) and as it is written (``result``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

STAGES = (
    "有效期",
    "主体资格",
    "项目资格",
    "重复与名额",
    "起点",
    "核对",
    "比例调整",
    "金额",
    "单项封顶",
    "选择",
    "合并封顶",
    "分配",
)


@dataclass(slots=True)
class Input:
    """A fact or an intermediate value that went into a step.

    ``assumed`` marks what nobody supplied and the vocabulary assumes, ``missing`` what is unknown.
    ``computed`` values come from another step, the others from ``source``.
    """

    id: str
    name: str
    value: str
    source: str = ""
    assumed: bool = False
    missing: bool = False
    computed: bool = False


@dataclass(slots=True)
class ParameterUse:
    """A parameter with its value as of the date of the run.

    ``source`` says on what and by whom a value was set that the document leaves open.
    """

    id: str
    name: str
    value: str
    since: str
    clause: str
    source: str = ""


@dataclass(slots=True)
class ReadingUse:
    """A reading with the option taken and the others."""

    id: str
    name: str
    clause: str
    question: str
    chosen: str
    means: str
    alternatives: list[str]


@dataclass(slots=True)
class Entry:
    """One step: what was asked, of what, and what came out.

    ``column`` is the column of the plan the result was read from (empty for a part of a condition
    that has no column of its own).
    """

    stage: str
    label: str
    clause: str
    formula: str
    result: str
    value: Any = None
    column: str = ""
    inputs: list[Input] = field(default_factory=list)
    parameters: list[ParameterUse] = field(default_factory=list)
    readings: list[ReadingUse] = field(default_factory=list)
    gap: str = ""
    reason: str = ""
    note: str = ""


@dataclass(slots=True)
class Reason:
    """Why something was refused or waits: a stable code, words, clause."""

    code: str
    text: str
    clause: str


@dataclass(slots=True)
class MeasureExplanation:
    """One measure on one project or consortium; amounts in fen, ``None`` while open."""

    id: str
    number: int
    name: str
    clause: str
    verdict: str
    verdict_code: str
    amount: int | None
    low: int
    high: int
    reasons: list[Reason] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    undetermined: list[str] = field(default_factory=list)
    note: str = ""
    charge: bool = False


@dataclass(slots=True)
class Figure:
    """One check with its quantity and what it is held against, as written, with units.

    ``gap`` says how far it is off, ``compare`` is ``at-least`` or ``at-most`` (empty for a
    condition).
    """

    name: str
    value: str
    limit: str
    gap: str
    result: str
    clause: str
    compare: str = ""


@dataclass(slots=True)
class CheckExplanation(MeasureExplanation):
    """A measure that ends in a verdict: no amount, whatever the verdict."""

    figures: list[Figure] = field(default_factory=list)


@dataclass(slots=True)
class LineExplanation:
    """One invoice line: what it counted as, or why it did not count."""

    key: Any
    owner: Any
    status: str
    kind: str
    amount: int | None
    counted: bool | None
    missing: list[str] = field(default_factory=list)


@dataclass(slots=True)
class MemberExplanation:
    """One member of a consortium: counted or removed and why, its base and its share in fen."""

    key: Any
    enterprise: Any
    counted: bool | None
    reasons: list[Reason]
    base: int | None
    share: int | None
    exact_share: str = ""
    extra_fen: int = 0
    note: str = ""


@dataclass(slots=True)
class Unverified:
    """A fact taken on trust, or a confirmation nobody has given."""

    name: str
    value: str
    source: str
    count: int = 1
    what: str = "assumed"


@dataclass(slots=True)
class Outcome:
    """What the decision would be if a missing fact had this value."""

    value: str
    verdict: str
    low: int
    high: int


@dataclass(slots=True)
class MissingFact:
    """A fact without which nothing can be said, with what it would decide.

    ``decides`` is the greatest part of the open range (fen) that knowing it can close.
    """

    id: str
    name: str
    subject: str
    key: Any
    source: str
    decides: int
    blocks: list[str]
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(slots=True)
class Alternative:
    """The decision under another option of one reading."""

    reading: str
    name: str
    clause: str
    option: str
    word: str
    means: str
    verdict: str
    amount: int | None
    low: int
    high: int
    differs: bool


@dataclass(slots=True)
class Explanation:
    """A decision and everything behind it.

    ``amount`` is what the rules give, ``paid`` what is left after selection and pooled caps
    (``None`` while open); a simulated decision creates nothing payable whatever ``paid`` says.
    """

    pack: str
    title: str
    number: str
    subject: str
    key: Any
    status: str
    simulated: bool
    judged_on: str
    verdict: str
    amount: int | None
    low: int
    high: int
    selected: bool | None
    paid: int | None
    chosen: list[str]
    measures: list[MeasureExplanation] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    lines: list[LineExplanation] = field(default_factory=list)
    members: list[MemberExplanation] = field(default_factory=list)
    missing: list[MissingFact] = field(default_factory=list)
    unverified: list[Unverified] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries and lists, ready for :mod:`json`."""
        return asdict(self)

    def measure(self, identifier: str) -> MeasureExplanation:
        """The part about one measure; raises :class:`KeyError`."""
        for measure in self.measures:
            if measure.id == identifier:
                return measure
        raise KeyError(identifier)
