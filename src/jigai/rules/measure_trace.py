"""One measure on one row, stage by stage, from the columns of the decided row."""

from __future__ import annotations

from typing import Any

from jigai.rules import schema
from jigai.rules.bearing import rounding_reading
from jigai.rules.explanation import Entry, Input, MeasureExplanation, Reason
from jigai.rules.expr import BOOL, MONEY_TYPE, Node
from jigai.rules.facts import Row
from jigai.rules.plan import (
    BELOW,
    EXCLUDED,
    MISSING,
    PAY,
    UNDETERMINED,
    VERDICT_CODES,
    VERDICTS,
    MeasurePlan,
)
from jigai.rules.settle import settle
from jigai.rules.thresholds import measured, shortfall
from jigai.rules.trace import Tracer
from jigai.rules.wording import CAP_WORDS, value_text

_TRUTH = {True: "满足", False: "不满足", None: "缺数据"}


class MeasureTracer:
    """Explains measures of one plan on decided rows."""

    def __init__(self, tracer: Tracer) -> None:
        """Use the tracer of the plan."""
        self.t, self.model, self.env = tracer, tracer.model, tracer.env

    def explain(self, measure: MeasurePlan, row: Row) -> MeasureExplanation:
        """Verdict, reasons and entries of a measure."""
        declared = self.model.measures[measure.id]
        code = row[measure.code]
        known = {PAY: row[measure.effective], BELOW: 0, EXCLUDED: 0}
        low, high = row[measure.low], row[measure.high]
        if code not in (MISSING, UNDETERMINED):
            low = high = known[code]
        found = MeasureExplanation(
            measure.id,
            measure.number,
            measure.name,
            measure.clause,
            VERDICTS[code],
            VERDICT_CODES[code],
            known.get(code),
            low,
            high,
        )
        found.note, found.charge = declared.status_note, declared.charge
        seen: set[str] = set()
        found.entries += self.gates_of(measure.gates, measure.subject, row, seen)
        found.entries += self._threshold(measure, row, seen)
        found.entries += self._amount(declared, measure, row, seen)
        found.entries += self._cap(declared, measure, row, seen)
        found.undetermined = self.undetermined(declared)
        found.reasons = self._reasons(measure, row, code, found)
        return found

    # stages -------------------------------------------------------------------------------------

    def gates_of(
        self, gates: tuple[str, ...], subject: str, row: Row, seen: set[str]
    ) -> list[Entry]:
        """Gates in the order of their stages, each after the facts it is made of."""
        entries: dict[str, list[Entry]] = {"主体资格": [], "项目资格": [], "重复与名额": []}
        for gate in gates:
            stage = self.gate_stage(self.model.gates[gate])
            entries[stage] += self.gate(gate, stage, row, subject, seen)
        return [entry for listed in entries.values() for entry in listed]

    def gate_stage(self, gate: schema.Gate) -> str:
        """Where a gate stands: those cited to the quota clause come with duplicates and quota."""
        selection = self.model.selection
        if selection is not None and gate.clause == selection.clause:
            return "重复与名额"
        return "主体资格" if gate.subject == "enterprise" else "项目资格"

    def gate(
        self, identifier: str, stage: str, row: Row, subject: str, seen: set[str]
    ) -> list[Entry]:
        """A gate after the facts it is made of."""
        gate = self.model.gates[identifier]
        column = gate_column(identifier)
        node = self.model.formulas["gate", identifier, "formula"]
        entries = self.definitions(stage, node, row, subject, seen)
        entry = self.t.step(stage, column, row, subject, gate.name)
        entry.result = _TRUTH[entry.value]
        if entry.value is not True:
            entry.reason = gate.reason if entry.value is False else gate.missing
        if gate.manual:
            entry.note = f"须由{gate.duty or '有职责的部门'}确认"
        return [*entries, entry]

    def definitions(
        self, stage: str, node: Node, row: Row, subject: str, seen: set[str]
    ) -> list[Entry]:
        """Entries of the computed facts a formula uses, each once, after what it needs itself."""
        shown = self.t.told.formula(node).shown
        entries: list[Entry] = []
        for name in shown.names("term"):
            if name in seen or name not in self.model.derived or name not in self.t.items:
                continue
            if name == shown.value:
                continue  # the formula is nothing but this total: its own entry says so
            seen.add(name)
            inner = self.model.formulas.get(("fact", name, "formula"))
            if inner is not None:
                entries += self.definitions(stage, inner, row, subject, seen)
            entries.append(self.t.step(stage, name, row, subject))
        return entries

    def _threshold(self, measure: MeasurePlan, row: Row, seen: set[str]) -> list[Entry]:
        node = self.model.formulas["measure", measure.id, "when"]
        parts = _conjuncts(self.t.told.formula(node).shown)
        if len(parts) == 1:
            entry = self.t.step("起点", measure.when, row, measure.subject, "起点")
            entry.result = _TRUTH[entry.value]
            return [*self.definitions("起点", node, row, measure.subject, seen), entry]
        entries: list[Entry] = []
        for part in parts:
            entries += self._part(part, measure, row, seen)
        return entries

    def _part(self, part: Node, measure: MeasurePlan, row: Row, seen: set[str]) -> list[Entry]:
        """One of several conditions of a threshold."""
        entries = self.definitions("起点", part, row, measure.subject, seen)
        if part.op == "term" and part.value in self.t.items:
            seen.add(part.value)
            entry = self.t.step("起点", part.value, row, measure.subject)
        else:
            entry = self.t.entry("起点", "起点", measure.clause, part, row, measure.subject)
            entry.value = self.t.evaluate(part, row, measure.subject)
            entry.gap = (
                shortfall(self.t, part, row, measure.subject) if entry.value is False else ""
            )
        entry.result = _TRUTH[entry.value]
        entry.note = measured(self.t, part, row, measure.subject)
        return [*entries, entry]

    def _amount(
        self, declared: schema.Measure, measure: MeasurePlan, row: Row, seen: set[str]
    ) -> list[Entry]:
        node = self.model.formulas["measure", measure.id, "amount"]
        entries = self.definitions("金额", node, row, measure.subject, seen)
        for entry in entries:
            if self._is_rate(entry.column):
                entry.stage = "比例调整"
        entry = self.t.step("金额", measure.raw, row, measure.subject, "封顶前金额")
        rounding = rounding_reading(self.model, declared)
        if rounding:
            entry.readings += self.t.told.readings([rounding])
        rates = [e for e in entries if e.stage == "比例调整"]
        return [*rates, *(e for e in entries if e.stage != "比例调整"), entry]

    def _is_rate(self, column: str) -> bool:
        info = self.model.scope.terms.get(column)
        if info is None:
            return False
        return info.type == BOOL or (info.type.kind == "number" and not info.type.dimension)

    def _cap(
        self, declared: schema.Measure, measure: MeasurePlan, row: Row, seen: set[str]
    ) -> list[Entry]:
        entries: list[Entry] = []
        subject, stage = measure.subject, "单项封顶"
        for index, cap in enumerate(declared.caps):
            key = ("measure", measure.id, f"cap.{index}")
            when = settle(self.model.formulas[*key[:2], f"{key[2]}.when"], self.env)
            if when.op == "const" and not when.value:
                continue
            node = self.model.formulas[key]
            entries += self.definitions(stage, node, row, subject, seen)
            label = f"上限（{CAP_WORDS.get(cap.per, cap.per)}）"
            entry = self.t.entry(stage, label, measure.clause, node, row, subject)
            entry.column, entry.value = measure.cap, row[measure.cap] if measure.cap else None
            entry.result = value_text(MONEY_TYPE, entry.value)
            entries.append(entry)
        deduct = f"{measure.raw.removesuffix('_raw')}_deduct"
        if deduct in self.t.items:
            node = self.model.formulas["measure", measure.id, "deduct"]
            entries += self.definitions(stage, node, row, subject, seen)
            entries.append(self.t.step(stage, deduct, row, subject, "应扣金额"))
        entries.append(self._due(measure, row, bool(measure.cap), deduct in self.t.items))
        return entries

    def _due(self, measure: MeasurePlan, row: Row, capped: bool, deducted: bool) -> Entry:
        parts = ["封顶前金额与上限取小" if capped else "封顶前金额"]
        parts += ["减去应扣金额，不足零按零计"] if deducted else []
        parts += ["资格与起点都满足才有"]
        used = [(measure.raw, "封顶前金额")] + ([(measure.cap, "上限")] if capped else [])
        inputs = [
            Input(
                column,
                name,
                value_text(MONEY_TYPE, row[column]),
                missing=row[column] is None,
                computed=True,
            )
            for column, name in used
        ]
        return Entry(
            "单项封顶",
            "应补金额",
            measure.clause,
            "，".join(parts),
            value_text(MONEY_TYPE, row[measure.effective]),
            row[measure.effective],
            measure.effective,
            inputs,
        )

    # reasons ------------------------------------------------------------------------------------

    def undetermined(self, declared: schema.Measure) -> list[str]:
        """Parameters nobody has set that bear on a measure, with who sets them."""
        names = []
        for identifier in self.t.told.bearing(declared).parameters:
            if self.env.parameters[identifier].value is None:
                parameter = self.model.parameters[identifier]
                by = f"，由{parameter.decides}定" if parameter.decides else ""
                names.append(f"{parameter.name}（{parameter.clause}{by}）")
        return names

    def _reasons(
        self, measure: MeasurePlan, row: Row, code: int, found: MeasureExplanation
    ) -> list[Reason]:
        if code == BELOW:
            short = "；".join(e.gap for e in found.entries if e.stage == "起点" and e.gap)
            return [Reason("below_threshold", short or "未达到起点", measure.clause)]
        wanted: Any = False if code == EXCLUDED else None
        reasons = (
            [] if code == PAY else self.gate_reasons(measure.gates, row, measure.subject, wanted)
        )
        if code == UNDETERMINED:
            reasons += [
                Reason("undetermined", name + "未定", measure.clause) for name in found.undetermined
            ]
        elif code == MISSING and row[measure.when] is None:
            reasons.append(Reason("threshold_missing", "起点缺数据", measure.clause))
        elif code == MISSING and row[measure.amount] is None:
            reasons.append(Reason("amount_missing", "金额缺数据", measure.clause))
        return reasons

    def gate_reasons(
        self, gates: tuple[str, ...], row: Row, subject: str, wanted: bool | None
    ) -> list[Reason]:
        """Reasons of the gates that failed (``False``) or are unknown (``None``)."""
        reasons = []
        for identifier in gates:
            gate = self.model.gates[identifier]
            if self.t.stored(row, subject, gate_column(identifier)) is wanted:
                failed = wanted is False
                text = f"{gate.name}：{'不满足' if failed else '缺数据'}"
                reasons.append(Reason(gate.reason if failed else gate.missing, text, gate.clause))
        return reasons


def gate_column(identifier: str) -> str:
    """Column of a gate in a plan."""
    return f"gate_{identifier.replace('-', '_')}"


def _conjuncts(node: Node) -> list[Node]:
    if node.op == "and":
        return [part for child in node.args for part in _conjuncts(child)]
    return [node]
