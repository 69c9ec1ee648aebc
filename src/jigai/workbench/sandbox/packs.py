"""The rules of a scenario as a model, and the constants it is run with."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jigai.errors import JigaiError
from jigai.policies.fact_run import Choices, Settled, build_run_environment
from jigai.policies.models import PackVersion
from jigai.policies.standing import settled_on
from jigai.policies.stored_packs import files_hash, model_of
from jigai.policies.uploaded_packs import laid_out_aside, with_bases
from jigai.policies.yaml_bounds import bounds_problem
from jigai.rules.binding import Environment
from jigai.rules.environment import default_as_of
from jigai.rules.errors import PackError, Problem
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model
from jigai.workbench.models import SandboxScenario, SandboxStudy


@dataclass(frozen=True, slots=True)
class Rules:
    """What a scenario is decided by; ``hash`` names the content of the documents."""

    model: Model
    hash: str
    title: str


def rules_of(scenario: SandboxScenario) -> Rules:
    """The checked rules. Raises :class:`JigaiError` with the linter's first error."""
    if scenario.files:
        model = files_model(scenario.slug, scenario.files)
        return Rules(model, files_hash(scenario.files), model.pack.identity.title)
    assert scenario.base is not None
    return Rules(model_of(scenario.base), scenario.base.sha256, scenario.base.title)


def files_model(slug: str, files: Mapping[str, str]) -> Model:
    """The model of a pack's own files over the installed bases.

    Examples that no longer come out, or clauses nobody cites yet, keep nobody from trying a rule;
    only what cannot be read does. Raises :class:`JigaiError` (``scenario-faulty``) with place and
    cure of the first error.
    """
    unsafe = [p for name, text in files.items() if (p := bounds_problem(name, text))]
    if unsafe:
        raise _faulty(unsafe)
    try:
        return _model(slug, json.dumps(with_bases(slug, files), sort_keys=True))
    except PackError as error:
        raise _faulty(error.problems) from error


@lru_cache(maxsize=8)
def _model(slug: str, files: str) -> Model:
    with laid_out_aside(slug, json.loads(files)) as folder:
        return build_model(load_pack(folder, folder.parent))


def _faulty(problems: Sequence[Problem]) -> JigaiError:
    first = problems[0]
    return JigaiError(
        "scenario-faulty",
        f"情景的规则有 {len(problems)} 处错误：{first.place} {first.message}",
        first.fix or "回到起草稿改正后再取一次",
    )


def choices_of(scenario: SandboxScenario, study: SandboxStudy, model: Model) -> Choices:
    """Dates of the study, values and readings of the scenario, and what people have settled."""
    day = day_of(study, model)
    settled = settled_on(model.pack, day, study.known_at)
    return Choices(
        study.as_of, study.deadline, None, dict(scenario.readings), dict(scenario.overrides),
        settled,
    )  # fmt: skip


def day_of(study: SandboxStudy, model: Model) -> dt.date:
    """The day values are taken of."""
    return default_as_of(model.pack.identity, study.year, study.deadline, study.as_of)


def environment_of(
    scenario: SandboxScenario, study: SandboxStudy, model: Model,
    more: Mapping[str, str | None] | None = None,
) -> Environment:  # fmt: skip
    """The constants of the scenario, with further values on top.

    Raises :class:`JigaiError` for a choice that does not exist.
    """
    given = choices_of(scenario, study, model)
    values: Any = {**given.overrides, **(more or {})}
    choices = Choices(
        given.as_of,
        given.deadline,
        None,
        given.readings,
        values,
        given.settled,
    )
    return build_run_environment(model, study.year, choices)


def base_environment(study: SandboxStudy, model: Model) -> Environment:
    """The constants of the documents as they stand: no values changed, no readings chosen."""
    settled: Settled = settled_on(model.pack, day_of(study, model), study.known_at)
    return build_run_environment(
        model, study.year, Choices(study.as_of, study.deadline, None, {}, {}, settled)
    )


def current_versions() -> list[PackVersion]:
    """Installed documents to start from."""
    rows = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    return list(rows.defer("files").order_by("slug", "id"))
