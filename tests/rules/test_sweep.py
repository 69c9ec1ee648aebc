"""A scenario is a row: one query over facts × scenarios equals running them one by one."""

from __future__ import annotations

import pytest

from jigai.rules.batch import BatchEvaluator
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import build_environment
from jigai.rules.errors import EvaluationError
from jigai.rules.plan import MISSING, PAY
from jigai.rules.snapshot import Snapshot, from_rows
from jigai.rules.sweep import sweep
from jigai.workbench.dossier import Dossier
from jigai.workbench.evaluation import fact_rows
from tests.rules.harness import model

SCENARIOS = {
    "现行": {},
    "比例四": {"设备补助比例": "4%"},
    "三分之一": {"设备补助比例": "1/3%"},
    "起点八百": {"设备投资起点": "800万元及以上", "设备补助上限": "80万元"},
    "加两点": {"上浮点数": "2个百分点", "软硬件投资起点": "150万元及以上"},
    "两个名额": {"一般企业申报数": "2"},
}


@pytest.fixture(scope="module")
def snapshot(dossier: Dossier) -> Snapshot:
    """The sample district as tables."""
    m = model()
    plan = compile_plan(m, build_environment(m.pack, m.scope, year=2021))
    return from_rows(fact_rows(dossier), plan.inputs)


def test_one_query_equals_separate_runs(snapshot: Snapshot) -> None:
    """Qualified, selected, paid and open of every scenario, to the fen."""
    m = model()
    found = sweep(m, build_environment(m.pack, m.scope, year=2021), snapshot, SCENARIOS)
    assert [row.name for row in found] == list(SCENARIOS)
    for row, overrides in zip(found, SCENARIOS.values(), strict=True):
        env = build_environment(m.pack, m.scope, year=2021, overrides=overrides)
        out = BatchEvaluator(m, env, snapshot).run().projects
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
    ],
)
def test_what_cannot_be_swept_is_refused(
    snapshot: Snapshot, scenario: dict[str, str], said: str
) -> None:
    """Unknown names, undetermined parameters beside scenarios that leave them, lists."""
    m = model()
    env = build_environment(m.pack, m.scope, year=2021)
    with pytest.raises(EvaluationError, match=said):
        sweep(m, env, snapshot, {"现行": {}, "变": scenario})
