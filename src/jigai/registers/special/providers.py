"""Providers: what served enterprises say of them, who should leave, and who fits a need.

Clauses: GD 三.二, JS 二.五, LA 二.二 and 二.三; none says how a provider leaves, so that the rules
are entries of a register and their thresholds stay open until somebody sets them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from jigai.core.access.scoping import region_prefix
from jigai.rules.errors import PackError, Place
from jigai.rules.row_rules import RowField, RowRule, compile_row_rule

# What exit rules may name.
MEASURES = (
    RowField("qualified_once", "有登记资质", "bool", "", {}),
    RowField("all_lapsed", "资质全部过期", "bool", "", {}),
    RowField("votes", "评价数", "number", "", {}),
    RowField("average", "平均分", "number", "", {}),
    RowField("cases", "案例数", "number", "", {}),
    RowField("lowest", "评价下限", "number", "", {}),
    RowField("fewest", "最少评价数", "number", "", {}),
)


@dataclass(frozen=True, slots=True)
class Qualification:
    """A certificate; ``until`` is its last valid day, ``None`` without one."""

    name: str
    number: str
    issuer: str
    since: dt.date
    until: dt.date | None

    def valid_on(self, day: dt.date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Vote:
    """What one served enterprise says of one case: ``score`` from 0 to 100."""

    enterprise: int
    period: str
    score: Fraction
    words: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case of a provider; ``client`` is the served enterprise where it is known here."""

    key: int
    name: str
    field: str
    industry: str
    finished: str
    client: int | None = None
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of the pool as of a day. Empty ``industries`` or ``areas`` mean any."""

    key: int
    name: str
    kind: str
    kind_word: str
    fields: tuple[str, ...]
    industries: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    place: str = ""
    qualifications: tuple[Qualification, ...] = ()
    cases: tuple[Case, ...] = ()

    @property
    def votes(self) -> list[Vote]:
        """All votes; one of an enterprise for a case at most."""
        return [vote for case in self.cases for vote in _once(case)]


@dataclass(frozen=True, slots=True)
class ExitRule:
    """A formula over :data:`MEASURES` and the reason it gives."""

    name: str
    formula: str
    says: str
    basis: str


@dataclass(frozen=True, slots=True)
class ExitFinding:
    """What a rule says of a provider: ``leave`` is ``None`` where it cannot be told, ``missing``
    names what would have to be known, ``broken`` what is wrong with the formula."""

    rule: ExitRule
    leave: bool | None
    missing: tuple[str, ...] = ()
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What an enterprise looks for; empty parts do not narrow."""

    field: str = ""
    industry: str = ""
    region: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A provider that fits: its cases of the kind wanted, those evaluated, their average score."""

    provider: Provider
    cases: int
    evaluated: int
    average: Fraction | None
    leaving: tuple[str, ...] = ()


def _once(case: Case) -> list[Vote]:
    return list({vote.enterprise: vote for vote in reversed(case.votes)}.values())


def average_of(votes: Sequence[Vote]) -> Fraction | None:
    """The mean score; ``None`` without votes."""
    return sum((v.score for v in votes), Fraction(0)) / len(votes) if votes else None


def by_period(votes: Iterable[Vote]) -> list[tuple[str, int, Fraction]]:
    """Number of votes and mean score a period, the last first."""
    groups: dict[str, list[Vote]] = defaultdict(list)
    for vote in votes:
        groups[vote.period].append(vote)
    return [(p, len(groups[p]), average_of(groups[p]) or Fraction(0)) for p in sorted(groups)[::-1]]


def measures_of(
    provider: Provider, day: dt.date, thresholds: Mapping[str, Fraction]
) -> dict[str, Any]:
    """The values of :data:`MEASURES`; a threshold nobody has set is unknown."""
    votes, held = provider.votes, provider.qualifications
    return {
        "qualified_once": bool(held), "all_lapsed": not any(q.valid_on(day) for q in held),
        "votes": len(votes), "average": _six(average_of(votes)), "cases": len(provider.cases),
        "lowest": thresholds.get("评价下限"), "fewest": thresholds.get("最少评价数"),
    }  # fmt: skip


def _six(value: Fraction | None) -> Fraction | None:
    """Formulas take six decimals."""
    return None if value is None else Fraction(int(value * 10**6), 10**6)


def exits(
    provider: Provider, rules: Iterable[ExitRule], day: dt.date,
    thresholds: Mapping[str, Fraction],
) -> list[ExitFinding]:  # fmt: skip
    """What each rule says of a provider on a day."""
    row = measures_of(provider, day, thresholds)
    return [_apply(rule, row) for rule in rules]


def _apply(rule: ExitRule, row: Mapping[str, Any]) -> ExitFinding:
    compiled, problem = _compiled(rule.formula)
    if compiled is None:
        return ExitFinding(rule, None, broken=problem)
    answer = compiled.one(row)
    return ExitFinding(rule, answer.value, tuple(answer.missing))


@lru_cache(maxsize=128)
def _compiled(formula: str) -> tuple[RowRule | None, str]:
    try:
        return compile_row_rule(MEASURES, formula, place=Place("退出规则")), ""
    except PackError as error:
        found = error.problems[0]
        return None, f"{found.message}；{found.fix}"


def match(
    providers: Iterable[Provider], need: Need, leaving: Mapping[int, tuple[str, ...]]
) -> list[Match]:
    """Those that fit, by evaluated cases of the kind wanted, then score; who should leave last."""
    found = []
    for provider in providers:
        if fits(provider, need):
            wanted = [c for c in provider.cases if _like(c, need)]
            votes = [vote for case in wanted for vote in _once(case)]
            found.append(
                Match(provider, len(wanted), sum(1 for c in wanted if c.votes), average_of(votes),
                      leaving.get(provider.key, ()))
            )  # fmt: skip
    return sorted(
        found,
        key=lambda m: (bool(m.leaving), -m.evaluated, -(m.average or 0), -m.cases, m.provider.name),
    )


def fits(provider: Provider, need: Need) -> bool:
    """Whether kind, field, industry and region wanted are among those offered."""
    if need.kind and provider.kind != need.kind:
        return False
    if need.field and not any(_word(need.field, f) for f in (*provider.fields, provider.kind_word)):
        return False
    lines = provider.industries
    if need.industry and lines and not any(_related(need.industry, code) for code in lines):
        return False
    if need.region and provider.areas:
        return any(need.region.startswith(region_prefix(a)) for a in provider.areas if len(a) > 1)
    return True


def _like(case: Case, need: Need) -> bool:
    """Whether a case is of the field and industry wanted."""
    if need.field and not _word(need.field, case.field):
        return False
    return not (need.industry and case.industry and not _related(need.industry, case.industry))


def _word(wanted: str, offered: str) -> bool:
    return wanted in offered or offered in wanted


def _related(wanted: str, offered: str) -> bool:
    """Whether one industry code holds the other; letters of sections stand before numbers."""
    one, other = wanted.lstrip("ABCDEFGHIJKLMNOPQRST"), offered.lstrip("ABCDEFGHIJKLMNOPQRST")
    return one.startswith(other) or other.startswith(one)
