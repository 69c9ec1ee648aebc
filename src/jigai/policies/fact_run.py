"""One evaluation: a pack, facts, a year and dates in; every decision with its reasons out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jigai.errors import JigaiError
from jigai.rules.batch import BatchEvaluator, BatchResult
from jigai.rules.binding import Environment, bind
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import Status, all_readings, build_environment, status_on
from jigai.rules.errors import EvaluationError, FormulaError
from jigai.rules.hashing import batch_lines, case_lines, root_hash
from jigai.rules.model import Model
from jigai.rules.plan import Aggregate, Plan
from jigai.rules.program import case_evaluator
from jigai.rules.schema import DatedValue
from jigai.rules.single import CaseEvaluator
from jigai.rules.snapshot import from_rows, snapshot_id

Progress = Callable[[str, float], None]
FactRows = dict[str, list[dict[str, Any]]]
# The state of a document on a day, and which other one took its place, in words.
Standing = tuple[Status, str]


Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands on a day although the document leaves it open, as kept with a run.

    ``readings`` by reading: option, since, number, answer. ``parameters`` by parameter: value,
    since, source, approver, decision. All words; days as ISO text.
    """

    readings: Mapping[str, Words] = field(default_factory=dict)
    parameters: Mapping[str, Words] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Settled:
        """As kept with a run; nothing was settled where nothing was kept."""
        return cls(stored.get("readings", {}), stored.get("parameters", {}))

    def options(self) -> dict[str, str]:
        """Option by reading."""
        return {key: words["option"] for key, words in self.readings.items()}

    def values(self) -> dict[str, DatedValue]:
        """Dated value by parameter, with its source and approver."""
        return {
            key: DatedValue.model_validate(
                {"from": words["since"], "value": words["value"], "reference": words["source"],
                 "approver": words["approver"]}
            )
            for key, words in self.parameters.items()
        }  # fmt: skip

    def kept(self) -> dict[str, dict[str, Words]]:
        """To be kept with a run."""
        return {"readings": dict(self.readings), "parameters": dict(self.parameters)}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person who runs it chooses: dates, readings by id, scenario values by parameter.

    ``settled`` is not chosen but holds on the day: answers about readings and approved values of
    open parameters (:mod:`jigai.policies.standing`). What is chosen by hand goes before an answer.
    """

    as_of: dt.date | None = None
    deadline: dt.date | None = None
    payment_date: dt.date | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    settled: Settled = field(default_factory=Settled)


@dataclass(slots=True)
class FactRun:
    """One finished run: what went in, the constants used, and what came out.

    ``batch`` holds the decisions of the DuckDB executor, ``rows`` the stored rows of the closure
    executor with every intermediate value; they have been compared row by row.
    """

    model: Model
    env: Environment
    year: int
    status: Status
    facts: FactRows
    evaluator: CaseEvaluator
    batch: BatchEvaluator
    result: BatchResult
    rows: FactRows
    snapshot: str
    choices: Choices
    # Why the policy is not in force where another document took its place.
    because: str

    @property
    def chosen(self) -> dict[str, str]:
        """Readings chosen by hand."""
        return dict(self.choices.readings)

    @property
    def scenario(self) -> dict[str, str]:
        """Parameters set by hand."""
        return dict(self.choices.overrides)

    @property
    def decision_hash(self) -> str:
        """Root hash over all decisions: the same inputs give the same one."""
        return root_hash(case_lines(self.evaluator.plan, self.rows))

    @property
    def payable(self) -> bool:
        """Whether results create payments; a scenario or an inactive policy only simulates."""
        return self.status.payable and not self.scenario

    @property
    def simulation(self) -> str:
        """Why this is a simulation only; empty for a run that can be paid on."""
        if not self.status.payable:
            more = f"（{self.because}）" if self.because else ""
            return f"仅模拟：政策{self.status.value}{more}，不产生应付"
        if self.scenario:
            listed = "、".join(f"{name}＝{value}" for name, value in self.scenario.items())
            return f"仅模拟：情景设定 {listed}，不产生应付"
        return ""

    @property
    def departures(self) -> str:
        """Readings chosen otherwise than the pack's default, in words."""
        readings = all_readings(self.model.pack)
        changed = [r for key, r in readings.items() if self.env.readings[key] != r.default]
        answered = self.choices.settled.options()
        return "、".join(
            f"{r.name}＝{r.options[taken].word}"
            + ("（依答复）" if answered.get(r.id) == taken else "")
            for r in changed
            if (taken := self.env.readings[r.id])
        )


