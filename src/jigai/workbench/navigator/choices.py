"""What cannot be had together: the best combination, why, by which clause, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from jigai.rules.explanation import Entry, Explanation
from jigai.workbench.navigator.decide import OTHER_FUNDS, Decided, decide
from jigai.workbench.navigator.matches import GIVEN_UP, OUT_OF_QUOTA, QUOTA_OPEN, TAKEN, Match

# How money of one instrument counts for a document that asks about other public money.
_KINDS = {"tax": "tax", "fee-waiver": "tax", "equity": "equity", "price": ""}


@dataclass(slots=True)
class Option:
    """One thing that may be taken or given up; ``fen`` is ``None`` where nobody knows."""

    name: str
    fen: int | None
    why: str = ""


@dataclass(slots=True)
class Choice:
    """One decision the enterprise has to take, with what is proposed and what is given up."""

    title: str
    slug: str
    clause: str
    reason: str
    taken: list[Option] = field(default_factory=list)
    given_up: list[Option] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)


def choices_of(decided: Sequence[Decided], owner: str) -> list[Choice]:
    """Every choice: within a project, among projects, in exclusive groups, under shared limits,
    and between this money and other public money."""
    found: list[Choice] = []
    for one in decided:
        if one.program.silent:
            continue
        for (subject, key), explanation in one.found.items():
            mine = [m for m in one.matches if (m.subject, m.key) == (subject, key)]
            found += _within(one, explanation, mine)
            found += _limited(one, explanation, mine)
        found += _among(one)
        found += _instead_of_other(one, owner)
    return [*found, *_across(decided, owner)]


def _within(one: Decided, found: Explanation, mine: list[Match]) -> Iterator[Choice]:
    """Measures that fit one row of which only some are paid."""
    left = [m for m in mine if m.state == GIVEN_UP]
    if not left:
        return
    entry = _entry(found, "track")
    grouped = bool(left[0].measure.exclusive)
    yield Choice(
        f"{mine[0].label}：符合的措施只能择一",
        one.program.document.slug,
        entry.clause if entry else left[0].measure.clause,
        entry.formula if entry else "同一组措施只适用金额最高的一项，同额取编号小者",
        [_option(m) for m in mine if m.code == "pay" and m.state != GIVEN_UP],
        [_option(m, "同组取高" if grouped else "同一项目只能选一项") for m in left],
        _readings(entry),
    )


def _among(one: Decided) -> Iterator[Choice]:
    """Projects that fit and compete for the quota of the enterprise."""
    fit = [m for m in one.matches if m.subject == "project" and m.code == "pay"]
    out = [m for m in fit if m.state == OUT_OF_QUOTA]
    waits = [m for m in fit if m.state == QUOTA_OPEN]
    if not out and not waits:
        return
    first = (out or waits)[0]
    entry = _entry(one.found["project", first.key], "selected")
    clause = entry.clause if entry else first.measure.clause
    reason = entry.formula if entry else ""
    title = "申报名额只有这么多，项目之间择一" if out else "申报名额待定：金额相同，须由企业选定"
    taken = [_option(m) for m in fit if m.state == TAKEN] or [_option(m) for m in waits]
    given_up = [_option(m, "名额已满") for m in out]
    slug = one.program.document.slug
    yield Choice(title, slug, clause, reason, taken, given_up, _readings(entry))


def _limited(one: Decided, found: Explanation, mine: list[Match]) -> Iterator[Choice]:
    """What a limit over several items takes off."""
    taken = [m for m in mine if m.state == TAKEN]
    total = sum(m.amount or 0 for m in taken)
    if found.subject == "consortium" or not taken or found.paid is None or found.paid >= total:
        return
    entries = [e for e in found.entries if e.stage == "合并封顶" and e.column != "paid"]
    clause = entries[0].clause if entries else taken[0].measure.clause
    names = "、".join(e.label for e in entries) or "合并封顶"
    yield Choice(
        f"{taken[0].label}：各项合计受封顶", one.program.document.slug, clause,
        f"{names}：同一企业各项合计不超过上限，先后按编号扣用",
        [Option("封顶后可得", found.paid)], [Option("封顶减去", total - found.paid)],
    )  # fmt: skip


def _instead_of_other(one: Decided, owner: str) -> Iterator[Choice]:
    """Projects left out because they hold other public money: what the document would give."""
    for row in one.facts.get("project", ()):
        barred = [
            m for m in one.matches
            if m.key == row["key"] and m.subject == "project" and m.other_funds and not m.amount
        ]  # fmt: skip
        if row.get(OTHER_FUNDS) is not True or not barred:
            continue
        free = decide(one.program, _funded(one, row["key"], False), owner, {})
        gain = free.found["project", row["key"]].paid
        if gain:
            yield Choice(
                f"{barred[0].label}：已获其他财政资金，与本文件只能取其一",
                one.program.document.slug,
                barred[0].other_funds,
                "同一项目已获其他财政资金的不再享受；没有领取（或退回）其他资金时才按本文件给",
                [Option("已获的其他财政资金", row.get("other_funds_amount"))],
                [Option("按本文件可得", gain, "已获其他财政资金")],
            )


def _across(decided: Sequence[Decided], owner: str) -> Iterator[Choice]:
    """Documents that pay for one project and do not let the other's money stand beside theirs."""
    paying = [d for d in decided if d.program.document.payable and not d.program.silent]
    for place, first in enumerate(paying):
        for second in paying[place + 1 :]:
            for key in _shared(first, second):
                yield from _between(first, second, key, owner)


