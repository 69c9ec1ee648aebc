"""The stages after the measures, for linked rows: project verdict, selection, caps, split.

The batch executor does the same on columns; tests hold both to one oracle.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jigai.rules.allocate import allocate
from jigai.rules.facts import Row
from jigai.rules.plan import (
    BELOW,
    EXCLUDED,
    MISSING,
    PAY,
    UNDETERMINED,
    MeasurePlan,
    Plan,
    SplitPlan,
)

Tracks = tuple[tuple[MeasurePlan, ...], ...]


def build_tracks(plan: Plan) -> Tracks:
    """Measures that are applied for together, track by track."""
    if plan.selection is None:
        return ()
    by_id = {measure.id: measure for measure in plan.measures}
    return tuple(tuple(by_id[i] for i in ids) for ids in plan.selection.tracks)


def unpack_project(row: Row, size: int) -> None:
    """Read amount and track out of ``packed``; close the bounds of a project that pays."""
    packed, verdict = row["packed"], row["verdict"]
    row["track"] = size - (packed & (size - 1)) if verdict == PAY else 0
    if verdict == PAY:
        row["amount"] = row["low"] = row["high"] = packed // size
    else:
        row["amount"] = 0 if verdict in (BELOW, EXCLUDED) else None


def select(plan: Plan, projects: list[Row], default_quota: int) -> None:
    """Mark the selected projects of every enterprise and period (``selected``: true/false/None)."""
    selection = plan.selection
    if selection is None:
        return
    groups: dict[Any, list[Row]] = {}
    for row in projects:
        row["selected"] = False
        if row["verdict"] == PAY:
            owner = row["enterprise_key"]
            period = tuple(row[name] for name in selection.group)
            groups.setdefault(
                (row["key"] if owner is None else owner, owner is None, period), []
            ).append(row)
    for (_, orphan, period), rows in groups.items():
        quota = default_quota if orphan else rows[0]["#enterprise"][selection.quota]
        _select_group(plan, rows, None if None in period else quota)


def _select_group(plan: Plan, rows: list[Row], quota: int | None) -> None:
    selection = plan.selection
    assert selection is not None
    if selection.exception:
        for row in rows:
            row["selected"] = bool(row[selection.exception]) or False
        rows = [row for row in rows if not row["selected"]]
    if quota is None:
        for row in rows:
            row["selected"] = None
        return
    priority = selection.project_choice
    if len(rows) > 1:
        rows = sorted(
            rows,
            key=lambda r: (
                r[priority] is None if priority else False,
                (r[priority] or 0) if priority else 0,
                -r["amount"],
                r["key"],
            ),
        )
    for position, row in enumerate(rows):
        row["selected"] = position < quota
    if selection.must_choose and 0 < quota < len(rows):
        _open_ties(rows, quota, priority)


def _open_ties(rows: list[Row], quota: int, priority: str) -> None:
    """Equal amounts at the boundary without a stated priority wait for the applicant."""
    inside, outside = rows[quota - 1], rows[quota]
    if inside["amount"] != outside["amount"] or (priority and inside[priority] is not None):
        return
    for row in rows:
        if row["amount"] == inside["amount"] and not (priority and row[priority] is not None):
            row["selected"] = None


def pool(plan: Plan, projects: list[Row], tracks: Tracks) -> None:
    """Amount after pooled caps (``paid``) of the selected projects, in order of key."""
    for row in projects:
        row["paid"] = None if row["selected"] is None else row["amount"] if row["selected"] else 0
    chosen = [row for row in projects if row["selected"]]
    if not plan.pooled_caps or plan.selection is None or not chosen:
        return
    chosen.sort(key=lambda row: row["key"])
    given = {
        (i, m.id): row[m.effective]
        for i, row in enumerate(chosen)
        for m in tracks[row["track"] - 1]
    }
    open_: set[int] = set()
    for cap in plan.pooled_caps:
        left: dict[Any, int] = {}
        for (index, measure), amount in given.items():
            owner = chosen[index]["#enterprise"]
            limit = None if owner is None else owner[cap.amount]
            if measure in cap.measures and owner is not None and limit is None and amount:
                # A limit nobody knows may cut anything off.
                open_.add(index)
            elif measure in cap.measures and limit is not None:
                group = (owner["key"], *(chosen[index][name] for name in plan.selection.group))
                given[index, measure] = take = min(amount, left.get(group, limit))
                left[group] = left.get(group, limit) - take
    for index, row in enumerate(chosen):
        row["paid"] = sum(given[index, m.id] for m in tracks[row["track"] - 1])
        if index in open_:
            row["selected"] = row["paid"] = None


def split(plan: Plan, split_plan: SplitPlan, consortium: Row, measure: MeasurePlan) -> None:
    """Divide a consortium's amount among its members (``share`` on each member row)."""
    members: Iterable[Row] = consortium["#member"]
    code = consortium[measure.code]
    for member in members:
        member["share"] = None if code in (MISSING, UNDETERMINED) else 0
    if code != PAY:
        return
    counting = [m for m in members if m[split_plan.counts] is True]
    if any(m[split_plan.weight] is None for m in counting):
        # One weight nobody knows moves the share of everybody who counts.
        for member in counting:
            member["share"] = None
        return
    weights = [max(m[split_plan.weight], 0) for m in counting]
    shares = allocate(
        consortium[measure.effective], weights, [str(m["enterprise_key"]) for m in counting]
    )
    for member, share in zip(counting, shares, strict=True):
        if split_plan.paid and member[split_plan.paid] is None:
            member["share"] = None
            continue
        if split_plan.paid and not member[split_plan.paid]:
            member["share"] = 0
            continue
        limit = member[split_plan.cap] if split_plan.cap else share
        member["share"] = None if limit is None else min(share, limit)
