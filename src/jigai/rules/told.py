"""What an explanation says of a run whatever the case: formulas in words, parameters, readings.

Worked out once for a plan and kept, so that explaining a whole roster costs little more than
reading its rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jigai.rules import schema
from jigai.rules.bearing import Bearing, measure_bearing
from jigai.rules.binding import Environment
from jigai.rules.environment import all_readings
from jigai.rules.explanation import ParameterUse, ReadingUse
from jigai.rules.expr import BOOL, Node
from jigai.rules.model import Model
from jigai.rules.phrases import describe_formula
from jigai.rules.plan import Aggregate, Item, Plan
from jigai.rules.settle import definition, followed, settle
from jigai.rules.wording import HOW, SUBJECT_WORDS, date_text, meaning, parameter_text

# A pack's examples are decided under this many sets of constants, in any order.
_KEPT = 48


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it stands under the readings: node, words, and what it names itself.

    ``gathered`` is the total of finer rows it comes down to, if it does.
    """

    shown: Node
    text: str
    names: tuple[str, ...]
    parameters: tuple[ParameterUse, ...]
    readings: tuple[ReadingUse, ...]
    gathered: Aggregate | None = None


class Told:
    """The words for one plan; ask :func:`told_for` so that they are kept."""

    def __init__(self, model: Model, env: Environment, plan: Plan) -> None:
        """Start with nothing said."""
        self.model, self.env, self.plan = model, env, plan
        self.items: dict[str, Item] = {item.id: item for item in plan.items}
        self._readings = all_readings(model.pack)
        self._formulas: dict[int, tuple[Node, Formula]] = {}
        self._bearings: dict[str, Bearing] = {}
        self._points: dict[str, bool] = {}

    def formula(self, node: Node) -> Formula:
        """A formula of the pack in words; nodes are known by identity, the pack keeps them."""
        if id(node) not in self._formulas:
            self._formulas[id(node)] = (node, self._told(node))
        return self._formulas[id(node)][1]

    def _told(self, node: Node) -> Formula:
        shown, passed = followed(self.model, settle(node, self.env), self.env)
        asked = [node, *(self.model.formulas["fact", name, "formula"] for name in passed)]
        item = self.items.get(shown.value) if shown.op == "term" else None
        if isinstance(item, Aggregate):
            return self._total(item, asked, shown, f"取{item.name}：")
        text = describe_formula(shown, self.model, self.env)
        if shown.op == "const" and shown.type == BOOL:
            text = "按选定读法不作条件" if shown.value else "按选定读法一律不满足"
        parameters, readings = self.own(asked)
        return Formula(shown, text, tuple(shown.names("term")), parameters, readings)

    def total(self, item: Aggregate) -> Formula:
        """A total of finer rows in words."""
        shown = Node("term", (), self.model.scope.terms[item.id].type, item.id)
        return self._total(item, [], shown, "")

    def _total(self, item: Aggregate, asked: list[Node], shown: Node, before: str) -> Formula:
        rows = SUBJECT_WORDS.get(item.source, item.source)
        where, value = self._say(item.where), self._say(item.value)
        where = f"（{where}）" if where else ""
        value = f"“{value}”" if value else ""
        how = HOW.get(item.how, item.how)
        many = item.how in ("all", "any")
        text = f"{rows}{where}{how}{value}" if many else f"{rows}{where}的{value}{how}"
        nodes = [*asked, *(node for node in (item.where, item.value) if node is not None)]
        parameters, readings = self.own(nodes)
        return Formula(shown, f"{before}符合条件的{text}", (), parameters, readings, item)

    def _say(self, node: Node | None) -> str:
        if node is None:
            return ""
        return describe_formula(settle(node, self.env), self.model, self.env)

    def own(self, nodes: Iterable[Node]) -> tuple[tuple[ParameterUse, ...], tuple[ReadingUse, ...]]:
        """Parameters and readings formulas name themselves (not through other facts)."""
        found = _Shallow(self.model, self.env).add(nodes)
        return self.parameters(found.parameters), self.readings(found.readings)

    def parameters(self, identifiers: Iterable[str]) -> tuple[ParameterUse, ...]:
        """Parameters with value, date and clause."""
        uses = []
        for identifier in identifiers:
            declared, value = self.model.parameters[identifier], self.env.parameters[identifier]
            since = date_text(value.since) if value.since else value.reference
            text = parameter_text(value)
            source = f"依{value.reference}，{value.approver}批准" if value.approver else ""
            use = ParameterUse(identifier, declared.name, text, since, declared.clause, source)
            uses.append(use)
        return tuple(uses)

    def readings(self, identifiers: Iterable[str]) -> tuple[ReadingUse, ...]:
        """Readings with the option taken."""
        return tuple(self._reading(identifier) for identifier in identifiers)

    def _reading(self, identifier: str) -> ReadingUse:
        reading, chosen = self._readings[identifier], self.env.readings[identifier]
        others = [meaning(o) for key, o in reading.options.items() if key != chosen]
        option, about = reading.options[chosen], (reading.name, reading.clause, reading.question)
        return ReadingUse(identifier, *about, option.word, option.means, others)

    def bearing(self, measure: schema.Measure) -> Bearing:
        """What bears on a measure under the readings taken."""
        if measure.id not in self._bearings:
            self._bearings[measure.id] = measure_bearing(self.model, measure, self.env)
        return self._bearings[measure.id]

    def in_points(self, identifier: str) -> bool:
        """Whether a rate is made of percentage points only, and is to be written as such."""
        if identifier not in self._points:
            node = definition(self.model, identifier, self.env)
            names = node.names("param") if node is not None and not node.type.dimension else []
            texts = [self.env.parameters[name].text for name in names]
            self._points[identifier] = bool(texts) and all("百分点" in text for text in texts)
        return self._points[identifier]


class _Shallow(Bearing):
    """Stops at facts: what one formula names itself."""

    def _term(self, identifier: str) -> None:
        self.facts.setdefault(identifier)


_kept: list[Told] = []


def told_for(model: Model, env: Environment, plan: Plan) -> Told:
    """The words for a plan, from the few last used or anew."""
    for index, told in enumerate(_kept):
        if told.plan is plan and told.env is env and told.model is model:
            _kept.append(_kept.pop(index))
            return told
    _kept.append(Told(model, env, plan))
    del _kept[:-_KEPT]
    return _kept[-1]
