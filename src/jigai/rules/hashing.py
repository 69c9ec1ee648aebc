"""Root hashes over decisions: equal for equal answers, whatever ran and in whatever order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from jigai.rules.batch import BatchResult
from jigai.rules.facts import Row
from jigai.rules.items import ITEM_SUBJECTS, ItemOutcome, item_measures
from jigai.rules.plan import MISSING, UNDETERMINED, Plan

Line = tuple[Any, ...]


def case_lines(plan: Plan, rows: Mapping[str, list[Row]]) -> Iterable[Line]:
    """Decision lines of the closure executor."""
    if plan.selection is not None:
        for row in rows["project"]:
            yield ("project", row["key"], row["verdict"], row["track"], row["amount"], row["low"],
                   row["high"], row["selected"], row["paid"])  # fmt: skip
    for subject in ITEM_SUBJECTS:
        if item_measures(plan, subject):
            for row in rows[subject]:
                yield _item(row["#outcome"])
    for measure in plan.measures:
        if measure.subject == "consortium":
            for row in rows["consortium"]:
                yield ("consortium", row["key"], row[measure.code], row[measure.effective])
        if measure.id in plan.splits:
            for row in rows["member"]:
                yield ("member", row["key"], row["share"])


def batch_lines(result: BatchResult, keys: Mapping[str, Any]) -> Iterable[Line]:
    """The same lines from the batch executor; ``keys`` are the snapshot's."""
    out = result.projects
    if out is not None:
        low = out.low if out.low is not None else out.amount
        high = out.high if out.high is not None else out.amount
        columns = (out.verdict, out.track, out.amount, low, high, out.selected, out.paid)
        for key, *values in zip(keys["project"], *(c.tolist() for c in columns), strict=True):
            yield ("project", _plain(key), *_project(*values))
    yield from (_item(item) for item in result.items)
    for outcome in result.consortia.values():
        pairs = zip(
            keys["consortium"], outcome.verdict.tolist(), outcome.amount.tolist(), strict=True
        )
        for key, verdict, amount in pairs:
            yield (
                "consortium",
                key,
                verdict,
                None if verdict in (MISSING, UNDETERMINED) else amount,
            )
    for members in result.members.values():
        pairs = zip(
            keys["member"], members["share"].tolist(), members["open"].tolist(), strict=True
        )
        for key, share, open_ in pairs:
            yield ("member", key, None if open_ else share)


def _project(
    verdict: int, track: int, amount: int, low: int, high: int, selected: int, paid: int
) -> Line:
    open_ = verdict in (MISSING, UNDETERMINED)
    chosen = {1: True, 0: False}.get(selected)
    return (
        verdict,
        track,
        None if open_ else amount,
        low,
        high,
        chosen,
        None if chosen is None else paid,
    )


def _item(item: ItemOutcome) -> Line:
    return (item.subject, item.key, item.verdict, tuple(item.given.items()), item.amount, item.low,
            item.high, item.paid)  # fmt: skip


def _plain(key: Any) -> Any:
    return key.item() if hasattr(key, "item") else key


def root_hash(lines: Iterable[Line]) -> str:
    """One hash over all lines, independent of their order: the sum of line hashes."""
    total, count = 0, 0
    for line in lines:
        total += int.from_bytes(hashlib.sha256(repr(line).encode()).digest(), "big")
        count += 1
    return hashlib.sha256(f"{count}:{total % 2**256}".encode()).hexdigest()
