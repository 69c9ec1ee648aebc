"""Whether a foreign-invested project meets the negative list, by edition of the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jigai.registers.special.industry_codes import covers
from jigai.registers.special.project_code import Period

PROHIBITED, RESTRICTED, OUTSIDE, JUDGE = "prohibited", "restricted", "outside", "judge"
WORDS = {
    PROHIBITED: "禁止投资",
    RESTRICTED: "限制投资",
    OUTSIDE: "清单以外，内外资一致",
    JUDGE: "需人工判断",
}
_ORDER = (PROHIBITED, RESTRICTED, OUTSIDE)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of an edition; ``part`` where it takes up only part of its industries."""

    key: int
    field: str
    measure: str
    industries: tuple[str, ...]
    part: bool = False
    condition: str = ""
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Issue:
    """One edition with its days (the last one included, ``None``: open) and entries."""

    code: str
    name: str
    number: str
    first: dt.date
    last: dt.date | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one edition says: the measure, the entry behind it, entries that only may apply."""

    issue: Issue
    measure: str
    item: Item | None
    possible: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The measure over the whole period in question and what each edition in it says."""

    measure: str
    findings: tuple[Finding, ...]
    why: str = ""

    @property
    def word(self) -> str:
        """The answer in words."""
        return WORDS[self.measure]


def judge_on(issue: Issue, industry: str) -> Finding:
    """What one edition says of an industry."""
    sure, possible = [], []
    for item in issue.items:
        inside = covers(item.industries, industry)
        if inside and not item.part:
            sure.append(item)
        elif inside is not False:
            possible.append(item)
    listed = [item for item in sure if item.measure != OUTSIDE]
    maybe = tuple(item for item in possible if item.measure != OUTSIDE)
    if listed:
        worst = min(listed, key=lambda item: _ORDER.index(item.measure))
        return Finding(issue, worst.measure, worst, maybe)
    if maybe or not sure:
        return Finding(issue, JUDGE, maybe[0] if maybe else None, maybe)
    return Finding(issue, OUTSIDE, sure[0])


def judge(issues: Sequence[Issue], industry: str, when: Period | None) -> Answer:
    """The answer for a project filed on a day or within a period.

    Where the list changed within the period and the editions differ, only a person can tell.
    """
    if when is None:
        return Answer(JUDGE, (), "不知道备案日期，无法确定适用哪一版")
    if not industry:
        return Answer(JUDGE, (), "不知道行业代码")
    inside = [
        i for i in issues if i.first <= when.last and (i.last is None or when.first <= i.last)
    ]
    findings = tuple(judge_on(i, industry) for i in sorted(inside, key=lambda i: i.first))
    if not findings or when.first < findings[0].issue.first:
        return Answer(JUDGE, findings, "这一天之前的清单没有登记")
    if len({finding.measure for finding in findings}) > 1:
        days = "、".join(f"{finding.issue.first}" for finding in findings[1:])
        return Answer(
            JUDGE,
            findings,
            f"只知道 {when.first} 至 {when.last} 之间备案，其间 {days} 换版，两版说法不同",
        )
    measure = findings[-1].measure
    why = "行业代码对上的条目只涉及行业的一部分，要看具体产品" if measure == JUDGE else ""
    return Answer(measure, findings, why)
