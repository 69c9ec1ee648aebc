"""Decides which steps become columns and which are written into their user.

A step used once, or a trivial one, is inlined, so that a CASE prices only the rows it selects.
``known(x)`` is pushed down to the facts, so that asking whether an amount is known does not
compute it. What stands under "this project pays" is printed without guards: it is known there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from jigai.rules.code import Builder, Code, depth_first
from jigai.rules.layering import columns_of
from jigai.rules.plan import Item, Step
from jigai.rules.sql_text import SqlText, quote

_STRICT = {
    "add",
    "sub",
    "mul",
    "neg",
    "rdiv",
    "fdiv",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "in",
    "least",
    "greatest",
    "days",
    "not",
}
_SMALL = 4
_WORTH_PACKING = 3


class Inliner:
    """Works out, for one query, the items to emit (``items``) and prints codes with inlining."""

    def __init__(
        self,
        items: Iterable[Item],
        outputs: Iterable[str],
        bits: Mapping[str, Mapping[str, int]],
    ) -> None:
        """``outputs`` are the columns asked for; ``bits`` the packed conditions by subject."""
        self._builder = Builder()
        self._bits = bits
        self._known: dict[Code, Code] = {}
        self._all = {item.id: item for item in items}
        self._codes = {
            item.id: self._pack(item.subject, self._expand(item.code))
            for item in self._all.values()
            if isinstance(item, Step)
        }
        outputs = list(outputs)
        reachable = self._reachable(outputs)
        self._sure = {name for name in reachable if self._is_priced(name)}
        self._columns = self._choose(reachable, outputs)
        self.items: list[Item] = []
        for item in self._all.values():
            if item.id in self._columns:
                self.items.append(self._with_reads(item))

    # what to emit -------------------------------------------------------------------------------

    def _is_priced(self, name: str) -> bool:
        item = self._all.get(name)
        return isinstance(item, Step) and item.kind == "project" and name == "packed"

    def _refs(self, name: str) -> list[str]:
        item = self._all[name]
        if isinstance(item, Step):
            return _occurrences(self._codes[name])
        return columns_of(item)

    def _reachable(self, outputs: list[str]) -> set[str]:
        found: set[str] = set()
        stack = [name for name in outputs if name in self._all]
        while stack:
            name = stack.pop()
            if name not in found:
                found.add(name)
                stack += [c for c in self._refs(name) if c in self._all]
        return found

    def _choose(self, reachable: set[str], outputs: list[str]) -> set[str]:
        """Columns to compute as such; everything else is written into its users."""
        uses: Counter[str] = Counter()
        crossing: set[str] = set()
        guarded = self._reachable([n for n in outputs if n not in self._sure])
        for name in reachable:
            item = self._all[name]
            for ref in self._refs(name):
                if ref not in self._all:
                    continue
                if not isinstance(item, Step) or self._all[ref].subject != item.subject:
                    crossing.add(ref)
                elif name in guarded:
                    uses[ref] += 1
        read = {ref for name in reachable for ref in self._refs(name)}
        for name in outputs:
            # What is shown and also read again is computed once, unless a name is shorter anyway.
            if name in self._all and (name in read or not isinstance(self._all[name], Step)):
                crossing.add(name)
        return {name for name in reachable if self._stays(name, uses[name], name in crossing)}

    def _stays(self, name: str, uses: int, crossing: bool) -> bool:
        item = self._all[name]
        if crossing or not isinstance(item, Step):
            return True
        if name == "verdict":
            return True
        return uses > 1 and len(depth_first([self._codes[name]])) > _SMALL

    def _with_reads(self, item: Item) -> Item:
        """The item with a code that names the columns it will really read."""
        if not isinstance(item, Step):
            return item
        reads = self._builder.make(
            "and",
            tuple(self._builder.column(c, "bool") for c in self.reads(item.id, True)),
            item.id,
            "bool",
        )
        return Step(item.id, item.subject, item.kind, item.name, reads)

    def reads(self, name: str, inside: bool = False) -> list[str]:
        """Stored or computed columns needed to print ``name``."""
        if name not in self._all or (name in self._columns and not inside):
            return [name]
        return [c for ref in dict.fromkeys(self._refs(name)) for c in self.reads(ref)]

    # printing -----------------------------------------------------------------------------------

    def text(self, name: str, sure: bool = False) -> str:
        """SQL for a column: its name, or its definition when it is inlined."""
        if name not in self._all or name in self._columns:
            return quote(name)
        return f"({self._printed(name, sure)})"

    def print(self, step: Step) -> str:
        """SQL of the definition of an emitted step."""
        return self._printed(step.id, False)

    def _printed(self, name: str, sure: bool) -> str:
        code = self._codes[name]
        if name in self._sure:
            return self._priced(code)
        text = SqlText(lambda column: self.text(column, sure), sure, self._behind).print(code)
        return f"({text})::TINYINT" if name == "verdict" else text

    def _behind(self, code: Code) -> Code:
        """The definition of an inlined column, else the code itself."""
        while code.op == "col" and code.value in self._codes and code.value not in self._columns:
            code = self._codes[code.value]
        return code

    def _priced(self, code: Code) -> str:
        """``case(pays, best, 0)``: the price is known wherever it is evaluated."""
        inner = code.args[0] if code.op == "coalesce" else code
        if inner.op != "case":
            return SqlText(lambda column: self.text(column)).print(code)
        condition = SqlText(lambda column: self.text(column)).print(inner.args[0])
        price = SqlText(lambda column: self.text(column, True), True).print(inner.args[1])
        return f"CASE WHEN {condition} THEN {price} ELSE 0 END"

    def _pack(self, subject: str, code: Code) -> Code:
        """Replace three or more stored conditions of a conjunction by one test on packed bits."""
        bits = self._bits.get(subject)
        if not bits or not code.args:
            return code
        args = tuple(self._pack(subject, arg) for arg in code.args)
        if any(new is not old for new, old in zip(args, code.args, strict=True)):
            remade = (code.op, args, code.value, code.kind, code.low, code.high, code.nullable)
            code = self._builder.make(*remade)
        if code.op != "and":
            return code
        code = self._pack_tests(subject, code, bits)
        packed = [(arg, self._stored(arg)) for arg in code.args] if code.op == "and" else []
        found = [name for _, name in packed if name in bits]
        if len(found) < _WORTH_PACKING:
            return code
        mask = sum(1 << bits[name] for name in dict.fromkeys(found) if name)
        test = self._builder.make("bits", (), (subject, mask), "bool", nullable=True)
        return self._builder.logic(
            "and", [test, *(arg for arg, name in packed if name not in bits)]
        )

    def _pack_tests(self, subject: str, code: Code, bits: Mapping[str, int]) -> Code:
        """One bit test for several ``known``, ``is_true`` or ``not_false`` of stored facts."""
        for op in ("known", "is_true", "not_false"):
            if code.op != "and":
                break
            named = {a: self._stored(a.args[0]) for a in code.args if a.op == op}
            found = {arg: name for arg, name in named.items() if name in bits}
            if len(found) < _WORTH_PACKING:
                continue
            mask = sum(1 << bits[str(name)] for name in dict.fromkeys(found.values()))
            test = self._builder.make(f"bits_{op}", (), (subject, mask), "bool", nullable=False)
            rest = [arg for arg in code.args if arg not in found]
            code = self._builder.logic("and", [test, *rest])
        return code

    def _stored(self, code: Code) -> str | None:
        """The stored fact that a column merely repeats, if it does."""
        while code.op == "col":
            item = self._all.get(code.value)
            if not isinstance(item, Step):
                return None if item else str(code.value)
            code = item.code
        return None

    # knownness ----------------------------------------------------------------------------------

    def _expand(self, code: Code) -> Code:
        """Rewrite ``known`` nodes to tests on facts."""
        if not any(node.op in ("known", "settled") for node in depth_first([code])):
            return code
        if code.op == "known":
            return self.known(code.args[0])
        if code.op == "settled":
            return self._settled(code.args[0])
        if code.op in ("and", "or"):
            return self._builder.logic(code.op, [self._expand(arg) for arg in code.args])
        args = tuple(self._expand(arg) for arg in code.args)
        return self._builder.make(
            code.op, args, code.value, code.kind, code.low, code.high, code.nullable
        )

    def known(self, node: Code) -> Code:
        """Condition (never unknown) under which ``node`` is known."""
        if node not in self._known:
            self._known[node] = self._knownness(node)
        return self._known[node]

    def _settled(self, node: Code) -> Code:
        """A conjunction that is not false is known exactly when all its parts are."""
        item = self._all.get(node.value) if node.op == "col" else None
        if isinstance(item, Step):
            return self._settled(item.code)
        if node.op == "and":
            return self._builder.logic("and", [self._settled(arg) for arg in node.args])
        return self.known(node)

    def _knownness(self, node: Code) -> Code:
        b = self._builder
        if not node.nullable:
            return b.constant(True, "bool")
        if node.op == "null":
            return b.constant(False, "bool")
        if node.op == "col":
            item = self._all.get(node.value)
            return (
                self.known(item.code)
                if isinstance(item, Step)
                else b.make("known", (node,), kind="bool", nullable=False)
            )
        if node.op in _STRICT:
            return b.logic("and", [self.known(arg) for arg in node.args])
        if node.op == "case":
            result = self.known(node.args[-1])
            for condition, value in reversed(
                list(zip(node.args[:-1:2], node.args[1:-1:2], strict=True))
            ):
                tested = _conjuncts(self.known(condition))
                then = b.logic("and", [c for c in _conjuncts(self.known(value)) if c not in tested])
                rest = b.logic("and", [c for c in _conjuncts(result) if c not in tested])
                chosen = b.case((b.is_true(condition), then, rest))
                if rest.op == "const" and rest.value:
                    chosen = b.logic("or", [b.negation(b.is_true(condition)), then])
                result = b.logic("and", [*tested, chosen])
            return result
        return b.make("known", (self._expand(node),), kind="bool", nullable=False)


def _conjuncts(code: Code) -> list[Code]:
    return list(code.args) if code.op == "and" else [code]


def _occurrences(code: Code) -> list[str]:
    """Columns a code reads, as often as the printed text will name them (small codes only)."""
    if code.op == "col":
        return [code.value]
    found: list[str] = []
    for arg in code.args:
        found += _occurrences(arg)
    return found
