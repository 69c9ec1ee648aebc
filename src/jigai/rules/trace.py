"""Reads the steps of a decided row back as entries: formula, inputs, parameters, result, gap.

Every result is a column of the decided row. Only the left side of a threshold, which has no
column, is worked out here, by the folding the compiler itself uses.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from jigai.rules.binding import Environment
from jigai.rules.explanation import Entry, Input
from jigai.rules.expr import BOOL, MONEY_TYPE, Node
from jigai.rules.facts import Row
from jigai.rules.model import Model
from jigai.rules.plan import Aggregate, Item, Plan, Step, Through
from jigai.rules.settle import as_value, evaluate
from jigai.rules.thresholds import shortfall
from jigai.rules.told import Formula, told_for
from jigai.rules.wording import SUBJECT_WORDS, points, stored, value_text

Assumed = set[tuple[str, Any, str]]
_TRUTH = {True: "满足", False: "不满足", None: "缺数据"}
_MONEY_KINDS = frozenset(("raw", "cap", "amount", "effective", "deduct", "low", "high", "pool"))


class Tracer:
    """Renders the columns of one plan for decided rows."""

    def __init__(self, model: Model, env: Environment, plan: Plan, assumed: Assumed) -> None:
        """``assumed`` says which (subject, key, term) the encoder had to assume."""
        self.model, self.env, self.plan, self.assumed = model, env, plan, assumed
        self.told = told_for(model, env, plan)
        self.items = self.told.items

    # values -------------------------------------------------------------------------------------

    def owner(self, row: Row, subject: str, identifier: str) -> Row | None:
        """The row that holds a column: this row or the one above it."""
        item = self.items.get(identifier)
        holder = item.subject if item else self.model.scope.terms[identifier].subject
        if holder == subject:
            return row
        found = row.get(f"#{holder}")
        return found if isinstance(found, dict) else None

    def stored(self, row: Row, subject: str, identifier: str) -> Any:
        """Stored value of a column as seen from a row; ``None`` if unknown."""
        holder = self.owner(row, subject, identifier)
        return None if holder is None else holder.get(identifier)

    def value(self, row: Row, subject: str, identifier: str) -> Any:
        """Value of a fact as a formula means it."""
        info = self.model.scope.terms[identifier]
        return as_value(info.type, self.stored(row, subject, identifier), self.scale(identifier))

    def scale(self, identifier: str) -> int:
        """Denominator of a stored column."""
        item = self.items.get(identifier)
        if item is None:
            return self.model.scope.terms[identifier].scale
        return getattr(item, "scale", 1)

    def text(self, row: Row, subject: str, identifier: str) -> str:
        """A column as it is written."""
        value = self.stored(row, subject, identifier)
        if identifier in self.model.scope.terms:
            info = self.model.scope.terms[identifier]
            declared = self.model.terms.get(identifier) or self.model.derived[identifier]
            if value is not None and self.told.in_points(identifier):
                return points(Fraction(value, self.scale(identifier))).replace(" ", "")
            return stored(info, value, self.scale(identifier), declared.unit)
        item = self.items[identifier]
        kind = getattr(item, "kind", "")
        if kind in _MONEY_KINDS:
            return value_text(MONEY_TYPE, value)
        node = getattr(item, "node", None)
        if node is not None and node.type != BOOL:
            return value_text(node.type, value, self.scale(identifier))
        return _TRUTH[value] if value in (True, False, None) else str(value)

    def evaluate(self, node: Node, row: Row, subject: str) -> Any:
        """Value of a part of a formula on a row (``None`` if it cannot be told)."""
        return evaluate(node, self.env, lambda name: self.value(row, subject, name))

    # what went in -------------------------------------------------------------------------------

    def input(self, row: Row, subject: str, identifier: str) -> Input:
        """A fact with its value and where it came from."""
        info = self.model.scope.terms[identifier]
        holder = self.owner(row, subject, identifier)
        key = holder.get("key") if holder else None
        return Input(
            identifier,
            info.name,
            self.text(row, subject, identifier),
            info.source,
            (info.subject, key, identifier) in self.assumed,
            self.stored(row, subject, identifier) is None,
            info.derived,
        )

    # entries ------------------------------------------------------------------------------------

    def entry(
        self, stage: str, label: str, clause: str, node: Node, row: Row, subject: str
    ) -> Entry:
        """A formula with its inputs, as it stands under the readings; the result is still open."""
        return self._entry(stage, label, clause, self.told.formula(node), row, subject)

    def _entry(
        self, stage: str, label: str, clause: str, told: Formula, row: Row, subject: str
    ) -> Entry:
        if told.gathered is None:
            inputs = [self.input(row, subject, name) for name in told.names]
        else:
            item = told.gathered
            holder = self.owner(row, subject, item.id) or {}
            words = SUBJECT_WORDS.get(item.source, item.source)
            count = f"{len(holder.get(f'#{item.source}', []))} 行"
            inputs = [Input(item.source, words, count, computed=True)]
        made = Entry(stage, label, clause, told.text, "", inputs=inputs)
        made.parameters, made.readings = list(told.parameters), list(told.readings)
        return made

    def step(self, stage: str, identifier: str, row: Row, subject: str, label: str = "") -> Entry:
        """The entry of one column, with its value on the row."""
        item = self.items[identifier]
        label = label or item.name
        if isinstance(item, Aggregate):
            entry = self._entry(stage, label, item.clause, self.told.total(item), row, subject)
        elif isinstance(item, Step) and item.node is not None:
            entry = self.entry(stage, label, item.clause, item.node, row, subject)
        else:
            entry = Entry(stage, label, item.clause, self._other_formula(item), "")
        entry.column = identifier
        entry.value = self.stored(row, subject, identifier)
        entry.result = self.text(row, subject, identifier)
        if entry.value is False and isinstance(item, Step) and item.node is not None:
            entry.gap = shortfall(self, item.node, row, subject)
        return entry

    def _other_formula(self, item: Item) -> str:
        if isinstance(item, Through):
            return f"取所指原行的“{self.model.scope.terms[item.target].name}”"
        fact = self.model.derived.get(item.id)
        if fact is not None and fact.outcome_of:
            return f"“{self.model.measures[fact.outcome_of].name}”的结论为符合"
        return ""
