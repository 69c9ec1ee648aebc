"""What an amount can be when a fact is missing: sound bounds by interval arithmetic on the code.

An unknown fact ranges over all its term allows; a condition on it may hold and may fail. The
bounds are never too tight; they can be wide when one fact stands in a formula twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jigai.rules.code import Builder, Code

if TYPE_CHECKING:
    from jigai.rules.columns import ColumnCompiler

UNBOUNDED = 10**15
NO_LIMIT = "不封顶"


def shown_limit(fen: int | None) -> int | str | None:
    """An upper bound for a sheet or a screen: the word where nothing bounds the amount (or a sum
    with such an amount in it), for the figure that stands for it says nothing."""
    return NO_LIMIT if fen is not None and fen >= UNBOUNDED else fen


class Bounds:
    """Builds low/high code of numbers and must/may code of conditions, through derived columns."""

    def __init__(self, builder: Builder, compiler: ColumnCompiler) -> None:
        """Use the compiler's builder and its table of steps."""
        self.b, self._compiler = builder, compiler
        self._memo: dict[tuple[str, str, Code], Code] = {}

    def _through_link(self, node: Code) -> bool:
        """Whether a node reads a derived column of a parent that a row may lack."""
        if node.op == "col":
            return self._compiler.crosses(node.value) and node.value in self._compiler.definitions
        return any(self._through_link(arg) for arg in node.args)

    def _definition(self, node: Code) -> Code | None:
        return self._compiler.definitions.get(node.value)

    def low(self, node: Code) -> Code:
        """Least value the node can take."""
        return self._number("low", node)

    def high(self, node: Code) -> Code:
        """Greatest value the node can take."""
        return self._number("high", node)

    def must(self, node: Code) -> Code:
        """True where the condition holds whatever the missing facts are."""
        return self._condition("must", node)

    def may(self, node: Code) -> Code:
        """True where the condition can hold for some value of the missing facts."""
        return self._condition("may", node)

    # numbers ------------------------------------------------------------------------------------

    def _number(self, side: str, node: Code) -> Code:
        if not node.nullable and not self._through_link(node):
            return node
        key = (side, self._compiler.viewer, node)
        if key not in self._memo:
            self._memo[key] = self._compute(side, node)
        return self._memo[key]

    def _compute(self, side: str, node: Code) -> Code:
        b = self.b
        other = "high" if side == "low" else "low"
        if node.op == "col":
            return self._stored(side, node)
        if node.op == "null":
            return b.integer(0 if side == "low" else UNBOUNDED)
        if node.op == "add":
            return b.add(self._number(side, node.args[0]), self._number(side, node.args[1]))
        if node.op == "sub":
            return b.subtract(self._number(side, node.args[0]), self._number(other, node.args[1]))
        if node.op == "neg":
            return b.negate(self._number(other, node.args[0]))
        if node.op == "mul":
            return self._product(side, node)
        if node.op in ("rdiv", "fdiv"):
            return self._quotient(side, node)
        if node.op in ("least", "greatest"):
            return b.extreme(node.op, tuple(self._number(side, arg) for arg in node.args))
        if node.op == "case":
            return self._case(side, node)
        return b.coalesce(node, b.integer(self._limit(side, node)))

    def _limit(self, side: str, node: Code) -> int:
        """What the term allows, whatever the data at hand happen to hold."""
        low, high = self._compiler.domain(node.value) if node.op == "col" else (node.low, node.high)
        limit = low if side == "low" else high
        return limit if limit is not None else (0 if side == "low" else UNBOUNDED)

    def _stored(self, side: str, node: Code) -> Code:
        definition = self._definition(node)
        if definition is not None:
            return self._number(side, definition)
        return self.b.coalesce(node, self.b.integer(self._limit(side, node)))

    def _product(self, side: str, node: Code) -> Code:
        left, right = node.args
        if (
            (left.low or 0) >= 0
            and left.low is not None
            and right.low is not None
            and right.low >= 0
        ):
            return self.b.multiply(self._number(side, left), self._number(side, right))
        corners = tuple(
            self.b.multiply(self._number(one, left), self._number(two, right))
            for one in ("low", "high")
            for two in ("low", "high")
        )
        return self.b.extreme("least" if side == "low" else "greatest", corners)

    def _quotient(self, side: str, node: Code) -> Code:
        top, bottom = node.args
        make = self.b.divide_round if node.op == "rdiv" else self.b.divide_floor
        if not bottom.nullable:
            return make(self._number(side, top), bottom)
        one = self.b.integer(1)
        low = self.b.extreme("greatest", (self._number("low", bottom), one))
        high = self.b.extreme("greatest", (self._number("high", bottom), one))
        corners = tuple(make(self._number(side, top), edge) for edge in (low, high))
        return self.b.extreme("least" if side == "low" else "greatest", corners)

    def _case(self, side: str, node: Code) -> Code:
        """Extreme over the branches that can be reached; at least one can."""
        b = self.b
        reached: list[tuple[Code, Code]] = []
        open_: list[Code] = []
        for condition, result in zip(node.args[:-1:2], node.args[1:-1:2], strict=True):
            reachable = b.logic("and", [*open_, self.may(condition)])
            reached.append((reachable, self._number(side, result)))
            open_.append(b.negation(self.must(condition)))
        reached.append((b.logic("and", open_), self._number(side, node.args[-1])))
        if all(value.op == "const" for _, value in reached):
            # Constants are asked from the extreme end: the first that can be reached is it.
            reached.sort(key=lambda pair: pair[1].value, reverse=side == "high")
            *asked, (_, last) = reached
            return b.case((*(code for pair in asked for code in pair), last))
        values = tuple(self._branch(reachable, value) for reachable, value in reached)
        return b.extreme("minskip" if side == "low" else "maxskip", values)

    def _branch(self, reachable: Code, value: Code) -> Code:
        if reachable.op == "const":
            return value if reachable.value else self.b.null("int")
        return self.b.case((reachable, value, self.b.null("int")))

    # conditions ---------------------------------------------------------------------------------

    def _condition(self, side: str, node: Code) -> Code:
        if not node.nullable and not self._through_link(node):
            return node
        key = (side, self._compiler.viewer, node)
        if key not in self._memo:
            self._memo[key] = self._judge(side, node)
        return self._memo[key]

    def _judge(self, side: str, node: Code) -> Code:
        b = self.b
        if node.op in ("and", "or"):
            return b.logic(node.op, [self._condition(side, arg) for arg in node.args])
        if node.op == "not":
            return b.negation(self._condition("may" if side == "must" else "must", node.args[0]))
        if node.op in ("lt", "le", "gt", "ge") and node.args[0].kind == "int":
            left, right = node.args if node.op in ("gt", "ge") else node.args[::-1]
            op = {"lt": "gt", "le": "ge"}.get(node.op, node.op)
            one, two = ("low", "high") if side == "must" else ("high", "low")
            return b.compare(op, self._number(one, left), self._number(two, right))
        if node.op == "col":
            definition = self._definition(node)
            if definition is not None:
                return self._condition(side, definition)
        if node.op == "case":
            return self._case_condition(side, node)
        return b.is_true(node) if side == "must" else b.not_false(node)

    def _case_condition(self, side: str, node: Code) -> Code:
        b = self.b
        parts: list[Code] = []
        open_: list[Code] = []
        for condition, result in zip(node.args[:-1:2], node.args[1:-1:2], strict=True):
            parts.append(self._reached(side, b.logic("and", [*open_, self.may(condition)]), result))
            open_.append(b.negation(self.must(condition)))
        parts.append(self._reached(side, b.logic("and", open_), node.args[-1]))
        return b.logic("and" if side == "must" else "or", parts)

    def _reached(self, side: str, reachable: Code, result: Code) -> Code:
        decided = self._condition(side, result)
        if side == "must":
            return self.b.logic("or", [self.b.negation(reachable), decided])
        return self.b.logic("and", [reachable, decided])
