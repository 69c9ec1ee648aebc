"""What is short of a threshold: ``还差 80.00 万元``.

The left side of a threshold has no column of its own; its value is folded by the engine from the
facts of the row.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

from jigai.rules.binding import Environment
from jigai.rules.expr import BOOL, MONEY_TYPE, Node
from jigai.rules.facts import Row
from jigai.rules.model import Model
from jigai.rules.settle import followed, settle
from jigai.rules.wording import gap, percent, points, value_text, yuan


class Values(Protocol):
    """What is needed of a tracer: the model, the run, and values of parts of formulas."""

    model: Model
    env: Environment

    def evaluate(self, node: Node, row: Row, subject: str) -> Any:
        """Value of a part of a formula on a row."""


def threshold_tests(values: Values, node: Node) -> list[Node]:
    """Threshold tests inside a condition, also inside the facts that stand for a condition."""
    shown, _ = followed(values.model, settle(node, values.env), values.env)
    found = [part for part in shown.walk() if part.op == "reach"]
    for name in shown.names("term"):
        inner = values.model.formulas.get(("fact", name, "formula"))
        if inner is not None and inner.type == BOOL:
            found += threshold_tests(values, inner)
    return found


def shortfall(values: Values, node: Node, row: Row, subject: str) -> str:
    """What is short of each threshold that fails in a condition; empty if nothing can be told."""
    texts = []
    for test in threshold_tests(values, node):
        value = values.evaluate(test.args[0], row, subject)
        limit = values.env.parameters[test.value]
        if value is None or limit.value is None or values.evaluate(test, row, subject):
            continue
        name = values.model.parameters[test.value].name
        short = _short(value, limit.value, test.args[0], values.env.comparator(limit))
        texts.append(f"{short}（{name} {limit.text}）")
    return "；".join(texts)


def measured(values: Values, node: Node, row: Row, subject: str) -> str:
    """The left side of a threshold that is a calculation: ``算得 49.0196…%``."""
    texts = []
    for test in threshold_tests(values, node):
        left = test.args[0]
        value = values.evaluate(left, row, subject) if left.op != "term" else None
        if value is not None:
            rate = not left.type.dimension
            texts.append(f"算得 {percent(value) if rate else value_text(left.type, value)}")
    return "；".join(texts)


def _short(value: Fraction, limit: Fraction, left: Node, comparator: str) -> str:
    money = left.type == MONEY_TYPE
    if comparator in ("<", "<="):
        return f"超出 {value_text(left.type, value - limit)}"
    if value == limit:
        return f"恰为 {yuan(limit)}，还差 0.01 元" if money else "恰为此数，须超过"
    if money:
        return f"还差 {gap(int(limit - value) + (comparator == '>'))}"
    if not left.type.dimension and max(value, limit) <= 1:
        return f"现为 {percent(value)}，还差 {points(limit - value)}"
    return f"还差 {value_text(left.type, limit - value)}"
