"""判定: what the rule of a library says of projects on a day, kept with its inputs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from jigai.core.models import User
from jigai.projects.library.access import library_of
from jigai.projects.library.inputs import Found, inputs_of
from jigai.projects.library.judge import judge
from jigai.projects.library.rule import LibraryRule, rule_for
from jigai.projects.models import AdmissionDecision, Project

CHUNK = 2000


def judge_projects(
    *,
    projects: Sequence[Project],
    level: str,
    day: dt.date,
    by: User | None,
    batch: int | None = None,
) -> dict[int, AdmissionDecision]:
    """Store a decision for every project whose library has a rule; by project.

    The caller has made sure that the person may ask about these projects. Projects come with their
    enterprise. A fixed number of queries for a chunk of :data:`CHUNK`.
    """
    found: dict[int, AdmissionDecision] = {}
    for rule, rows in _by_rule(projects, level, day):
        inputs = inputs_of(rule, rows)
        made = [_decision(rule, level, row, inputs, by, batch) for row in rows]
        AdmissionDecision.objects.bulk_create(made, batch_size=CHUNK)
        found.update({each.project_id: each for each in made})
    return found


def _by_rule(
    projects: Iterable[Project], level: str, day: dt.date
) -> list[tuple[LibraryRule, list[Project]]]:
    by_library: dict[str, list[Project]] = {}
    for row in projects:
        by_library.setdefault(library_of(row.region_code, level), []).append(row)
    ruled = ((rule_for(region, level, day), rows) for region, rows in sorted(by_library.items()))
    return [(rule, rows) for rule, rows in ruled if rule is not None]


def _decision(
    rule: LibraryRule, level: str, row: Project, inputs: dict[int, dict[str, Found]],
    by: User | None, batch: int | None,
) -> AdmissionDecision:  # fmt: skip
    judged = judge(rule, inputs[row.pk])
    return AdmissionDecision(
        project=row, level=level, slug=rule.version.slug, item=rule.item.id,
        pack_hash=rule.version.sha256, readings=rule.kept_readings, as_of=rule.day,
        verdict=judged.verdict, conditions=judged.conditions, batch=batch, created_by=by,
    )  # fmt: skip
