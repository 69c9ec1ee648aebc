"""The typed syntax tree of a formula: what the clause says, before any value is put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jigai.rules.units import DIMENSIONLESS, Dimension, dimension_name

KIND_NAMES = {
    "bool": "是否",
    "enum": "选项",
    "text": "文字",
    "date": "日期",
    "number": "数值",
    "list": "名单",
}


@dataclass(frozen=True, slots=True)
class Type:
    """A kind, with the dimension of a number and the option codes of an enumeration."""

    kind: str
    dimension: Dimension = DIMENSIONLESS
    options: tuple[str, ...] = ()

    def describe(self) -> str:
        """Chinese name for messages: ``数值（元）``."""
        if self.kind == "number":
            return f"数值（{dimension_name(self.dimension)}）"
        return KIND_NAMES[self.kind]


BOOL = Type("bool")
DATE = Type("date")
NUMBER = Type("number")
MONEY_TYPE = Type("number", (("money", 1),))


@dataclass(frozen=True, slots=True)
class Node:
    """One operation.

    ``op`` is one of: const, undetermined, param, reading, context, term, reach, known, add, sub,
    mul, div, neg, eq, ne, lt, le, gt, ge, in, and, or, not, case, least, greatest, steps, days.
    ``value`` holds the constant, or the id of a parameter, reading or term.
    """

    op: str
    args: tuple[Node, ...] = ()
    type: Type = NUMBER
    value: Any = None

    def walk(self) -> Iterator[Node]:
        """This node, then all below it."""
        yield self
        for child in self.args:
            yield from child.walk()

    def names(self, op: str) -> list[str]:
        """Ids of all ``param``, ``reading``, ``term`` … nodes below, in order, once each."""
        return list(dict.fromkeys(node.value for node in self.walk() if node.op == op))


def constant(value: Any, kind: Type) -> Node:
    """A literal of a type; numbers are :class:`~fractions.Fraction` in base units."""
    return Node("const", (), kind, value)


COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
