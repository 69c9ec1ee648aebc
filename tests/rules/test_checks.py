"""Measures that end in a verdict: both executors against an oracle, and never an amount."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from jigai.rules.batch import BatchEvaluator
from jigai.rules.compiler import compile_plan
from jigai.rules.describe import describe_measure
from jigai.rules.emit_python import python_source
from jigai.rules.environment import build_environment
from jigai.rules.examples import ExampleRunner
from jigai.rules.explain_check import explain_check
from jigai.rules.explanation import CheckExplanation
from jigai.rules.plan import BELOW, EXCLUDED, MISSING, PAY
from jigai.rules.program import load_program, save_program
from jigai.rules.single import CaseEvaluator
from jigai.rules.snapshot import from_rows
from tests.rules.harness import model

ZERO, LAND = "zero-land-retrofit", "land-intensity"
IN_PLACE = ("rebuild", "extend", "storey", "underground")
# 0.01 m² in thirds, as land declared in 亩 is stored.
MU = 200_000
Row = dict[str, Any]


def environment(name: str, **more: Any) -> Any:
    return build_environment(model(name).pack, model(name).scope, year=2021, **more)


def evaluator(name: str, measure: str, **more: Any) -> CaseEvaluator:
    plan = compile_plan(model(name), environment(name, **more), None, [measure])
    return CaseEvaluator(plan, compile(python_source(plan), "plan", "exec"))


def rows_of(*parcels: Row) -> dict[str, list[Row]]:
    listed = [{"key": n, "enterprise_key": "E", **row} for n, row in enumerate(parcels, start=1)]
    empty: dict[str, list[Row]] = {
        s: [] for s in ("project", "line", "consortium", "member", "award", "loan", "region")
    }
    return {**empty, "enterprise": [{"key": "E"}], "parcel": listed}


def codes(name: str, measure: str, rows: list[Row]) -> list[int]:
    found = evaluator(name, measure)
    column = found.plan.checks[0].code
    return [row[column] for row in found.decide(rows_of(*rows))["parcel"]]


def in_bulk(name: str, measure: str, rows: list[Row]) -> list[int]:
    env = environment(name)
    plan = compile_plan(model(name), env, None, [measure])
    snapshot = from_rows(rows_of(*rows), plan.inputs)
    batch = BatchEvaluator(model(name), env, snapshot, [measure])
    return batch.checks()[measure][batch.plan.checks[0].code]


def combined(*answers: bool | None) -> int:
    if False in answers:
        return BELOW
    return MISSING if None in answers else PAY


def oracle_zero(row: Row) -> int:
    before, after = row.get("land_area_before"), row.get("land_area_after")
    mode = row.get("land_retrofit_mode")
    return combined(
        None if before is None or after is None else Decimal(after) <= Decimal(before),
        None if mode is None else mode in IN_PLACE,
    )


def _per_mu(amount: int | None, area: int | None, limit: int | None) -> bool | None:
    if amount is None or area is None or limit is None:
        return None
    return Decimal(amount) * MU >= Decimal(limit) * area


def _share(part: int | None, area: int | None, limit: int | None) -> bool | None:
    if part is None or area is None or limit is None:
        return None
    # The part is in 0.01 m², the area in thirds of it, the limit in millionths.
    return Decimal(part) * 3 * 10**6 >= Decimal(limit) * area


def oracle_land(row: Row) -> int:
    area = row.get("intensity_land_area")
    return combined(
        _per_mu(row.get("intensity_fixed_investment"), area, row.get("mu_investment_standard")),
        _per_mu(row.get("intensity_yearly_output"), area, row.get("mu_output_standard")),
        _share(row.get("plot_ratio_floor_area"), area, row.get("plot_ratio_standard")),
        _share(row.get("building_footprint"), area, row.get("building_coverage_standard")),
    )


def _some(rng: Random, missing: float, **choices: list[Any]) -> Row:
    return {k: rng.choice(v) for k, v in choices.items() if rng.random() > missing}


def zero_rows(seed: str, count: int, missing: float) -> list[Row]:
    rng = Random(seed)
    areas = [MU * 20, MU * 20 + 1, MU * 20 - 1, MU * 33]
    modes = [*IN_PLACE, "new_site", "other"]
    return [
        _some(rng, missing, land_area_before=areas, land_area_after=areas,
              land_retrofit_mode=modes, new_floor_area=[0, 500_000])
        for _ in range(count)
    ]  # fmt: skip


def land_rows(seed: str, count: int, missing: float) -> list[Row]:
    rng = Random(seed)
    return [
        _some(
            rng, missing,
            intensity_land_area=[MU, MU * 20, MU * 20 + 1, MU * 7],
            intensity_fixed_investment=[2_500_000_00 * 20, 2_500_000_00, 10**13],
            mu_investment_standard=[2_500_000_00, 2_500_000_01, 1],
            intensity_yearly_output=[3_000_000_00 * 20, 10**13],
            mu_output_standard=[3_000_000_00],
            plot_ratio_floor_area=[10**9, MU * 16 // 3, MU * 16 // 3 + 1],
            plot_ratio_standard=[800_000],
            building_footprint=[10**9, MU * 2], building_coverage_standard=[300_000],
        )
        for _ in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_zero_land_agrees_with_the_oracle_in_both_executors(missing: float) -> None:
    rows = zero_rows("zero", 3000, missing)
    wanted = [oracle_zero(row) for row in rows]
    assert codes("yanzhou-2020", ZERO, rows) == wanted == in_bulk("yanzhou-2020", ZERO, rows)
    assert {PAY, BELOW} <= set(wanted) and (MISSING in wanted) is (missing > 0)


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_land_intensity_agrees_with_the_oracle_in_both_executors(missing: float) -> None:
    rows = land_rows("land", 3000, missing)
    wanted = [oracle_land(row) for row in rows]
    assert codes("sunan-2017", LAND, rows) == wanted == in_bulk("sunan-2017", LAND, rows)
    assert {PAY, BELOW} <= set(wanted) and (MISSING in wanted) is (missing > 0)


BUILT = {"land_area_before": MU * 30, "land_area_after": MU * 30, "land_retrofit_mode": "storey"}


def told(name: str, measure: str, row: Row, **more: Any) -> CheckExplanation:
    found = explain_check(
        evaluator(name, measure, **more), model(name), environment(name, **more), rows_of(row),
        measure, 1,
    )  # fmt: skip
    measure_told = found.measures[0]
    assert isinstance(measure_told, CheckExplanation)
    return measure_told


@pytest.mark.system("zero-land-retrofit")
@pytest.mark.parametrize("name", ["yanzhou-2020", "jiangsu-2015"])
def test_added_floor_space_is_no_added_land(name: str) -> None:
    """The toy takes 零增地 for 零新增建筑面积: five thousand square metres more are refused."""
    for floor in (0, 500_000, 10**9):
        assert told(name, ZERO, {**BUILT, "new_floor_area": floor}).verdict == "符合"
    more_land = {**BUILT, "new_floor_area": 0, "land_area_after": MU * 30 + 1}
    assert told(name, ZERO, more_land).verdict == "不符合"


def test_a_figure_says_unit_standard_clause_and_gap() -> None:
    figure = told("yanzhou-2020", ZERO, {**BUILT, "land_area_after": MU * 32}).figures[0]
    assert (figure.value, figure.limit, figure.gap) == ("2亩", "0亩", "新增用地超出 2亩")
    assert figure.clause == "六.4" and figure.result == "不满足"


@pytest.mark.system("land-intensity-control")
def test_without_a_standard_nothing_ever_fits() -> None:
    """The toy has no table of standards: whatever is invested, nothing may be called enough."""
    row = {
        "intensity_land_area": MU, "intensity_fixed_investment": 10**14,
        "intensity_yearly_output": 10**14, "plot_ratio_floor_area": 10**9,
        "building_footprint": MU // 3,
    }  # fmt: skip
    found = told("yanzhou-2020", LAND, row)
    assert found.verdict == "缺数据"
    assert [figure.result for figure in found.figures] == ["缺数据"] * 4
    assert all(figure.limit == "缺数据" for figure in found.figures)
    full = {**row, "mu_investment_standard": 1, "mu_output_standard": 1,
            "plot_ratio_standard": 1, "building_coverage_standard": 1}  # fmt: skip
    assert told("yanzhou-2020", LAND, full).verdict == "符合"
    for term in full.keys() - row.keys():
        assert told("yanzhou-2020", LAND, {k: v for k, v in full.items() if k != term}).verdict == (
            "缺数据"
        )


def test_twenty_mu_lie_exactly_on_a_limit_per_mu() -> None:
    row = land_rows("x", 1, 0.0)[0] | {
        "intensity_land_area": MU * 20, "intensity_fixed_investment": 2_500_000_00 * 20,
        "mu_investment_standard": 2_500_000_00,
    }  # fmt: skip
    assert told("yanzhou-2020", LAND, row).figures[0].result == "满足"
    row["intensity_fixed_investment"] -= 1
    assert told("yanzhou-2020", LAND, row).figures[0].result == "不满足"


@pytest.mark.system("renewal-by-agreement")
def test_nothing_is_renewed_by_the_passing_of_time() -> None:
    """The toy renews when the term ends: without an assessment there is no conclusion."""
    runner = ExampleRunner(model("guangdong-2019"))
    found = {
        e.name: runner.explain(e)[0].measures[0].verdict
        for e in model("guangdong-2019").pack.examples
        if e.measure == "renewal-by-agreement"
    }
    assert found["没有评估"] == "缺数据"
    assert found["届满以后才评估"] == "不符合"
    assert found["届满前评估通过"] == "符合"


def test_an_open_parameter_leaves_the_check_undetermined() -> None:
    """A limit nobody has set is 未定, not 缺数据: asking the applicant would not help."""
    found = told("yanzhou-2020", ZERO, BUILT, overrides={"zero_land_limit": None})
    assert found.verdict_code == "undetermined"
    assert found.figures[0].result == "未定" and found.figures[0].limit == "未定"
    assert found.undetermined


def test_gates_come_before_checks() -> None:
    name = "guangdong-2019"
    found = evaluator(name, "renewal-by-agreement")
    row = found.decide(rows_of({"land_case": "other"}))["parcel"][0]
    assert row[found.plan.checks[0].code] == EXCLUDED


@pytest.mark.parametrize("name", ["yanzhou-2020", "guangdong-2019", "luan-2020", "sunan-2017"])
def test_no_plan_of_money_meets_a_check(name: str) -> None:
    plan = compile_plan(model(name), environment(name))
    checked = {m.id for m in model(name).measures.values() if m.checks}
    assert checked and not plan.checks
    assert not checked & {measure.id for measure in plan.measures}
    assert not any("_check" in item.id for item in plan.items)


def test_a_plan_of_checks_has_no_money_and_no_stage_after() -> None:
    plan = compile_plan(model(), environment("yanzhou-2020"), None, [LAND, ZERO])
    assert [check.id for check in plan.checks] == [ZERO, LAND]
    assert not plan.measures and plan.selection is None
    assert not plan.pooled_caps and not plan.budgets and not plan.rankings
    kinds = {getattr(item, "kind", "") for item in plan.items}
    assert not kinds & {"raw", "cap", "amount", "effective", "low", "high", "pool"}


def test_an_explanation_names_no_amount() -> None:
    for row in (BUILT, {**BUILT, "land_area_after": MU * 31}, {}):
        found = told("yanzhou-2020", ZERO, row)
        assert found.amount is None
        assert not any("元" in entry.result for entry in found.entries)


def test_what_is_missing_is_ranked_by_what_it_decides() -> None:
    found = explain_check(
        evaluator("yanzhou-2020", ZERO), model(), environment("yanzhou-2020"),
        rows_of({"land_area_before": MU}), ZERO, 1,
    )  # fmt: skip
    assert {fact.name for fact in found.missing} == {"改造后用地面积", "用地改造方式"}
    assert all(
        outcome.verdict in ("不符合", "缺数据") for f in found.missing for outcome in f.outcomes
    )


def test_the_words_of_a_check_say_that_there_is_no_money() -> None:
    text = describe_measure(model(), ZERO, environment("yanzhou-2020"))
    assert "只核对，不给金额" in text and "新增建筑面积：列出来，不作条件" in text
    assert "元" not in text.replace("单元", "")


def test_a_kept_program_decides_the_same(tmp_path: Any) -> None:
    fresh = evaluator("yanzhou-2020", ZERO)
    save_program(fresh.plan, tmp_path / "p")
    kept = load_program(tmp_path / "p")
    assert kept is not None and kept.plan.checks == fresh.plan.checks
    again = explain_check(kept, model(), environment("yanzhou-2020"), rows_of(BUILT), ZERO, 1)
    assert again.verdict == "符合"


def test_an_example_cannot_expect_money_of_a_check() -> None:
    m = model()
    good = next(e for e in m.pack.examples if e.measure == ZERO)
    bad = good.model_copy(update={"expect": {"amount": "0元"}})
    assert "没有金额" in ExampleRunner(m).run(bad).error
    assert ExampleRunner(m).run(good).passed
