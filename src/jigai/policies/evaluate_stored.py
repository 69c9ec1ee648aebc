"""Evaluates stored data, and evaluates a finished run again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from jigai.errors import JigaiError
from jigai.policies.confirmations import apply_confirmations
from jigai.policies.fact_run import Choices, FactRun, Progress, Settled, evaluate_facts
from jigai.policies.models import EvaluationRun, PackVersion
from jigai.policies.providers import Collected, Population, collect
from jigai.policies.snapshots import read_snapshot
from jigai.policies.standing import settled_on
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import default_as_of


@dataclass(slots=True)
class StoredRun:
    """A run over stored data with the labels of its subjects."""

    run: FactRun
    collected: Collected


def evaluate_stored(
    pack: PackVersion, population: Population, choices: Choices, progress: Progress
) -> StoredRun:
    """Collect the facts of a population, lay confirmations over them, decide everything.

    Answers about readings and approved values of open parameters count from their dates on.

    Raises :class:`JigaiError` when there is nothing to decide, and what ``evaluate_facts`` raises.
    """
    progress("读取政策包", 0.02)
    model = model_of(pack)
    progress("读取数据", 0.1)
    collected = collect(population)
    if not collected.facts["project"] and not collected.facts["consortium"]:
        raise JigaiError(
            "nothing-to-decide",
            f"{population.year} 年度没有可测算的项目",
            "先导入技改项目台账，或换一个年度、区划",
        )
    apply_confirmations(
        collected.facts,
        year=population.year,
        region_code=population.region_code,
        known_at=population.known_at,
    )
    day = default_as_of(model.pack.identity, population.year, choices.deadline, choices.as_of)
    settled = settled_on(model.pack, day, population.known_at)
    run = evaluate_facts(
        model,
        collected.facts,
        year=population.year,
        choices=dataclasses.replace(choices, settled=settled),
        has_lines=bool(collected.facts["line"]),
        progress=progress,
    )
    return StoredRun(run, collected)


def choices_of(stored: EvaluationRun) -> Choices:
    """The choices a stored run was made with; all readings are written out."""
    return Choices(
        stored.as_of, stored.deadline, stored.payment_date, stored.readings, stored.scenario,
        Settled.read(stored.settled),
    )  # fmt: skip


def evaluate_again(stored: EvaluationRun, progress: Progress | None = None) -> FactRun:
    """The same run from its pack version and snapshot, whatever has changed since."""
    facts = read_snapshot(stored.snapshot_file)
    return evaluate_facts(
        model_of(stored.pack),
        facts,
        year=stored.year,
        choices=choices_of(stored),
        has_lines=bool(facts["line"]),
        progress=progress,
    )


def parse_day(text: Any) -> dt.date | None:
    """A date of a job's parameters; ``None`` where none was given."""
    return dt.date.fromisoformat(text) if text else None
