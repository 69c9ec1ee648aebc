"""Scenarios over facts prepared once equal running them one by one, to the fen."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jigai.rules.batch import BatchEvaluator
from jigai.rules.binding import Environment
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import build_environment
from jigai.rules.errors import EvaluationError
from jigai.rules.model import Model
from jigai.rules.plan import MISSING, PAY, UNDETERMINED
from jigai.rules.scenarios import Scenarios, WholeTotals
from jigai.rules.snapshot import Snapshot, from_rows
from jigai.rules.sweep import Sweeper, read_scenario, sweep
from jigai.workbench.dossier import Dossier
from jigai.workbench.evaluation import fact_rows
from tests.rules.harness import model
from tests.rules.tiny import tiny_model

SCENARIOS: dict[str, dict[str, str]] = {
    "现行": {},
    "比例四": {"设备补助比例": "4%"},
    "三分之一": {"设备补助比例": "1/3%"},
    "两个名额": {"一般企业申报数": "2"},
}
# One that reaches each place a parameter can stand: rates, caps, thresholds, quotas, sums of
# members, shares of consortia, dates worked out from it, a value nobody has set.
SWEPT = [
    {"机器人补助比例": "6.5%"},
    {"设备补助上限": "73万元", "机器人购置起点": "250万元及以上"},
    {"信息化补助比例": "0%"},
    {"牵头企业申报数": "3", "上浮点数": "0.5个百分点"},
    {"共同体补助比例": "4%"},
    {"共同体补助上限": "50万元", "设备投资起点": "800万元及以上"},
    {"中小占比起点": "30%以上"},
    {"共同体投资起点": "超过900万元"},
]
ALONE = [
    ({"设备投资起点": "超过800万元"}, "换了"),
    ({"违法回溯期": "5年"}, "由所变的参数算出"),
    ({"设备补助比例": None}, "未定"),
    ({"年度专项资金预算": "1元"}, "未定"),
]


def environment(overrides: Mapping[str, str | None] | None = None) -> Environment:
    m = model()
    return build_environment(m.pack, m.scope, year=2021, overrides=overrides)


@pytest.fixture(scope="module")
def snapshot(dossier: Dossier) -> Snapshot:
    """The sample district as tables."""
    return from_rows(fact_rows(dossier), compile_plan(model(), environment()).inputs)


def separate(m: Model, env: Environment, snapshot: Snapshot) -> dict[str, int]:
    """One run by itself, summed the way the result workbook sums it."""
    run = BatchEvaluator(m, env, snapshot).run(bounds=False)
    out = run.projects
    assert out is not None
    pools = sum(
        int(share)
        for members in run.members.values()
        for share, open_ in zip(members["share"], members["open"], strict=True)
        if not open_
    )
    waiting = [out.verdict, *(pool.verdict for pool in run.consortia.values())]
    return {
        "qualified": int((out.verdict == PAY).sum()),
        "selected": int((out.selected == 1).sum()),
        "projects": int(out.paid.sum()),
        "consortia": pools,
        "open": sum(int(((v == MISSING) | (v == UNDETERMINED)).sum()) for v in waiting),
    }


def same(row: WholeTotals, wanted: dict[str, int]) -> None:
    assert {name: getattr(row, name) for name in wanted} == wanted, row
    assert row.total == row.projects + row.consortia


def test_one_query_equals_separate_runs(snapshot: Snapshot) -> None:
    """Qualified, selected, paid and open of every scenario, to the fen."""
    found = sweep(model(), environment(), snapshot, SCENARIOS)
    assert [row.name for row in found] == list(SCENARIOS)
    for row, overrides in zip(found, SCENARIOS.values(), strict=True):
        out = BatchEvaluator(model(), environment(overrides), snapshot).run(bounds=False).projects
        assert out is not None
        assert row.qualified == int((out.verdict == PAY).sum())
        assert row.selected == int((out.selected == 1).sum())
        assert row.paid == int(out.paid.sum())
        assert row.open == int((out.verdict == MISSING).sum())
    assert len({row.paid for row in found}) == len(SCENARIOS)


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ({"没有": "1%"}, "没有参数"),
        ({"年度专项资金预算": "1元"}, "未定"),
        ({"共同体补助比例": "4%", "辖区代码": "370811"}, "不是数值"),
        ({"设备投资起点": "超过500万元"}, "换了"),
        ({"设备补助比例": "500万元"}, "无量纲"),
        ({"设备补助比例": "三成"}, "读不懂"),
    ],
)
def test_what_cannot_be_swept_is_refused(
    snapshot: Snapshot, scenario: dict[str, str], said: str
) -> None:
    """Unknown names, open parameters, lists, another comparator, another kind of quantity."""
    with pytest.raises(EvaluationError, match=said):
        sweep(model(), environment(), snapshot, {"现行": {}, "变": scenario})


def test_whole_packs_are_priced_as_they_are_decided(snapshot: Snapshot) -> None:
    """Projects and consortia; what cannot be swept is run by itself and says why."""
    asked: dict[str, Mapping[str, str | None]] = {"现行": {}}
    asked |= {str(n): overrides for n, overrides in enumerate(SWEPT)}
    asked |= {f"单{n}": overrides for n, (overrides, _why) in enumerate(ALONE)}
    with Scenarios(model(), snapshot, environment) as prices:
        rows = {row.name: row for row in prices.totals(asked)}
        assert prices.passes == 1 + len(ALONE)
    for name, overrides in asked.items():
        same(rows[name], separate(model(), environment(overrides), snapshot))
    for n, (_overrides, why) in enumerate(ALONE):
        assert why in rows[f"单{n}"].why_alone
    assert not any(row.why_alone for name, row in rows.items() if not name.startswith("单"))
    # Each of them moves something, or the comparison would show nothing.
    moved = [rows[str(n)] for n in range(len(SWEPT))]
    assert all((r.total, r.open, r.qualified) != (rows["现行"].total, rows["现行"].open,
               rows["现行"].qualified) for r in moved)  # fmt: skip


def test_a_sweeper_prepares_anew_only_beyond_what_it_saw(snapshot: Snapshot) -> None:
    """A value between the ends on the same denominator needs nothing; another parameter does."""
    m, env = model(), environment()
    seen = [read_scenario(m, env, {"设备补助比例": text}) for text in ("1%", "5%")]
    with Sweeper(m, env, snapshot, seen) as sweeper:
        first = sweeper._run
        inside = sweeper.totals({"a": read_scenario(m, env, {"设备补助比例": "4%"})})
        assert sweeper._run is first
        beyond = {"b": read_scenario(m, env, {"设备补助比例": "4.01%", "设备补助上限": "7万元"})}
        (found,) = sweeper.totals(beyond)
        assert sweeper._run is not first
        (again,) = sweeper.totals({"a": read_scenario(m, env, {"设备补助比例": "4%"})})
    assert inside[0].paid == again.paid
    out = BatchEvaluator(
        m, environment({"设备补助比例": "4.01%", "设备补助上限": "7万元"}), snapshot
    ).run().projects  # fmt: skip
    assert out is not None and found.paid == int(out.paid.sum())


def test_a_parameter_that_divides_is_run_by_itself(snapshot: Snapshot) -> None:
    """A reading lets the cap rise with the rate divided by the rate; nothing cannot divide."""
    m = model()

    def made(overrides: Mapping[str, str | None]) -> Environment:
        return build_environment(
            m.pack, m.scope, year=2021, overrides=overrides, readings={"uplift_order": "c"}
        )

    with Scenarios(m, snapshot, made) as prices:
        (row,) = prices.totals({"a": {"机器人补助比例": "4%"}})
        assert "除法" in row.why_alone
        same(row, separate(m, made({"机器人补助比例": "4%"}), snapshot))
        with pytest.raises(EvaluationError):
            prices.totals({"零": {"设备补助比例": "0%"}})


# a pack of one measure, where every way to select can be tried

RATE, START, CAP = ("补助比例", "投资起点", "补助上限")
SELECTIONS = {
    "一项": 'selection: {clause: 一, quota: "1", group: [申报年]}\n',
    "两项": 'selection: {clause: 一, quota: "1 + 1", group: [申报年]}\n',
    "不限": "",
}


def _tiny(root: Path, selection: str) -> Model:
    from tests.rules.tiny import BASE

    measures = BASE["measures.yaml"].split("selection:")[0] + SELECTIONS[selection]
    return tiny_model(root, {"measures.yaml": measures})


def _rows(seed: int, count: int = 60) -> dict[str, list[dict[str, Any]]]:
    draw = random.Random(seed)
    projects = [
        {
            "key": n,
            "enterprise_key": draw.choice(["A", "B", "C", None]),
            "year_applied": draw.choice([2021, 2022, None] if seed % 3 == 0 else [2021, 2022]),
            "filed": draw.choice([True, True, True, False, None]),
            "invested": draw.choice([None, 499_999_999, 500_000_000, 500_000_001])
            if draw.random() < 0.3 else draw.randrange(10**8, 6 * 10**9),
        }
        for n in range(1, count)
    ]  # fmt: skip
    return {"enterprise": [{"key": k} for k in "ABC"], "project": projects}


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("seed", range(3))
def test_every_way_to_select_is_priced_like_a_run(
    tmp_path: Path, selection: str, seed: int
) -> None:
    """Quota one, two and none; orphans, unknown periods, facts on the threshold, ties."""
    m = _tiny(tmp_path, selection)

    def made(overrides: Mapping[str, str | None]) -> Environment:
        return build_environment(m.pack, m.scope, year=2021, overrides=overrides)

    snapshot = from_rows(_rows(seed), compile_plan(m, made({})).inputs)
    asked: dict[str, dict[str, str]] = {
        f"{r}/{s}/{c}": {RATE: r, START: s, CAP: c}
        for r in ("0%", "7.77%")
        for s in ("100万元及以上", "500万元及以上")
        for c in ("20万元", "9000万元")
    } | {"比例": {RATE: "1/3%"}, "现行": {}}
    with Scenarios(m, snapshot, made) as prices:  # type: ignore[arg-type]
        for row in prices.totals(asked):
            run = BatchEvaluator(m, made(asked[row.name]), snapshot).run().projects
            assert run is not None and not row.why_alone
            found = (row.qualified, row.selected, row.projects)
            assert found == (int((run.verdict == PAY).sum()), int((run.selected == 1).sum()),
                             int(run.paid.sum())), row.name  # fmt: skip
            waits = int(((run.verdict == MISSING) | (run.verdict == UNDETERMINED)).sum())
            assert row.open == waits


def test_no_rows_cost_nothing(tmp_path: Path) -> None:
    m = _tiny(tmp_path, "一项")

    def made(overrides: Mapping[str, str | None]) -> Environment:
        return build_environment(m.pack, m.scope, year=2021, overrides=overrides)

    rows = {"enterprise": [], "project": [{"key": 1, "filed": False, "invested": 1}]}
    snapshot = from_rows(rows, compile_plan(m, made({})).inputs)
    with Scenarios(m, snapshot, made) as prices:  # type: ignore[arg-type]
        (row,) = prices.totals({"a": {RATE: "4%"}})
    assert (row.total, row.qualified, row.open) == (0, 0, 0)
