"""What competes for ranks and budgets: the paying and open rows of either executor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from jigai.rules.facts import Row
from jigai.rules.items import ITEM_SUBJECTS, ItemOutcome, item_measures
from jigai.rules.plan import BELOW, EXCLUDED, PAY, Plan
from jigai.rules.population import Application
from jigai.rules.stages import build_tracks

_SETTLED = (BELOW, EXCLUDED)


def case_applications(plan: Plan, stored: Mapping[str, list[Row]]) -> Iterator[Application]:
    """Applications among the decided rows of a case, those worth nothing left out."""
    tracks = build_tracks(plan)
    everything = tuple(m.id for track in tracks for m in track)
    for row in stored["project"] if tracks else ():
        # What waits has not been left out by selection: it may still ask for money.
        paid = row["paid"] if row["verdict"] == PAY else None
        if row["verdict"] not in _SETTLED and paid != 0:
            ids = tuple(m.id for m in tracks[row["track"] - 1]) if row["track"] else everything
            scores = {r.id: row[r.by] for r in plan.rankings if set(r.measures) & set(ids)}
            yield Application("project", row["key"], ids, paid, scores)
    for measure in plan.measures:
        if measure.subject == "consortium":
            for row in stored["consortium"]:
                if row[measure.code] not in _SETTLED:
                    paid = row[measure.effective] if row[measure.code] == PAY else None
                    scores = {r.id: row[r.by] for r in plan.rankings if measure.id in r.measures}
                    yield Application("consortium", row["key"], (measure.id,), paid, scores)
    for subject in ITEM_SUBJECTS:
        if item_measures(plan, subject):
            yield from item_applications(plan, (row["#outcome"] for row in stored[subject]))


def item_applications(plan: Plan, items: Iterator[ItemOutcome]) -> Iterator[Application]:
    """Applications of titles, loans, parcels, regions and enterprises."""
    for item in items:
        if item.verdict not in _SETTLED:
            ids = item.benefits if item.paid is not None else item.possible
            if item.paid == 0 or not ids:
                continue
            yield Application(item.subject, item.key, ids, item.paid, dict(item.scores))


def batch_applications(plan: Plan, result: Any, keys: Mapping[str, Any]) -> Iterator[Application]:
    """The same from a batch result that carries the score columns of its projects."""
    out, tracks = result.projects, build_tracks(plan)
    everything = tuple(m.id for track in tracks for m in track)
    if out is not None:
        for place in np.flatnonzero(~np.isin(out.verdict, _SETTLED)).tolist():
            verdict, chosen = int(out.verdict[place]), int(out.selected[place])
            paid = int(out.paid[place]) if verdict == PAY and chosen >= 0 else None
            if paid == 0:
                continue
            ids = tuple(m.id for m in tracks[int(out.track[place]) - 1]) if verdict == PAY else ()
            ids = ids or everything
            scores = {
                r.id: _plain(out.columns[r.by][place])
                for r in plan.rankings
                if set(r.measures) & set(ids)
            }
            yield Application("project", _plain(keys["project"][place]), ids, paid, scores)
    for measure, outcome in result.consortia.items():
        for place in np.flatnonzero(~np.isin(outcome.verdict, _SETTLED)).tolist():
            paid = int(outcome.amount[place]) if int(outcome.verdict[place]) == PAY else None
            scores = {
                r.id: _plain(outcome.columns[r.by][place])
                for r in plan.rankings
                if measure in r.measures
            }
            key = _plain(keys["consortium"][place])
            yield Application("consortium", key, (measure,), paid, scores)
    yield from item_applications(plan, iter(result.items))


def _plain(value: Any) -> Any:
    if np.ma.is_masked(value):
        return None
    return value.item() if hasattr(value, "item") else value
