"""Runs the worked examples of a pack through the same decision and explanation as any case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jigai.rules import schema
from jigai.rules.alternatives import build_evaluator
from jigai.rules.applications import case_applications
from jigai.rules.binding import Environment
from jigai.rules.errors import EvaluationError, FormulaError, Problem
from jigai.rules.example_case import (
    ExampleError,
    example_environment,
    example_rows,
    with_profile,
)
from jigai.rules.example_result import Check, ExampleResult
from jigai.rules.explain import explain_consortium, explain_item, explain_project
from jigai.rules.explain_check import explain_check
from jigai.rules.explanation import CheckExplanation, Explanation, MeasureExplanation
from jigai.rules.items import ITEM_SUBJECTS, item_measures
from jigai.rules.model import Model
from jigai.rules.population import Application, settle_population
from jigai.rules.programme_examples import is_programme, run_programme
from jigai.rules.single import CaseEvaluator
from jigai.rules.values import parse_quantity
from jigai.rules.wording import SUBJECT_WORDS, yuan

__all__ = ["Check", "ExampleResult", "ExampleRunner", "example_problems", "run_examples"]

_WORDS = {True: "是", False: "否", None: "待定"}


class ExampleRunner:
    """Runs examples of one pack; a plan is compiled once for each set of constants."""

    def __init__(self, model: Model) -> None:
        """Start without plans."""
        self.model = model
        # With the constants of the first example that had them: what is said of a plan is kept by
        # these very objects.
        self._plans: dict[str, tuple[CaseEvaluator, Environment]] = {}
        self._applications: list[Application] = []

    def run(self, example: schema.Example) -> ExampleResult:
        """Run one example; never raises for what an author can get wrong."""
        result = ExampleResult(example)
        try:
            if is_programme(example):
                result.checks = run_programme(self.model, example)
                return result
            explanations = self.explain(example)
            for key, expected in example.expect.items():
                if key == "granted":
                    text = "、".join(self._granted(example.measure, explanations))
                    result.checks.append(Check(key, _written(key, expected), text))
                    continue
                result.checks.append(_check(key, expected, example, explanations))
            if not example.expect:
                result.error = "没有写 expect"
        except (ExampleError, EvaluationError, FormulaError) as error:
            result.error = str(error)
        return result

    def _granted(self, measure: str, explanations: list[Explanation]) -> list[str]:
        """What ranks and budgets leave to each row of the example, in its order."""
        given = {(a.subject, a.key): a.granted for a in self._applications}
        about = _about(explanations, measure)
        return [_fen(given.get((x.subject, x.key), 0)) for x in about]

    def explain(self, example: schema.Example) -> list[Explanation]:
        """Explanation of every project of an example, or of its consortium first.

        Raises :class:`ExampleError` or :class:`EvaluationError`.
        """
        full = with_profile(self.model, example)
        env = example_environment(self.model, full)
        rows = example_rows(self.model, full)
        checked = self._checked(example.measure)
        evaluator, env = self._evaluator(env, [example.measure] if checked else None)
        case = (evaluator, self.model, env, rows)
        if checked:
            return self._explain_check(example.measure, *case)
        self._applications = settle_population(
            evaluator.plan, case_applications(evaluator.plan, evaluator.decide(rows))
        )
        found = [explain_consortium(*case, row["key"]) for row in rows["consortium"]]
        items = []
        for subject in ITEM_SUBJECTS:
            if item_measures(evaluator.plan, subject):
                items += [explain_item(*case, subject, row["key"]) for row in rows[subject]]
        # What an example without a measure is about comes first: its consortium, its projects.
        if evaluator.plan.selection is not None or not (found or items):
            found += [explain_project(*case, row["key"]) for row in rows["project"]]
        if not (found or items):
            raise ExampleError("没有写要判的对象")
        return found + items

    def _checked(self, measure: str) -> bool:
        declared = self.model.measures.get(measure)
        return declared is not None and not declared.computable and bool(declared.checks)

    def _evaluator(
        self, env: Environment, measures: list[str] | None
    ) -> tuple[CaseEvaluator, Environment]:
        key = repr((env.parameters, sorted(env.readings.items()), env.context, measures))
        if key not in self._plans:
            self._plans[key] = (build_evaluator(self.model, env, measures), env)
        return self._plans[key]

    def _explain_check(
        self, measure: str, evaluator: CaseEvaluator, model: Model, env: Environment, rows: Any
    ) -> list[Explanation]:
        self._applications = []
        listed = rows[model.measures[measure].subject]
        if not listed:
            raise ExampleError("没有写要核对的对象")
        return [explain_check(evaluator, model, env, rows, measure, row["key"]) for row in listed]


def run_examples(model: Model) -> list[ExampleResult]:
    """Run every example of the pack itself (not of those it extends)."""
    runner = ExampleRunner(model)
    return [runner.run(example) for example in model.pack.examples if not example.profile]


def example_problems(model: Model) -> list[Problem]:
    """Failures of a pack's examples as findings for the linter."""
    problems = []
    for result in run_examples(model):
        example = result.example
        if result.error:
            place = model.pack.place(example)
            text = f"样例“{example.name}”不能运行：{result.error}"
            problems.append(Problem("bad-example", place, text, "改正样例", example.clause))
        for check in result.checks:
            if not check.passed:
                place = model.pack.place(example, "expect", check.key)
                text = (
                    f"样例“{example.name}”的 {check.key} 应为 {check.expected}，算得 {check.actual}"
                )
                problems.append(
                    Problem("example-failed", place, text, "改规则或改样例", example.clause)
                )
    return problems


