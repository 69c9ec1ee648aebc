"""Prints one integer code as DuckDB SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from jigai.rules.code import INT64, Code

BINARY = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "eq": "=",
    "ne": "<>",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}


_OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}


def _not(code: Code) -> Code:
    return (
        code.args[0]
        if code.op == "not"
        else Code("not", (code,), None, "bool", None, None, code.nullable)
    )


def quote(name: str) -> str:
    """A column name in SQL."""
    return f'"{name}"'


class SqlText:
    """Prints codes; ``column`` gives the text of a column (a name, or an inlined definition).

    ``sure`` promises that the value is known wherever the text is evaluated, so that CASE, least
    and greatest need no guard against the unknown.
    """

    def __init__(
        self,
        column: Callable[[str], str] = quote,
        sure: bool = False,
        resolve: Callable[[Code], Code] = lambda code: code,
    ) -> None:
        """Print with this way to write columns and to look behind inlined ones."""
        self._column, self._sure, self._resolve = column, sure, resolve

    def _open(self, code: Code) -> bool:
        return code.nullable and not self._sure

    def print(self, code: Code) -> str:
        """SQL of one code. Wide arithmetic is cast to 128 bits only where bounds require it."""
        if code.op == "const":
            return _literal(code)
        if code.op == "null":
            return {
                "int": "NULL::BIGINT",
                "bool": "NULL::BOOLEAN",
                "enum": "NULL::TINYINT",
                "date": "NULL::DATE",
                "text": "NULL::VARCHAR",
            }[code.kind]
        if code.op == "col":
            return self._column(code.value)
        if code.op.startswith("bits"):
            return _bits(code)
        args = [self.print(arg) for arg in code.args]
        if code.op in ("add", "sub", "mul", "neg"):
            return _arithmetic(code, args)
        if code.op in BINARY:
            return f"({args[0]} {BINARY[code.op]} {args[1]})"
        if code.op in ("and", "or"):
            return "(" + f" {code.op.upper()} ".join(args) + ")"
        if code.op == "case":
            return self._case(code, args)
        if code.op in ("rdiv", "fdiv"):
            return _division(code, args)
        if code.op in ("least", "greatest"):
            return self._extreme(code, args)
        return _simple(code, args)

    def _tests(self, node: Code) -> list[str]:
        """A condition of WHEN, which takes no unknown anyway; ``not (a and b)`` test by test."""
        if node.op == "is_true":
            node = node.args[0]
        if node.op != "not":
            return [self.print(node)]
        inner = self._resolve(node.args[0])
        if inner.op == "and":
            return [test for arg in inner.args for test in self._tests(_not(arg))]
        if inner.op == "or":
            return [" AND ".join(self._test(_not(arg)) for arg in inner.args)]
        if inner.op in _OPPOSITE:
            left, right = (self.print(arg) for arg in inner.args)
            return [f"({left} {BINARY[_OPPOSITE[inner.op]]} {right})"]
        if inner.op == "bits":
            subject, mask = inner.value
            return [f"(({quote(f'bits_false_{subject}')} & {mask}) <> 0)"]
        if inner.op == "known" and inner.args[0].op == "col":
            return [f"({self.print(inner.args[0])} IS NULL)"]
        return [f"(NOT {self.print(inner)})"]

    def _test(self, node: Code) -> str:
        tests = self._tests(node)
        return tests[0] if len(tests) == 1 else "(" + " OR ".join(tests) + ")"

    def _extreme(self, code: Code, args: list[str]) -> str:
        call = f"{code.op}({', '.join(args)})"
        unknown = [arg for arg, node in zip(args, code.args, strict=True) if self._open(node)]
        if not unknown:
            return call
        missing = " OR ".join(f"{arg} IS NULL" for arg in unknown)
        return f"CASE WHEN {missing} THEN NULL ELSE {call} END"

    def _case(self, code: Code, args: list[str]) -> str:
        """CASE without SQL's habit of taking ELSE when a condition is unknown."""
        pairs = list(zip(code.args[:-1:2], args[:-1:2], args[1:-1:2], strict=True))
        if len(pairs) == 1 and self._open(pairs[0][0]):
            condition, value = pairs[0][1:]
            return f"CASE WHEN {condition} THEN {value} WHEN NOT {condition} THEN {args[-1]} END"
        parts = []
        for node, condition, value in pairs:
            parts += [f"WHEN {test} THEN {value}" for test in self._tests(node)]
            if self._open(node):
                parts.append(f"WHEN ({condition}) IS NULL THEN NULL")
        return f"CASE {' '.join(parts)} ELSE {args[-1]} END"


