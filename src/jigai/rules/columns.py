"""Columns of a plan: facts, derived facts and aggregates, defined as they are needed."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from dataclasses import dataclass, replace

from jigai.rules import schema
from jigai.rules.binding import Environment, bind
from jigai.rules.bounds import Bounds
from jigai.rules.code import Builder, Code
from jigai.rules.errors import EvaluationError
from jigai.rules.expr import Node
from jigai.rules.facts import assumed_value
from jigai.rules.lowering import Lowering, Ratio, column_kind
from jigai.rules.model import Model
from jigai.rules.plan import MISSING, PAY, UNDETERMINED, Aggregate, Item, MeasurePlan, Step, Through
from jigai.rules.scope import PARENTS, TermInfo


@dataclass(frozen=True, slots=True)
class Column:
    """What an executor knows of a stored column: bounds of its values, whether any is missing."""

    low: int | None = None
    high: int | None = None
    nullable: bool = True
    empty: bool = False


class ColumnCompiler(abc.ABC):
    """Walks from a formula down to the facts it needs, appending items in order."""

    def __init__(self, model: Model, env: Environment, stats: Mapping[str, Column]) -> None:
        self.m, self.env, self.stats = model, env, stats
        self.b = Builder()
        self.low = Lowering(self.b, self._column)
        self.items: list[Item] = []
        self.columns: dict[str, tuple[Code, int]] = {}
        self.inputs: dict[str, dict[str, TermInfo]] = {}
        self.nodes: dict[str, Node] = {}
        self.definitions: dict[str, Code] = {}
        self._busy: list[str] = []
        self.viewer = ""
        self.owners: dict[str, str] = {}
        self._measures: dict[str, MeasurePlan] = {}
        self.bounds = Bounds(self.b, self)

    @abc.abstractmethod
    def measure(self, identifier: str) -> MeasurePlan:
        """Compile one measure (once): a derived fact may be the outcome of one."""

    # columns ------------------------------------------------------------------------------------

    def _column(self, op: str, identifier: str) -> tuple[Code, int]:
        if op == "param":
            return self._free_parameter(identifier)
        if identifier not in self.columns:
            if identifier in self._busy:
                names = "→".join([*self._busy, identifier])
                raise EvaluationError(f"事实互相引用，绕成了圈：{names}")
            self._busy.append(identifier)
            viewer = self.viewer
            self._define(identifier)
            self.viewer = viewer
            self._busy.pop()
        return self._seen(identifier)

    def _seen(self, identifier: str) -> tuple[Code, int]:
        """A column as the subject at hand sees it: unknown where its parent row is missing."""
        code, scale = self.columns[identifier]
        if not code.nullable and self.crosses(identifier):
            code = self.b.column(identifier, code.kind, code.low, code.high, True)
        return code, scale

    def crosses(self, identifier: str) -> bool:
        """Whether a column belongs to a parent that rows of the subject at hand may lack."""
        owner = self.owners.get(identifier, self.viewer)
        return owner != self.viewer and self._open_link(self.viewer, owner)

    def _open_link(self, child: str, parent: str) -> bool:
        """Whether rows of ``child`` may lack their ``parent`` (unless the data say otherwise)."""
        known = self.stats.get(f"{child}.{parent}_rid")
        return known is None or known.nullable

    def _orphans(self, parent: str) -> bool:
        """Whether any subject below ``parent`` has rows without it."""
        return any(
            parent in parents and self._open_link(child, parent)
            for child, parents in PARENTS.items()
            if not self.stats or f"{child}.{parent}_rid" in self.stats
        )

    def domain(self, identifier: str) -> tuple[int | None, int | None]:
        """Range of a column as its term declares it (stored integers)."""
        info = self.m.scope.terms.get(identifier)
        if info is None or info.derived:
            code = self.columns[identifier][0] if identifier in self.columns else None
            return (code.low, code.high) if code is not None else (None, None)
        return info.low, info.high

    def _free_parameter(self, identifier: str) -> tuple[Code, int]:
        """A parameter that varies by scenario: a column ``p_<id>`` over its denominator."""
        known = self.stats.get(f"p_{identifier}", Column(0, 10**15))
        column = self.b.column(f"p_{identifier}", "int", known.low, known.high, known.nullable)
        return column, self.env.free[identifier]

    def _define(self, identifier: str) -> None:
        info = self.m.scope.terms[identifier]
        if not info.derived:
            known = self.stats.get(identifier)
            if known and known.empty:
                code = self.b.null(column_kind(info))
            else:
                low, high = (
                    (known.low, known.high)
                    if known and known.high is not None
                    else (info.low, info.high)
                )
                nullable = known.nullable or self._orphans(info.subject) if known else True
                code = self.b.column(identifier, column_kind(info), low, high, nullable)
            self.columns[identifier] = (code, info.scale)
            self.owners[identifier] = info.subject
            filled = replace(info, assumed=assumed_value(info))
            self.inputs.setdefault(info.subject, {})[identifier] = filled
            return
        fact = self.m.derived[identifier]
        if fact.outcome_of:
            self._outcome(fact)
        elif fact.through:
            self._through(fact, info)
        elif fact.source:
            self._aggregate(fact, info)
        else:
            node = self.m.formulas["fact", identifier, "formula"]
            self.term_step(identifier, info.subject, fact.term, node, fact.clause)

    def term_step(
        self, identifier: str, subject: str, name: str, node: Node, clause: str, kind: str = "term"
    ) -> None:
        """Add a step computing ``node`` as column ``identifier``."""
        self.viewer = subject
        bound = bind(node, self.env)
        self.nodes[identifier] = bound
        code, scale = self._stored(identifier, bound)
        self.step(Step(identifier, subject, kind, name, code, scale, clause, node, identifier))

    def _stored(self, identifier: str, bound: Node) -> tuple[Code, int]:
        if bound.type.kind != "number":
            return self.low.value(bound), 1
        ratio = self.low.ratio(bound)
        if isinstance(ratio.denominator, Code):
            raise EvaluationError(
                f"“{identifier}”是除法的结果，分母随数据变化；在金额公式里使用，不要单独存"
            )
        return ratio.numerator, ratio.denominator

    def step(self, step: Step) -> Code:
        """Append a step and register its column; returns the column's code."""
        self.items.append(step)
        self.definitions[step.id] = code = step.code
        column = self.b.column(step.id, code.kind, code.low, code.high, code.nullable)
        self.columns[step.id] = (column, step.scale)
        self.owners[step.id] = step.subject
        return column

    def _outcome(self, fact: schema.DerivedFact) -> None:
        measure = self.measure(fact.outcome_of)
        code = self.columns[measure.code][0]
        pays = self.b.compare("eq", code, self.b.constant(PAY, "enum"))
        waits = self.b.make(
            "in",
            (code, self.b.constant(MISSING, "enum"), self.b.constant(UNDETERMINED, "enum")),
            kind="bool",
        )
        outcome = self.b.case((waits, self.b.null("bool"), pays))
        self.step(
            Step(fact.id, fact.subject, "term", fact.term, outcome, 1, fact.clause, None, fact.id)
        )

    def _through(self, fact: schema.DerivedFact, info: TermInfo) -> None:
        target = self.m.scope.names[fact.through][1]
        code, scale = self._column("term", target)
        self.items.append(
            Through(fact.id, fact.subject, fact.via, target, code.kind, fact.term, fact.clause)
        )
        self.columns[fact.id] = (
            self.b.column(fact.id, code.kind, code.low, code.high, True),
            scale,
        )
        self.owners[fact.id] = fact.subject

    def _aggregate(self, fact: schema.DerivedFact, info: TermInfo) -> None:
        b, key = self.b, ("fact", fact.id)
        self.viewer = str(fact.source)
        where_node = self.m.formulas.get((*key, "where"))
        value_node = self.m.formulas.get((*key, "value"))
        where = (
            self.low.value(bind(where_node, self.env)) if where_node else b.constant(True, "bool")
        )
        code, scale = self._gathered(fact, where, value_node)
        self.items.append(
            Aggregate(
                fact.id,
                fact.subject,
                str(fact.source),
                fact.aggregate,
                code,
                fact.on_bad_line == "exclude-and-list",
                fact.term,
                fact.clause,
                scale,
                where_node,
                value_node,
                fact.id,
            )
        )
        kind = "bool" if fact.aggregate in ("all", "any") else "int"
        known = self.stats.get(fact.id)
        low, high = (known.low, known.high) if known else (info.low, info.high)
        if fact.aggregate == "sum" and (code.low is None or code.low < 0):
            low = -(10**15)
        high = None if high is None else high * scale
        low = None if low is None else low * scale
        nullable = code.nullable and fact.on_bad_line != "exclude-and-list"
        self.columns[fact.id] = (b.column(fact.id, kind, low, high, nullable), scale)
        self.owners[fact.id] = fact.subject

    def _gathered(
        self, fact: schema.DerivedFact, where: Code, value: Node | None
    ) -> tuple[Code, int]:
        b = self.b
        if fact.aggregate in ("all", "any"):
            assert value is not None
            condition = self.low.value(bind(value, self.env))
            if fact.aggregate == "all":
                return b.logic("or", [b.negation(where), condition]), 1
            return b.logic("and", [where, condition]), 1
        ratio = self.low.ratio(bind(value, self.env)) if value else Ratio(b.integer(1), 1)
        if isinstance(ratio.denominator, Code):
            raise EvaluationError(f"“{fact.term}”逐行相除后再汇总，须先写成可精确相加的量")
        if where.op == "const":
            return (ratio.numerator if where.value else b.integer(0)), ratio.denominator
        return b.case((where, ratio.numerator, b.integer(0))), ratio.denominator
