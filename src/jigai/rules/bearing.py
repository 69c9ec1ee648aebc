"""What bears on a formula: facts, parameters and readings, through derived facts down to inputs."""

from __future__ import annotations

from collections.abc import Iterable

from jigai.rules import schema
from jigai.rules.binding import Environment, bind
from jigai.rules.environment import parameter_as_of
from jigai.rules.expr import BOOL, Node
from jigai.rules.model import Model

_QUANTIFIERS = {"inclusive": "quantifier_inclusive", "exclusive": "quantifier_exclusive"}


class Bearing:
    """Collects names while walking formulas; each list keeps the order of first meeting.

    With ``env``, only what the chosen readings leave standing is walked, and the readings asked on
    the way are those that decide. ``facts`` are input terms, ``derived`` computed ones (a fact
    after those it needs), ``outcomes`` measures whose verdict a fact asks for.
    """

    def __init__(self, model: Model, env: Environment | None = None) -> None:
        """Start empty."""
        self.model, self.env = model, env
        self.facts: dict[str, None] = {}
        self.derived: dict[str, None] = {}
        self.parameters: dict[str, None] = {}
        self.readings: dict[str, None] = {}
        self.outcomes: dict[str, None] = {}
        self._open: set[str] = set()

    def add(self, nodes: Iterable[Node | None]) -> Bearing:
        """Walk formulas."""
        for node in nodes:
            if node is not None:
                self._walk(node)
        return self

    def _walk(self, node: Node) -> None:
        if node.op == "reading":
            self.readings.setdefault(node.value)
        elif node.op == "param":
            self.parameter(node.value)
        elif node.op == "term":
            self._term(node.value)
        elif node.op == "reach":
            self.parameter(node.value)
            self._walk(node.args[0])
        elif node.op == "case" and self.env is not None:
            self._case(node)
        elif node.op in ("and", "or") and self.env is not None:
            self._logic(node, node.op == "or")
        else:
            for child in node.args:
                self._walk(child)

    def _decided(self, node: Node) -> bool | None:
        if self.env is None or node.type != BOOL:
            return None
        bound = bind(node, self.env)
        return bool(bound.value) if bound.op == "const" else None

    def _case(self, node: Node) -> None:
        for condition, result in zip(node.args[:-1:2], node.args[1:-1:2], strict=True):
            self._walk(condition)
            decided = self._decided(condition)
            if decided is not False:
                self._walk(result)
            if decided:
                return
        self._walk(node.args[-1])

    def _logic(self, node: Node, absorbing: bool) -> None:
        deciding = next((c for c in node.args if self._decided(c) is absorbing), None)
        for child in node.args if deciding is None else (deciding,):
            self._walk(child)

    def parameter(self, identifier: str) -> None:
        """Note a parameter, what it is computed from, and how its comparison word is read."""
        if identifier in self.parameters:
            return
        self.parameters[identifier] = None
        formula = self.model.formulas.get(("parameter", identifier, "formula"))
        if formula is not None:
            self._walk(formula)
        parameter = self.model.parameters[identifier]
        if parameter.kind == "threshold":
            for dated in parameter.values:
                family = parameter_as_of(parameter, dated.since).family
                reading = _QUANTIFIERS.get(family or "")
                if reading in self.model.scope.readings:
                    self.readings.setdefault(str(reading))

    def _term(self, identifier: str) -> None:
        fact = self.model.derived.get(identifier)
        if fact is None:
            self.facts.setdefault(identifier)
            return
        if identifier in self.derived or identifier in self._open:
            return
        self._open.add(identifier)
        for field in ("formula", "where", "value"):
            node = self.model.formulas.get(("fact", identifier, field))
            if node is not None:
                self._walk(node)
        if fact.through:
            self._term(self.model.scope.names[fact.through][1])
        if fact.outcome_of:
            self.outcomes.setdefault(fact.outcome_of)
        self.derived.setdefault(identifier)


def measure_nodes(model: Model, measure: schema.Measure) -> list[Node]:
    """Every formula of a measure: gates, threshold, amount, caps, deduction, split."""
    gates = [("gate", gate, "formula") for gate in (*measure.gates, *measure.member_gates)]
    own = [key for key in model.formulas if key[:2] == ("measure", measure.id)]
    return [model.formulas[key] for key in (*gates, *own) if key in model.formulas]


def stage_nodes(model: Model) -> list[Node]:
    """Formulas of the stages after the measures: validity, quota, grouping, pooled caps."""
    keys = [key for key in model.formulas if key[0] in ("selection", "validity", "pooled")]
    nodes = [model.formulas[key] for key in keys]
    if model.selection is not None:
        named = (*model.selection.group, model.selection.exception)
        for name in named:
            found = model.scope.resolve(name, "project") if name else ""
            nodes += [found] if isinstance(found, Node) else []
    return nodes


def rounding_reading(model: Model, measure: schema.Measure) -> str | None:
    """Id of the reading that rounds a measure's amount, if a reading does."""
    if not measure.computable:
        return None
    kind, identifier = model.scope.names.get(measure.rounding or "金额舍入", ("", ""))
    return identifier if kind == "reading" else None


def measure_bearing(model: Model, measure: schema.Measure, env: Environment | None) -> Bearing:
    """What bears on one measure."""
    bearing = Bearing(model, env).add(measure_nodes(model, measure))
    rounding = rounding_reading(model, measure)
    if rounding:
        bearing.readings.setdefault(rounding)
    return bearing