def evaluate_facts(
    model: Model,
    facts: FactRows,
    *,
    year: int,
    choices: Choices,
    has_lines: bool = True,
    progress: Progress | None = None,
    standing: Callable[[dt.date], Standing] | None = None,
) -> FactRun:
    """Decide every project and consortium of the facts under a pack.

    ``has_lines`` says whether invoices were given at all (none given is not none bought). Runs both
    executors and refuses to answer if they differ. Raises :class:`JigaiError` for choices that do
    not exist, an inactive policy that gives no figures, or invoices that are needed and not there.
    ``standing`` tells the state of the document on a day where more is known than the pack says; by
    it the as-of day must be in force as well as the day the validity clause binds.
    """
    tell = progress or (lambda step, share: None)
    env = build_run_environment(model, year, choices)
    status, because = _standing(model, env, standing)
    if not status.payable and env.readings.get("simulate_when_inactive") == "a":
        raise JigaiError(
            "inactive",
            f"政策{status.value}，按读法“未生效时测算＝不给数”不作测算",
            "改用 simulate_when_inactive=b 得到标明“仅模拟”的测算",
        )
    tell("编译规则", 0.2)
    plan = compile_plan(model, env)
    if not has_lines and _reads_lines(plan):
        raise JigaiError(
            "no-invoices",
            "这种读法按发票核定投资额，但没有给发票清单",
            "先导入发票清单，或选读法 invoice_amount_basis=c 按申报数测算",
        )
    snapshot = from_rows(facts, plan.inputs)
    batch = BatchEvaluator(model, env, snapshot)
    tell("批量测算", 0.4)
    result = batch.run(explain=True)
    tell("逐项核对", 0.7)
    evaluator = case_evaluator(plan)
    rows = evaluator.decide(facts)
    _compare(result, plan, rows, snapshot.keys)
    return FactRun(
        model, env, year, status, facts, evaluator, batch, result, rows, snapshot_id(snapshot),
        choices, because,
    )  # fmt: skip


def _standing(
    model: Model, env: Environment, standing: Callable[[dt.date], Standing] | None
) -> Standing:
    if standing is None:
        return policy_status(model, env), ""
    bound = standing(binding_day(model, env))
    # A day on which no value of the document holds cannot make anything payable.
    return standing(env.context["as_of"]) if bound[0].payable else bound


def build_run_environment(model: Model, year: int, choices: Choices) -> Environment:
    """The constants of a run. Raises :class:`JigaiError` for a choice that does not exist."""
    try:
        return build_environment(
            model.pack,
            model.scope,
            year=year,
            deadline=choices.deadline,
            as_of=choices.as_of,
            payment_date=choices.payment_date,
            readings={**choices.settled.options(), **choices.readings},
            overrides=choices.overrides,
            decided=choices.settled.values(),
        )
    except (EvaluationError, FormulaError) as error:
        raise JigaiError(
            "bad-choice", str(error), "读法见 jigai pack readings，参数见 jigai pack explain"
        ) from error


def _reads_lines(plan: Plan) -> bool:
    return any(isinstance(item, Aggregate) and item.source == "line" for item in plan.items)


def policy_status(model: Model, env: Environment) -> Status:
    """Status of the policy on the day that its validity clause binds (or on the as-of date)."""
    return status_on(model.pack.identity, binding_day(model, env))


def binding_day(model: Model, env: Environment) -> dt.date:
    """The day that the validity clause binds; the as-of date where it binds none."""
    node = model.formulas.get(("validity", "", "date"))
    bound = bind(node, env) if node is not None else None
    day: dt.date = env.context["as_of"]
    return bound.value if bound is not None and bound.op == "const" else day


def _compare(result: BatchResult, plan: Plan, rows: FactRows, keys: dict[str, Any]) -> None:
    """Both executors must agree on every row; a difference is a defect, never a result."""
    mine = set(case_lines(plan, rows))
    theirs = set(batch_lines(result, keys))
    if mine != theirs:
        shown = "；".join(str(line) for line in sorted(mine ^ theirs, key=str)[:6])
        raise JigaiError(
            "executors-differ",
            f"两个执行器的结果不一致，已停止：{shown}",
            "这是程序缺陷，请把输入文件和这段话报给维护者",
        )
