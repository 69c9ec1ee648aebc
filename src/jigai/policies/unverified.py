"""未核实事项: what the run assumed because nobody supplied it, by term, with who should verify."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from jigai.policies.fact_run import FactRun
from jigai.rules.facts import Encoder
from jigai.rules.plan import Aggregate, Step

SUBJECT_NAMES = {
    "enterprise": "企业",
    "project": "项目",
    "line": "发票行",
    "consortium": "共同体",
    "member": "成员",
    "award": "奖项",
    "loan": "贷款",
    "parcel": "地块",
    "region": "地区",
}
Item = tuple[str, str, int, str, str, str, str]


def unverified_items(run: FactRun) -> Iterator[Item]:
    """Rows (term, subject, count, assumed value, source, definition, clauses)."""
    plan = run.batch.plan
    encoder = Encoder(plan.inputs)
    counts: Counter[tuple[str, str]] = Counter()
    for subject, rows in run.facts.items():
        for row in rows:
            counts.update((subject, a.term) for a in encoder.assumptions(subject, row))
    clauses = _clauses(run)
    for (subject, term), count in sorted(counts.items()):
        info, declared = plan.inputs[subject][term], run.model.terms[term]
        yield (
            info.name,
            SUBJECT_NAMES[subject],
            count,
            info.assume or "",
            info.source,
            declared.definition,
            "、".join(clauses.get(term, ())),
        )
    for gate in plan.gates.values():
        if gate["manual"] == "True":
            note = "须由有此职责的人确认；本次按词汇约定处理"
            yield (
                gate["name"],
                SUBJECT_NAMES[gate["subject"]],
                len(run.facts.get(gate["subject"], ())),
                "",
                gate["duty"],
                note,
                gate["clause"],
            )


def _clauses(run: FactRun) -> dict[str, list[str]]:
    """Clauses of the steps that read a term, directly or through derived facts."""
    found: dict[str, dict[str, None]] = {}
    for item in run.batch.plan.items:
        if not isinstance(item, Step | Aggregate) or not item.clause:
            continue
        for node in _nodes(item):
            for term in node.names("term"):
                found.setdefault(term, {})[item.clause] = None
    return {term: list(clauses) for term, clauses in found.items()}


def _nodes(item: Step | Aggregate) -> list:  # type: ignore[type-arg]
    nodes = [item.node] if isinstance(item, Step) else [item.where, item.value]
    return [node for node in nodes if node is not None]
