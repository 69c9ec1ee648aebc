"""What every part of the formula checker shares: the scope, numbers, units, refusals."""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import NoReturn

from sqlglot import exp

from jigai.rules.errors import FormulaError
from jigai.rules.expr import NUMBER, Node, Type, constant
from jigai.rules.scope import Scope
from jigai.rules.units import dimension_name

UNKNOWN = Type("unknown")
NO_NUMBER = "把这个数写进 parameters.yaml 并引用它的名称"


def typed_unknown(node: Node, kind: Type) -> Node:
    """Give the literal 未知 the type its place wants."""
    return Node("unknown", (), kind) if node.op == "unknown" and node.type == UNKNOWN else node


def describe(kind: Type) -> str:
    """Name of a type for messages; an enumeration lists its options, ``未知`` has no type."""
    if kind == UNKNOWN:
        return "未知"
    return f"选项（{'、'.join(kind.options)}）" if kind.kind == "enum" else kind.describe()


def is_zero(node: Node) -> bool:
    """Whether a node is the literal 0, which takes the unit of what it meets."""
    return node.op == "const" and node.value == 0 and node.type == NUMBER


class Checker(ABC):
    """Turns an admitted sqlglot tree into typed nodes, bottom up; parts add the operations."""

    def __init__(
        self, scope: Scope, subject: str | None, expected: Type | None, words: dict[str, str]
    ) -> None:
        """Check formulas seen from a row of ``subject`` (``None``: constants only)."""
        self.scope, self.subject, self.expected, self.words = scope, subject, expected, words
        self.nonzero: list[Node] = []

    @abstractmethod
    def check(self, tree: exp.Expression) -> Node:
        """Typed node of a syntax tree; raises :class:`FormulaError` for anything unlisted."""

    def _refuse(self, tree: exp.Expression) -> NoReturn:
        written = tree.sql("duckdb")
        if isinstance(tree, exp.Alias):
            raise FormulaError(
                "number-literal",
                f"公式里不能直接写数“{written.replace(' AS ', '')}”",
                NO_NUMBER,
            )
        raise FormulaError(
            "not-allowed",
            f"公式不允许“{written}”（{type(tree).__name__}）",
            "只能用 + - * /、比较、and/or/not、in、between、case、least/greatest 和已列函数",
        )

    def _number(self, tree: exp.Expression) -> Node:
        node = self.check(tree)
        if node.type.kind != "number":
            raise FormulaError(
                "wrong-type",
                f"“{tree.sql('duckdb')}”是{describe(node.type)}，不能参加运算",
                "只有数值可以加减乘除",
            )
        return node

    def _same_unit(self, left: Node, right: Node, doing: str) -> tuple[Node, Node]:
        if is_zero(left):
            left = constant(Fraction(0), right.type)
        if is_zero(right):
            right = constant(Fraction(0), left.type)
        if left.type.dimension != right.type.dimension:
            raise FormulaError(
                "unit-mismatch",
                f"单位不同不能{doing}：{dimension_name(left.type.dimension)} 与 "
                f"{dimension_name(right.type.dimension)}",
                "检查是否少乘了比例，或用错了参数",
            )
        return left, right

    def _never_zero(self, node: Node) -> bool:
        if node.op == "const":
            return bool(node.value != 0)
        if node.op == "param":
            return True  # the linter checks every dated value of a divisor parameter
        if node.op == "term":
            low = self.scope.terms[node.value].low
            return node in self.nonzero or (low is not None and low > 0)
        return node in self.nonzero
