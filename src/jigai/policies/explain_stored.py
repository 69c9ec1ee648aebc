"""The full trace of one stored decision, computed again from the run's own pack and snapshot."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jigai.errors import JigaiError
from jigai.policies.cases import consortium_case, project_case
from jigai.policies.evaluate_stored import choices_of
from jigai.policies.fact_run import Choices, FactRows, build_run_environment
from jigai.policies.models import Decision, EvaluationRun, PackVersion
from jigai.policies.snapshots import read_snapshot
from jigai.policies.stored_packs import model_of
from jigai.rules.alternatives import Evaluators, alternative_readings
from jigai.rules.binding import Environment
from jigai.rules.explain import explain_consortium, explain_project
from jigai.rules.explanation import Alternative, Explanation
from jigai.rules.model import Model

Prepared = tuple[Model, Environment, Evaluators]


def explain_decision(decision: Decision) -> Explanation:
    """Every step of a decision on a project or consortium.

    Raises :class:`JigaiError` when what is computed now differs from what was decided: that would
    mean a changed archive, and is never shown as an explanation.
    """
    subject, key = _subject(decision)
    run = decision.run
    model, env, evaluators = prepared(run.pk)
    rows = _case(run, subject, key)
    explainer = explain_consortium if subject == "consortium" else explain_project
    found = explainer(evaluators.under({}), model, env, rows, key)
    if decision.subject == "project" and (found.amount, found.paid) != (
        decision.amount_fen, decision.paid_fen,
    ):  # fmt: skip
        raise JigaiError("archive-differs", "重算结果与存档不一致，已停止显示", "请运行存档核对")
    return found


def other_readings(decision: Decision) -> list[Alternative]:
    """What the decision would be under every other option of each reading that bears on it."""
    subject, key = _subject(decision)
    model, _env, evaluators = prepared(decision.run_id)
    rows = _case(decision.run, subject, key)
    return alternative_readings(model, evaluators.make, rows, key, subject, evaluators)


def _subject(decision: Decision) -> tuple[str, Any]:
    """Subject and key that explain a decision; a member is explained by its consortium."""
    if decision.subject == "project":
        return "project", int(decision.subject_key)
    if decision.subject == "member":
        return "consortium", decision.subject_key.rpartition("#")[0]
    return "consortium", decision.subject_key


@lru_cache(maxsize=8)
def prepared(run_id: int) -> Prepared:
    """Model, constants and compiled closures of a run; runs never change, so neither does this."""
    run = EvaluationRun.objects.select_related("pack").get(pk=run_id)
    return prepare_choices(run.pack, run.year, choices_of(run))


def prepare_choices(pack: PackVersion, year: int, choices: Choices) -> Prepared:
    """Model, constants and compiled closures of a document under given choices."""
    model = model_of(pack)

    def make(changed: Mapping[str, str]) -> Environment:
        readings = {**choices.readings, **changed}
        return build_run_environment(model, year, dataclasses.replace(choices, readings=readings))

    return model, make({}), Evaluators(model, make)


@lru_cache(maxsize=4)
def facts_of(snapshot: str) -> FactRows:
    """The facts of a snapshot, kept in memory for the next question."""
    return read_snapshot(snapshot)


def _case(run: EvaluationRun, subject: str, key: Any) -> FactRows:
    facts = facts_of(run.snapshot_file)
    return consortium_case(facts, key) if subject == "consortium" else project_case(facts, key)
