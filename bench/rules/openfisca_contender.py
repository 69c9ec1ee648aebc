"""OpenFisca-Core with a tax-benefit system of its own, written as its users write one.

A project is the person, an enterprise in a year the group, money is in yuan as float (the engine
keeps float32), rates and thresholds are dated parameters. The engine has no notion of a missing
input: a variable without input takes its default, so the missing variant shows what that does.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from openfisca_core.entities import Entity, GroupEntity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import YEAR
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.rules.data import (
    AMOUNTS,
    CAPS,
    GATES,
    GRADE_A,
    GRADE_D,
    PERCENTS,
    THRESHOLDS,
    YUAN,
    Data,
    Result,
)

TITLE = "OpenFisca-Core"
# The facts hold for the year of the project; one period for all of them spares the engine two
# thirds of the work, since the parameters are the same in the three years.
PERIOD = "2022"
START = "2020-08-15"

Project = Entity("project", "projects", "A project", "")
EnterpriseYear = GroupEntity(
    "enterprise_year",
    "enterprise_years",
    "The projects of an enterprise in a year",
    "",
    roles=[{"key": "member", "plural": "members", "label": "Member"}],
)


def parameters() -> ParameterNode:
    """Thresholds, rates and caps, dated."""

    def dated(value: float) -> dict[str, Any]:
        return {"values": {START: {"value": value}}}

    measures = zip(AMOUNTS, THRESHOLDS, PERCENTS, CAPS, strict=True)
    tree: dict[str, Any] = {
        name: {
            "threshold": dated(threshold / YUAN),
            "rate": dated(percent / 100),
            "cap": dated(cap / YUAN),
        }
        for name, threshold, percent, cap in measures
    }
    return ParameterNode("", data={**tree, "uplift": dated(0.01)})


def variable(name: str, kind: type, entity: Any, formula: Any = None) -> type[Variable]:
    """A yearly variable; without a formula it is an input."""
    body: dict[str, Any] = {
        "value_type": kind,
        "entity": entity,
        "definition_period": YEAR,
        "label": name,
    }
    return type(name, (Variable,), body | ({"formula": formula} if formula else {}))


def uplift(project: Any, period: Any) -> Any:
    """Grade A or an echelon enterprise."""
    return (project("grade", period) == GRADE_A) + project("echelon", period)


def eligible(project: Any, period: Any) -> Any:
    """All six facts and not grade D."""
    passed = project("grade", period) != GRADE_D
    for name in GATES:
        passed = passed * project(name, period)
    return passed


def award_of(name: str) -> Any:
    """The award of one measure, rounded to the fen and capped."""

    def formula(project: Any, period: Any, parameters: Any) -> Any:
        measure = parameters(period)[name]
        base = project(name, period)
        rate = measure.rate + parameters(period).uplift * project("uplift", period)
        return (base >= measure.threshold) * np.minimum(np.round(base * rate, 2), measure.cap)

    return formula


def award(project: Any, period: Any) -> Any:
    """The best of the three measures, for eligible projects."""
    best = np.maximum.reduce([project(f"{name}_award", period) for name in AMOUNTS])
    return project("eligible", period) * best


def measure(project: Any, period: Any) -> Any:
    """The lower of the measures that reach the best award."""
    best = project("award", period)
    reached = [(project(f"{name}_award", period) == best) * (best > 0) for name in AMOUNTS]
    return np.select(reached, [1, 2, 3], 0)


def best_award(enterprise: Any, period: Any) -> Any:
    """The highest award among the projects."""
    return enterprise.max(enterprise.members("award", period))


def candidate_key(project: Any, period: Any) -> Any:
    """The project key where the award is the highest of its enterprise and year."""
    best = project.enterprise_year("best_award", period)
    award = project("award", period)
    return np.where((award == best) * (award > 0), project("key", period), 2**31 - 1)


def chosen_key(enterprise: Any, period: Any) -> Any:
    """The smallest key among the candidates."""
    return enterprise.min(enterprise.members("candidate_key", period))


def selected(project: Any, period: Any) -> Any:
    """Whether the project takes the place of its enterprise and year."""
    chosen = project.enterprise_year("chosen_key", period)
    return (project("award", period) > 0) * (project("key", period) == chosen)


def system() -> TaxBenefitSystem:
    """The whole tax-benefit system."""
    made = TaxBenefitSystem([Project, EnterpriseYear])
    made.parameters = parameters()
    for name in AMOUNTS:
        made.add_variable(variable(name, float, Project))
        made.add_variable(variable(f"{name}_award", float, Project, award_of(name)))
    for name in (*GATES, "echelon"):
        made.add_variable(variable(name, bool, Project))
    for name in ("grade", "key"):
        made.add_variable(variable(name, int, Project))
    for name, kind, entity, formula in (
        ("uplift", bool, Project, uplift),
        ("eligible", bool, Project, eligible),
        ("award", float, Project, award),
        ("measure", int, Project, measure),
        ("best_award", float, EnterpriseYear, best_award),
        ("candidate_key", int, Project, candidate_key),
        ("chosen_key", int, EnterpriseYear, chosen_key),
        ("selected", bool, Project, selected),
    ):
        made.add_variable(variable(name, kind, entity, formula))
    return made


def simulation(data: Data) -> Simulation:
    """A simulation with every input set; masked cells take the default of their variable."""
    made = system()
    builder = SimulationBuilder()
    builder.create_entities(made)
    groups = data["enterprise"].astype(np.int64) * 3 + (data["year"] - 2020)
    builder.declare_person_entity("project", data["project"])
    places = builder.declare_entity("enterprise_year", np.unique(groups))
    builder.join_with_persons(places, groups, np.zeros(len(data), np.int64))
    built = builder.build(made)

    def known(name: str, values: Any) -> Any:
        return np.where(data.missing[name], 0, values) if name in data.missing else values

    for name in AMOUNTS:
        built.set_input(name, PERIOD, known(name, data[name] / YUAN).astype(np.float32))
    for name in (*GATES, "echelon"):
        built.set_input(name, PERIOD, known(name, data[name]).astype(np.bool_))
    built.set_input("grade", PERIOD, known("grade", data["grade"]).astype(np.int32))
    built.set_input("key", PERIOD, data["project"].astype(np.int32))
    return built


def run(data: Data) -> Result:
    """Build the simulation and calculate; the two are timed apart."""
    started = time.perf_counter()
    built = simulation(data)
    ready = time.perf_counter()
    chosen = built.calculate("selected", PERIOD)
    amount = built.calculate("award", PERIOD)
    number = built.calculate("measure", PERIOD)
    passed = built.calculate("eligible", PERIOD)
    done = time.perf_counter()
    verdict = np.where(passed, np.where(amount > 0, 0, 1), 2)
    return Result(
        verdict.astype(np.int8),
        number.astype(np.int8),
        np.rint(amount.astype(np.float64) * YUAN).astype(np.int64),
        np.asarray(chosen, np.bool_),
        phases={"建模": ready - started, "计算": done - ready},
        note="缺失的输入按默认值算,引擎没有缺失" if data.missing else "金额为 float32",
    )
