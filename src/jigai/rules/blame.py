"""Finds the missing facts behind an unknown column by following unknown values down the plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from jigai.rules.code import Code, depth_first
from jigai.rules.expr import Node
from jigai.rules.facts import Row
from jigai.rules.layering import columns_of
from jigai.rules.plan import Aggregate, Item, Plan, Through
from jigai.rules.scope import TermInfo
from jigai.rules.trace import Tracer

Seen = set[tuple[int, str]]
MATCH = "#match"  # stands for "which row above this one it belongs to"


@dataclass(frozen=True, slots=True)
class Blank:
    """A fact of one row that nobody supplied; ``term`` is :data:`MATCH` for an unknown parent."""

    subject: str
    key: Any
    term: str


Found = dict[Blank, None]


class Blame:
    """Walks one plan over decided rows."""

    def __init__(self, tracer: Tracer) -> None:
        """Use the tracer's plan and its way to value parts of formulas."""
        self.t, self.items = tracer, tracer.items
        inputs = tracer.plan.inputs
        self.inputs = {name: subject for subject, terms in inputs.items() for name in terms}

    def blanks(self, row: Row, subject: str, column: str) -> dict[Blank, None]:
        """Blank facts behind a column that is unknown on a row (nothing if it is known)."""
        found: Found = {}
        self._visit(row, subject, column, found, set())
        return found

    def _visit(self, row: Row, subject: str, column: str, found: Found, seen: Seen) -> None:
        item = self.items.get(column)
        owner = item.subject if item else self.inputs.get(column, subject)
        if owner != subject:
            parent = row.get(f"#{owner}")
            if not isinstance(parent, dict):
                found.setdefault(Blank(subject, row.get("key"), MATCH))
                return
            row = parent
        if row.get(column) is not None or (id(row), column) in seen:
            return
        seen.add((id(row), column))
        if item is not None:
            self._item(item, row, found, seen)
        elif column in self.inputs:
            found.setdefault(Blank(owner, row.get("key"), column))

    def _item(self, item: Item, row: Row, found: Found, seen: Seen) -> None:
        if isinstance(item, Through):
            original = row.get(f"#{item.via}")
            if isinstance(original, dict):
                self._visit(original, item.subject, item.target, found, seen)
        elif isinstance(item, Aggregate):
            for child in row.get(f"#{item.source}", []):
                self._gathered(item, child, found, seen)
        elif item.node is not None:
            self._node(item.node, row, item.subject, found, seen)
        else:
            for name in columns_of(item):
                self._visit(row, item.subject, name, found, seen)

    def _gathered(self, item: Aggregate, child: Row, found: Found, seen: Seen) -> None:
        """A row that may or may not belong, or belongs with an unknown value."""
        counted = True
        if item.where is not None:
            counted = self.t.evaluate(item.where, child, item.source)
            if counted is None:
                self._node(item.where, child, item.source, found, seen)
        if counted and item.value is not None:
            self._node(item.value, child, item.source, found, seen)

    def _node(self, node: Node, row: Row, subject: str, found: Found, seen: Seen) -> None:
        """Follow the parts of a formula that leave it unknown on this row."""
        if node.op == "term":
            self._visit(row, subject, node.value, found, seen)
        elif node.op == "case":
            self._case(node, row, subject, found, seen)
        else:
            for child in node.args:
                if self.t.evaluate(child, row, subject) is None:
                    self._node(child, row, subject, found, seen)

    def _case(self, node: Node, row: Row, subject: str, found: Found, seen: Seen) -> None:
        """The branch that applies, or the first condition that cannot be told.

        A branch that says 待核 outright is blamed on the facts whose absence led to it.
        """
        absent: list[Node] = []
        for condition, result in zip(node.args[:-1:2], node.args[1:-1:2], strict=True):
            decided = self.t.evaluate(condition, row, subject)
            if decided is None:
                self._node(condition, row, subject, found, seen)
                return
            if decided:
                reached = result
                break
            absent += [part.args[0] for part in condition.walk() if part.op == "known"]
        else:
            reached = node.args[-1]
        for part in absent if reached.op == "unknown" else [reached]:
            if self.t.evaluate(part, row, subject) is None:
                self._node(part, row, subject, found, seen)


def probe_values(plan: Plan, info: TermInfo) -> list[Any]:
    """Values that tell apart what a missing fact can do: options, extremes, compared constants.

    They are supplied values (as the encoder takes them), in a fixed order.
    """
    kind = info.type.kind
    if kind == "bool":
        return [True, False]
    if kind == "enum":
        return list(range(len(info.type.options)))
    compared = _compared(plan, info.id)
    if kind == "text":
        return [*sorted(compared), "（其他）"]
    if kind == "date":
        edges = {day + dt.timedelta(days=n) for day in compared for n in (-1, 0, 1)}
        return sorted(edges | {dt.date(1990, 1, 1), dt.date(2099, 12, 31)})
    low = info.low if info.low is not None else 0
    high = info.high if info.high is not None else 10**15
    return sorted({low, high, *compared})


def _compared(plan: Plan, column: str) -> set[Any]:
    found: set[Any] = set()
    for item in plan.items:
        if isinstance(item, Through):
            continue
        for node in depth_first([item.code]):
            if node.op in ("eq", "ne", "lt", "le", "gt", "ge", "in"):
                found |= _constants(node, column)
    return found


def _constants(node: Code, column: str) -> set[Any]:
    if not any(arg.op == "col" and arg.value == column for arg in node.args):
        return set()
    return {arg.value for arg in node.args if arg.op == "const"}
