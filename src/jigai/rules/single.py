"""Decides one case (an enterprise with its projects, lines and consortia) in microseconds.

Runs the Python printed from a plan. Imports neither the parser nor the schema, so that a cached
plan answers a first question quickly.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from jigai.rules.facts import KEYS, Encoder, Row, Rows, link
from jigai.rules.items import ITEM_SUBJECTS, decide_item, item_measures, pool_items
from jigai.rules.plan import Plan
from jigai.rules.project_stage import packing
from jigai.rules.stages import build_tracks, pool, select, split, unpack_project

SUBJECTS = tuple(KEYS)


class CaseEvaluator:
    """A compiled plan ready to decide cases."""

    def __init__(self, plan: Plan, program: CodeType) -> None:
        """Take a plan and the compiled module printed from it (see :mod:`emit_python`)."""
        self.plan = plan
        self.encoder = Encoder(plan.inputs)
        namespace: dict[str, Any] = {}
        exec(program, namespace)
        self._run: Callable[[dict[str, list[Row]]], None] = namespace["run"]
        self._tracks = build_tracks(plan)
        measures = {measure.id: measure for measure in plan.measures}
        self._item_measures = {s: m for s in ITEM_SUBJECTS if (m := item_measures(plan, s))}
        self._splits = [(split_plan, measures[key]) for key, split_plan in plan.splits.items()]

    def decide(self, rows: Rows) -> dict[str, list[Row]]:
        """Decide a case given as rows by subject; returns stored rows with every column filled.

        Each project row has ``verdict``, ``track`` (1-based, 0 none), ``amount``, ``low``,
        ``high``, ``selected`` and ``paid``; each member row ``share``; amounts are fen.
        """
        encode = self.encoder.encode
        stored = {
            subject: [encode(subject, row) for row in rows.get(subject, ())] for subject in SUBJECTS
        }
        return self.decide_stored(stored)

    def decide_stored(self, stored: dict[str, list[Row]]) -> dict[str, list[Row]]:
        """Like :meth:`decide` for rows already encoded."""
        link(stored)
        self._run(stored)
        projects = stored["project"]
        tracks = self._tracks
        if tracks:
            size = packing(len(tracks))
            for row in projects:
                unpack_project(row, size)
            select(self.plan, projects, self.plan.default_quota)
            pool(self.plan, projects, tracks)
        for split_plan, measure in self._splits:
            for consortium in stored["consortium"]:
                split(self.plan, split_plan, consortium, measure)
        if self._item_measures:
            self._decide_items(stored)
        return stored

    def _decide_items(self, stored: dict[str, list[Row]]) -> None:
        """Put ``#outcome`` (:class:`ItemOutcome`) on every row of a subject with measures."""
        outcomes = []
        for subject, measures in self._item_measures.items():
            for row in stored[subject]:
                owner = row["key"] if subject == "enterprise" else row.get("enterprise_key")
                row["#outcome"] = found = decide_item(
                    self.plan, subject, row["key"], owner, measures, row
                )
                outcomes.append(found)
        limits = {
            cap.id: {row["key"]: row[cap.amount] for row in stored["enterprise"]}
            for cap in self.plan.pooled_caps
        }
        pool_items(self.plan, outcomes, limits)
