"""Takes out of a plan what does not change from one scenario to the next.

What a step computes from stored facts alone becomes a column of its own, computed once; the step
keeps only what a varied parameter reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from jigai.rules.code import Builder, Code, depth_first
from jigai.rules.inlining import Inliner
from jigai.rules.layering import columns_of
from jigai.rules.plan import Item, Plan, Step

# Of a list that is the greatest or the least, or of a conjunction, a part may be taken out.
_SPLITS = frozenset({"and", "or", "greatest", "least"})
_FREE = "p_"


@dataclass(slots=True)
class Hoisted:
    """``plan`` with only the steps that change; ``steps`` are the new fixed columns; ``changes``
    tells of every column whether it does."""

    plan: Plan
    steps: list[Step] = field(default_factory=list)
    changing: set[str] = field(default_factory=set)

    def changes(self, column: str) -> bool:
        """Whether a column differs between scenarios."""
        return column.startswith(_FREE) or column in self.changing


def hoist(plan: Plan) -> Hoisted:
    """The flat plan (all steps on one subject) taken apart."""
    found = Hoisted(plan)
    known = Inliner(plan.items, [], {})
    builder = Builder()
    kept: list[Item] = []
    for item in plan.items:
        if not isinstance(item, Step):
            continue
        code = _rebuilt(item.code, builder, known)
        if _reads_changing(code, found):
            found.changing.add(item.id)
            kept.append(replace(item, code=_Hoister(found, builder, item).taken(code)))
        elif any(found.changes(name) for name in columns_of(item)):
            # Only asked whether something that changes is known: that does not change.
            found.steps.append(replace(item, code=code))
    found.plan = replace(plan, items=kept)
    return found


def _reads_changing(code: Code, found: Hoisted) -> bool:
    return any(n.op == "col" and found.changes(n.value) for n in depth_first([code]))


def _rebuilt(code: Code, builder: Builder, known: Inliner) -> Code:
    """The code with every question whether something is known asked of the facts."""
    memo: dict[Code, Code] = {}

    def make(node: Code) -> Code:
        if node not in memo:
            if node.op == "known":
                memo[node] = known.known(node.args[0])
            elif node.op in ("and", "or"):
                memo[node] = builder.logic(node.op, [make(arg) for arg in node.args])
            elif node.args:
                memo[node] = _again(builder, node, tuple(make(arg) for arg in node.args))
            else:
                memo[node] = node
        return memo[node]

    return make(code)


def _again(builder: Builder, node: Code, args: tuple[Code, ...]) -> Code:
    return builder.make(node.op, args, node.value, node.kind, node.low, node.high, node.nullable)


class _Hoister:
    """Replaces the largest fixed parts of one step by columns."""

    def __init__(self, found: Hoisted, builder: Builder, item: Step) -> None:
        self.found, self.builder, self.item = found, builder, item
        self._fixed: dict[Code, bool] = {}
        self._columns: dict[Code, Code] = {}

    def taken(self, code: Code) -> Code:
        """The code with columns in place of its fixed parts."""
        if not code.args:
            return code
        if self._is_fixed(code):
            return self._column(code) if self._may_stand_alone(code) else code
        args = self._parted(code) if code.op in _SPLITS else code.args
        return _again(self.builder, code, tuple(self.taken(arg) for arg in args))

    def _is_fixed(self, code: Code) -> bool:
        if code not in self._fixed:
            self._fixed[code] = not _reads_changing(code, self.found)
        return self._fixed[code]

    def _may_stand_alone(self, code: Code) -> bool:
        """A quotient is guarded by where it stands; taken out of there it might divide by zero."""
        return not any(
            node.op in ("rdiv", "fdiv") and node.args[1].op != "const"
            for node in depth_first([code])
        )

    def _parted(self, code: Code) -> tuple[Code, ...]:
        """Fixed arguments of a list put together, so that they become one column."""
        fixed = tuple(arg for arg in code.args if self._is_fixed(arg))
        if len(fixed) < 2:
            return code.args
        one = _again(self.builder, code, fixed)
        if code.op in ("greatest", "least"):
            one = self.builder.extreme(code.op, fixed)
        return (*(arg for arg in code.args if not self._is_fixed(arg)), one)

    def _column(self, code: Code) -> Code:
        if code not in self._columns:
            name = f"h{len(self.found.steps)}_{self.item.id}"
            subject = self.item.subject
            self.found.steps.append(Step(name, subject, "fixed", self.item.name, code))
            self._columns[code] = self.builder.column(
                name, code.kind, code.low, code.high, code.nullable
            )
        return self._columns[code]


def reached(found: Hoisted, columns: list[str]) -> Code:
    """Whether a varied parameter may change one of the columns of a row, from fixed columns alone.

    Never false for a row that changes; a row where it is false is the same under every scenario.
    """
    builder = Builder()
    steps = {item.id: item.code for item in found.plan.items if isinstance(item, Step)}
    memo: dict[Code, Code] = {}

    def of(code: Code) -> Code:
        if code not in memo:
            memo[code] = _reached(code, of, builder, steps, found)
        return memo[code]

    return builder.logic("or", [of(steps[name]) for name in columns if name in steps])


def _reached(
    code: Code, of: Callable[[Code], Code], builder: Builder, steps: Mapping[str, Code],
    found: Hoisted,
) -> Code:  # fmt: skip
    if code.op == "col":
        if code.value in steps:
            return of(steps[code.value])
        return builder.constant(found.changes(code.value), "bool")
    if code.op != "case":
        return builder.logic("or", [of(arg) for arg in code.args])
    ways = [of(code.args[-1])]
    for condition, result in zip(code.args[:-1:2], code.args[1:-1:2], strict=True):
        ways.append(of(condition))
        # Where a fixed condition does not hold, what it leads to does not matter.
        fixed = ways[-1].op == "const" and not ways[-1].value
        taken = [builder.is_true(condition), of(result)] if fixed else [of(result)]
        ways.append(builder.logic("and", taken))
    return builder.logic("or", ways)


def read_by(plan: Plan, changes: Callable[[str], bool], outputs: Mapping[str, str]) -> set[str]:
    """Fixed columns that the changing steps read or that are asked for."""
    read = {name for item in plan.items for name in columns_of(item)} | set(outputs.values())
    return {name for name in read if not changes(name)}
