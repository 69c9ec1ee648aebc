"""Second pass over a pack: parses and type-checks every formula."""

from __future__ import annotations

from pydantic import BaseModel

from jigai.rules import schema
from jigai.rules.errors import FormulaError
from jigai.rules.expr import BOOL, DATE, MONEY_TYPE, NUMBER, Type
from jigai.rules.facts import CHILDREN, KEYS
from jigai.rules.grammar import parse_formula
from jigai.rules.items import ITEM_SUBJECTS
from jigai.rules.model_names import Inspector
from jigai.rules.units import dimension_name, unit

MEASURED = ("project", "consortium", *ITEM_SUBJECTS)
_CONSTANT_DATES = {"add_months": "加月", "year_start": "年初", "year_end": "年末"}


class Formulas(Inspector):
    """Parses the formulas of parameters, facts, gates, measures and stages."""

    def parse(
        self,
        item: BaseModel,
        key: tuple[str, str, str],
        text: str,
        subject: str | None,
        expected: Type | None,
        *path: str | int,
    ) -> None:
        """Parse one formula; a problem gets the place of the field."""
        options = getattr(item, "options", None) or {}
        words = {word: code for code, word in options.items()}
        try:
            node = parse_formula(text, self.scope, subject, expected, words)
        except FormulaError as error:
            self.problem(item, error.code, error.message, error.fix, *path)
            return
        self.m.formulas[key] = node
        for part in node.walk():
            if part.op in _CONSTANT_DATES and part.names("term"):
                name = _CONSTANT_DATES[part.op]
                message = f"{name} 还不能用在逐行的日期事实上"
                self.problem(item, "not-available", message, "只用参数和本次运行的日期", *path)

    def formulas(self) -> None:
        """Parse every formula of the family."""
        for parameter in self.m.parameters.values():
            if parameter.formula:
                self._computed_parameter(parameter)
        for fact in self.m.derived.values():
            self._fact_formulas(fact)
        for gate in self.m.gates.values():
            self.parse(
                gate, ("gate", gate.id, "formula"), gate.formula, gate.subject, BOOL, "formula"
            )
        for measure in self.m.measures.values():
            if measure.computable:
                self._measure(measure)
            elif measure.checks:
                self._checked(measure)
        self._stages()

    def _computed_parameter(self, parameter: schema.Parameter) -> None:
        expected = self.scope.parameters[parameter.id][1]
        self.parse(
            parameter,
            ("parameter", parameter.id, "formula"),
            parameter.formula,
            None,
            expected if expected != NUMBER else None,
            "formula",
        )
        node = self.m.formulas.get(("parameter", parameter.id, "formula"))
        if node is not None and node.type != expected:
            self.scope.parameters[parameter.id] = (parameter.kind, node.type)

    def _fact_formulas(self, fact: schema.DerivedFact) -> None:
        info = self.scope.terms.get(fact.id)
        if info is None:
            return
        shapes = [bool(fact.formula), bool(fact.source), bool(fact.through), bool(fact.outcome_of)]
        if sum(shapes) != 1:
            self.problem(
                fact,
                "bad-derivation",
                f"“{fact.term}”须恰好有 formula、from、through、outcome_of 之一",
                "删去多余的",
            )
            return
        self._available(fact)
        key = ("fact", fact.id)
        if fact.formula:
            self.parse(fact, (*key, "formula"), fact.formula, fact.subject, info.type, "formula")
        if fact.source:
            self._aggregate(fact, info.type)
        if fact.through:
            self._named(fact, fact.through, "through")
        if fact.outcome_of and fact.outcome_of not in self.m.measures:
            message = f"没有措施“{fact.outcome_of}”"
            self.problem(fact, "unknown-measure", message, "写 measures 里的 id", "outcome_of")

    def _aggregate(self, fact: schema.DerivedFact, kind: Type) -> None:
        if not fact.aggregate:
            message = f"“{fact.term}”没有写怎样汇总"
            self.problem(fact, "no-aggregate", message, "补 aggregate: sum / count / all / any")
            return
        if bool(fact.value) != (fact.aggregate != "count"):
            message = f"“{fact.term}”的汇总 {fact.aggregate} 与 value 不配"
            fix = "count 不写 value，其余须写 value"
            self.problem(fact, "bad-derivation", message, fix, "aggregate")
            return
        key = ("fact", fact.id)
        expected = BOOL if fact.aggregate in ("all", "any") else kind
        if fact.value:
            self.parse(fact, (*key, "value"), fact.value, fact.source, expected, "value")
        if fact.where:
            self.parse(fact, (*key, "where"), fact.where, fact.source, BOOL, "where")

    def _available(self, fact: schema.DerivedFact) -> None:
        """What the schema admits and the engine cannot run yet is refused here, not later."""
        children = CHILDREN.get(fact.subject)
        if children is None or (fact.source and fact.source not in children):
            seen = f"{fact.source} 汇总到 {fact.subject}" if fact.source else fact.subject
            message = f"还不能按 {seen} 计算“{fact.term}”"
            path = "from" if fact.source else "subject"
            self.problem(fact, "not-available", message, "改用已能计算的对象", path)
        if fact.aggregate in ("max", "min"):
            message = f"“{fact.term}”的汇总 {fact.aggregate} 还不能计算"
            self.problem(fact, "not-available", message, "用 sum、count、all、any", "aggregate")
        if fact.through and fact.via not in KEYS.get(fact.subject, ())[1:]:
            message = f"“{fact.term}”的 via 不是指向同级对象的键"
            self.problem(fact, "bad-derivation", message, "发票行的原票写 via: original_key", "via")

    def _on_what(self, measure: schema.Measure) -> bool:
        """Whether a measure is on a subject the engine decides; notes gates that do not exist."""
        if measure.subject not in MEASURED:
            message = f"不能按 {measure.subject} 计算奖补"
            fix = "可用：" + "、".join(MEASURED)
            self.problem(measure, "not-available", message, fix, "subject")
            return False
        for field_name in ("gates", "member_gates"):
            for index, gate in enumerate(getattr(measure, field_name)):
                if gate not in self.m.gates:
                    self.problem(
                        measure,
                        "unknown-gate",
                        f"没有资格门“{gate}”",
                        "写 gates 里的 id",
                        field_name,
                        index,
                    )
        return True

    def _checked(self, measure: schema.Measure) -> None:
        """Checks of a measure without an amount; a comparison becomes a condition like any."""
        if not self._on_what(measure):
            return
        for index, check in enumerate(measure.checks):
            self._check(measure, index, check)

    def _check(self, measure: schema.Measure, index: int, check: schema.Check) -> None:
        name, subject = f"check.{index}", measure.subject
        both = bool(check.limit and check.holds)
        if both or not (check.value or check.holds) or (check.limit and not check.value):
            message = f"“{check.name}”要写 holds，或写 value 与 limit"
            fix = "比较一个量写 value 与 limit，只列出来的写 value，其余写 holds"
            self.problem(measure, "bad-check", message, fix, "checks", index)
            return
        sign = ">=" if check.compare == "at-least" else "<="
        compared = f"({check.value}) {sign} ({check.limit})" if check.limit else "true"
        holds = check.holds or compared
        where = ("checks", index, "holds" if check.holds else "limit")
        self.parse(measure, ("measure", measure.id, f"{name}.holds"), holds, subject, BOOL, *where)
        for field_name in ("value", "limit"):
            text = getattr(check, field_name)
            if text:
                key = ("measure", measure.id, f"{name}.{field_name}")
                self.parse(measure, key, text, subject, None, "checks", index, field_name)
        self._unit(measure, index, check)

    def _unit(self, measure: schema.Measure, index: int, check: schema.Check) -> None:
        node = self.m.formulas.get(("measure", measure.id, f"check.{index}.value"))
        if node is None or not check.unit:
            return
        try:
            fits = unit(check.unit)[1] == node.type.dimension
        except FormulaError as error:
            self.problem(measure, error.code, error.message, error.fix, "checks", index, "unit")
            return
        if not fits:
            message = f"“{check.name}”的单位“{check.unit}”与算出来的量不同"
            fix = f"写{dimension_name(node.type.dimension)}的单位"
            self.problem(measure, "unit-mismatch", message, fix, "checks", index, "unit")

    def _measure(self, measure: schema.Measure) -> None:
        key = ("measure", measure.id)
        if not self._on_what(measure):
            return
        self.parse(measure, (*key, "when"), measure.when or "true", measure.subject, BOOL, "when")
        if not measure.amount:
            self.problem(
                measure,
                "no-amount",
                f"措施“{measure.name}”没有金额公式",
                "补 amount，或写 computable: false",
            )
            return
        self.parse(measure, (*key, "amount"), measure.amount, measure.subject, MONEY_TYPE, "amount")
        if measure.deduct:
            self.parse(
                measure, (*key, "deduct"), measure.deduct, measure.subject, MONEY_TYPE, "deduct"
            )
        self._caps(measure, key, "cap", measure.caps, measure.subject, "caps")
        self._shares(measure)
        if measure.split:
            for name in ("by", "counts", "paid"):
                text = getattr(measure.split, name)
                if text:
                    expected = None if name == "by" else BOOL
                    self.parse(
                        measure, (*key, f"split.{name}"), text, "member", expected, "split", name
                    )
            self._caps(measure, key, "split.cap", measure.split.caps, "member", "split", "caps")

    def _caps(
        self,
        measure: schema.Measure,
        key: tuple[str, str],
        prefix: str,
        caps: list[schema.Cap],
        subject: str,
        *path: str,
    ) -> None:
        for index, cap in enumerate(caps):
            self.parse(
                measure,
                (*key, f"{prefix}.{index}"),
                cap.amount,
                subject,
                MONEY_TYPE,
                *path,
                index,
                "amount",
            )
            self.parse(
                measure,
                (*key, f"{prefix}.{index}.when"),
                cap.when or "true",
                subject,
                BOOL,
                *path,
                index,
                "when",
            )

    def _named(self, item: BaseModel, name: str, *path: str | int) -> None:
        """A stage names a fact."""
        if name and name not in self.scope.names:
            message = f"不认识的名称“{name}”"
            self.problem(item, "unknown-term", message, "先登记被引用的事实", *path)

    def _measures_exist(self, item: BaseModel, names: list[str], field: str) -> None:
        for index, name in enumerate(names):
            if name not in self.m.measures:
                message = f"没有措施“{name}”"
                self.problem(item, "unknown-measure", message, "写 measures 里的 id", field, index)

    def _shares(self, measure: schema.Measure) -> None:
        for kind in ("payers", "instalments"):
            for index, share in enumerate(getattr(measure, kind)):
                key = ("measure", measure.id, f"{kind}.{index}")
                self.parse(measure, key, share.share, None, NUMBER, kind, index, "share")

    def _population(self) -> None:
        """Stages that look at all applications at once."""
        stages = self.pack.measures
        rankings = {ranking.id for ranking in stages.rankings}
        for ranking in stages.rankings:
            self._measures_exist(ranking, ranking.measures, "measures")
            subject = self._one_subject(ranking, ranking.measures)
            if subject:
                key = ("ranking", ranking.id, "by")
                self.parse(ranking, key, ranking.by, subject, None, "by")
                found = self.m.formulas.get(key)
                if found is not None and found.type.kind != "number":
                    message, fix = f"“{ranking.by}”不是数，排不了序", "写一个数的事实"
                    self.problem(ranking, "not-a-number", message, fix, "by")
            self.parse(ranking, ("ranking", ranking.id, "top"), ranking.top, None, NUMBER, "top")
        for budget in stages.budgets:
            self._measures_exist(budget, budget.measures, "measures")
            key = ("budget", budget.id, "amount")
            self.parse(budget, key, budget.amount, None, MONEY_TYPE, "amount")
            if (budget.shortage == "by-rank") != (budget.ranking in rankings):
                message = f"预算“{budget.name}”的不足办法与排序不配"
                fix = "shortage: by-rank 的写 ranking: 排序的 id，其余不写"
                self.problem(budget, "budget-ranking", message, fix, "shortage")

    def _one_pool(self, cap: schema.PooledCap) -> None:
        """Projects are pooled after selection, the other rows together; neither with the other."""
        subjects = {
            self.m.measures[name].subject for name in cap.measures if name in self.m.measures
        }
        if not (subjects <= {"project"} or subjects <= set(ITEM_SUBJECTS)):
            message = f"合并封顶“{cap.name}”把项目与其他对象放在一起"
            fix = "项目一条，其他对象一条；已用掉的额度写进上限公式"
            self.problem(cap, "mixed-pool", message, fix, "measures")

    def _one_subject(self, item: BaseModel, measures: list[str]) -> str:
        subjects = {self.m.measures[name].subject for name in measures if name in self.m.measures}
        if len(subjects) > 1:
            message, fix = "排序里的措施不是同一种对象", "每种对象各写一个排序"
            self.problem(item, "mixed-subjects", message, fix, "measures")
        return subjects.pop() if len(subjects) == 1 else ""

    def _stages(self) -> None:
        stages = self.pack.measures
        if stages.selection:
            for path in ("measure_choice", "project_choice", "exception"):
                self._named(stages.selection, getattr(stages.selection, path), path)
            for index, name in enumerate(stages.selection.group):
                self._named(stages.selection, name, "group", index)
            self._measures_exist(stages.selection, stages.selection.combined, "combined")
            self.parse(
                stages.selection,
                ("selection", "", "quota"),
                stages.selection.quota,
                "enterprise",
                NUMBER,
                "quota",
            )
            if stages.selection.combine:
                self.parse(
                    stages.selection,
                    ("selection", "", "combine"),
                    stages.selection.combine,
                    None,
                    BOOL,
                    "combine",
                )
        if stages.validity:
            self.parse(
                stages.validity, ("validity", "", "date"), stages.validity.date, None, DATE, "date"
            )
        self._population()
        for cap in stages.pooled_caps:
            self._measures_exist(cap, cap.measures, "measures")
            self._one_pool(cap)
            self.parse(
                cap, ("pooled", cap.id, "amount"), cap.amount, "enterprise", MONEY_TYPE, "amount"
            )
            self.parse(cap, ("pooled", cap.id, "when"), cap.when, None, BOOL, "when")
