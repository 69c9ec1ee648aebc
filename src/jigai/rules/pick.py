"""Selection, pooled caps and splits on arrays; no answer depends on row order or threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jigai.rules.allocate import allocate
from jigai.rules.plan import Plan

Ints = NDArray[np.int64]
_LIMIT = 2**62


@dataclass(slots=True)
class Candidates:
    """Paying projects with what selection needs; arrays are aligned with ``rows``."""

    rows: Ints
    owner: Any
    amount: Ints
    periods: list[Any]
    keys: NDArray[Any]
    priority: Any
    exception: Any
    quota: Any
    default_quota: int
    must_choose: bool


def pick_projects(c: Candidates, selected: NDArray[np.int8]) -> None:
    """Mark the selected rows: 1 yes, 0 no, −1 open (quota or period unknown, or an open tie)."""
    if not len(c.rows):
        return
    open_ = np.zeros(len(c.rows), bool)
    for period in c.periods:
        if np.ma.isMaskedArray(period):
            open_ |= np.ma.getmaskarray(period)
    if c.quota is not None:
        known_owner = ~np.ma.getmaskarray(c.owner)
        open_ |= np.ma.getmaskarray(c.quota) & known_owner
    simple = (
        c.priority is None
        and c.exception is None
        and not c.must_choose
        and not open_.any()
        and c.quota is None
        and c.default_quota == 1
    )
    group = group_numbers(c.owner, c.periods)
    if simple and _pick_best(c, group, selected):
        return
    _pick_ranked(c, group, open_, selected)


def group_numbers(owner: Any, periods: Sequence[Any]) -> Ints:
    """Dense-enough group number of every row: owner (orphans apart), then each period."""
    group = np.ma.filled(owner, 0).astype(np.int64)
    if np.ma.isMaskedArray(owner):
        orphans = np.ma.getmaskarray(owner)
        group[orphans] = int(group.max()) + 1 + np.arange(int(orphans.sum()))
    for period in periods:
        values = np.ma.filled(period, 0)
        low, high = int(values.min()), int(values.max())
        group *= high - low + 1
        group += values
        group -= low
    return group


def _pick_best(c: Candidates, group: Ints, selected: NDArray[np.int8]) -> bool:
    """Quota one, no wishes: the greatest (amount, smallest key) of each group in one pass."""
    keys = c.keys
    if keys.dtype.kind not in "iu" or len(keys) == 0 or int(keys.min()) < 0:
        return False
    bits = int(keys.max()).bit_length()
    size = int(group.max()) + 1
    if (int(c.amount.max()) << bits) >= _LIMIT or size > 8 * len(keys) + 1024:
        return False
    packed = c.amount << bits
    packed |= (1 << bits) - 1 - keys[c.rows]
    top = np.zeros(size, np.int64)
    np.maximum.at(top, group, packed)
    selected[c.rows] = packed == top[group]
    return True


def _pick_ranked(
    c: Candidates, group: Ints, open_: NDArray[np.bool_], selected: NDArray[np.int8]
) -> None:
    """General case: stated priority, then amount, then key; any quota, exceptions, open ties."""
    rank = np.empty(len(c.keys), np.int64)
    rank[np.argsort(c.keys, kind="stable")] = np.arange(len(c.keys))
    count = len(c.rows)
    stated = np.zeros(count, np.int64)
    none = np.ones(count, bool)
    if c.priority is not None:
        none = np.ma.getmaskarray(c.priority)
        stated = np.ma.filled(c.priority, 0).astype(np.int64)
    quota = np.full(count, c.default_quota, np.int64)
    if c.quota is not None:
        orphan = np.ma.getmaskarray(c.owner)
        quota = np.where(orphan, c.default_quota, np.ma.filled(c.quota, 0)).astype(np.int64)
    excepted = np.zeros(count, bool)
    if c.exception is not None:
        excepted = np.ma.filled(c.exception, False).astype(bool)
    order = np.lexsort((rank[c.rows], -c.amount, stated, none, group, excepted))
    result = np.zeros(count, np.int8)
    result[excepted] = 1
    rest = order[~excepted[order]]
    if len(rest):
        _rank_groups(c, group, quota, none, rest, result)
    result[open_ & ~excepted] = -1
    selected[c.rows] = result


def _rank_groups(
    c: Candidates,
    group: Ints,
    quota: Ints,
    none: NDArray[np.bool_],
    rest: Ints,
    result: NDArray[np.int8],
) -> None:
    ordered = group[rest]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(rest)])
    position = np.arange(len(rest)) - np.repeat(starts, sizes)
    result[rest] = position < quota[rest]
    if not c.must_choose:
        return
    for start, size in zip(starts, sizes, strict=True):
        members = rest[start : start + size]
        limit = int(quota[members[0]])
        if not 0 < limit < size:
            continue
        inside, outside = members[limit - 1], members[limit]
        if c.amount[inside] == c.amount[outside] and none[inside]:
            tied = members[(c.amount[members] == c.amount[inside]) & none[members]]
            result[tied] = -1


def pool_amounts(
    plan: Plan,
    paid: Ints,
    selected: NDArray[np.int8],
    track: NDArray[np.int8],
    columns: dict[str, Any],
    keys: NDArray[Any],
) -> None:
    """Apply pooled caps to ``paid`` in place: selected rows of a group in order of key.

    A row under a limit that is not known becomes open (``selected`` −1).

    Only groups whose total exceeds a cap are walked; all others are left by one vector test.
    """
    assert plan.selection is not None
    rows = np.flatnonzero((selected == 1) & ~np.ma.getmaskarray(columns["owner_"]))
    if not len(rows):
        return
    rows = rows[np.argsort(keys[rows], kind="stable")]
    group = _period_groups(columns, rows, len(plan.selection.group))
    given = {
        m: np.where(_in_track(plan, track[rows], m), np.ma.filled(columns[f"e_{m}"][rows], 0), 0)
        for ids in plan.selection.tracks for m in ids
    }  # fmt: skip
    before = _total(given, len(rows))
    open_ = np.zeros(len(rows), bool)
    for cap in plan.pooled_caps:
        limit = columns[f"c_{cap.id}"][rows]
        shares = [given[m] for m in cap.measures if m in given]
        # A limit nobody knows may cut anything off.
        open_ |= np.ma.getmaskarray(limit) & (sum(shares) > 0)
        _apply_cap(shares, group, limit)
    paid[rows] -= before - _total(given, len(rows))
    paid[rows[open_]], selected[rows[open_]] = 0, -1


def _total(given: dict[str, Ints], size: int) -> Ints:
    total = np.zeros(size, np.int64)
    for share in given.values():
        total += share
    return total


def _in_track(plan: Plan, track: NDArray[np.int8], measure: str) -> NDArray[np.bool_]:
    assert plan.selection is not None
    numbers = [i for i, ids in enumerate(plan.selection.tracks, 1) if measure in ids]
    return np.isin(track, numbers)


def _period_groups(columns: dict[str, Any], rows: Ints, count: int) -> Ints:
    parts = [np.ma.filled(columns["owner_"], -1)[rows]]
    parts += [np.ma.filled(columns[f"group{i}_"], 0)[rows] for i in range(count)]
    table = np.stack([np.asarray(part, np.int64) for part in parts], axis=1)
    return np.unique(table, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _apply_cap(shares: list[Ints], group: Ints, limit: Any) -> None:
    """Reduce ``shares`` in place so that no group passes its limit; earlier rows come first."""
    known = ~np.ma.getmaskarray(limit)
    caps = np.ma.filled(limit, 0)
    totals = np.zeros(int(group.max()) + 1, np.int64)
    np.add.at(totals, group, sum(shares))
    over = np.flatnonzero(known & (totals[group] > caps))
    left: dict[int, int] = {}
    for row in over:
        for share in shares:
            remaining = left.get(int(group[row]), int(caps[row]))
            share[row] = take = min(int(share[row]), remaining)
            left[int(group[row])] = remaining - take


def split_pools(
    pools: Ints, pays: NDArray[np.bool_], members: dict[str, Any], ties: Sequence[str]
) -> Ints:
    """Share of every member row in its pool; zero where the pool does not pay."""
    pool_of = np.asarray(members["pool_"], np.int64)
    counts = np.ma.filled(members["counts"], False).astype(bool) & pays[pool_of]
    weights = np.maximum(np.ma.filled(members["weight"], 0).astype(np.int64), 0)
    shares = np.zeros(len(pool_of), np.int64)
    rows = np.flatnonzero(counts)
    if len(rows):
        shares[rows] = prorata(
            pools, pool_of[rows], weights[rows], np.asarray(ties, dtype=object)[rows]
        )
    if "paid" in members:
        shares[~np.ma.filled(members["paid"], False).astype(bool)] = 0
    if "cap" in members:
        shares = np.minimum(shares, np.ma.filled(members["cap"], 0))
    return shares


def prorata(pools: Ints, group: Ints, weights: Ints, ties: NDArray[Any]) -> Ints:
    """Largest remainder for many groups at once: exact, whole fen, ties to the smaller key.

    ``pools[g]`` is shared among rows with ``group == g`` in proportion to ``weights``.
    """
    if not len(group):
        return np.zeros(0, np.int64)
    top = int(pools.max(initial=0)) * int(weights.max(initial=0))
    if top >= 2**63 or int(weights.max(initial=0)) * len(weights) >= 2**63:
        return _prorata_exact(pools, group, weights, ties)
    totals = np.zeros(len(pools), np.int64)
    np.add.at(totals, group, weights)
    whole = totals[group]
    product = pools[group] * weights
    shares = product // np.maximum(whole, 1)
    remainder = product - shares * whole
    given = np.zeros(len(pools), np.int64)
    np.add.at(given, group, shares)
    left = np.where(totals > 0, pools - given, 0)
    order = _by_remainder(group, remainder, ties, len(pools))
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    position = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    shares[order] += position < left[ordered]
    return shares


def _by_remainder(group: Ints, remainder: Ints, ties: NDArray[Any], groups: int) -> Ints:
    """Rows by group, then largest remainder, then smaller key.

    One sort of (group, leading bits of the remainder) packed into an integer, then an exact sort
    of the few rows it leaves equal.
    """
    room = 62 - max(groups - 1, 1).bit_length()
    shift = max(0, int(remainder.max(initial=0)).bit_length() - room)
    packed = (group << room) | (((1 << room) - 1) - (remainder >> shift))
    order = np.argsort(packed)
    ranked = packed[order]
    same = ranked[1:] == ranked[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(tied):
        rows = order[tied]
        tie = ties[rows]
        tie = tie if tie.dtype.kind in "iu" else np.unique(tie, return_inverse=True)[1]
        order[tied] = rows[np.lexsort((tie, -remainder[rows], packed[rows]))]
    return order


def _prorata_exact(pools: Ints, group: Ints, weights: Ints, ties: NDArray[Any]) -> Ints:
    """The same group by group in unbounded integers, for amounts beyond 64-bit products."""
    shares = np.zeros(len(group), np.int64)
    order = np.argsort(group, kind="stable")
    edges = np.flatnonzero(np.r_[True, group[order][1:] != group[order][:-1], True])
    for start, end in pairwise(edges):
        rows = order[start:end]
        pool = int(pools[group[rows[0]]])
        shares[rows] = allocate(pool, [int(weights[r]) for r in rows], [ties[r] for r in rows])
    return shares
