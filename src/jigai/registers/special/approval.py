"""Whether an enterprise's project is approved (核准) or filed (备案), and where.

The national catalogue decides which projects are approved; a provincial one only divides the levels
where the national one says the locality approves (国发〔2016〕72号第八条、国务院令第673号第三条).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jigai.registers.special.industry_codes import ALL, covers

APPROVE, FILE, FORBID, JUDGE = "approve", "file", "forbid", "judge"
WORDS = {APPROVE: "核准", FILE: "备案", FORBID: "不得备案", JUDGE: "需人工判断"}
# From the highest to the lowest.
AUTHORITIES = ("state", "national", "ministry", "province", "local", "city", "county")
PREVAILS = (
    "国家目录与省级目录不一致的，以国家目录为准：核准的范围由国家目录定；省级目录只在国家目录写明由地方核准的地方划分层级，"
    "国家写明由省级及以上核准的不得下放（国务院令第673号第三条、国发〔2016〕72号第八条）。"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a catalogue: ``industries`` codes, ``conditions`` that must all be met."""

    key: int
    item: str
    verdict: str
    industries: tuple[str, ...]
    authority: str
    conditions: tuple[str, ...] = ()
    foreign: bool = False
    checked: bool = True
    clause: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a project; an answer missing from ``told`` is not known."""

    industry: str
    told: Mapping[str, bool] = field(default_factory=dict)
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What one catalogue says: the entry that decides, entries still open, questions to answer."""

    verdict: str
    row: Row | None = None
    open_rows: tuple[Row, ...] = ()
    questions: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer with both catalogues beside each other and every difference between them."""

    verdict: str
    authority: str
    national: Finding
    provincial: Finding | None
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The answer in words."""
        return WORDS[self.verdict]


def judge(rows: Sequence[Row] | None, case: Case) -> Finding:
    """What one catalogue says of a case; ``rows`` is ``None`` where no edition holds on the day."""
    if rows is None:
        return Finding(JUDGE, why="当日没有登记有效的版次")
    states = [(row, _holds(row, case)) for row in rows]
    held = sorted((row for row, holds in states if holds), key=_order)
    best = held[0] if held else None
    waiting = [
        r for r, holds in states if holds is None and (best is None or _order(r) < _order(best))
    ]
    questions = tuple(
        dict.fromkeys(c for row in waiting for c in row.conditions if c not in case.told)
    )
    if waiting and (best is None or best.verdict != APPROVE or _outranks(waiting)):
        why = "还有情形没有回答" if questions else "行业代码没有填或不够细"
        return Finding(JUDGE, best, tuple(sorted(waiting, key=_order)), questions, why)
    if best is None:
        return Finding(JUDGE, why="目录里这一行业还没有逐条登记")
    return Finding(best.verdict, best, tuple(sorted(waiting, key=_order)), questions)


def _outranks(waiting: Sequence[Row]) -> bool:
    """Whether an open entry would change the answer and not only the authority."""
    return any(row.verdict != APPROVE for row in waiting)


def _holds(row: Row, case: Case) -> bool | None:
    """Whether an entry applies; ``None`` while an answer is missing."""
    inside = covers(row.industries, case.industry)
    if inside is False or (row.foreign and not case.foreign):
        return False
    answers = [case.told.get(condition) for condition in row.conditions]
    if any(answer is False for answer in answers):
        return False
    return None if inside is None or None in answers else True


def _order(row: Row) -> tuple[int, bool, int, int]:
    """What decides first: a ban, then approval from the highest authority, then 目录外备案."""
    kind = (FORBID, JUDGE, APPROVE, FILE).index(row.verdict)
    general = ALL in row.industries or len(row.industries) > 6
    return kind, general, AUTHORITIES.index(row.authority), -len(row.conditions)


def decide(
    national: Sequence[Row] | None, provincial: Sequence[Row] | None, case: Case
) -> Decision:
    """The answer for a project; ``provincial`` is ``None`` where no such edition is entered."""
    upper = judge(national, case)
    lower = judge(provincial, case) if provincial is not None else None
    differences = _differences(upper, lower)
    authority = upper.row.authority if upper.row and upper.verdict != JUDGE else ""
    notes = []
    if upper.open_rows and upper.verdict == APPROVE:
        notes.append("由哪一级核准还要看没有回答的情形")
        authority = ""
    elif authority == "local":
        if lower and lower.row and lower.verdict == upper.verdict:
            authority = lower.row.authority
        elif upper.verdict == APPROVE:
            notes.append("由地方核准，层级由省级目录划分；省级目录没有登记这一项，层级要人工核对")
    if upper.row and not upper.row.checked:
        notes.append("这一条待核：办理前对照文件原件")
    return Decision(upper.verdict, authority, upper, lower, differences, tuple(notes))


def _differences(upper: Finding, lower: Finding | None) -> tuple[str, ...]:
    """Each way in which the provincial catalogue departs from the national one."""
    if lower is None or lower.row is None or upper.row is None:
        return ()
    told = []
    one, other = upper.row, lower.row
    if one.verdict != other.verdict:
        told.append(
            f"国家目录“{one.item}”是{WORDS[one.verdict]}，省级目录“{other.item}”是{WORDS[other.verdict]}：按国家目录"
        )
    elif one.verdict == APPROVE and one.authority != "local" and one.authority != other.authority:
        told.append(f"“{one.item}”国家写明的核准机关与省级目录不同：不得改动，按国家目录")
    return tuple(told)
