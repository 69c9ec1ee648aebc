"""Conditions in formulas: comparisons, lists, and/or/not and case."""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from jigai.rules.errors import FormulaError
from jigai.rules.expr import BOOL, Node, constant
from jigai.rules.grammar_base import UNKNOWN, Checker, describe, is_zero, typed_unknown


class Conditions(Checker):
    """Comparisons, membership, logic and case."""

    def _bool(self, tree: exp.Expression) -> Node:
        node = self.check(tree)
        if node.type.kind != "bool":
            raise FormulaError(
                "wrong-type",
                f"“{tree.sql('duckdb')}”是{describe(node.type)}，不是条件",
                "写成比较或是否类事实",
            )
        return node

    def _logic(self, op: str, tree: exp.Expression) -> Node:
        return Node(op, (self._bool(tree.this), self._bool(tree.expression)), BOOL)

    def _not(self, tree: exp.Expression) -> Node:
        return Node("not", (self._bool(tree.this),), BOOL)

    def _compare(self, op: str, left_tree: exp.Expression, right_tree: exp.Expression) -> Node:
        left = self._operand(left_tree, right_tree)
        right = self._operand(right_tree, left_tree)
        if not _comparable(left, right):
            raise FormulaError(
                "wrong-type",
                f"不能比较{describe(left.type)}与{describe(right.type)}",
                "两边须同类",
            )
        if left.type.kind == "number":
            left, right = self._same_unit(left, right, "比较")
        elif left.type.kind in ("bool", "enum", "text", "list") and op not in ("eq", "ne"):
            raise FormulaError(
                "wrong-type", f"{describe(left.type)}只能用 = 或 <> 比较", "改用 = 或 <>"
            )
        return Node(op, (left, right), BOOL)

    def _operand(self, tree: exp.Expression, other: exp.Expression) -> Node:
        """A side of a comparison; a bare word may be an option of the other side."""
        option = self._option(tree, other)
        return option if option is not None else self.check(tree)

    def _option(self, tree: exp.Expression, other: exp.Expression) -> Node | None:
        if not isinstance(tree, exp.Column | exp.Literal) or not isinstance(other, exp.Column):
            return None
        asked = self.scope.resolve(other.name, self.subject)
        if not isinstance(asked, Node) or asked.type.kind != "enum":
            return None
        word = tree.name
        if asked.op == "reading":
            words = self.scope.reading_words[asked.value]
            code = word if word in asked.type.options else words.get(word)
        else:
            options = dict(
                zip(self.scope.terms[asked.value].words, asked.type.options, strict=True)
            )
            code = word if word in asked.type.options else options.get(word)
        if code is None:
            if isinstance(self.scope.resolve(word, self.subject), Node):
                return None
            raise FormulaError(
                "unknown-option", f"“{other.name}”没有选项“{word}”", "用词须与登记的选项一致"
            )
        return constant(code, asked.type)

    def _in(self, tree: exp.Expression) -> Node:
        subject = self.check(tree.this)
        options = tree.expressions
        if len(options) == 1 and subject.type.kind != "enum":
            listed = self.check(options[0])
            if listed.op == "param" and listed.type.kind == "list":
                return Node("in", (subject, listed), BOOL)
        nodes = [self._operand(option, tree.this) for option in options]
        if not nodes or not all(_comparable(node, subject) for node in nodes):
            raise FormulaError(
                "wrong-type",
                f"“{tree.sql('duckdb')}”两边不同类",
                "写成 事实 in (甲, 乙)，各项须与左边同类",
            )
        return Node("in", (subject, *nodes), BOOL)

    def _between(self, tree: exp.Expression) -> Node:
        low = self._compare("ge", tree.this, tree.args["low"])
        return Node("and", (low, self._compare("le", tree.this, tree.args["high"])), BOOL)

    def _case(self, tree: exp.Expression) -> Node:
        if tree.this is not None:
            self._refuse(tree)
        if tree.args.get("default") is None:
            raise FormulaError("no-else", "case 没有 else", "写明其余情形的结果")
        parts: list[Node] = []
        for branch in tree.args["ifs"]:
            condition = self._bool(branch.this)
            proven = [node for part in _conjuncts(condition) for node in self._positive(part)]
            self.nonzero += proven
            parts += [condition, self.check(branch.args["true"])]
            del self.nonzero[len(self.nonzero) - len(proven) :]
        parts.append(self.check(tree.args["default"]))
        return self._unify(parts)

    def _unify(self, parts: list[Node]) -> Node:
        results = [*parts[1::2][: len(parts) // 2], parts[-1]]
        certain = [node for node in results if node.type != UNKNOWN] or results
        typed = next((node for node in certain if not is_zero(node)), certain[0])
        for node in certain:
            if not _comparable(node, typed):
                raise FormulaError("wrong-type", "case 各支的类型不同", "各支须给出同类结果")
            if typed.type.kind == "number":
                self._same_unit(node, typed, "放在同一个 case 里")
        fixed = [
            constant(Fraction(0), typed.type)
            if is_zero(node) and typed.type.kind == "number"
            else typed_unknown(node, typed.type)
            for node in parts
        ]
        return Node("case", tuple(fixed), typed.type)

    def _positive(self, node: Node) -> list[Node]:
        """Nodes a condition proves to be divisors: ``x > 0``, or ``x <> 0`` of what is never less.

        A divisor must be positive, not only other than zero: rounding divides by it.
        """
        left, right = node.args if len(node.args) == 2 else (node, node)
        if node.op == "gt" and _zero(right):
            return [left]
        if node.op == "lt" and _zero(left):
            return [right]
        if node.op == "ne" and _zero(right) and left.op == "term":
            low = self.scope.terms[left.value].low
            return [left] if low is not None and low >= 0 else []
        return []


def _conjuncts(node: Node) -> list[Node]:
    if node.op == "and":
        return [part for child in node.args for part in _conjuncts(child)]
    return [node]


def _zero(node: Node) -> bool:
    return node.op == "const" and node.value == 0


def _comparable(left: Node, right: Node) -> bool:
    """Same kind; two enumerations must also list the same options."""
    same = left.type.kind == right.type.kind
    return same and (left.type.kind != "enum" or left.type.options == right.type.options)