def _bits(code: Code) -> str:
    """Conjunction of stored conditions from their packed bits: false, unknown or true."""
    subject, mask = code.value
    if code.op == "bits_known":
        return f"(({quote(f'bits_unknown_{subject}')} & {mask}) = 0)"
    if code.op == "bits_not_false":
        return f"(({quote(f'bits_false_{subject}')} & {mask}) = 0)"
    if code.op == "bits_is_true":
        either = f"{quote(f'bits_false_{subject}')} | {quote(f'bits_unknown_{subject}')}"
        return f"((({either}) & {mask}) = 0)"
    false, unknown = quote(f"bits_false_{subject}"), quote(f"bits_unknown_{subject}")
    failed, open_ = f"({false} & {mask}) <> 0", f"({unknown} & {mask}) <> 0"
    return f"(CASE WHEN {failed} THEN FALSE WHEN {open_} THEN NULL ELSE TRUE END)"


def _simple(code: Code, args: list[str]) -> str:
    if code.op == "in":
        return f"({args[0]} IN ({', '.join(args[1:])}))"
    return {
        "not": f"(NOT {args[0]})",
        "known": f"({args[0]} IS NOT NULL)",
        "is_true": f"coalesce({args[0]}, FALSE)",
        "not_false": f"coalesce({args[0]}, TRUE)",
        "coalesce": f"coalesce({', '.join(args)})",
        "minskip": f"least({', '.join(args)})",
        "maxskip": f"greatest({', '.join(args)})",
        "days": f"date_diff('day', {', '.join(args)})",
    }[code.op]


def _literal(code: Code) -> str:
    value = code.value
    if code.kind == "bool":
        return "TRUE" if value else "FALSE"
    if code.kind == "date":
        assert isinstance(value, dt.date)
        return f"DATE '{value.isoformat()}'"
    if code.kind == "text":
        return "'" + str(value).replace("'", "''") + "'"
    if code.kind == "enum":
        return f"{value}::TINYINT"
    return f"{value}::BIGINT" if abs(value) <= INT64 else f"{value}::HUGEINT"


def _wide(code: Code) -> bool:
    return code.low is None or code.high is None or code.low < -INT64 or code.high > INT64


def _arithmetic(code: Code, args: list[str]) -> str:
    if _wide(code):
        args = [
            arg if _wide(node) and node.op != "const" else f"({arg})::HUGEINT"
            for node, arg in zip(code.args, args, strict=True)
        ]
    return f"(-{args[0]})" if code.op == "neg" else f"({args[0]} {BINARY[code.op]} {args[1]})"


def _narrow(code: Code, text: str, was_wide: bool) -> str:
    return f"({text})::BIGINT" if was_wide and not _wide(code) else f"({text})"


def _division(code: Code, args: list[str]) -> str:
    top, bottom = code.args
    wide = _wide(top) or _wide(bottom) or (top.high or 0) * 2 + (bottom.high or 0) > INT64
    if wide:
        args = [f"({arg})::HUGEINT" for arg in args]
    n, d = args
    if bottom.op != "const":  # a branch that is not taken may still be computed
        d = f"nullif({d}, 0)"
    if code.op == "fdiv":
        if top.low is not None and top.low >= 0:
            return _narrow(code, f"{n} // {d}", wide)
        return _narrow(
            code, f"CASE WHEN {n} >= 0 THEN {n} // {d} ELSE -((-({n}) + {d} - 1) // {d}) END", wide
        )
    if bottom.op == "const" and bottom.value % 2 == 0:
        half = f"({n} + {bottom.value // 2}) // {d}"
        negative = f"-((-({n}) + {bottom.value // 2}) // {d})"
    else:
        half = f"(2 * {n} + {d}) // (2 * {d})"
        negative = f"-((2 * -({n}) + {d}) // (2 * {d}))"
    if top.low is not None and top.low >= 0:
        return _narrow(code, half, wide)
    return _narrow(code, f"CASE WHEN {n} >= 0 THEN {half} ELSE {negative} END", wide)
