"""Keeps what was gathered: one list with its rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from jigai.core.models import User
from jigai.policies.models import PackVersion
from jigai.policies.providers import Label, Population
from jigai.rules.bounds import UNBOUNDED
from jigai.rules.schema import Measure
from jigai.workbench.models import AudienceEntry, AudienceList
from jigai.workbench.navigator.mirror.classify import READY, Entry, Sorted
from jigai.workbench.navigator.mirror.gather import Gathered

_CHUNK = 2000


def record_list(
    *, gathered: Gathered, pack: PackVersion, population: Population, day: dt.date, by: User | None
) -> AudienceList:
    """Store a list with all its rows in one transaction."""
    with transaction.atomic():
        made = AudienceList.objects.create(
            pack=pack, year=population.year, region_code=population.region_code, as_of=day,
            simulation=gathered.simulation, created_by=by, summary=_summary(gathered),
        )  # fmt: skip
        AudienceEntry.objects.bulk_create(_rows(made, gathered), batch_size=_CHUNK)
    return made


def _summary(gathered: Gathered) -> dict[str, Any]:
    told = {}
    for name, found in gathered.found.items():
        measure = gathered.model.measures[name]
        groups = Counter(entry.group for entry in found.entries)
        told[name] = {
            **_named(measure), "charge": measure.charge, "rows": sum(found.counts.values()),
            **{group: groups[group] for group in AudienceEntry.Group.values},
            "ready_fen": _fen(gathered, found),
        }  # fmt: skip
    for measure in gathered.absent:
        told[measure.id] = {**_named(measure), "absent": True}
    return told


def _named(measure: Measure) -> dict[str, Any]:
    return {"name": measure.name, "number": measure.number, "subject": measure.subject,
            "clause": measure.clause}  # fmt: skip


def _fen(gathered: Gathered, found: Sorted) -> int:
    """What those that fit come to by themselves, before anything competes."""
    return sum(entry.amount or 0 for entry in found.entries if entry.group == READY)


def _rows(made: AudienceList, gathered: Gathered) -> Iterator[AudienceEntry]:
    for name, found in gathered.found.items():
        measure = gathered.model.measures[name]
        labels = gathered.collected.labels.get(measure.subject, {})
        for entry in found.entries:
            label = labels.get(entry.key) or Label("")
            yield AudienceEntry(
                audience=made, measure=name, measure_name=measure.name, group=entry.group,
                subject=entry.subject, subject_key=str(entry.key), label=label.name[:200],
                enterprise_id=label.enterprise_id, enterprise_name=label.enterprise_name[:200],
                region_code=label.region_code or made.region_code,
                state=_state(gathered, measure, entry), amount_fen=entry.amount,
                high_fen=None if entry.high >= UNBOUNDED else entry.high,
                lacking=entry.lacking[:200], holder=entry.holder[:200], gap=entry.gap[:300],
                gap_share=entry.gap_share,
            )  # fmt: skip


def _state(gathered: Gathered, measure: Measure, entry: Entry) -> str:
    if entry.group != READY or measure.charge:
        return ""
    if entry.subject != "project":
        return str(AudienceEntry.State.TAKEN)
    return gathered.states.get((entry.key, measure.id), "")
