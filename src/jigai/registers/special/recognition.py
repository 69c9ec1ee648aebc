"""Whether the result of a test is recognised elsewhere, so that it need not be done again.

Three things must be known before anybody may say yes: a document that makes results recognised in
the place, the list of exceptions (法律另有规定的除外), and that report and institution were valid.
What is not known is told; it never counts as a yes or a no.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jigai.registers.special.handling import lies_in

YES, NO, UNSURE = "yes", "no", "unsure"
WORDS = {YES: "认可", NO: "不认可", UNSURE: "不能认定"}
LOOKS = {YES: "done", NO: "rejected", UNSURE: "warning"}
QUALIFIED = ("cma", "cnas")


@dataclass(frozen=True, slots=True)
class Result:
    """A stored result; ``retrofit`` is whether it concerns a technical renovation, ``None`` not
    known. Empty ``regions`` or ``departments`` do not narrow where it is recognised."""

    key: int
    enterprise: int | None
    name: str
    thing: str
    item: str
    standard: str
    institution: str
    qualification: str
    certificate: str
    qualified_until: dt.date | None
    report: str
    issued: dt.date
    valid_to: dt.date | None
    retrofit: bool | None
    regions: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """A document that makes results recognised within ``region``; ``exceptions`` tells whether it
    lets the law say otherwise."""

    key: int
    name: str
    clause: str
    region: str
    retrofit_only: bool
    exceptions: bool


@dataclass(frozen=True, slots=True)
class Exemption:
    """A test the law wants done on its own; ``words`` are names it goes by."""

    key: int
    name: str
    words: tuple[str, ...]
    basis: str
    region: str
    departments: tuple[str, ...]
    checked: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The question: where, by which department, on which day."""

    region: str
    on: dt.date
    department: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the sentence, the clause it rests on and the entry that says so."""

    verdict: str
    text: str
    clause: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one result with every reason, those that decide first."""

    code: str
    reasons: tuple[Reason, ...]
    result: Result | None = None

    @property
    def word(self) -> str:
        """The answer in words."""
        return WORDS[self.code]

    @property
    def look(self) -> str:
        """The badge."""
        return LOOKS[self.code]


def judge(
    result: Result, asked: Asked, grounds: Sequence[Ground], exemptions: Sequence[Exemption]
) -> Verdict:
    """What holds for one result; ``grounds`` and ``exemptions`` are those of the day."""
    ground = next((g for g in grounds if lies_in(asked.region, g.region)), None)
    reasons = [*_ground(ground, result), *_excepted(result, asked, ground, exemptions)]
    reasons += [*_report(result, asked.on), *_institution(result), *_scope(result, asked)]
    bad = [r for r in reasons if r.verdict == NO]
    open_ = [r for r in reasons if r.verdict == UNSURE]
    if bad or open_:
        return Verdict(NO if bad else UNSURE, (*bad, *open_), result)
    assert ground is not None
    yes = Reason(YES, "报告和机构资质都在有效期内，没有列入例外", ground.clause, ground.key)
    return Verdict(YES, (yes,), result)


def answer(verdicts: Sequence[Verdict]) -> Verdict:
    """The best of several results; none stored is not a no."""
    for code in (YES, UNSURE, NO):
        found = next((v for v in verdicts if v.code == code), None)
        if found is not None:
            return found
    return Verdict(UNSURE, (Reason(UNSURE, "这家企业的这项检验检测还没有结果入库"),))


def _ground(ground: Ground | None, result: Result) -> Iterable[Reason]:
    if ground is None:
        yield Reason(UNSURE, "这个地区没有登记要求互认的文件，没有依据说认或不认")
        return
    if ground.retrofit_only and result.retrofit is None:
        yield Reason(
            UNSURE, "没有写明是不是涉及技术改造，条款只管涉及技术改造的", ground.clause, ground.key
        )
    elif ground.retrofit_only and not result.retrofit:
        yield Reason(UNSURE, "不涉及技术改造，不在这条规定的范围之内", ground.clause, ground.key)


