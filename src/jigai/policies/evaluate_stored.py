"""Evaluates stored data, and evaluates a finished run again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jigai.errors import JigaiError
from jigai.policies.confirmations import apply_confirmations
from jigai.policies.fact_run import (
    Choices,
    FactRows,
    FactRun,
    Progress,
    Settled,
    Standing,
    evaluate_facts,
)
from jigai.policies.force import force_of
from jigai.policies.models import EvaluationRun, PackVersion
from jigai.policies.providers import Collected, Population, collect, look_up_terms
from jigai.policies.snapshots import read_snapshot
from jigai.policies.standing import settled_on
from jigai.policies.stored_packs import model_of
from jigai.policies.successions import governing, replaced_by
from jigai.rules.environment import Status, default_as_of


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
    progress("读取数据", 0.1)
    collected = collect(population)
    if not collected.facts["project"] and not collected.facts["consortium"]:
        raise JigaiError(
            "nothing-to-decide",
            f"{population.year} 年度没有可测算的项目",
            "先导入技改项目台账，或换一个年度、区划",
        )
    return evaluate_collected(pack, population, collected, choices, progress)


def evaluate_collected(
    pack: PackVersion, population: Population, collected: Collected, choices: Choices,
    progress: Progress, adjust: Callable[[FactRows], None] | None = None,
) -> StoredRun:  # fmt: skip
    """Lay confirmations and registers over facts that were collected, and decide everything.

    ``adjust`` changes the facts last, for a room that knows more about this run than is stored:
    which of them were applied for, what an audit allowed.
    """
    progress("读取政策包", 0.2)
    model = model_of(pack)
    apply_confirmations(
        collected.facts,
        year=population.year,
        region_code=population.region_code,
        known_at=population.known_at,
    )
    day = default_as_of(model.pack.identity, population.year, choices.deadline, choices.as_of)
    look_up_terms(collected.facts, model.terms.values(), day, population)
    if adjust is not None:
        adjust(collected.facts)
    settled = settled_on(model.pack, day, population.known_at)
    identity, replaced = model.pack.identity, replaced_by(pack)

    def standing(on: dt.date) -> Standing:
        force = force_of(identity, replaced, on)
        return force.status, force.because

    run = evaluate_facts(
        model,
        collected.facts,
        year=population.year,
        choices=dataclasses.replace(choices, settled=settled),
        has_lines=bool(collected.facts["line"]),
        progress=progress,
        standing=standing,
    )
    return StoredRun(run, collected)


def choices_of(stored: EvaluationRun) -> Choices:
    """The choices a stored run was made with; all readings are written out."""
    return Choices(
        stored.as_of, stored.deadline, stored.payment_date, stored.readings, stored.scenario,
        Settled.read(stored.settled),
    )  # fmt: skip


def evaluate_again(stored: EvaluationRun, progress: Progress | None = None) -> FactRun:
    """The same run from its pack version and snapshot, whatever has changed since.

    Whether the document was in force was decided then; what was registered later changes nothing.
    """
    facts = read_snapshot(stored.snapshot_file)
    then = Status.IN_FORCE if stored.payable or stored.scenario else None
    return evaluate_facts(
        model_of(stored.pack),
        facts,
        year=stored.year,
        choices=choices_of(stored),
        has_lines=bool(facts["line"]),
        progress=progress,
        standing=(lambda _day: (then, "")) if then else None,
    )


def governing_pack(pack: PackVersion, choices: Choices, year: int) -> PackVersion:
    """The document that explains on the day of a run, where ``pack`` was chosen.

    Raises :class:`JigaiError` when it is another one and readings or values were chosen by hand:
    those belong to the document on screen.
    """
    day = choices.as_of or choices.deadline or dt.date(year, 12, 31)
    found = governing(pack, day)
    if found.pk != pack.pk and (choices.readings or choices.overrides):
        raise JigaiError(
            "other-document",
            f"{day} 适用的是《{found.title}》，不是《{pack.title}》",
            "改选那份文件再定读法与情景；或勾选“只按所选文件”，结果只作模拟",
        )
    return found


def parse_day(text: Any) -> dt.date | None:
    """A date of a job's parameters; ``None`` where none was given."""
    return dt.date.fromisoformat(text) if text else None
