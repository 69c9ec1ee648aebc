"""Plans of single measures, compiled once a process and kept: live answers compile nothing."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from jigai.policies.fact_run import Choices, Settled, build_run_environment
from jigai.rules.binding import Environment
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import default_as_of
from jigai.rules.model import Model
from jigai.rules.plan import CheckPlan, MeasurePlan
from jigai.rules.program import case_evaluator, program_key
from jigai.rules.schema import Measure
from jigai.rules.single import CaseEvaluator

_KEPT: OrderedDict[tuple[str, str], CaseEvaluator] = OrderedDict()
_GUARD = Lock()
_MOST = 600


@dataclass(frozen=True, slots=True)
class Program:
    """One measure of a document ready to be worked out on a day."""

    model: Model
    measure: Measure
    env: Environment
    evaluator: CaseEvaluator

    @property
    def plan(self) -> MeasurePlan | CheckPlan:
        """The columns of the measure."""
        plan = self.evaluator.plan
        found: list[MeasurePlan | CheckPlan] = [*plan.measures, *plan.checks]
        return next(m for m in found if m.id == self.measure.id)

    @property
    def is_check(self) -> bool:
        """Whether the answer is a verdict without an amount."""
        return bool(self.evaluator.plan.checks)


def program_of(
    model: Model,
    measure: str,
    day: dt.date,
    settled: Settled | None = None,
    readings: Mapping[str, str] | None = None,
) -> Program:
    """Constants and closures of a measure for an application made on a day.

    ``settled`` are answers about readings and approved values, ``readings`` what is chosen
    besides. Raises :class:`JigaiError` for a choice that does not exist.
    """
    # Before the first day of the document its first values are taken, as in an evaluation.
    as_of = default_as_of(model.pack.identity, day.year, day, None)
    choices = Choices(
        as_of=as_of, deadline=day, readings=readings or {}, settled=settled or Settled()
    )
    env = build_run_environment(model, day.year, choices)
    key = program_key(model, env), measure
    with _GUARD:
        found = _KEPT.get(key)
        if found is not None:
            _KEPT.move_to_end(key)
    if found is None:
        found = case_evaluator(compile_plan(model, env, None, [measure]))
        with _GUARD:
            _KEPT[key] = found
            while len(_KEPT) > _MOST:
                _KEPT.popitem(last=False)
    return Program(model, model.measures[measure], env, found)
