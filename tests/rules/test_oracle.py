"""The compiled plan against the independent oracle, on many small made-up districts.

The default readings on three years, every other option of every reading alone, and every pair of
options of two different readings that change money or a verdict: ``CASES`` says how many of each.
Pairs are met nine readings at a time, thirty-six pairs in one compiled plan.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from itertools import combinations
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.oracle.compare import differences, readable, smallest
from tests.oracle.policy import reading_catalogue
from tests.oracle.reference import reference
from tests.rules.strategies import NEVER_MISSING, ORDINARY, TERMS, cases, filled, random_case

Rows = dict[str, list[dict[str, Any]]]
YEAR = 2021
CASES = {"default": 700, "single-executor": 300, "alone": 28, "group": 44, "bounds": 250}
# Readings without a second option, or that decide about status, dates of payment or the budget.
NO_MONEY = {"rounding_rule", "simulate_when_inactive", "budget_shortfall", "validity_binding"}


@cache
def harness() -> ModuleType:
    """The compiled plan's answers in the oracle's shape."""
    return importlib.import_module("tests.rules.harness")


def other_options() -> dict[str, list[str]]:
    """Every reading a run can choose, with its options other than the default."""
    return {
        name: [option for option in reading["words"] if option != reading["default"]]
        for name, reading in reading_catalogue().items()
        if reading["kind"] in ("value", "plan")
    }


ALONE = [(name, option) for name, options in other_options().items() for option in options]
PAIRED = {name: options for name, options in other_options().items() if name not in NO_MONEY}
AT_ONCE = 9


def grouped() -> list[dict[str, str]]:
    """Choices of up to nine readings that together meet every pair of options, found greedily."""
    options = [(name, option) for name, listed in PAIRED.items() for option in listed]
    left = {
        frozenset(pair) for pair in combinations(options, 2) if pair[0][0] != pair[1][0]
    }  # fmt: skip
    groups: list[dict[str, str]] = []
    for first in options:
        while any(frozenset((first, other)) in left for other in options):
            chosen = [first]
            while len(chosen) < AT_ONCE:
                gain, best = max(
                    (sum(frozenset((option, one)) in left for one in chosen), option)
                    for option in options
                    if option[0] not in dict(chosen)
                )
                if not gain:
                    break
                chosen.append(best)
            left -= {frozenset(pair) for pair in combinations(chosen, 2)}
            groups.append(dict(chosen))
    return groups


GROUPS = grouped()
PARTS = 24


def report(rows: Rows, year: int, readings: dict[str, str], answer: Callable[[Rows], Any]) -> str:
    """The smallest case that still differs, with what differs."""

    def fails(case: Rows) -> bool:
        return bool(differences(reference(case, year, readings), answer(case)))

    if fails(rows):
        rows = smallest(rows, fails, ORDINARY)
    told = differences(reference(rows, year, readings), answer(rows))
    lines = [f"year {year}, readings {readings or 'default'}", readable(rows, ORDINARY)]
    return "\n".join([*lines, *(told or ["only wrong inside the whole batch"])])


def agree_in_bulk(rows: list[Rows], year: int, readings: dict[str, str]) -> None:
    """The batch executor agrees with the oracle on every case."""
    found = harness().evaluate_batch(rows, year, readings)
    assert len(found) == len(rows)
    for case, answer in zip(rows, found, strict=True):
        told = differences(reference(case, year, readings), answer)
        if told:
            once = report(
                case, year, readings, lambda one: harness().evaluate_batch([one], year, readings)[0]
            )
            pytest.fail("\n".join([once, "first seen as:", *told[:5]]), pytrace=False)


def agree_one_by_one(rows: list[Rows], year: int, readings: dict[str, str]) -> None:
    """The single-case executor agrees with the oracle on every case."""
    for case in rows:
        found = harness().evaluate_case(case, year, readings)
        if differences(reference(case, year, readings), found):
            once = report(
                case, year, readings, lambda one: harness().evaluate_case(one, year, readings)
            )
            pytest.fail(once, pytrace=False)


def some_cases(seed: str, count: int, year: int = YEAR, missing: float = 0.02) -> list[Rows]:
    """So many cases from a named seed."""
    rng = Random(seed)
    return [random_case(rng, missing, year) for _ in range(count)]


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_defaults_in_bulk(year: int) -> None:
    """The default readings, all three full years of the document."""
    agree_in_bulk(some_cases(f"default {year}", CASES["default"], year), year, {})


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_defaults_one_by_one(year: int) -> None:
    """The same through the single-case executor."""
    agree_one_by_one(some_cases(f"one {year}", CASES["single-executor"], year, 0.03), year, {})


@given(rows=cases())
@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
def test_defaults_searched(rows: Rows) -> None:
    """Hypothesis looks for a small counter-example."""
    found = harness().evaluate_case(rows, YEAR, {})
    told = differences(reference(rows, YEAR), found)
    assert not told, "\n".join([readable(rows, ORDINARY), *told])


@pytest.mark.parametrize(("name", "option"), ALONE, ids=[f"{n}-{o}" for n, o in ALONE])
def test_every_option_alone(name: str, option: str) -> None:
    """Half of the cases in bulk, half one by one."""
    rows = some_cases(f"{name}={option}", CASES["alone"])
    # One by one is another plan to compile; the pairs below do so with every option they hold.
    half = len(rows) if name in PAIRED else len(rows) // 2
    agree_in_bulk(rows[:half], YEAR, {name: option})
    if rows[half:]:
        agree_one_by_one(rows[half:], YEAR, {name: option})


@pytest.mark.parametrize("part", range(PARTS))
def test_every_pair_of_options(part: int) -> None:
    """Every option of two readings together; one group of each part also in bulk."""
    for place, chosen in enumerate(GROUPS[part::PARTS]):
        rows = some_cases(str(chosen), CASES["group"], missing=0.01)
        agree_one_by_one(rows, YEAR, chosen)
        if not place:
            agree_in_bulk(rows, YEAR, chosen)


@pytest.mark.parametrize("rounding", ["b", "c"])
def test_coarse_rounding_after_deductions_and_under_shared_limits(rounding: str) -> None:
    """What others paid counts to the fen; what is left, also of a shared limit, is rounded."""
    chosen = {"money_rounding": rounding, "overlap_mode": "b", "uplift_order": "c"}
    agree_one_by_one(some_cases(f"coarse {rounding}", 250, missing=0.0), YEAR, chosen)


def test_the_number_of_cases() -> None:
    """At least nine thousand comparisons, and no pair forgotten."""
    options = [(name, option) for name, listed in PAIRED.items() for option in listed]
    wanted = {frozenset(pair) for pair in combinations(options, 2) if pair[0][0] != pair[1][0]}
    met = {frozenset(pair) for group in GROUPS for pair in combinations(group.items(), 2)}
    assert met == wanted
    bulk = 3 * (CASES["default"] + CASES["single-executor"])
    cases = bulk + len(ALONE) * CASES["alone"] + len(GROUPS) * CASES["group"]
    assert cases >= 9_000


UNSET = [
    *("equipment_threshold", "equipment_rate", "equipment_cap", "robot_threshold", "robot_rate"),
    *("robot_cap", "it_threshold", "it_rate", "it_cap", "consortium_threshold", "uplift_points"),
    *("sme_share_threshold", "consortium_rate", "consortium_cap", "lead_quota", "general_quota"),
]


@pytest.mark.parametrize("name", UNSET)
def test_a_parameter_nobody_has_set(name: str) -> None:
    """Undetermined where the parameter is read, untouched elsewhere; never a zero."""
    for rows in some_cases(f"unset {name}", 40, missing=0.0):
        rows = whole(rows)
        found = harness().evaluate_case(rows, YEAR, {}, {name: None})
        told = differences(reference(rows, YEAR, {}, {name: None}), found)
        assert not told, "\n".join([readable(rows, ORDINARY), *told])


def whole(rows: Rows) -> Rows:
    """The case without its unmatched projects and members: nothing is missing but the parameter."""
    known = {subject: list(listed) for subject, listed in rows.items()}
    for subject, link in (("project", "project_key"), ("member", "member_key")):
        lost = {row["key"] for row in rows[subject] if row["enterprise_key"] is None}
        known[subject] = [row for row in known[subject] if row["key"] not in lost]
        known["line"] = [line for line in known["line"] if line[link] not in lost]
    return known


def test_bounds_hold_whatever_the_missing_facts_are() -> None:
    """Fill the gaps at random: the amount stays inside [low, high]."""
    rng, tried = Random(7), 0
    for rows in some_cases("bounds", CASES["bounds"], missing=0.08):
        found = harness().evaluate_case(rows, YEAR, {})
        for _ in range(4):
            full = filled(rng, rows, YEAR)
            after = reference(full, YEAR)
            for part in ("projects", "consortia"):
                for key, answer in found[part].items():
                    amount = after[part][key]["amount"]
                    if amount is None:
                        continue  # an unmatched project or member stays open whatever is filled
                    tried += answer["verdict"] == "missing"
                    message = f"{part} {key}: {amount} not in bounds of {answer}\n"
                    inside = answer["low"] <= amount and (
                        answer["high"] is None or amount <= answer["high"]
                    )
                    assert inside, message + readable(full, ORDINARY)
                    if answer["verdict"] == "pay":
                        assert answer["low"] == answer["high"] == answer["amount"], message
    assert tried > 500


def test_the_generator_meets_every_outcome() -> None:
    """Every verdict, track, truth value and kind of missing fact turns up among the cases."""
    seen: set[Any] = set()
    for rows in some_cases("coverage", 400, missing=0.05):
        answer = reference(rows, YEAR)
        for project in answer["projects"].values():
            seen |= {project["verdict"], project["track"], ("selected", project["selected"])}
        seen |= {("pool", found["verdict"]) for found in answer["consortia"].values()}
        seen |= {("counts", found["counts"]) for found in answer["members"].values()}
        for subject, listed in rows.items():
            for row in listed:
                seen |= {(subject, name) for name, value in row.items() if value is None}
    verdicts = {"pay", "missing", "excluded", "below-threshold"}
    wanted: set[Any] = verdicts | {("pool", verdict) for verdict in verdicts}
    wanted |= {("equipment",), ("robot",), ("informatization",)}
    wanted |= {(what, truth) for what in ("selected", "counts") for truth in (True, False, None)}
    wanted |= {("project", "enterprise_key"), ("member", "enterprise_key")}
    wanted |= {(s, name) for s in TERMS for name in TERMS[s] if name not in NEVER_MISSING}
    assert wanted <= seen
