"""Prints a plan as Python: straight-line code with the unknown handled at every operation."""

from __future__ import annotations

from collections.abc import Callable

from jigai.rules.code import Code, depth_first
from jigai.rules.layering import Layer, layers_of
from jigai.rules.plan import Aggregate, Plan, Step, Through

_BINARY = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}

PRELUDE = """
import datetime

def _round(n, d):
    q = (2 * abs(n) + d) // (2 * d)
    return q if n >= 0 else -q

def _minskip(values):
    known = [v for v in values if v is not None]
    return min(known) if known else None

def _maxskip(values):
    known = [v for v in values if v is not None]
    return max(known) if known else None
"""


def python_source(plan: Plan) -> str:
    """Source of ``run(rows)``: fills every row dictionary with its computed columns.

    ``rows`` maps subject to a list of row dictionaries linked by ``#subject`` keys (to the parent
    row, or to the list of child rows).
    """
    subjects = {item.id: item.subject for item in plan.items}
    for subject, terms in plan.inputs.items():
        subjects.update(dict.fromkeys(terms, subject))
    body = [line for layer in layers_of(plan) for line in _layer(layer, subjects)]
    return (
        PRELUDE
        + "\ndef run(rows):\n"
        + "\n".join(f"    {line}" for line in body or ["pass"])
        + "\n"
    )


def _layer(layer: Layer, subjects: dict[str, str]) -> list[str]:
    lines = [f"for r in rows[{layer.subject!r}]:"]
    if layer.kind == "through":
        item = layer.items[0]
        assert isinstance(item, Through)
        lines.append(f"    o = r.get({'#' + item.via!r})")
        lines.append(f"    r[{item.id!r}] = None if o is None else o[{item.target!r}]")
        return lines
    if layer.kind == "steps":
        steps = [item for item in layer.items if isinstance(item, Step)]
        names = {step.id: step.code for step in steps}
        lines += [f"    {line}" for line in _Printer(layer.subject, subjects, "r", names).print()]
        return lines
    aggregates = [item for item in layer.items if isinstance(item, Aggregate)]
    for index, item in enumerate(aggregates):
        lines.append(f"    a{index} = {_START.get(item.how, '0')}")
    lines.append(f"    for s in r[{'#' + layer.source!r}]:")
    printer = _Printer(
        layer.source, subjects, "s", {str(i): item.code for i, item in enumerate(aggregates)}, "v"
    )
    lines += [f"        {line}" for line in printer.print()]
    for index, item in enumerate(aggregates):
        lines.append(f"        {_accumulate(index, item)}")
    lines += [f"    r[{item.id!r}] = a{index}" for index, item in enumerate(aggregates)]
    return lines


_START = {"all": "True", "any": "False"}


def _kleene(names: list[str], absorbing: str, other: str) -> str:
    decided = " or ".join(f"{name} is {absorbing}" for name in names)
    unknown = " or ".join(f"{name} is None" for name in names)
    return f"{absorbing} if {decided} else None if {unknown} else {other}"


def _accumulate(index: int, item: Aggregate) -> str:
    acc, value = f"a{index}", f"v{index}"
    if item.how == "all":
        return f"{acc} = {_kleene([acc, value], 'False', 'True')}"
    if item.how == "any":
        return f"{acc} = {_kleene([acc, value], 'True', 'False')}"
    if item.skip_unknown:
        return f"{acc} = {acc} if {value} is None else {acc} + {value}"
    return f"{acc} = None if {acc} is None or {value} is None else {acc} + {value}"


