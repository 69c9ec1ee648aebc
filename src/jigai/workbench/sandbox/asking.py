"""Questions asked of a scenario: which value meets a budget, what one step costs, two at once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from jigai.errors import JigaiError
from jigai.rules.scenarios import Scenarios, WholeTotals
from jigai.rules.solve import Solution, solve
from jigai.workbench.sandbox.parameters import Lever, decimal, levers

MOST_CELLS = 11


def lever_named(prices: Scenarios, name: str) -> Lever:
    """The lever of a parameter. Raises :class:`JigaiError` for one that cannot be moved."""
    for lever in levers(prices.model, prices.base):
        if lever.id == name:
            return lever
    declared = prices.model.parameters.get(name)
    said = declared.name if declared else name
    raise JigaiError("no-lever", f"参数“{said}”不能求解", "选一个有数值、且现在的措施用得到的参数")


# the value that meets a budget ------------------------------------------------------------------


def solved(prices: Scenarios, name: str, budget: int) -> dict[str, Any]:
    """Answer of the solver with its proof, amounts in fen; ``budget`` in fen.

    ``checked`` is the cost of a whole run at the value found, which must be the same.
    """
    lever = lever_named(prices, name)
    grid = lever.grid()
    alone: list[str] = []

    def cost(values: Sequence[Fraction]) -> Sequence[int]:
        rows = prices.totals({str(n): {name: lever.written(v)} for n, v in enumerate(values)})
        alone.extend(row.why_alone for row in rows if row.why_alone)
        return [row.total for row in rows]

    found = solve(cost, grid, budget, lever.value)
    (here,) = prices.totals({"": {name: lever.written(found.value or grid.low)}})
    whole = prices.alone({name: lever.written(found.value or grid.low)})
    if whole.total != found.cost:
        raise JigaiError(
            "solver-differs", "求解的成本与完整测算不一致，已停止", "这是程序缺陷，请报给维护者"
        )
    return {
        **_told(found, lever),
        "parameter": name, "name": lever.name, "present": lever.text,
        "step": lever.step_word,
        "low": lever.written(grid.low), "high": lever.written(grid.high),
        "open": here.open, "heads": here.selected, "checked": whole.total,
        "alone": alone[0] if alone else "",
    }  # fmt: skip


def _told(found: Solution, lever: Lever) -> dict[str, Any]:
    return {
        "state": found.state,
        "budget": found.budget,
        "value": None if found.value is None else lever.written(found.value),
        "cost": found.cost,
        "beyond": None if found.beyond is None else lever.written(found.beyond),
        "cost_beyond": found.cost_beyond,
        "rising": found.rising,
        "monotone": found.monotone,
        "passes": found.passes,
        "looked": [
            [lever.written(value), decimal(value / lever.factor), fen]
            for value, fen in found.looked
        ],
    }


# what one step costs ----------------------------------------------------------------------------


def marginal(prices: Scenarios) -> dict[str, Any]:
    """The cost of one step up and one step down of every lever, beside the present cost (fen)."""
    listed = list(levers(prices.model, prices.base))
    asked: dict[str, dict[str, str]] = {"": {}}
    for lever in listed:
        for sign, side in ((1, "up"), (-1, "down")):
            value = lever.value + sign * lever.step * lever.factor
            if value >= 0:
                asked[f"{lever.id}:{side}"] = {lever.id: lever.written(value)}
    rows = {row.name: row for row in prices.totals(asked)}
    now = rows[""]
    return {
        "total": now.total,
        "passes": prices.passes,
        "rows": [_stepped(lever, asked, rows, now) for lever in listed],
    }


def _stepped(
    lever: Lever, asked: dict[str, dict[str, str]], rows: dict[str, WholeTotals], now: WholeTotals
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": lever.id, "name": lever.name, "clause": lever.clause, "text": lever.text,
        "step": lever.step_word, "alone": "",
    }  # fmt: skip
    for side in ("up", "down"):
        row = rows.get(f"{lever.id}:{side}")
        found[side] = row and {
            "text": asked[row.name][lever.id], "total": row.total,
            "difference": row.total - now.total, "selected": row.selected - now.selected,
        }  # fmt: skip
        if row is not None and row.why_alone:
            found["alone"] = row.why_alone
    return found


# two parameters ---------------------------------------------------------------------------------


def heat(prices: Scenarios, across: dict[str, Any], down: dict[str, Any]) -> dict[str, Any]:
    """Cost under every pair of values: ``{parameter, low, high, count}`` of each, the ends typed.

    Raises :class:`JigaiError` for ends that are no values of the parameter, or too many of them.
    """
    sides = [_axis(prices, across), _axis(prices, down)]
    (x, xs), (y, ys) = sides
    if x.id == y.id:
        raise JigaiError("same-parameter", "两个参数是同一个", "选两个不同的参数")
    asked = {
        f"{i}:{j}": {x.id: x.written(a), y.id: y.written(b)}
        for j, b in enumerate(ys)
        for i, a in enumerate(xs)
    }
    rows = {row.name: row for row in prices.totals(asked)}
    return {
        "x": _side(x, xs), "y": _side(y, ys), "passes": prices.passes,
        "cells": [[rows[f"{i}:{j}"].total for i in range(len(xs))] for j in range(len(ys))],
        "selected": [[rows[f"{i}:{j}"].selected for i in range(len(xs))] for j in range(len(ys))],
        "alone": next((row.why_alone for row in rows.values() if row.why_alone), ""),
    }  # fmt: skip


def _axis(prices: Scenarios, asked: dict[str, Any]) -> tuple[Lever, list[Fraction]]:
    lever = lever_named(prices, str(asked["parameter"]))
    low, high = _end(lever, asked["low"]), _end(lever, asked["high"])
    count = int(asked["count"])
    if not 2 <= count <= MOST_CELLS or low >= high:
        raise JigaiError(
            "bad-axis", f"{lever.name}的取值范围不对",
            f"起点小于终点，取 2 到 {MOST_CELLS} 个值",
        )  # fmt: skip
    step = lever.step * lever.factor
    # Whole steps only: the values shown are those computed.
    values = [low + round((high - low) * n / (count - 1) / step) * step for n in range(count)]
    return lever, list(dict.fromkeys(values))


def _end(lever: Lever, text: Any) -> Fraction:
    try:
        number = Fraction(str(text).strip())
    except (ValueError, ZeroDivisionError):
        raise JigaiError(
            "bad-axis", f"{lever.name}：“{text}”不是数", f"只写数字，单位是{lever.unit or '个'}"
        ) from None
    if number < 0:
        raise JigaiError("bad-axis", f"{lever.name}不能小于零", "从零或更大的数起")
    return number * lever.factor


def _side(lever: Lever, values: list[Fraction]) -> dict[str, Any]:
    return {
        "id": lever.id, "name": lever.name, "present": lever.text,
        "texts": [lever.written(value) for value in values],
    }  # fmt: skip
