"""Decides titles, loans, parcels, regions and enterprises of a whole population."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jigai.rules.items import (
    ITEM_SUBJECTS,
    ItemOutcome,
    decide_item,
    item_measures,
    pool_items,
)
from jigai.rules.plan import MeasurePlan, Plan
from jigai.rules.snapshot import Snapshot

Fetch = Callable[..., dict[str, Any]]


class ItemBatch:
    """One query a subject computes the columns of its measures; the rest is per row."""

    def __init__(self, plan: Plan, snapshot: Snapshot, fetch: Fetch) -> None:
        """Take a compiled plan, the facts and what runs a query on them."""
        self.plan, self.snapshot, self.fetch = plan, snapshot, fetch

    def run(self) -> list[ItemOutcome]:
        """Outcomes of every row of every subject with measures, after pooled caps."""
        found: list[ItemOutcome] = []
        for subject in ITEM_SUBJECTS:
            measures = item_measures(self.plan, subject)
            if measures and self.snapshot.size(subject):
                found += self._subject(subject, measures)
        if found:
            pool_items(self.plan, found, self._limits())
        return found

    def _subject(self, subject: str, measures: list[MeasurePlan]) -> list[ItemOutcome]:
        names = [n for m in measures for n in (m.code, m.effective, m.low, m.high)]
        own = {m.id for m in measures}
        names += [r.by for r in self.plan.rankings if own & set(r.measures)]
        outputs = {"rid_": "rid", **{name: name for name in names}}
        owned = subject not in ("enterprise", "region")
        if owned:
            outputs["owner_"] = "enterprise_rid"
        columns = {key: column.tolist() for key, column in self.fetch(subject, outputs).items()}
        keys = [_plain(key) for key in self.snapshot.keys[subject]]
        names_of = [_plain(key) for key in self.snapshot.keys["enterprise"]]
        outcomes = []
        for rid, key in enumerate(keys):
            row = {name: columns[name][rid] for name in names}
            owner = key if subject == "enterprise" else None
            if owned and columns["owner_"][rid] is not None:
                owner = names_of[columns["owner_"][rid]]
            outcomes.append(decide_item(self.plan, subject, key, owner, measures, row))
        return outcomes

    def _limits(self) -> dict[str, dict[Any, int | None]]:
        caps = self.plan.pooled_caps
        if not caps:
            return {}
        columns = self.fetch("enterprise", {"rid_": "rid", **{c.id: c.amount for c in caps}})
        keys = [_plain(key) for key in self.snapshot.keys["enterprise"]]
        return {c.id: dict(zip(keys, columns[c.id].tolist(), strict=True)) for c in caps}


def _plain(key: Any) -> Any:
    return key.item() if hasattr(key, "item") else key