def _shared(first: Decided, second: Decided) -> list[Any]:
    """Projects that both documents pay for."""
    return [
        key for (subject, key), found in first.found.items()
        if subject == "project" and found.paid
        and (other := second.found.get((subject, key))) and other.paid
    ]  # fmt: skip


def _between(first: Decided, second: Decided, key: Any, owner: str) -> Iterator[Choice]:
    whole = [_paid(first, key), _paid(second, key)]
    beside = [_paid_beside(first, second, key, owner), _paid_beside(second, first, key, owner)]
    if beside == whole:
        return
    # Taken first, the one is paid in full and the other gives what it gives beside it.
    totals = [whole[0] + beside[1], whole[1] + beside[0]]
    best, lost = (first, second) if totals[0] >= totals[1] else (second, first)
    index = 0 if best is first else 1
    gated = next((d for d, b, w in zip((first, second), beside, whole, strict=True) if b < w))
    clause = next((m.other_funds for m in gated.matches if m.other_funds), "")
    yield Choice(
        f"{_label(first, key)}：两个文件的资金不能同享",
        gated.program.document.slug,
        clause,
        "先后两种领法都算过，取合计高的；同额取地方文件",
        [Option(best.program.document.version.title, whole[index]),
         *([Option(lost.program.document.version.title + "（领取之后还可得）", beside[1 - index])]
           if beside[1 - index] else [])],
        [Option(lost.program.document.version.title, whole[1 - index] - beside[1 - index],
                "已获其他财政资金")],
    )  # fmt: skip


def _paid(one: Decided, key: Any) -> int:
    return one.found["project", key].paid or 0


def _paid_beside(one: Decided, other: Decided, key: Any, owner: str) -> int:
    """What a document pays for a project that has already got the other document's money."""
    chosen = other.found["project", key].chosen
    measures = other.program.document.model.measures
    kinds = [_KINDS.get(measures[name].instrument, "fiscal") for name in chosen]
    wide = len(other.program.document.version.region_code.rstrip("0"))
    upper = wide < len(one.program.document.version.region_code.rstrip("0"))
    kind = next((k for k in kinds if k), "")
    if not kind:
        return _paid(one, key)
    if kind == "fiscal":
        kind = "upper" if upper else "same_level"
    facts = _funded(one, key, True, kind, _paid(other, key))
    return decide(one.program, facts, owner, {}).found["project", key].paid or 0


def _funded(
    one: Decided, key: Any, funded: bool, kind: str | None = None, fen: int | None = None
) -> dict[str, list[dict[str, Any]]]:
    more = {OTHER_FUNDS: funded, "other_funds_kind": kind, "other_funds_amount": fen}
    projects = [{**row, **more} if row["key"] == key else row for row in one.facts["project"]]
    return {**one.facts, "project": projects}


def _label(one: Decided, key: Any) -> str:
    return next(m.label for m in one.matches if (m.subject, m.key) == ("project", key))


def _entry(found: Explanation, column: str) -> Entry | None:
    return next((entry for entry in found.entries if entry.column == column), None)


def _readings(entry: Entry | None) -> list[str]:
    return [f"读法“{r.name}”取“{r.chosen}”" for r in entry.readings] if entry else []


def _option(match: Match, why: str = "") -> Option:
    return Option(f"{match.measure.name}（{match.label}）", match.amount, why)