def _excepted(
    result: Result, asked: Asked, ground: Ground | None, exemptions: Sequence[Exemption]
) -> Iterable[Reason]:
    if ground is None or not ground.exceptions:
        return
    if not exemptions:
        text = "例外清单还没有登记；法律另有规定的除外，不能断定没有例外"
        yield Reason(UNSURE, text, ground.clause, ground.key)
    for one in exemptions:
        if not _meets(one, result, asked):
            continue
        if one.checked:
            yield Reason(NO, f"法律另有规定：{one.name}", one.basis, one.key)
        else:
            yield Reason(UNSURE, f"可能属于例外“{one.name}”，这一条还没有核对", one.basis, one.key)


def _meets(one: Exemption, result: Result, asked: Asked) -> bool:
    told = f"{result.thing}{result.item}"
    named = any(word in told for word in (one.name, *one.words) if word)
    placed = not one.region or lies_in(asked.region, one.region)
    ours = not one.departments or not asked.department or asked.department in one.departments
    return named and placed and ours


def _report(result: Result, on: dt.date) -> Iterable[Reason]:
    told = f"报告 {result.report}"
    if on < result.issued:
        yield Reason(NO, f"{told} {result.issued} 才出具", entry=result.key)
    if result.valid_to is None:
        yield Reason(UNSURE, f"{told}没有写有效期", entry=result.key)
    elif on > result.valid_to:
        yield Reason(NO, f"{told}有效到 {result.valid_to}，已过期", entry=result.key)


def _institution(result: Result) -> Iterable[Reason]:
    if result.qualification not in QUALIFIED:
        none = result.qualification == "none"
        text = f"{result.institution}没有资质" if none else f"{result.institution}的资质没有登记"
        yield Reason(NO if none else UNSURE, text, entry=result.key)
        return
    if not result.certificate or result.qualified_until is None:
        yield Reason(
            UNSURE, f"{result.institution}的资质证书编号或有效期没有登记", entry=result.key
        )
    elif result.issued > result.qualified_until:
        text = f"{result.institution}的资质有效到 {result.qualified_until}，出具报告时已过期"
        yield Reason(NO, text, entry=result.key)


def _scope(result: Result, asked: Asked) -> Iterable[Reason]:
    if result.regions and not any(lies_in(asked.region, one) for one in result.regions):
        yield Reason(NO, "结果写明的互认地区不含这里", entry=result.key)
    if result.departments and asked.department and asked.department not in result.departments:
        yield Reason(NO, "结果写明的互认部门不含这个部门", entry=result.key)
    if result.departments and not asked.department:
        yield Reason(UNSURE, "结果只在写明的部门之间互认，没有选部门", entry=result.key)


@dataclass(frozen=True, slots=True)
class Use:
    """A department met a result on a day: recognised, refused, or had the test done again."""

    key: int
    result: int
    region: str
    department: str
    on: dt.date
    outcome: str
    reason: str = ""


def tally(uses: Iterable[Use]) -> list[tuple[str, str, dict[str, int]]]:
    """By region and department, the number of each outcome."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for use in uses:
        found[use.region, use.department][use.outcome] += 1
    return [(*key, dict(counts)) for key, counts in sorted(found.items())]


def repeated(results: Iterable[Result]) -> list[tuple[Result, Result]]:
    """Pairs of the same test of the same thing where the first was still valid at the second."""
    groups: dict[tuple[object, ...], list[Result]] = defaultdict(list)
    for one in results:
        groups[one.enterprise or one.name, one.thing, one.item, one.standard].append(one)
    pairs = []
    for group in groups.values():
        ordered = sorted(group, key=lambda one: (one.issued, one.key))
        for first, second in pairwise(ordered):
            if first.valid_to is not None and second.issued <= first.valid_to:
                pairs.append((first, second))
    return pairs
