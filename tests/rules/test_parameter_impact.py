"""Every parameter of Yanzhou changes some answer: none is written down for nothing."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import pytest

from jigai.rules.compiler import compile_plan
from jigai.rules.emit_python import python_source
from jigai.rules.environment import build_environment
from jigai.rules.single import CaseEvaluator
from tests.rules.harness import model
from tests.rules.strategies import random_case

YEAR = 2021
# parameter → another value, and the readings under which it is asked for
CHANGES: dict[str, tuple[str, dict[str, str]]] = {
    "district_codes": ("370811、370883", {}),
    "equipment_threshold": ("900万元及以上", {}),
    "equipment_rate": ("2%", {}),
    "equipment_cap": ("20万元", {}),
    "robot_threshold": ("350万元及以上", {}),
    "robot_rate": ("9%", {}),
    "robot_cap": ("10万元", {}),
    "it_threshold": ("260万元及以上", {}),
    "it_rate": ("4%", {}),
    "it_cap": ("10万元", {}),
    "consortium_threshold": ("超过2000万元", {}),
    "sme_share_threshold": ("80%以上", {}),
    "consortium_rate": ("2%", {}),
    "consortium_cap": ("10万元", {}),
    "uplift_points": ("2个百分点", {}),
    "lookback_period": ("1年", {}),
    "lead_quota": ("5", {"lead_quota_rule": "c"}),
    "general_quota": ("3", {}),
    "lookback_start": ("2000-01-01", {}),
    "investment_start": ("2021-07-01", {}),
    "statistics_entry_threshold": ("5000万元及以上", {"stat_entry_threshold": "b"}),
}
# Nobody has set these and no engine asks for them yet.
WITHOUT_ENGINE = {
    "annual_budget",
    "joint_meeting_cadence",
    "approval_time_limit",
    "land_supply_cadence",
}
# What measures without an amount ask: see test_checks.py.
OF_CHECKS = {"zero_land_limit"}


@cache
def population() -> tuple[dict[str, list[dict[str, Any]]], ...]:
    """Fixed mixed districts: every measure, consortia, a few missing facts."""
    rng = Random("parameter impact")
    return tuple(random_case(rng, 0.01, YEAR) for _ in range(120))


def answers(readings: dict[str, str], overrides: dict[str, str]) -> list[Any]:
    """What every project, consortium and member gets."""
    m = model()
    env = build_environment(m.pack, m.scope, year=YEAR, readings=readings, overrides=overrides)
    plan = compile_plan(m, env)
    evaluator = CaseEvaluator(plan, compile(python_source(plan), "plan", "exec"))
    consortium = next(x for x in plan.measures if x.subject == "consortium")
    found = []
    for rows in population():
        stored = evaluator.decide(rows)
        found.append(
            (
                [(r["verdict"], r["amount"], r["selected"], r["paid"]) for r in stored["project"]],
                [(r[consortium.code], r[consortium.effective]) for r in stored["consortium"]],
                [r["share"] for r in stored["member"]],
            )
        )
    return found


@cache
def unchanged(readings: tuple[tuple[str, str], ...]) -> list[Any]:
    """The answers before any change."""
    return answers(dict(readings), {})


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_parameter_changes_some_answer(name: str) -> None:
    value, readings = CHANGES[name]
    before = unchanged(tuple(sorted(readings.items())))
    after = answers(readings, {name: value})
    changed = sum(one != two for one, two in zip(before, after, strict=True))
    assert changed > 0


def test_no_parameter_is_left_out() -> None:
    own = {p.id for p in model().pack.parameters} | {"statistics_entry_threshold"}
    assert own == set(CHANGES) | WITHOUT_ENGINE | OF_CHECKS
    undetermined = {p.id for p in model().pack.parameters if p.status == "undetermined"}
    assert undetermined == WITHOUT_ENGINE


def test_writing_the_same_value_changes_nothing() -> None:
    assert answers({}, {"equipment_rate": "3%", "uplift_points": "1个百分点"}) == unchanged(())
