"""A pack in plain Chinese: what each measure says, with today's values and the readings taken."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.rules import schema
from jigai.rules.bearing import Bearing, measure_bearing, stage_nodes
from jigai.rules.binding import Environment
from jigai.rules.describe_lists import facts_table, parameter_table, reading_table
from jigai.rules.environment import status_on
from jigai.rules.expr import Node
from jigai.rules.model import Model
from jigai.rules.phrases import describe_formula
from jigai.rules.settle import followed, settle
from jigai.rules.wording import CAP_WORDS, HOW, SUBJECT_WORDS, date_text

__all__ = ["describe_formula", "describe_measure", "describe_pack"]

_INSTRUMENTS = {
    "equity": "股权与基金",
    "loan": "信贷",
    "tax": "税收",
    "land": "用地",
    "subsidy": "奖补",
    "factor-allocation": "要素保障",
    "upstream-funding": "对上争取资金",
}


def describe_pack(model: Model, env: Environment) -> str:
    """Every measure of a pack as Markdown, the stages after them, and what nobody has set."""
    identity = model.pack.identity
    lines = [f"# {identity.title}", ""]
    day = env.context.get("deadline")
    status = status_on(identity, day).value if day else "未定"
    lines += [
        f"- 文号：{identity.number or '无'}；发文：{identity.issuer}",
        f"- 有效期：{date_text(identity.effective_from)} 至 {date_text(identity.effective_to)}"
        f"；按申报截止日 {date_text(day)} 判断：{status}",
        f"- 参数取值日：{date_text(env.context.get('as_of'))}",
    ]
    measures = sorted(model.measures.values(), key=lambda m: m.number)
    lines += [""] + [text for m in measures for text in _measure(model, m, env, "##")]
    lines += _Stages(model, env).lines()
    own = {parameter.id for parameter in model.pack.parameters}
    open_ = [p for p in model.parameters.values() if env.parameters[p.id].value is None]
    open_ = [p for p in open_ if p.id in own]
    if open_:
        lines += ["## 文件没有定的", ""]
        lines += [
            f"- {p.name}（{p.clause}）：由{p.decides or '有权部门'}定。{p.note}".rstrip()
            for p in open_
        ]
    return "\n".join(lines).rstrip() + "\n"


def describe_measure(model: Model, measure_id: str, env: Environment) -> str:
    """One measure as Markdown; raises :class:`KeyError` for an unknown one."""
    return "\n".join(_measure(model, model.measures[measure_id], env, "#")).rstrip() + "\n"


def _measure(model: Model, measure: schema.Measure, env: Environment, mark: str) -> list[str]:
    head = [f"{mark} 措施 {measure.number} {measure.name}", ""]
    others = f"，另见 {'、'.join(measure.clauses)}" if measure.clauses else ""
    head.append(f"- 条款：{measure.clause}{others}")
    if measure.decides:
        head.append(f"- 决定：{measure.decides}；出资：{measure.payer or '未写'}")
    if not measure.computable:
        kind = _INSTRUMENTS.get(measure.instrument, measure.instrument)
        note = f"；{measure.status_note}" if measure.status_note else ""
        if measure.checks:
            head += [f"- 只核对，不给金额{note}", ""]
            return [*head, *_Writer(model, measure, env, mark + "#").checks()]
        return [*head, f"- 不能计算：属{kind}，文件没有写出可算的数额{note}", ""]
    writer = _Writer(model, measure, env, mark + "#")
    return [*head, "", *writer.lines()]


class _Writer:
    """Writes one computable measure, section by section."""

    def __init__(self, model: Model, measure: schema.Measure, env: Environment, mark: str) -> None:
        self.model, self.measure, self.env, self.mark = model, measure, env, mark
        self.told: set[str] = set()

    def lines(self) -> Iterator[str]:
        """All sections."""
        m = self.measure
        yield from self._section("条件", [self.gate(gate) for gate in m.gates])
        yield from self._section("成员须满足", [self.gate(gate) for gate in m.member_gates])
        yield from self._formula("起点", "when")
        yield from self._formula("金额", "amount")
        yield from self._section("舍入", [self._rounding()])
        yield from self._section("封顶", self._caps("cap", m.caps))
        if m.deduct:
            yield from self._formula("扣减", "deduct")
        yield from self._split()
        yield from self._section("申请材料", ["、".join(m.evidence)] if m.evidence else [])
        bearing = measure_bearing(self.model, m, self.env)
        yield from self._section("参数", parameter_table(self.model, self.env, bearing), "")
        yield from self._section("读法", reading_table(self.model, self.env, bearing), "")
        yield from self._section("用到的事实", facts_table(self.model, bearing), "")

    def checks(self) -> Iterator[str]:
        """Sections of a measure that ends in a verdict."""
        m = self.measure
        yield from self._section("条件", [self.gate(gate) for gate in m.gates])
        yield from self._section("核对", [self._check(i) for i in range(len(m.checks))])
        bearing = measure_bearing(self.model, m, self.env)
        yield from self._section("参数", parameter_table(self.model, self.env, bearing), "")
        yield from self._section("读法", reading_table(self.model, self.env, bearing), "")
        yield from self._section("用到的事实", facts_table(self.model, bearing), "")

    def _check(self, index: int) -> str:
        check = self.measure.checks[index]
        if not (check.limit or check.holds):
            return f"{check.name}：列出来，不作条件"
        node = self.model.formulas["measure", self.measure.id, f"check.{index}.holds"]
        parts = "".join(f"；其中{line}" for line in self.definitions(node))
        return f"{check.name}（{check.clause or self.measure.clause}）：{self.say(node)}{parts}"

    def _section(self, title: str, items: list[str], bullet: str = "- ") -> Iterator[str]:
        items = [item for item in items if item]
        if items:
            yield f"{self.mark} {title}"
            yield ""
            yield from (bullet + item for item in items)
            yield ""

    def say(self, node: Node) -> str:
        """A formula under the chosen readings."""
        return describe_formula(settle(node, self.env), self.model, self.env)

    def gate(self, identifier: str) -> str:
        """One condition with clause, evidence and who confirms it."""
        gate = self.model.gates[identifier]
        node = self.model.formulas["gate", identifier, "formula"]
        shown, _ = followed(self.model, settle(node, self.env), self.env)
        if shown.op == "const":
            text = "按选定读法不作条件" if shown.value else "按选定读法一律不满足"
        else:
            text = describe_formula(shown, self.model, self.env)
        text = f"：{text}" if text != gate.name else ""
        proof = f"。证明：{'、'.join(gate.evidence)}" if gate.evidence else ""
        manual = f"。须由{gate.duty or '有职责的部门'}人工确认" if gate.manual else ""
        parts = "".join(f"；其中{line}" for line in self.definitions(shown))
        return f"{gate.name}（{gate.clause}）{text}{parts}{proof}{manual}"

    def _formula(self, title: str, field: str) -> Iterator[str]:
        node = self.model.formulas["measure", self.measure.id, field]
        last, _ = followed(self.model, settle(node, self.env), self.env)
        if field == "deduct" and last.op == "const" and last.value == 0:
            yield from self._section(title, ["按选定读法不扣减"])
            return
        lines = [f"{self.say(node)}（{self.measure.clause}）", *self.definitions(node)]
        yield from self._section(title, lines)

    def definitions(self, node: Node) -> list[str]:
        """Computed facts a formula uses, down to the vocabulary, each told once a measure."""
        found: list[str] = []
        for name in settle(node, self.env).names("term"):
            fact = self.model.derived.get(name)
            if fact is None or name in self.told:
                continue
            self.told.add(name)
            inner = self.model.formulas.get(("fact", name, "formula"))
            clause = f"（{fact.clause}）" if fact.clause else ""
            if inner is not None:
                found.append(f"{fact.term}{clause} ＝ {self.say(inner)}")
                found += self.definitions(inner)
            else:
                found.append(f"{fact.term}{clause} ＝ {self._gathered(fact)}")
                for field in ("where", "value"):
                    part = self.model.formulas.get(("fact", name, field))
                    found += self.definitions(part) if part is not None else []
                if fact.through:
                    target = self.model.scope.resolve(fact.through, fact.subject)
                    found += self.definitions(target) if isinstance(target, Node) else []
        return found

    def _gathered(self, fact: schema.DerivedFact) -> str:
        if fact.through:
            return f"所指原行的“{fact.through}”"
        if fact.outcome_of:
            return f"“{self.model.measures[fact.outcome_of].name}”的结论为符合"
        rows = SUBJECT_WORDS[str(fact.source)]
        texts = {}
        for field in ("where", "value"):
            node = self.model.formulas.get(("fact", fact.id, field))
            texts[field] = self.say(node) if node is not None else ""
        where = f"（{texts['where']}）" if texts["where"] else ""
        value = f"“{texts['value']}”" if texts["value"] else ""
        bad = "，认不清的行不计并列出" if fact.on_bad_line == "exclude-and-list" else ""
        if fact.aggregate in ("all", "any"):
            return f"符合条件的{rows}{where}{HOW[fact.aggregate]}{value}"
        return f"符合条件的{rows}{where}的{value}{HOW.get(fact.aggregate, fact.aggregate)}{bad}"

    def _caps(self, prefix: str, caps: list[schema.Cap]) -> list[str]:
        lines = []
        for index, cap in enumerate(caps):
            key = ("measure", self.measure.id, f"{prefix}.{index}")
            when = settle(self.model.formulas[*key[:2], f"{key[2]}.when"], self.env)
            if when.op == "const" and not when.value:
                continue
            node = self.model.formulas[key]
            only = (
                ""
                if when.op == "const"
                else f"（{describe_formula(when, self.model, self.env)}时）"
            )
            lines.append(f"{CAP_WORDS.get(cap.per, cap.per)}不超过 {self.say(node)}{only}")
            lines += self.definitions(node)
        return lines

    def _rounding(self) -> str:
        kind, identifier = self.model.scope.names.get(self.measure.rounding or "金额舍入", ("", ""))
        if kind != "reading":
            return self.measure.rounding or "到分四舍五入"
        words = self.model.scope.reading_words[identifier]
        chosen = self.env.readings[identifier]
        return next(word for word, option in words.items() if option == chosen)

    def _split(self) -> Iterator[str]:
        split = self.measure.split
        if split is None:
            return
        key = ("measure", self.measure.id)
        labels = (
            ("by", "按此数的比例分"),
            ("counts", "参加分配的成员"),
            ("paid", "可以领取的成员"),
        )
        lines = []
        for field, label in labels:
            node = self.model.formulas.get((*key, f"split.{field}"))
            if node is not None:
                lines += [f"{label}：{self.say(node)}", *self.definitions(node)]
        lines += self._caps("split.cap", split.caps)
        lines.append("尾差：先舍到分，余下的分按余数从大到小补，余数相同的企业代码小者先补")
        yield from self._section(f"分配（{split.clause or self.measure.clause}）", lines)


class _Stages:
    """Writes what happens after the measures: quota, choice, pooled caps."""

    def __init__(self, model: Model, env: Environment) -> None:
        self.model, self.env = model, env

    def lines(self) -> list[str]:
        """The section, or nothing for a pack without these stages."""
        selection = self.model.selection
        if selection is None:
            return []
        first = next(iter(self.model.measures.values()))
        writer = _Writer(self.model, first, self.env, "###")
        node = self.model.formulas["selection", "", "quota"]
        lines = [f"## 名额与选择（{selection.clause}）", ""]
        lines.append(f"- 可申报项目数 ＝ {writer.say(node)}")
        lines += [f"- {text}" for text in writer.definitions(node)]
        if selection.measure_choice:
            lines.append(
                f"- 同一项目的几项措施：按“{selection.measure_choice}”，未选的取金额最高者"
            )
        if selection.project_choice:
            lines.append(f"- 几个项目：按“{selection.project_choice}”，再按金额，再按项目编号")
        for cap in self.model.pack.measures.pooled_caps:
            when = settle(self.model.formulas["pooled", cap.id, "when"], self.env)
            if when.op == "const" and when.value:
                limit = writer.say(self.model.formulas["pooled", cap.id, "amount"])
                lines.append(f"- {cap.name}（{cap.clause}）：选中的各项合计不超过 {limit}")
        bearing = Bearing(self.model, self.env).add(stage_nodes(self.model))
        lines += ["", *reading_table(self.model, self.env, bearing), ""]
        return lines
