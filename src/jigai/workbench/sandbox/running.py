"""Runs one scenario over the frozen facts of its study: same inputs, same bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from jigai.policies.fact_run import FactRows, FactRun, evaluate_facts
from jigai.policies.providers import Population as Whose
from jigai.policies.providers import look_up_terms
from jigai.policies.snapshots import keep_snapshot
from jigai.policies.stored_packs import files_hash
from jigai.rules.binding import Environment
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import Status
from jigai.rules.model import Model
from jigai.rules.scenarios import Scenarios
from jigai.rules.snapshot import from_rows
from jigai.workbench.models import SandboxScenario, SandboxStudy
from jigai.workbench.sandbox.kept_rows import keep_rows
from jigai.workbench.sandbox.packs import Rules, choices_of, day_of, environment_of, rules_of
from jigai.workbench.sandbox.population import Taken
from jigai.workbench.sandbox.result_rows import result_rows
from jigai.workbench.sandbox.summing import summary_of

Told = Callable[[str, float], None]


@dataclass(slots=True)
class Ran:
    """What one run gives to be stored."""

    fingerprint: str
    pack_hash: str
    snapshot: str
    as_of: dt.date
    readings: dict[str, str]
    settled: dict[str, Any]
    root_hash: str
    file: str
    summary: dict[str, Any]


def fingerprint(scenario: SandboxScenario, study: SandboxStudy) -> str:
    """One hash over everything a result depends on: rules, facts, values, readings, dates."""
    rules = files_hash(scenario.files) if scenario.files else f"version:{scenario.base_id}"
    inputs = [
        rules, scenario.overrides, scenario.readings, study.facts_file, study.people_file,
        study.year, str(study.as_of or ""), str(study.deadline or ""), study.region_code,
    ]  # fmt: skip
    text = json.dumps(inputs, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def run_scenario(
    scenario: SandboxScenario, study: SandboxStudy, taken: Taken, progress: Told
) -> Ran:
    """Decide the frozen facts under the scenario; rows and facts are kept below the data directory.

    Whether a document is in force does not matter here: nothing of a study is ever paid. Raises
    :class:`JigaiError` for rules with errors or choices that do not exist.
    """
    rules = rules_of(scenario)
    facts = facts_for(study, rules.model, taken)
    run = _run(scenario, study, rules, facts, taken, progress)
    progress("汇总", 0.9)
    rows = result_rows(run, taken, study.region_code)
    return Ran(
        fingerprint(scenario, study), rules.hash, keep_snapshot(facts),
        run.env.context["as_of"], dict(run.env.readings), run.choices.settled.kept(),
        run.decision_hash, keep_rows(rows), summary_of(rows),
    )  # fmt: skip


def _run(
    scenario: SandboxScenario, study: SandboxStudy, rules: Rules, facts: FactRows, taken: Taken,
    progress: Told,
) -> FactRun:  # fmt: skip
    return evaluate_facts(
        rules.model, facts, year=study.year, choices=choices_of(scenario, study, rules.model),
        has_lines=taken.has_lines, progress=progress,
        standing=lambda _day: (Status.IN_FORCE, ""),
    )  # fmt: skip


def facts_for(study: SandboxStudy, model: Model, taken: Taken) -> FactRows:
    """The frozen facts with what terms of this document read from registers."""
    if not any(term.reads is not None for term in model.terms.values()):
        return taken.facts
    # Row by row: what stands for an unreadable cell is one object and must stay that one.
    facts = {subject: [dict(row) for row in rows] for subject, rows in taken.facts.items()}
    assert study.known_at is not None
    whose = Whose(study.region_code, study.year, study.known_at)
    look_up_terms(facts, model.terms.values(), day_of(study, model), whose)
    return facts


def pricing(scenario: SandboxScenario, study: SandboxStudy, taken: Taken) -> Scenarios:
    """Asks what the scenario would cost with other values; totals equal those of its runs."""
    model = rules_of(scenario).model
    facts = facts_for(study, model, taken)

    def environment(more: Any) -> Any:
        return environment_of(scenario, study, model, more)

    return Scenarios(model, from_rows(facts, _inputs(model, environment({}))), environment)


def _inputs(model: Model, env: Environment) -> dict[str, dict[str, Any]]:
    """Facts that any value of a parameter may ask for, not only the present one."""
    free = {
        name: value.value.denominator
        for name, value in env.parameters.items()
        if isinstance(value.value, Fraction) and not model.parameters[name].formula
    }
    found = {s: dict(terms) for s, terms in compile_plan(model, env).inputs.items()}
    for subject, terms in compile_plan(model, replace(env, free=free)).inputs.items():
        found.setdefault(subject, {}).update(terms)
    return found