# what an example may expect ----------------------------------------------------------------------


def _check(
    key: str, expected: object, example: schema.Example, explanations: list[Explanation]
) -> Check:
    reader = _READERS.get(key)
    if key in _MONEY and _is_check(explanations[0]):
        raise ExampleError(f"只核对的措施没有金额，不能写 {key}；写 verdict、figures、gap")
    if reader is None:
        known = "、".join((*_READERS, "granted"))
        raise ExampleError(f"expect 里不认识的键“{key}”；可用：{known}")
    subject, whole = reader
    about = _about(explanations, example.measure)
    if about[0].subject in ITEM_SUBJECTS:
        explanations = about
    target: Any = explanations if subject == "all" else about[0]
    if subject == "measure" and example.measure:
        target = _measure(about[0], example.measure)
    actual = whole(target)
    return Check(key, _written(key, expected), _shown(actual))


def _about(explanations: list[Explanation], measure: str) -> list[Explanation]:
    """The explanations that judge the measure an example names, else all of the first subject."""
    found = [x for x in explanations if any(m.id == measure for m in x.measures)] or explanations
    return [x for x in found if x.subject == found[0].subject]


def _measure(explanation: Explanation, identifier: str) -> MeasureExplanation:
    for measure in explanation.measures:
        if measure.id == identifier:
            return measure
    raise ExampleError(f"措施“{identifier}”不适用于这个{SUBJECT_WORDS[explanation.subject]}")


_MONEY = frozenset(("amount", "low", "high", "paid", "shares", "granted", "payers", "instalments"))


def _written(key: str, expected: object) -> str:
    """The expected item in the form results are shown in."""
    if isinstance(expected, list):
        return "、".join(_written(key, item) for item in expected)
    text = str(expected)
    if key in _MONEY and text not in ("待定", ""):
        quantity = parse_quantity(text)
        if quantity.dimension != (("money", 1),):
            raise ExampleError(f"expect 的 {key} 不是金额：“{text}”")
        return yuan(quantity.value)
    return text


def _shown(actual: Any) -> str:
    if isinstance(actual, list):
        return "、".join(_shown(item) for item in actual)
    return actual if isinstance(actual, str) else _WORDS[actual]


def _fen(amount: int | None) -> str:
    return "待定" if amount is None else yuan(amount)


def _reasons(target: Any) -> list[str]:
    """Reason codes of a measure, or of all measures of a project, once each."""
    measures = getattr(target, "measures", [target])
    return list(dict.fromkeys(reason.code for m in measures for reason in m.reasons))


def _gaps(target: Any) -> list[str]:
    measures = getattr(target, "measures", [target])
    return [entry.gap for m in measures for entry in m.entries if entry.gap]


def _parts(explanation: Explanation, kind: str) -> list[str]:
    """Amounts by payer or instalment as divided, in the order of the pack."""
    entries = [entry for entry in explanation.entries if entry.column == kind]
    return [item.value for entry in entries for item in entry.inputs]


def _is_check(explanation: Explanation) -> bool:
    return any(isinstance(measure, CheckExplanation) for measure in explanation.measures)


def _figures(measure: MeasureExplanation) -> list[str]:
    """Checks as written: ``投资强度 300万元/亩（标准 250万元/亩）满足``."""
    found = []
    for figure in getattr(measure, "figures", ()):
        against = f"（标准 {figure.limit}）" if figure.limit else ""
        value = f" {figure.value}" if figure.value else ""
        found.append(f"{figure.name}{value}{against}{figure.result}")
    return found


def _projects(explanations: list[Explanation]) -> list[Explanation]:
    return [x for x in explanations if x.subject == "project"] or explanations


# key → (what it is read from, how): the measure the example names (else the first project or the
# consortium), the first project or consortium as a whole, or all projects.
_READERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "verdict": ("measure", lambda x: x.verdict),
    "amount": ("measure", lambda x: _fen(x.amount)),
    "low": ("measure", lambda x: _fen(x.low)),
    "high": ("measure", lambda x: _fen(x.high)),
    "reasons": ("measure", _reasons),
    "gap": ("measure", _gaps),
    "figures": ("measure", _figures),
    "measure": ("first", lambda x: x.chosen),
    "status": ("first", lambda x: x.status),
    "simulated": ("first", lambda x: x.simulated),
    "missing": ("first", lambda x: [fact.name for fact in x.missing]),
    "unverified": ("first", lambda x: [item.name for item in x.unverified]),
    "uncounted": ("first", lambda x: [ln.status for ln in x.lines if not ln.counted]),
    "removed": ("first", lambda x: [str(m.key) for m in x.members if m.counted is False]),
    "shares": ("first", lambda x: [_fen(member.share) for member in x.members]),
    "payers": ("first", lambda x: _parts(x, "payers")),
    "instalments": ("first", lambda x: _parts(x, "instalments")),
    "selected": ("all", lambda xs: [x.selected for x in _projects(xs)]),
    "paid": ("all", lambda xs: [_fen(x.paid) for x in _projects(xs)]),
}