class _Printer:
    """Prints the codes of one layer as assignments; shared sub-expressions are computed once."""

    def __init__(
        self,
        subject: str,
        subjects: dict[str, str],
        row: str,
        outputs: dict[str, Code],
        prefix: str = "",
    ) -> None:
        self.subject, self.subjects, self.row, self.outputs, self.prefix = (
            subject,
            subjects,
            row,
            outputs,
            prefix,
        )
        self.names: dict[Code, str] = {}
        self.lines: list[str] = []
        self._parents: set[str] = set()

    def print(self) -> list[str]:
        """Assignments for all outputs."""
        columns: dict[str, str] = {}
        for identifier, code in self.outputs.items():
            for node in depth_first([code]):
                if node not in self.names:
                    self._name(node, columns)
            name = self.names[code]
            if self.prefix:
                self.lines.append(f"{self.prefix}{identifier} = {name}")
            else:
                self.lines.append(f"{self.row}[{identifier!r}] = {name}")
                columns[identifier] = name
        return self.lines

    def _name(self, node: Code, columns: dict[str, str]) -> None:
        if node.op == "const":
            self.names[node] = _literal(node)
        elif node.op == "null":
            self.names[node] = "None"
        elif node.op == "col" and node.value in columns:
            self.names[node] = columns[node.value]
        else:
            name = f"t{len(self.names)}{self.prefix}"
            self.lines.append(
                f"{name} = {self._load(node) if node.op == 'col' else self._operation(node)}"
            )
            self.names[node] = name

    def _load(self, node: Code) -> str:
        owner = self.subjects.get(node.value, self.subject)
        if owner == self.subject:
            return f"{self.row}[{node.value!r}]"
        parent = f"{self.row}_{owner}"
        if owner not in self._parents:
            self._parents.add(owner)
            self.lines.append(f"{parent} = {self.row}[{'#' + owner!r}]")
        return f"None if {parent} is None else {parent}[{node.value!r}]"

    def _guard(self, node: Code, expression: str) -> str:
        tests = [f"{self.names[arg]} is None" for arg in node.args if arg.nullable]
        return f"None if {' or '.join(tests)} else {expression}" if tests else expression

    def _operation(self, node: Code) -> str:
        args = [self.names[arg] for arg in node.args]
        if node.op in _BINARY:
            return self._guard(node, f"{args[0]} {_BINARY[node.op]} {args[1]}")
        special: dict[str, Callable[[Code, list[str]], str]] = {
            "and": self._logic,
            "or": self._logic,
            "case": self._case,
            "rdiv": self._round,
        }
        if node.op in special:
            return special[node.op](node, args)
        return self._simple(node, args)

    def _simple(self, node: Code, args: list[str]) -> str:
        if node.op == "neg":
            return self._guard(node, f"-{args[0]}")
        if node.op == "not":
            return self._guard(node, f"not {args[0]}")
        if node.op == "fdiv":
            return self._nonzero(node, args, f"{args[0]} // {args[1]}")
        if node.op in ("least", "greatest"):
            return self._guard(node, f"{'min' if node.op == 'least' else 'max'}({', '.join(args)})")
        if node.op == "in":
            return self._guard(node, f"{args[0]} in ({', '.join(args[1:])},)")
        if node.op == "days":
            return self._guard(node, f"({args[1]} - {args[0]}).days")
        if node.op in ("minskip", "maxskip"):
            return f"_{node.op}(({', '.join(args)},))"
        if node.op == "coalesce":
            return f"{args[1]} if {args[0]} is None else {args[0]}"
        return {
            "known": f"{args[0]} is not None",
            "settled": f"{args[0]} is not None",
            "is_true": f"{args[0]} is True",
            "not_false": f"{args[0]} is not False",
        }[node.op]

    def _logic(self, node: Code, args: list[str]) -> str:
        if not node.nullable:
            return f" {node.op} ".join(args)
        absorbing = "False" if node.op == "and" else "True"
        decided = " or ".join(f"{arg} is {absorbing}" for arg in args)
        unknown = " or ".join(
            f"{name} is None" for name, arg in zip(args, node.args, strict=True) if arg.nullable
        )
        other = "True" if node.op == "and" else "False"
        return f"{absorbing} if {decided} else None if {unknown} else {other}"

    def _case(self, node: Code, args: list[str]) -> str:
        text = args[-1]
        pairs = list(zip(node.args[:-1:2], args[:-1:2], args[1:-1:2], strict=True))
        for code, condition, value in reversed(pairs):
            text = f"{value} if {condition} else {text}"
            if code.nullable:
                text = f"None if {condition} is None else {text}"
        return text

    def _round(self, node: Code, args: list[str]) -> str:
        top, bottom = node.args
        if top.low is not None and top.low >= 0:
            if bottom.op == "const":
                half = (
                    f"({args[0]} + {bottom.value // 2}) // {bottom.value}"
                    if bottom.value % 2 == 0
                    else f"(2 * {args[0]} + {bottom.value}) // {2 * bottom.value}"
                )
                return self._guard(node, half)
            return self._nonzero(node, args, f"(2 * {args[0]} + {args[1]}) // (2 * {args[1]})")
        return self._nonzero(node, args, f"_round({args[0]}, {args[1]})")

    def _nonzero(self, node: Code, args: list[str], expression: str) -> str:
        """A quotient computed before its guard is asked: nothing where the divisor is zero."""
        if node.args[1].op == "const":
            return self._guard(node, expression)
        return f"None if {args[0]} is None or not {args[1]} else {expression}"


def _literal(node: Code) -> str:
    if node.kind == "date":
        return f"datetime.date({node.value.year}, {node.value.month}, {node.value.day})"
    return repr(node.value)
