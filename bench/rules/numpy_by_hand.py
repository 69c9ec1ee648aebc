"""NumPy written by hand for exactly this task: int64, one thread, the yardstick of the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bench.rules.data import (
    AMOUNTS,
    CAPS,
    EXCLUDED,
    GATES,
    GRADE_A,
    GRADE_D,
    MISSING,
    PAY,
    PERCENTS,
    THRESHOLDS,
    ZERO,
    Data,
    Result,
)

TITLE = "NumPy 手写(单线程)"


def run(data: Data) -> Result:
    """Judge, price the paying rows only, then pick one per enterprise and year."""
    verdict = _verdicts_with_missing(data) if data.missing else _verdicts(data)
    paying = np.flatnonzero(verdict == PAY)
    measure = np.zeros(len(data), np.int8)
    amount = np.zeros(len(data), np.int64)
    selected = np.zeros(len(data), np.bool_)
    best, number = _price(data, paying)
    amount[paying] = best
    measure[paying] = number
    selected[paying] = _pick(data, paying, best)
    return Result(verdict, measure, amount, selected)


def _verdicts(data: Data) -> NDArray[np.int8]:
    eligible = data["grade"] != GRADE_D
    for name in GATES:
        eligible &= data[name]
    reached = data[AMOUNTS[0]] >= THRESHOLDS[0]
    for name, threshold in zip(AMOUNTS[1:], THRESHOLDS[1:], strict=True):
        reached |= data[name] >= threshold
    # excluded 2, zero 1, pay 0 without a branch
    verdict = np.where(reached, np.int8(PAY), np.int8(ZERO))
    verdict[~eligible] = EXCLUDED
    return verdict


def _verdicts_with_missing(data: Data) -> NDArray[np.int8]:
    missing = data.missing
    failed = (data["grade"] == GRADE_D) & ~missing["grade"]
    unknown = missing["grade"].copy()
    for name in GATES:
        failed |= ~(data[name] | missing[name])
        unknown |= missing[name]
    below = np.ones(len(data), np.bool_)
    for name, threshold in zip(AMOUNTS, THRESHOLDS, strict=True):
        below &= (data[name] < threshold) & ~missing[name]
        unknown |= missing[name]
    # Grade A settles the uplift; otherwise it needs the echelon list.
    unknown |= missing["echelon"] & (data["grade"] != GRADE_A)
    verdict = unknown.astype(np.int8)
    verdict *= MISSING
    verdict[below] = ZERO
    verdict[failed] = EXCLUDED
    return verdict


def _price(data: Data, rows: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    uplift = data["grade"][rows] == GRADE_A
    echelon = data["echelon"][rows]
    if data.missing:
        echelon &= ~data.missing["echelon"][rows]
    uplift |= echelon
    points = uplift.astype(np.int64)
    best = np.zeros(len(rows), np.int64)
    number = np.zeros(len(rows), np.int8)
    terms = zip(AMOUNTS, THRESHOLDS, PERCENTS, CAPS, strict=True)
    for index, (name, threshold, percent, cap) in enumerate(terms, start=1):
        base = data[name][rows]
        award = points + percent
        award *= base
        award += 50
        award //= 100
        np.minimum(award, cap, out=award)
        award *= base >= threshold
        number[award > best] = index
        np.maximum(best, award, out=best)
    return best, number


def _pick(data: Data, rows: NDArray, amounts: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(rows):
        return np.zeros(0, np.bool_)
    keys = data["project"][rows]
    first, last = int(data["year"].min()), int(data["year"].max())
    group = data["enterprise"][rows] * np.int64(last - first + 1)
    group += data["year"][rows] - first
    # Amount and key packed into one integer, so one pass finds the winner of every group.
    bits = int(keys.max()).bit_length()
    packed = (amounts << bits) | ((1 << bits) - 1 - keys)
    top = np.zeros(int(group.max()) + 1, np.int64)
    np.maximum.at(top, group, packed)
    return packed == top[group]
