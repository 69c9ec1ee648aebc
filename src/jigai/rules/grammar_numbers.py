"""Arithmetic in formulas: units must agree, divisors must be proven non-zero."""

from __future__ import annotations

from sqlglot import exp

from jigai.rules.errors import FormulaError
from jigai.rules.expr import Node, Type
from jigai.rules.grammar_base import Checker, describe, is_zero
from jigai.rules.units import multiply


class Arithmetic(Checker):
    """Sums, products, quotients and extremes."""

    def _sum(self, op: str, left: Node, right: Node) -> Node:
        for node in (left, right):
            if node.type.kind != "number":
                raise FormulaError(
                    "wrong-type", f"{describe(node.type)}不能加减", "只有数值可以加减"
                )
        left, right = self._same_unit(left, right, "相加减")
        return Node(op, (left, right), left.type)

    def _product(self, tree: exp.Expression) -> Node:
        left, right = self._number(tree.this), self._number(tree.expression)
        return Node(
            "mul",
            (left, right),
            Type("number", multiply(left.type.dimension, right.type.dimension)),
        )

    def _quotient(self, tree: exp.Expression) -> Node:
        left, right = self._number(tree.this), self._number(tree.expression)
        if not self._never_zero(right):
            raise FormulaError(
                "division-by-zero",
                f"除数“{tree.expression.sql('duckdb')}”可能为零",
                "外面加 case when 除数 > 0 then … else … end",
            )
        return Node(
            "div",
            (left, right),
            Type("number", multiply(left.type.dimension, right.type.dimension, -1)),
        )

    def _negative(self, tree: exp.Expression) -> Node:
        node = self._number(tree.this)
        return Node("neg", (node,), node.type)

    def _extreme(self, tree: exp.Expression) -> Node:
        nodes = [self._number(tree.this), *(self._number(arg) for arg in tree.expressions)]
        typed = next((node for node in nodes if not is_zero(node)), nodes[0])
        nodes = [self._same_unit(node, typed, "比大小")[0] for node in nodes]
        return Node(
            "least" if isinstance(tree, exp.Least) else "greatest", tuple(nodes), typed.type
        )
