"""What a new version of a pack would pay to whom, beside the version in use. Nothing is stored."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from jigai.errors import JigaiError
from jigai.policies.confirmations import apply_confirmations
from jigai.policies.evaluate_stored import choices_of
from jigai.policies.fact_run import Choices, FactRun, Progress, evaluate_facts
from jigai.policies.models import EvaluationRun, PackVersion
from jigai.policies.providers import Collected, Population, collect, look_up_terms
from jigai.policies.services.record_run import decision_rows, summary_of
from jigai.policies.standing import settled_on
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_readings, default_as_of
from jigai.rules.model import Model

# Rows kept for the page; the totals are over all of them.
MOST_ROWS = 200
_TOTALS = ("total_fen", "individual_fen", "consortium_fen", "selected", "open_high_fen")
# What makes a decision another one; ``track`` is only a number inside one version.
_DECIDED = ("verdict", "amount_fen", "low_fen", "high_fen", "selected", "paid_fen")
Rows = dict[tuple[str, str, tuple[str, ...]], dict[str, Any]]


def money_change(
    *, run: EvaluationRun, current: PackVersion | None, model: Model, progress: Progress
) -> dict[str, Any]:
    """Totals, measures and changed subjects before and after, on the population of ``run`` today.

    ``current`` is the version in use, ``model`` the new one; both decide the same facts with the
    dates and choices of the run. A document that is new has no ``current``: nothing was paid
    before, and values are taken of the day it takes effect. All amounts in fen. Raises
    :class:`JigaiError` where one of them cannot decide at all.
    """
    population = Population(run.region_code, run.year, timezone.now())
    progress("读取数据", 0.0)
    collected = _collect(population)
    dropped: dict[str, None] = {}

    def decide(pack: Model, said: str, start: float) -> tuple[FactRun, list[dict[str, Any]]]:
        choices, unknown = fitting(run, pack, population.known_at)
        if current is None:
            # The run was made under another document: its day and readings are not this one's.
            choices, unknown = dataclasses.replace(choices, as_of=None, readings={}), []
        dropped.update(dict.fromkeys(unknown))
        day = default_as_of(pack.pack.identity, run.year, choices.deadline, choices.as_of)
        look_up_terms(collected.facts, pack.terms.values(), day, population)
        found = evaluate_facts(
            pack, collected.facts, year=run.year, choices=choices,
            has_lines=bool(collected.facts["line"]),
            progress=lambda step, share: progress(f"{said}：{step}", start + share * 0.45),
        )  # fmt: skip
        return found, list(decision_rows(found, collected.labels, run.region_code))

    old_run, old = decide(model_of(current), "现行版本", 0.1) if current else (None, [])
    new_run, new = decide(model, "新版本", 0.55)
    before, after = summary_of(old_run or new_run, old), summary_of(new_run, new)
    changed = sorted(_changed(_keyed(old), _keyed(new)), key=_weight)
    return {
        "run": run.pk,
        "region": run.region_code,
        "year": run.year,
        "as_of": (run.as_of if current else new_run.env.context["as_of"]).isoformat(),
        "dropped": list(dropped),
        "before": {name: before[name] for name in _TOTALS},
        "after": {name: after[name] for name in _TOTALS},
        "difference": after["total_fen"] - before["total_fen"],
        "simulation": new_run.simulation,
        "measures": _measures(before["by_measure"], after["by_measure"]),
        "changed": len(changed),
        "subjects": changed[:MOST_ROWS],
    }


def _collect(population: Population) -> Collected:
    collected = collect(population)
    if not collected.facts["project"] and not collected.facts["consortium"]:
        raise JigaiError("nothing-to-decide", f"{population.year} 年度没有可测算的项目")
    apply_confirmations(
        collected.facts, year=population.year, region_code=population.region_code,
        known_at=population.known_at,
    )  # fmt: skip
    return collected


def fitting(run: EvaluationRun, pack: Model, known_at: dt.datetime) -> tuple[Choices, list[str]]:
    """The choices of a run as far as ``pack`` knows them, and the others in words.

    A reading nobody chose follows each pack's own default, answers and approved values: a changed
    default is a change too.
    """
    made, given = model_of(run.pack), choices_of(run)
    usual = {key: reading.default for key, reading in all_readings(made.pack).items()}
    usual |= given.settled.options()
    chosen = {key: option for key, option in given.readings.items() if option != usual.get(key)}
    known = all_readings(pack.pack)
    kept = {key: o for key, o in chosen.items() if key in known and o in known[key].options}
    dropped = [_words(made, key, option) for key, option in chosen.items() if key not in kept]
    settled = settled_on(pack.pack, run.as_of, known_at)
    return dataclasses.replace(given, readings=kept, overrides={}, settled=settled), dropped


def _words(made: Model, key: str, option: str) -> str:
    """A chosen reading in words: ``加点次序＝先加点后封顶``."""
    reading = all_readings(made.pack)[key]
    return f"{reading.name}＝{reading.options[option].word}"


def _keyed(rows: Iterable[dict[str, Any]]) -> Rows:
    """Decisions by subject. Members are inside their consortium, whose pool counts.

    A consortium is decided on every measure for consortia, a project once.
    """
    return {
        (row["subject"], row["subject_key"],
         tuple(row["measures"]) if row["subject"] == "consortium" else ()): row
        for row in rows
        if row["subject"] != "member"
    }  # fmt: skip


def _changed(old: Rows, new: Rows) -> Iterator[dict[str, Any]]:
    for key in {**old, **new}:
        before, after = old.get(key), new.get(key)
        if before is None or after is None or any(before[n] != after[n] for n in _DECIDED):
            yield _change(before, after)


def _change(before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    row = after or before
    assert row is not None
    return {
        "subject": row["subject"],
        "key": row["subject_key"],
        "label": row["label"],
        "enterprise": row["enterprise_name"],
        "before": _decided(before),
        "after": _decided(after),
        "difference": _paid(after) - _paid(before),
    }


def _decided(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return {name: row[name] for name in _DECIDED} if row else None


def _paid(row: dict[str, Any] | None) -> int:
    """What counts in the total, in fen."""
    if row is None or not row["selected"]:
        return 0
    return int(row["paid_fen"] or 0)


def _weight(row: dict[str, Any]) -> tuple[int, str, str]:
    return -abs(row["difference"]), row["subject"], row["key"]


def _measures(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Money by measure on both sides; a measure under a new name is another measure."""
    old, new = ({row["name"]: row for row in rows} for rows in (before, after))
    none = {"count": 0, "fen": 0}
    return [
        {
            "name": name,
            "before": {key: old.get(name, none)[key] for key in none},
            "after": {key: new.get(name, none)[key] for key in none},
            "difference": new.get(name, none)["fen"] - old.get(name, none)["fen"],
        }
        for name in {**old, **new}
    ]
