"""Takes the chosen readings out of a formula, so that what is shown is what is computed.

A branch the readings rule out disappears; parameters and facts keep their names. The folding is
that of :mod:`jigai.rules.binding`, the one the compiler uses.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from jigai.rules.binding import Environment, bind
from jigai.rules.expr import BOOL, Node, constant
from jigai.rules.model import Model

_LOGIC = {"and": True, "or": False}  # the value that changes nothing


def settle(node: Node, env: Environment) -> Node:
    """The formula as it stands under the readings of a run."""
    if node.type == BOOL:
        bound = bind(node, env)
        if bound.op == "const":
            return bound
    if node.op == "case":
        return _settled_case(node, env)
    args = tuple(settle(child, env) for child in node.args)
    if node.op in _LOGIC:
        rest = [a for a in args if not (a.op == "const" and a.value is _LOGIC[node.op])]
        if len(rest) < 2:
            return rest[0] if rest else constant(_LOGIC[node.op], BOOL)
        return Node(node.op, tuple(rest), BOOL)
    if node.op in ("add", "sub") and args[1].op == "const" and args[1].value == 0:
        return args[0]
    if node.op == "add" and args[0].op == "const" and args[0].value == 0:
        return args[1]
    return Node(node.op, args, node.type, node.value)


def _settled_case(node: Node, env: Environment) -> Node:
    parts: list[Node] = []
    for condition, result in zip(node.args[:-1:2], node.args[1:-1:2], strict=True):
        test = settle(condition, env)
        if test.op == "const":
            if test.value:
                last = settle(result, env)
                return Node("case", (*parts, last), node.type) if parts else last
            continue
        parts += [test, settle(result, env)]
    last = settle(node.args[-1], env)
    return Node("case", (*parts, last), node.type) if parts else last


def definition(model: Model, identifier: str, env: Environment | None) -> Node | None:
    """Settled formula of a derived fact that has one (``None`` for aggregates and inputs)."""
    node = model.formulas.get(("fact", identifier, "formula"))
    if node is None:
        return None
    return settle(node, env) if env else node


def followed(model: Model, node: Node, env: Environment) -> tuple[Node, list[str]]:
    """Follow facts that are, under these readings, another name of one fact or condition.

    Returns the last formula and the ids passed through on the way.
    """
    passed: list[str] = []
    while node.op == "term":
        inner = definition(model, node.value, env)
        if inner is None:
            break
        passed.append(node.value)
        node = inner
    return node, passed


def evaluate(node: Node, env: Environment, value: Callable[[str], Any]) -> Any:
    """Value of any part of a formula, folded by the engine with the facts of one row put in.

    ``value(id)`` gives a fact as a fraction in base units, an option code, a date, text or truth;
    ``None`` if unknown. Returns ``None`` when the part cannot be told.
    """
    try:
        bound = bind(_filled(node, env, value), env)
    except ZeroDivisionError:  # a quotient looked at outside the condition that guards it
        return None
    return bound.value if bound.op == "const" else None


def _filled(node: Node, env: Environment, value: Callable[[str], Any]) -> Node:
    if node.op == "term":
        found = value(node.value)
        return _unknown(node) if found is None else constant(found, node.type)
    if node.op == "case":
        return _branch(node, env, value)
    args = tuple(_filled(child, env, value) for child in node.args)
    if node.op == "known":
        return constant(bind(args[0], env).op == "const", BOOL)
    return Node(node.op, args, node.type, node.value)


def _branch(node: Node, env: Environment, value: Callable[[str], Any]) -> Node:
    """The branch that applies; the others may not be looked at (they may divide by zero)."""
    for condition, result in zip(node.args[:-1:2], node.args[1:-1:2], strict=True):
        test = bind(_filled(condition, env, value), env)
        if test.op != "const":
            return _unknown(node)
        if test.value:
            return _filled(result, env, value)
    return _filled(node.args[-1], env, value)


def _unknown(node: Node) -> Node:
    return Node("unknown", (), node.type)


def as_value(node_type: Any, stored: Any, scale: int) -> Any:
    """Turn a stored integer into what a formula means by it."""
    if stored is None:
        return None
    if node_type.kind == "enum":
        return node_type.options[stored]
    if node_type.kind == "number":
        return Fraction(stored) / scale
    return stored
