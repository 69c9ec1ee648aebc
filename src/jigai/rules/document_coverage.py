"""What became of a document: how much of it is accounted for, and by what."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.rules.coverage import Coverage, clause_problems, fact_problems, fact_users
from jigai.rules.loader import Pack
from jigai.rules.schema_programme import PROGRAMME


@dataclass(frozen=True, slots=True)
class DocumentCoverage:
    """Counts of one pack. ``items`` are (section, Chinese title, how many), measures first;
    ``systems`` how many items carry each system of the ledger.
    """

    id: str
    title: str
    clauses: Coverage
    declaratory: int
    facts: Coverage
    used: int
    waived: int
    items: list[tuple[str, str, int]]
    computable: int
    examples: int
    undetermined: int
    systems: dict[str, int]


def document_coverage(pack: Pack) -> DocumentCoverage:
    """Count one pack; it need not be free of problems."""
    measures = pack.measures.measures
    programme = [(name, title, len(getattr(pack, name))) for name, _model, title in PROGRAMME]
    facts = [fact for clause in pack.clauses for fact in clause.facts]
    users = fact_users(pack)
    systems: dict[str, int] = {}
    named = [item.systems for item in measures] + [item.systems for item in pack.programme()]
    for system in (system for listed in named for system in listed):
        systems[system] = systems.get(system, 0) + 1
    return DocumentCoverage(
        pack.identity.id,
        pack.identity.title,
        clause_problems(pack)[0],
        sum(bool(clause.declaratory) for clause in pack.clauses),
        fact_problems(pack)[0],
        sum(fact.id in users for fact in facts),
        sum(bool(fact.waived) and fact.id not in users for fact in facts),
        [("measures", "措施", len(measures)), *programme],
        sum(measure.computable for measure in measures),
        sum(not example.profile for example in pack.examples),
        sum(parameter.status == "undetermined" for parameter in pack.parameters),
        systems,
    )
