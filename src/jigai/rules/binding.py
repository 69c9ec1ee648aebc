"""Puts the run's constants into a formula: dated parameters, chosen readings, dates; then folds."""

from __future__ import annotations

import calendar
import datetime as dt
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from jigai.rules.expr import BOOL, Node, constant

_FLIP = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
_COMPARATOR_OPS = {">=": "ge", ">": "gt", "<=": "le", "<": "lt"}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A parameter as of a date. ``value`` is ``None`` while nobody has set it (未定).

    Numbers are fractions in base units; thresholds carry their comparator and its family.
    ``approver`` is who set what the document leaves open, ``reference`` on what.
    """

    id: str
    value: Any
    text: str
    comparator: str | None = None
    family: str | None = None
    since: dt.date | None = None
    reference: str = ""
    approver: str = ""


@dataclass(slots=True)
class Environment:
    """The constants of one run: parameters as of its date, readings, named dates and the year.

    ``free`` parameters stay columns, so that a scenario is a row of values; each maps to the
    denominator its values are stored over.
    """

    parameters: dict[str, ParameterValue]
    readings: dict[str, str]
    context: dict[str, Any]
    free: Mapping[str, int] = field(default_factory=dict)

    def comparator(self, parameter: ParameterValue) -> str:
        """Comparator of a threshold after the quantifier readings U1 and U2."""
        symbol = parameter.comparator or ">="
        flips = {"inclusive": "quantifier_inclusive", "exclusive": "quantifier_exclusive"}
        reading = flips.get(parameter.family or "")
        return _FLIP[symbol] if reading and self.readings.get(reading) == "b" else symbol


def bind(node: Node, env: Environment) -> Node:
    """Replace names of the run by constants and fold; terms and free parameters remain."""
    if node.op == "param":
        return _parameter(node, env)
    if node.op == "reading":
        return constant(env.readings[node.value], node.type)
    if node.op == "context":
        value = env.context.get(node.value)
        if value is None:
            return Node("undetermined", (), node.type, node.value)
        return constant(Fraction(value) if node.type.kind == "number" else value, node.type)
    args = tuple(bind(child, env) for child in node.args)
    if node.op == "reach":
        return _reach(node, args[0], env)
    return fold(Node(node.op, args, node.type, node.value))


def _parameter(node: Node, env: Environment) -> Node:
    if node.value in env.free:
        return node
    parameter = env.parameters[node.value]
    if parameter.value is None:
        return Node("undetermined", (), node.type, node.value)
    return constant(parameter.value, node.type)


def _reach(node: Node, value: Node, env: Environment) -> Node:
    parameter = env.parameters[node.value]
    if node.value in env.free:
        limit = Node("param", (), value.type, node.value)
    elif parameter.value is None:
        limit = Node("undetermined", (), value.type, node.value)
    else:
        limit = constant(parameter.value, value.type)
    return fold(Node(_COMPARATOR_OPS[env.comparator(parameter)], (value, limit), BOOL))


def fold(node: Node) -> Node:
    """Fold one node whose arguments are already folded."""
    if node.op in ("and", "or"):
        return _fold_logic(node)
    if node.op == "case":
        return _fold_case(node)
    if not node.args or any(child.op != "const" for child in node.args):
        return node
    values = [child.value for child in node.args]
    if node.op in _COMPARE:
        return constant(_COMPARE[node.op](*values), BOOL)
    if node.op == "in":
        options = values[1] if isinstance(values[1], tuple) else values[1:]
        return constant(values[0] in options, BOOL)
    if node.op in ("div", "steps") and values[1] == 0:
        return node  # refused when it is lowered, unless a guard leaves it out
    function = _FOLD.get(node.op)
    return constant(function(values), node.type) if function else node


def _fold_logic(node: Node) -> Node:
    absorbing = node.op == "or"
    rest = [
        child for child in node.args if not (child.op == "const" and child.value is not absorbing)
    ]
    if any(child.op == "const" for child in rest):
        return constant(absorbing, BOOL)
    if not rest:
        return constant(not absorbing, BOOL)
    return rest[0] if len(rest) == 1 else Node(node.op, tuple(rest), BOOL)


def _fold_case(node: Node) -> Node:
    parts: list[Node] = []
    for condition, result in zip(node.args[:-1:2], node.args[1::2], strict=True):
        if condition.op == "const":
            if condition.value:
                return Node("case", (*parts, result), node.type) if parts else result
            continue
        parts += [condition, result]
    return Node("case", (*parts, node.args[-1]), node.type) if parts else node.args[-1]


def add_months(date: dt.date, months: int) -> dt.date:
    """Same day ``months`` later, or the last day of a shorter month."""
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    day = min(date.day, calendar.monthrange(year, month + 1)[1])
    return dt.date(year, month + 1, day)


def _quotient(values: list[Fraction]) -> Fraction:
    return values[0] / values[1]


_FOLD: dict[str, Callable[[list[Any]], Any]] = {
    "add": lambda v: v[0] + v[1],
    "sub": lambda v: v[0] - v[1],
    "mul": lambda v: v[0] * v[1],
    "div": _quotient,
    "neg": lambda v: -v[0],
    "not": lambda v: not v[0],
    "known": lambda v: True,
    "least": min,
    "greatest": max,
    "steps": lambda v: Fraction(v[0] // v[1]),
    "days": lambda v: Fraction((v[1] - v[0]).days),
    "add_months": lambda v: add_months(v[0], int(v[1])),
    "year_start": lambda v: dt.date(v[0].year, 1, 1),
    "year_end": lambda v: dt.date(v[0].year, 12, 31),
}
