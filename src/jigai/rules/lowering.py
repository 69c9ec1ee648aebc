"""Lowers bound formulas to integer code: rates become numerators over exact denominators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from jigai.rules.code import Builder, Code
from jigai.rules.errors import EvaluationError
from jigai.rules.expr import Node
from jigai.rules.scope import TermInfo

_KINDS = {
    "bool": "bool",
    "enum": "enum",
    "text": "text",
    "date": "date",
    "number": "int",
    "list": "text",
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number as ``numerator / denominator``; the denominator is positive."""

    numerator: Code
    denominator: Code | int


class Lowering:
    """Turns bound nodes into code of one builder.

    ``column`` gives the code of a term or free parameter (its stored integer) and its scale.
    """

    def __init__(self, builder: Builder, column: Callable[[str, str], tuple[Code, int]]) -> None:
        """Use ``column(op, id)`` for leaves; ``op`` is ``term`` or ``param``."""
        self.b, self._column = builder, column

    def value(self, node: Node) -> Code:
        """Code of a condition, option, text or date."""
        b = self.b
        if node.op == "const":
            code = node.type.options.index(node.value) if node.type.kind == "enum" else node.value
            return b.constant(code, _KINDS[node.type.kind])
        if node.op in ("undetermined", "unknown"):
            return b.null(_KINDS[node.type.kind])
        if node.op in ("term", "param"):
            return self._column(node.op, node.value)[0]
        if node.op in ("and", "or"):
            return b.logic(node.op, [self.value(child) for child in node.args])
        if node.op == "not":
            return b.negation(self.value(node.args[0]))
        if node.op == "known":
            child = node.args[0]
            inner = (
                self.ratio(child).numerator if child.type.kind == "number" else self.value(child)
            )
            return b.known(inner)
        if node.op == "case":
            return b.case(tuple(self.value(child) for child in node.args))
        if node.op == "in":
            return self._in(node)
        return self._compare(node)

    def _in(self, node: Node) -> Code:
        subject = self.value(node.args[0])
        options: list[Code] = []
        for option in node.args[1:]:
            if option.op == "const" and isinstance(option.value, tuple):
                options += [self.b.constant(item, "text") for item in option.value]
            else:
                options.append(self.value(option))
        if any(option.op != "const" for option in options):
            return self.b.logic("or", [self.b.compare("eq", subject, option) for option in options])
        return self.b.make("in", (subject, *options), kind="bool")

    def _compare(self, node: Node) -> Code:
        left, right = node.args
        if left.type.kind != "number":
            return self.b.compare(node.op, self.value(left), self.value(right))
        return self.compare(node.op, self.ratio(left), self.ratio(right))

    def compare(self, op: str, left: Ratio, right: Ratio) -> Code:
        """Compare two ratios by cross multiplication."""
        common = self._common([left, right])
        if common is not None:
            return self.b.compare(op, common[0][0], common[0][1])
        return self.b.compare(
            op,
            self._times(left.numerator, right.denominator),
            self._times(right.numerator, left.denominator),
        )

    def ratio(self, node: Node) -> Ratio:
        """Numerator and denominator of a numeric node."""
        b = self.b
        if node.op == "const":
            value = Fraction(node.value)
            return Ratio(b.integer(value.numerator), value.denominator)
        if node.op in ("undetermined", "unknown"):
            return Ratio(b.null("int"), 1)
        if node.op in ("term", "param"):
            code, scale = self._column(node.op, node.value)
            return Ratio(code, scale)
        if node.op == "days":
            left, right = (self.value(child) for child in node.args)
            return Ratio(b.make("days", (left, right), low=-(10**6), high=10**6), 1)
        if node.op == "case":
            return self._case(node)
        parts = [self.ratio(child) for child in node.args]
        return self._arithmetic(node.op, parts)

    def _arithmetic(self, op: str, parts: list[Ratio]) -> Ratio:
        b = self.b
        if op == "neg":
            return Ratio(b.negate(parts[0].numerator), parts[0].denominator)
        if op == "mul":
            return Ratio(
                b.multiply(parts[0].numerator, parts[1].numerator),
                self._scale_product(parts[0].denominator, parts[1].denominator),
            )
        if op == "div":
            return self._divide(parts[0], parts[1])
        if op in ("add", "sub"):
            (left, right), denominator = self._align(parts)
            return Ratio(
                b.add(left, right) if op == "add" else b.subtract(left, right), denominator
            )
        if op in ("least", "greatest"):
            codes, denominator = self._align(parts)
            return Ratio(b.extreme(op, tuple(codes)), denominator)
        assert op == "steps", op
        if parts[1].numerator.op == "const" and parts[1].numerator.value == 0:
            raise EvaluationError("每份大小的参数值为零，算不出来：改用大于零的值")
        (value, size), _ = self._align(parts)
        return Ratio(b.divide_floor(value, size), 1)

    def _divide(self, left: Ratio, right: Ratio) -> Ratio:
        numerator = self._times(left.numerator, right.denominator)
        if right.numerator.op == "const":
            value: int = right.numerator.value
            if value == 0:
                raise EvaluationError("除数的参数值为零，算不出来：改用大于零的值")
            numerator = self.b.negate(numerator) if value < 0 else numerator
            return Ratio(numerator, self._scale_product(left.denominator, abs(value)))
        return Ratio(numerator, self._scale_product(left.denominator, right.numerator))

    def _case(self, node: Node) -> Ratio:
        conditions = [self.value(child) for child in node.args[:-1:2]]
        results = [self.ratio(child) for child in (*node.args[1:-1:2], node.args[-1])]
        common = self._common(results)
        if common is not None:
            return Ratio(self._branches(conditions, common[0]), common[1])
        # A divisor that is zero in another branch must not be multiplied into this one.
        below = [self._times(self.b.integer(1), r.denominator) for r in results]
        numerators = [r.numerator for r in results]
        return Ratio(self._branches(conditions, numerators), self._branches(conditions, below))

    def _branches(self, conditions: list[Code], results: list[Code]) -> Code:
        parts: list[Code] = []
        for condition, code in zip(conditions, results[:-1], strict=True):
            parts += [condition, code]
        return self.b.case((*parts, results[-1]))

    def _common(self, parts: list[Ratio]) -> tuple[list[Code], int] | None:
        denominators = [part.denominator for part in parts]
        if any(isinstance(denominator, Code) for denominator in denominators):
            return None
        common = lcm(*(d for d in denominators if isinstance(d, int)))
        codes = [
            self.b.multiply(part.numerator, self.b.integer(common // int(str(part.denominator))))
            if part.denominator != common
            else part.numerator
            for part in parts
        ]
        return codes, common

    def _align(self, parts: list[Ratio]) -> tuple[list[Code], Code | int]:
        """Numerators over one denominator (the least common one, or the product if it varies)."""
        common = self._common(parts)
        if common is not None:
            return common
        denominator: Code | int = 1
        for part in parts:
            denominator = self._scale_product(denominator, part.denominator)
        codes = []
        for index, part in enumerate(parts):
            code = part.numerator
            for other, rest in enumerate(parts):
                if other != index:
                    code = self._times(code, rest.denominator)
            codes.append(code)
        return codes, denominator

    def _times(self, code: Code, factor: Code | int) -> Code:
        return self.b.multiply(code, self.b.integer(factor) if isinstance(factor, int) else factor)

    def _scale_product(self, left: Code | int, right: Code | int) -> Code | int:
        if isinstance(left, int) and isinstance(right, int):
            return left * right
        return self._times(self.b.integer(left) if isinstance(left, int) else left, right)

    def rounded(self, ratio: Ratio, unit: int, mode: str) -> Code:
        """Round to whole multiples of ``unit``: ``half-up`` (away from zero) or ``down``."""
        b = self.b
        divisor = self._times(b.integer(unit), ratio.denominator)
        if divisor.op == "const" and divisor.value == 1:
            return ratio.numerator
        if mode == "half-up":
            return b.multiply(b.divide_round(ratio.numerator, divisor), b.integer(unit))
        return b.multiply(self._towards_zero(ratio.numerator, divisor), b.integer(unit))

    def _towards_zero(self, numerator: Code, divisor: Code) -> Code:
        b = self.b
        down = b.divide_floor(numerator, divisor)
        if numerator.low is not None and numerator.low >= 0:
            return down
        up = b.negate(b.divide_floor(b.negate(numerator), divisor))
        return b.case((b.compare("ge", numerator, b.integer(0)), down, up))


def column_kind(info: TermInfo) -> str:
    """Code kind of a term's stored value."""
    return _KINDS[info.type.kind]
