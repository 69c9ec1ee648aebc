"""Integer code: formulas after rates have become numerators over denominators.

Every executor prints the same nodes. Unknown is a value (``None``/NULL) that each operation
handles explicitly; ``low``/``high`` bound what a known value can be, so that an executor may pick
64-bit arithmetic where it is safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

INT64 = 2**63 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """One integer, boolean, text or date operation; compared by identity (nodes are interned).

    ``op``: const, null, col, add, sub, mul, neg, rdiv (half away from zero), fdiv (floor), eq, ne,
    lt, le, gt, ge, in, and, or, not, case, least, greatest, known, coalesce, is_true, not_false,
    minskip, maxskip, days.
    """

    op: str
    args: tuple[Code, ...]
    value: Any
    kind: str
    low: int | None
    high: int | None
    nullable: bool


_LOGICAL = {"eq", "ne", "lt", "le", "gt", "ge", "in", "and", "or", "not"}


class Builder:
    """Interns code nodes and derives kind, bounds and nullability."""

    def __init__(self) -> None:
        """Start with an empty table."""
        self._nodes: dict[Any, Code] = {}

    def make(
        self,
        op: str,
        args: tuple[Code, ...] = (),
        value: Any = None,
        kind: str = "int",
        low: int | None = None,
        high: int | None = None,
        nullable: bool | None = None,
    ) -> Code:
        """Return the one node with this operation and arguments."""
        key = (op, tuple(id(arg) for arg in args), type(value).__name__, value, kind, nullable)
        if key not in self._nodes:
            unknown = any(arg.nullable for arg in args) if nullable is None else nullable
            self._nodes[key] = Code(op, args, value, kind, low, high, unknown)
        return self._nodes[key]

    # leaves

    def integer(self, value: int) -> Code:
        """An integer constant."""
        return self.make("const", (), value, "int", value, value)

    def constant(self, value: Any, kind: str) -> Code:
        """A constant of any kind."""
        if kind == "int":
            return self.integer(int(value))
        return self.make("const", (), value, kind)

    def null(self, kind: str) -> Code:
        """The unknown of a kind."""
        return self.make("null", (), kind, kind, nullable=True)

    def column(
        self,
        name: str,
        kind: str,
        low: int | None = None,
        high: int | None = None,
        nullable: bool = True,
    ) -> Code:
        """A stored or earlier computed value."""
        return self.make("col", (), name, kind, low, high, nullable)

    # arithmetic

    def add(self, left: Code, right: Code) -> Code:
        """Sum; zero is dropped."""
        if left.op == "const" and left.value == 0:
            return right
        if right.op == "const" and right.value == 0:
            return left
        if left.op == right.op == "const":
            return self.integer(left.value + right.value)
        return self.make(
            "add", (left, right), low=_plus(left.low, right.low), high=_plus(left.high, right.high)
        )

    def negate(self, node: Code) -> Code:
        """Negative."""
        if node.op == "const":
            return self.integer(-node.value)
        low = None if node.high is None else -node.high
        high = None if node.low is None else -node.low
        return self.make("neg", (node,), low=low, high=high)

    def subtract(self, left: Code, right: Code) -> Code:
        """Difference."""
        if right.op == "const" and right.value == 0:
            return left
        negative = self.negate(right)
        if left.op == "const" and right.op == "const":
            return self.integer(left.value - right.value)
        return self.make(
            "sub",
            (left, right),
            low=_plus(left.low, negative.low),
            high=_plus(left.high, negative.high),
        )

    def multiply(self, left: Code, right: Code) -> Code:
        """Product; one is dropped."""
        if left.op == "const" and right.op == "const":
            return self.integer(left.value * right.value)
        for one, other in ((left, right), (right, left)):
            if one.op == "const" and one.value == 1:
                return other
        low, high = _product_range(left, right)
        return self.make("mul", (left, right), low=low, high=high)

    def divide_round(self, numerator: Code, denominator: Code) -> Code:
        """Quotient rounded half away from zero (positive denominator)."""
        if denominator.op == "const" and denominator.value == 1:
            return numerator
        low, high = _quotient_range(numerator, denominator)
        return self.make("rdiv", (numerator, denominator), low=low, high=high)

    def divide_floor(self, numerator: Code, denominator: Code) -> Code:
        """Quotient rounded towards minus infinity (positive denominator)."""
        low, high = _quotient_range(numerator, denominator)
        return self.make("fdiv", (numerator, denominator), low=low, high=high)

    def extreme(self, op: str, nodes: tuple[Code, ...]) -> Code:
        """``least``/``greatest``: unknown as soon as one argument is. ``minskip``/``maxskip``
        leave unknown arguments out; at least one is known."""
        if len(nodes) == 1:
            return nodes[0]
        valued = [n for n in nodes if n.op != "null"] or list(nodes)
        lows, highs = [n.low for n in valued], [n.high for n in valued]
        pick = min if op in ("least", "minskip") else max
        low = None if None in lows else pick(lows)  # type: ignore[type-var]
        high = None if None in highs else pick(highs)  # type: ignore[type-var]
        nullable = False if op.endswith("skip") else None
        return self.make(op, nodes, low=low, high=high, nullable=nullable)

    # logic

    def compare(self, op: str, left: Code, right: Code) -> Code:
        """Comparison; unknown when a side is."""
        return self.make(op, (left, right), kind="bool")

    def logic(self, op: str, nodes: list[Code]) -> Code:
        """Kleene and/or over any number of conditions, flattened and without repeats."""
        flat: list[Code] = []
        for node in nodes:
            flat += node.args if node.op == op else (node,)
        unique = list(dict.fromkeys(flat))
        absorbing = op == "or"
        kept = [n for n in unique if not (n.op == "const" and n.value is not absorbing)]
        if any(n.op == "const" for n in kept):
            return self.constant(absorbing, "bool")
        if not kept:
            return self.constant(not absorbing, "bool")
        return kept[0] if len(kept) == 1 else self.make(op, tuple(kept), kind="bool")

    def negation(self, node: Code) -> Code:
        """Kleene not."""
        if node.op == "const":
            return self.constant(not node.value, "bool")
        return node.args[0] if node.op == "not" else self.make("not", (node,), kind="bool")

    def case(self, parts: tuple[Code, ...]) -> Code:
        """First branch whose condition holds; unknown if a condition is unknown before that."""
        parts = _decided(parts)
        if len(parts) == 1:
            return parts[0]
        results = [*parts[1:-1:2], parts[-1]]
        if all(r is results[0] for r in results) and not any(c.nullable for c in parts[:-1:2]):
            return results[0]
        valued = [n for n in results if n.op != "null"] or results
        lows, highs = [n.low for n in valued], [n.high for n in valued]
        return self.make(
            "case",
            parts,
            kind=results[0].kind,
            low=None if None in lows else min(lows),  # type: ignore[type-var]
            high=None if None in highs else max(highs),  # type: ignore[type-var]
        )

    def known(self, node: Code) -> Code:
        """Whether a value is known; itself never unknown."""
        if not node.nullable:
            return self.constant(True, "bool")
        return self.make("known", (node,), kind="bool", nullable=False)

    def settled(self, node: Code) -> Code:
        """Whether a condition is known, asked only where it is not false."""
        if not node.nullable:
            return self.constant(True, "bool")
        return self.make("settled", (node,), kind="bool", nullable=False)

    def is_true(self, node: Code) -> Code:
        """True where the condition surely holds, else false."""
        return (
            node
            if not node.nullable
            else self.make("is_true", (node,), kind="bool", nullable=False)
        )

    def not_false(self, node: Code) -> Code:
        """True where the condition may hold, else false."""
        return (
            node
            if not node.nullable
            else self.make("not_false", (node,), kind="bool", nullable=False)
        )

    def coalesce(self, node: Code, default: Code) -> Code:
        """The value, or ``default`` where it is unknown."""
        if not node.nullable:
            return node
        low = None if node.low is None or default.low is None else min(node.low, default.low)
        high = None if node.high is None or default.high is None else max(node.high, default.high)
        return self.make(
            "coalesce",
            (node, default),
            kind=node.kind,
            low=low,
            high=high,
            nullable=default.nullable,
        )


def _decided(parts: tuple[Code, ...]) -> tuple[Code, ...]:
    """Branches without those whose condition is a constant; a true one becomes the else."""
    kept: list[Code] = []
    for condition, result in zip(parts[:-1:2], parts[1:-1:2], strict=True):
        if condition.op != "const":
            kept += [condition, result]
        elif condition.value:
            return (*kept, result)
    return (*kept, parts[-1])


def _plus(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right


def _product_range(left: Code, right: Code) -> tuple[int | None, int | None]:
    if left.low is None or left.high is None or right.low is None or right.high is None:
        return None, None
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return min(corners), max(corners)


def _quotient_range(numerator: Code, denominator: Code) -> tuple[int | None, int | None]:
    if numerator.low is None or numerator.high is None:
        return None, None
    least = max(denominator.low or 1, 1)
    return min(numerator.low // least, 0), max(-(-numerator.high // least), 0)


def depth_first(roots: list[Code]) -> list[Code]:
    """All nodes below ``roots``, arguments before users, each once."""
    order: dict[Code, None] = {}

    def visit(node: Code) -> None:
        if node not in order:
            for child in node.args:
                visit(child)
            order[node] = None

    for root in roots:
        visit(root)
    return list(order)
