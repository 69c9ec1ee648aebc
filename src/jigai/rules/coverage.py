"""How much of a document a pack covers: every clause cited, every number used, or a reason why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from jigai.rules import schema
from jigai.rules.errors import Problem
from jigai.rules.loader import Pack


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of ``total`` clauses or facts are accounted for; ``pending`` wait for an engine."""

    total: int
    covered: int
    pending: int = 0

    @property
    def percent(self) -> float:
        """Share accounted for in per cent; a document without any is covered."""
        return 100.0 * self.covered / self.total if self.total else 100.0


@dataclass(frozen=True, slots=True)
class Pending:
    """Something of the document that waits for the issue that brings its engine."""

    kind: str
    id: str
    issue: str
    what: str


def items(pack: Pack) -> Iterator[BaseModel]:
    """Every item of this pack (not of those it extends) that may cite a clause."""
    stages = pack.measures
    yield from (*pack.parameters, *pack.facts, *pack.readings, *stages.gates, *stages.measures)
    yield from (*stages.pooled_caps, *stages.rankings, *stages.budgets)
    yield from (*pack.examples, *pack.programme())
    yield from (stage for stage in (stages.selection, stages.validity) if stage is not None)


def cited(item: BaseModel) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Clause ids an item cites, each with the path of the field that cites it."""
    clause = getattr(item, "clause", "")
    if clause:
        yield clause, ("clause",)
    for index, other in enumerate(getattr(item, "clauses", [])):
        yield other, ("clauses", index)
    if isinstance(item, schema.Measure) and item.split and item.split.clause:
        yield item.split.clause, ("split", "clause")


def clause_problems(pack: Pack) -> tuple[Coverage, list[Problem]]:
    """Clauses nobody cites and citations of clauses the document does not have."""
    problems: list[Problem] = []
    known = {clause.id for clause in pack.clauses}
    used: set[str] = set()
    for item in items(pack):
        for clause, path in cited(item):
            used.add(clause)
            if clause not in known:
                place = pack.place(item, *path)
                message, fix = f"clauses.yaml 里没有条款“{clause}”", "写 clauses.yaml 里的 id"
                problems.append(Problem("unknown-clause", place, message, fix, clause))
    covered = 0
    for clause_item in pack.clauses:
        if clause_item.id in used or clause_item.declaratory or clause_item.pending:
            covered += 1
            continue
        place, message = pack.place(clause_item), f"条款“{clause_item.heading}”没有事项引用"
        fix = "写出引用它的事项，或 declaratory: 理由，或 pending: 事项编号"
        problems.append(Problem("uncited-clause", place, message, fix, clause_item.id))
    waiting = sum(bool(clause.pending) for clause in pack.clauses)
    return Coverage(len(pack.clauses), covered, waiting), problems


def fact_problems(pack: Pack) -> tuple[Coverage, list[Problem]]:
    """Numbers of the document nobody uses and uses of numbers it does not have."""
    problems: list[Problem] = []
    known = {fact.id for clause in pack.clauses for fact in clause.facts}
    used: set[str] = set()
    for item in items(pack):
        for index, fact in enumerate(getattr(item, "facts", [])):
            used.add(fact)
            if fact not in known:
                place, clause = pack.place(item, "facts", index), str(getattr(item, "clause", ""))
                message, fix = f"clauses.yaml 里没有数“{fact}”", "写 clauses.yaml 里 facts 的 id"
                problems.append(Problem("unknown-fact", place, message, fix, clause))
    covered = total = waiting = 0
    for clause_item in pack.clauses:
        for index, number in enumerate(clause_item.facts):
            total += 1
            waiting += bool(number.pending)
            if number.id in used or number.waived or number.pending:
                covered += 1
                continue
            place = pack.place(clause_item, "facts", index)
            message = f"数 {number.id}“{number.token or number.what}”没有用到"
            fix = "在参数或资格门的 facts 里引用，或写 waived: 理由，或 pending: 事项编号"
            problems.append(Problem("unused-fact", place, message, fix, clause_item.id))
    return Coverage(total, covered, waiting), problems


def repeated_ids(pack: Pack) -> list[Problem]:
    """Clause and fact ids and measure numbers that stand twice."""
    problems: list[Problem] = []
    seen: set[str] = set()

    def once(key: str, item: BaseModel, *path: str | int) -> None:
        if key in seen:
            place, message = pack.place(item, *path), f"“{key}”重复"
            problems.append(Problem("duplicate-id", place, message, "换一个 id"))
        seen.add(key)

    for clause in pack.clauses:
        once(clause.id, clause, "id")
        for index, fact in enumerate(clause.facts):
            once(fact.id, clause, "facts", index, "id")
    for entry in pack.programme():
        once(entry.id, entry, "id")
    numbers: dict[int, str] = {}
    for measure in pack.measures.measures:
        other = numbers.setdefault(measure.number, measure.id)
        if other != measure.id:
            place = pack.place(measure, "number")
            message = f"措施编号 {measure.number} 已被“{other}”占用；同额时按编号取小者"
            problems.append(
                Problem("duplicate-number", place, message, "换一个编号", measure.clause)
            )
    return problems


def pending_items(pack: Pack) -> list[Pending]:
    """Clauses, facts and measures that wait, in the order of the document."""
    waiting = []
    for clause in pack.clauses:
        if clause.pending:
            waiting.append(Pending("条款", clause.id, clause.pending, clause.heading))
        for fact in clause.facts:
            if fact.pending:
                waiting.append(Pending("数", fact.id, fact.pending, fact.what))
    for measure in pack.measures.measures:
        if measure.pending:
            waiting.append(Pending("措施", measure.id, measure.pending, measure.name))
    return waiting


def fact_users(pack: Pack) -> dict[str, list[str]]:
    """Names of the items that use each number of the document, by number id."""
    users: dict[str, list[str]] = {}
    for item in items(pack):
        names = (getattr(item, key, "") for key in ("name", "term", "id"))
        name = next((str(given) for given in names if given), "")
        for fact in getattr(item, "facts", []):
            users.setdefault(fact, []).append(name)
    return users
