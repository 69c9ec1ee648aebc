"""Measures of a plan: gates, threshold, amount, caps, verdict and bounds as columns."""

from __future__ import annotations

from jigai.rules import schema
from jigai.rules.binding import bind
from jigai.rules.bounds import UNBOUNDED
from jigai.rules.causes import undetermined_cause
from jigai.rules.code import Code
from jigai.rules.columns import ColumnCompiler
from jigai.rules.errors import EvaluationError
from jigai.rules.expr import Node
from jigai.rules.lowering import Ratio
from jigai.rules.plan import (
    BELOW,
    EXCLUDED,
    MISSING,
    PAY,
    UNDETERMINED,
    CheckPlan,
    MeasurePlan,
    Step,
)

ROUNDING = {
    "到分四舍五入": (1, "half-up"),
    "到元舍去": (100, "down"),
    "到元四舍五入": (100, "half-up"),
    "到万元四舍五入": (1_000_000, "half-up"),
}


class MeasureCompiler(ColumnCompiler):
    """Adds the columns of measures to those of facts."""

    def gate(self, identifier: str) -> Code:
        """Column of a gate on its subject."""
        column = f"gate_{safe_name(identifier)}"
        if column not in self.columns:
            gate = self.m.gates[identifier]
            self.term_step(
                column,
                gate.subject,
                gate.name,
                self.m.formulas["gate", identifier, "formula"],
                gate.clause,
                "gate",
            )
        return self.columns[column][0]

    def _ok(self, gates: list[str], subject: str) -> Code:
        column = ok_column(gates, subject)
        if column not in self.columns:
            for gate in gates:
                self.gate(gate)
            self.viewer = subject
            codes = [self._seen(f"gate_{safe_name(g)}")[0] for g in gates]
            self.step(Step(column, subject, "ok", "资格", self.b.logic("and", codes)))
        return self.columns[column][0]

    def measure(self, identifier: str) -> MeasurePlan:
        """Compile one measure (once)."""
        if identifier in self._measures:
            return self._measures[identifier]
        measure = self.m.measures[identifier]
        prefix, subject, key = (
            f"m_{safe_name(identifier)}",
            measure.subject,
            ("measure", identifier),
        )
        ok = self._ok(measure.gates, subject)
        self.term_step(
            f"{prefix}_when",
            subject,
            f"{measure.name}起点",
            self.m.formulas[*key, "when"],
            measure.clause,
            "when",
        )
        when = self.columns[f"{prefix}_when"][0]
        raw = self._raw(measure, prefix)
        cap = self._cap(measure, "cap", measure.caps, subject, f"{prefix}_cap")
        capped = raw if cap is None else self.b.extreme("least", (raw, cap))
        deducted = self._deduct(measure, prefix)
        if deducted is not None:
            capped = self._rest(measure, prefix, self.b.subtract(capped, deducted))
        # A red letter alone is a matter of recovery, not a negative award.
        if not measure.charge and (capped.low is None or capped.low < 0):
            capped = self.b.extreme("greatest", (capped, self.b.integer(0)))
        amount = self.step(
            Step(
                f"{prefix}_amount",
                subject,
                "amount",
                f"{measure.name}金额",
                self.b.case((when, capped, self.b.integer(0))),
                1,
                measure.clause,
                None,
                identifier,
            )
        )
        effective = self.b.case(
            (
                self.b.logic("or", [self.b.negation(ok), self.b.negation(when)]),
                self.b.integer(0),
                amount,
            )
        )
        self.step(
            Step(
                f"{prefix}_effective",
                subject,
                "effective",
                f"{measure.name}应补",
                effective,
                1,
                measure.clause,
                None,
                identifier,
            )
        )
        code = self._verdict(
            ok,
            when,
            self.columns[f"{prefix}_effective"][0],
            [
                f"{prefix}_raw",
                f"{prefix}_when",
                *([f"{prefix}_cap"] if cap else []),
                *(f"gate_{safe_name(g)}" for g in measure.gates),
            ],
        )
        self.step(
            Step(
                f"{prefix}_code",
                subject,
                "code",
                f"{measure.name}结论",
                code,
                1,
                measure.clause,
                None,
                identifier,
            )
        )
        self._bounds(prefix, subject, ok, when, capped, measure.clause)
        plan = MeasurePlan(
            identifier,
            measure.number,
            measure.name,
            measure.clause,
            subject,
            tuple(measure.gates),
            ok_column(measure.gates, subject),
            f"{prefix}_when",
            f"{prefix}_raw",
            f"{prefix}_cap" if cap else "",
            f"{prefix}_amount",
            f"{prefix}_effective",
            f"{prefix}_code",
            f"{prefix}_low",
            f"{prefix}_high",
            measure.exclusive,
            measure.charge,
        )
        self._measures[identifier] = plan
        return plan

    def check(self, identifier: str) -> CheckPlan:
        """Compile a measure that ends in a verdict: gates, checks, code; no column of money."""
        measure, prefix = self.m.measures[identifier], f"m_{safe_name(identifier)}"
        subject, clause = measure.subject, measure.clause
        ok = self._ok(measure.gates, subject)
        columns = []
        for index, check in enumerate(measure.checks):
            columns.append(column := f"{prefix}_check{index}")
            node = self.m.formulas["measure", identifier, f"check.{index}.holds"]
            self.term_step(column, subject, check.name, node, check.clause or clause, "check")
            self._shown(("measure", identifier, f"check.{index}.value"), subject)
        self.viewer = subject
        parts = [self._seen(column)[0] for column in columns]
        met = self.step(
            Step(f"{prefix}_met", subject, "ok", "核对", self.b.logic("and", parts), 1, clause)
        )
        causes = [*columns, *(f"gate_{safe_name(gate)}" for gate in measure.gates)]
        code = self._verdict(ok, met, met, causes)
        name = f"{measure.name}结论"
        self.step(Step(f"{prefix}_code", subject, "code", name, code, 1, clause, None, identifier))
        return CheckPlan(
            identifier, measure.number, measure.name, clause, subject, tuple(measure.gates),
            ok_column(measure.gates, subject), f"{prefix}_met", f"{prefix}_code", tuple(columns),
        )  # fmt: skip

    def _shown(self, key: tuple[str, str, str], subject: str) -> None:
        """Facts of a quantity that is only shown stand in the plan, or nobody would ask them."""
        node = self.m.formulas.get(key)
        for name in node.names("term") if node else ():
            self.viewer = subject
            self._column("term", name)

    def _raw(self, measure: schema.Measure, prefix: str) -> Code:
        self.viewer = measure.subject
        node = self.m.formulas["measure", measure.id, "amount"]
        bound = bind(node, self.env)
        unit, mode = self._rounding(measure)
        self.nodes[f"{prefix}_raw"] = bound
        code = self.low.rounded(self.low.ratio(bound), unit, mode)
        return self.step(
            Step(
                f"{prefix}_raw",
                measure.subject,
                "raw",
                f"{measure.name}封顶前",
                code,
                1,
                measure.clause,
                node,
                measure.id,
            )
        )

    def _deduct(self, measure: schema.Measure, prefix: str) -> Code | None:
        node = self.m.formulas.get(("measure", measure.id, "deduct"))
        if node is None:
            return None
        self.viewer = measure.subject
        bound = bind(node, self.env)
        if self._always_zero(bound):
            return None
        code = self.low.rounded(self.low.ratio(bound), *ROUNDING["到分四舍五入"])
        self.nodes[f"{prefix}_deduct"] = bound
        return self.step(
            Step(
                f"{prefix}_deduct",
                measure.subject,
                "deduct",
                f"{measure.name}扣减",
                code,
                1,
                measure.clause,
                node,
                measure.id,
            )
        )

    def _rest(self, measure: schema.Measure, prefix: str, rest: Code) -> Code:
        """What remains of an award: what others paid counts to the fen, so it is rounded again."""
        unit, mode = self._rounding(measure)
        if unit == 1:
            return rest
        if not measure.charge:
            # Nothing below zero is paid; and rounding names once what it knows the sign of.
            rest = self.b.extreme("greatest", (rest, self.b.integer(0)))
        return self.low.rounded(Ratio(rest, 1), unit, mode)

    def _always_zero(self, bound: Node) -> bool:
        """Whether a formula, or the derived fact it names, folds to zero under these readings."""
        if bound.op == "term" and bound.value in self.m.derived:
            inner = self.m.formulas.get(("fact", bound.value, "formula"))
            return inner is not None and self._always_zero(bind(inner, self.env))
        return bound.op == "const" and bound.value == 0

    def _rounding(self, measure: schema.Measure) -> tuple[int, str]:
        name = measure.rounding or "金额舍入"
        kind, identifier = self.m.scope.names.get(name, ("", ""))
        if kind == "reading":
            words = {key: word for word, key in self.m.scope.reading_words[identifier].items()}
            return ROUNDING[words[self.env.readings[identifier]]]
        if name in ROUNDING:
            return ROUNDING[name]
        if measure.rounding:
            raise EvaluationError(f"不认识的舍入“{name}”；可用：{'、'.join(ROUNDING)}")
        return ROUNDING["到分四舍五入"]

    def _cap(
        self, measure: schema.Measure, field: str, caps: list[schema.Cap], subject: str, column: str
    ) -> Code | None:
        self.viewer = subject
        codes: list[Code] = []
        nodes: list[Node] = []
        for index in range(len(caps)):
            key = ("measure", measure.id, f"{field}.{index}")
            when = bind(self.m.formulas[*key[:2], f"{key[2]}.when"], self.env)
            if when.op == "const" and not when.value:
                continue
            node = self.m.formulas[key]
            limit = self.low.rounded(self.low.ratio(bind(node, self.env)), *self._rounding(measure))
            if when.op != "const":
                limit = self.b.case((self.low.value(when), limit, self.b.integer(10**15)))
            codes.append(limit)
            nodes.append(node)
        if not codes:
            return None
        code = self.b.extreme("least", tuple(codes))
        self.nodes[column] = bind(nodes[0], self.env)
        return self.step(
            Step(
                column,
                subject,
                "cap",
                f"{measure.name}上限",
                code,
                1,
                measure.clause,
                nodes[0],
                measure.id,
            )
        )

    def _verdict(self, ok: Code, when: Code, effective: Code, columns: list[str]) -> Code:
        b = self.b
        cause = undetermined_cause(self, columns)
        waiting = (
            b.constant(MISSING, "enum")
            if cause is None
            else b.case((cause, b.constant(UNDETERMINED, "enum"), b.constant(MISSING, "enum")))
        )
        return b.case(
            (
                b.is_true(b.negation(ok)),
                b.constant(EXCLUDED, "enum"),
                b.is_true(b.negation(when)),
                b.constant(BELOW, "enum"),
                b.logic("and", [b.is_true(ok), b.known(effective)]),
                b.constant(PAY, "enum"),
                waiting,
            )
        )

    def _bounded(self, code: Code) -> Code:
        """Keep a bound within what amounts can be, so that it fits 64 bits."""
        b = self.b
        if code.high is None or code.high > UNBOUNDED:
            code = b.extreme("least", (code, b.integer(UNBOUNDED)))
        if code.low is None or code.low < -UNBOUNDED:
            code = b.extreme("greatest", (code, b.integer(-UNBOUNDED)))
        return code

    def _bounds(
        self, prefix: str, subject: str, ok: Code, when: Code, capped: Code, clause: str
    ) -> None:
        self.viewer = subject
        b, zero = self.b, self.b.integer(0)
        sure = b.logic("and", [self.bounds.must(ok), self.bounds.must(when)])
        possible = b.logic("and", [self.bounds.may(ok), self.bounds.may(when)])
        low = b.case((sure, self._bounded(self.bounds.low(capped)), zero))
        high = b.case((possible, self._bounded(self.bounds.high(capped)), zero))
        for name, bound in (("low", low), ("high", high)):
            self.step(Step(f"{prefix}_{name}", subject, name, name, bound, 1, clause))


def ok_column(gates: list[str], subject: str) -> str:
    """Column of a set of gates taken together."""
    return f"ok_{subject}_" + ("_".join(safe_name(g) for g in gates) or "none")


def safe_name(identifier: str) -> str:
    """An id as part of a column name."""
    return identifier.replace("-", "_")
