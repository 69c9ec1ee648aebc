"""Which facts of a run wait for a person, and who that person is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jigai.policies.explain_stored import facts_of, prepared
from jigai.policies.models import Decision, EvaluationRun
from jigai.rules.expr import Node
from jigai.rules.plan import EXCLUDED, Aggregate, Plan, Step
from jigai.yaml_files import read_yaml

# Only yes/no facts of these can be confirmed one by one; figures come in by import.
SUBJECTS = {"enterprise": "企业", "project": "项目", "consortium": "共同体"}
OTHER_LINE = "miit"


@dataclass(frozen=True, slots=True)
class Confirmable:
    """One fact that may be confirmed: what it says, where it counts, who answers for it."""

    term: str
    name: str
    subject: str
    definition: str
    source: str
    assumed: str
    clauses: tuple[str, ...]
    line: str
    manual: bool
    keys: tuple[str, ...]

    @property
    def capability(self) -> str:
        """What one needs to confirm it."""
        return f"gate.confirm.{self.line}"


@cache
def _duties() -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = read_yaml(Path(__file__).parent / "data" / "duties.yaml")
    return tuple((str(row["line"]), tuple(map(str, row["words"]))) for row in rows)


def line_of(source: str) -> str:
    """The line of departments that a source or duty names."""
    for line, words in _duties():
        if any(word in source for word in words):
            return line
    return OTHER_LINE


def confirmables(run: EvaluationRun) -> list[Confirmable]:
    """Every yes/no fact nobody supplied for subjects still in the running, manual ones first."""
    model, _env, evaluators = prepared(run.pk)
    plan = evaluators.under({}).plan
    relevant = _relevant(run)
    facts = facts_of(run.snapshot_file)
    clauses, manual = _clauses(plan), _manual_terms(plan)
    found = []
    for subject in SUBJECTS:
        for term, info in plan.inputs[subject].items():
            declared = model.terms[term]
            if declared.type != "bool":
                continue
            keys = tuple(
                str(row["key"])
                for row in facts[subject]
                if row.get(term) is None and str(row["key"]) in relevant[subject]
            )
            if keys:
                found.append(
                    Confirmable(
                        term, info.name, subject, declared.definition, info.source,
                        info.assume or "", tuple(clauses.get(term, ())), line_of(info.source),
                        term in manual, keys,
                    )
                )  # fmt: skip
    return sorted(found, key=lambda c: (not c.manual, c.assumed != "", c.name))


def _relevant(run: EvaluationRun) -> dict[str, set[str]]:
    """Subjects that may still get something: an excluded one needs no confirmation."""
    rows = Decision.objects.filter(run=run).exclude(verdict__in=(EXCLUDED, 2))
    found: dict[str, set[str]] = {subject: set() for subject in SUBJECTS}
    for subject, key, uscc in rows.values_list("subject", "subject_key", "enterprise__uscc"):
        if subject in found:
            found[subject].add(key)
        if uscc:
            found["enterprise"].add(uscc)
    return found


def _manual_terms(plan: Plan) -> set[str]:
    """Terms behind gates that a person must confirm."""
    gates = {name for name, info in plan.gates.items() if info["manual"] == "True"}
    steps = {item.id: item for item in plan.items if isinstance(item, Step | Aggregate)}
    found: set[str] = set()
    for gate in gates:
        step = steps.get(f"gate_{gate.replace('-', '_')}")
        if step is not None:
            for node in _nodes(step):
                found.update(_terms_below(node, steps))
    return found


def _terms_below(node: Node, steps: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    for name in node.names("term"):
        step = steps.get(name)
        if isinstance(step, Step) and step.node is not None and step.id != name:
            found |= _terms_below(step.node, steps)
        elif isinstance(step, Step) and step.node is not None:
            inner = step.node.names("term")
            found |= {t for t in inner if t != name} or {name}
        else:
            found.add(name)
    return found


def _clauses(plan: Plan) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for item in plan.items:
        if isinstance(item, Step | Aggregate) and item.clause:
            for node in _nodes(item):
                for term in node.names("term"):
                    found.setdefault(term, {})[item.clause] = None
    return found


def _nodes(item: Step | Aggregate) -> list[Node]:
    nodes = [item.node] if isinstance(item, Step) else [item.where, item.value]
    return [node for node in nodes if node is not None]
