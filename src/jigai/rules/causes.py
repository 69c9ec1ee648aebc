"""Tells 未定 (a parameter nobody has set) from 缺数据 (a fact nobody has supplied)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jigai.rules.binding import bind
from jigai.rules.code import Code
from jigai.rules.expr import Node

if TYPE_CHECKING:
    from jigai.rules.columns import ColumnCompiler


def undetermined_cause(compiler: ColumnCompiler, columns: list[str]) -> Code | None:
    """Condition under which one of ``columns`` is unknown because of an undetermined parameter.

    ``None`` when no formula behind the columns meets one, which is the usual case and costs
    nothing.
    """
    causes = []
    for column in columns:
        node = compiler.nodes.get(column)
        if node is not None and _meets(compiler, node, set()):
            causes.append(_cause(compiler, node))
    return compiler.b.logic("or", causes) if causes else None


def _meets(compiler: ColumnCompiler, node: Node, seen: set[str]) -> bool:
    for part in node.walk():
        if part.op == "undetermined":
            return True
        if part.op == "term" and part.value not in seen and part.value in compiler.nodes:
            seen.add(part.value)
            if _meets(compiler, compiler.nodes[part.value], seen):
                return True
    return False


def _cause(compiler: ColumnCompiler, node: Node) -> Code:
    b = compiler.b
    if node.op == "undetermined":
        return b.constant(True, "bool")
    if node.op == "term" and node.value in compiler.nodes:
        return _cause(compiler, bind(compiler.nodes[node.value], compiler.env))
    if not node.args or not _meets(compiler, node, set()):
        return b.constant(False, "bool")
    if node.op == "case":
        return _case(compiler, node)
    code = _code(compiler, node)
    inner = b.logic("or", [_cause(compiler, child) for child in node.args])
    return b.logic("and", [b.negation(b.known(code)), inner])


def _case(compiler: ColumnCompiler, node: Node) -> Code:
    b = compiler.b
    result = _cause(compiler, node.args[-1])
    for condition, value in reversed(list(zip(node.args[:-1:2], node.args[1:-1:2], strict=True))):
        test = compiler.low.value(condition)
        chosen = b.case((b.is_true(test), _cause(compiler, value), result))
        result = b.case((b.known(test), chosen, _cause(compiler, condition)))
    return result


def _code(compiler: ColumnCompiler, node: Node) -> Code:
    if node.type.kind == "number":
        return compiler.low.ratio(node).numerator
    return compiler.low.value(node)
