"""The twenty-one boundary cases of the table of ambiguities are examples of the packs, by id."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from jigai.rules.examples import ExampleRunner
from jigai.rules.loader import load_pack
from jigai.rules.model import Model, build_model

PACKS = Path(__file__).parents[2] / "packs"
# case → (pack, one word of its input, what must come out of each example in order)
CASES: dict[str, tuple[str, list[dict[str, object]]]] = {
    "E1": ("yanzhou-2020", [{"verdict": "不符合"}]),
    "E2": ("yanzhou-2020", [{"amount": "15万元"}]),
    "E3": ("yanzhou-2020", [{"amount": "100万元"}]),
    "E4": ("yanzhou-2020", [{"verdict": "不符合", "reasons": ["grade_D"]}]),
    "E5": ("yanzhou-2020", [{"amount": "15万元"}]),
    "E6": ("yanzhou-2020", [{"amount": "100万元"}]),
    "E7": ("yanzhou-2020", [{"amount": "20万元"}, {"amount": "50万元"}]),
    "E8": ("yanzhou-2020", [{"verdict": "不符合"}]),
    "E9": ("yanzhou-2020", [{"amount": "15.6万元", "shares": ["7.8万元", "4.8万元", "3万元"]}]),
    "E10": ("yanzhou-2020", [{"verdict": "不符合"}]),
    "E11": ("yanzhou-2020", [{"shares": ["333333.34元", "333333.33元", "333333.33元"]}]),
    "E12": ("yanzhou-2020", [{"verdict": "不符合"}]),
    "E13": (
        "yanzhou-2020",
        [{"status": "未施行"}, {"status": "有效"}, {"status": "有效"}, {"status": "已过期"}],
    ),
    "E14": (
        "luan-2020",
        [{"verdict": "不符合"}, {"verdict": "符合"}, {"admitted": "否"}, {"admitted": "是"}],
    ),
    "E15": ("luan-2020", [{"paid": ["50万元", "20万元"], "simulated": "是"}]),
    "E16": (
        "jiangsu-2015",
        [
            {"verdict": "违约", "due": "2015-12-31"},
            {"verdict": "不适用"},
            {"verdict": "未到期", "due": "2017-12-31"},
        ],
    ),
    "E17": ("guangdong-2019", [{"amount": "400万元"}]),
    "E18": (
        "guangdong-2019",
        [{"attained": "未达成", "gap": "1", "others": dict.fromkeys(
            ("GD-T03", "GD-T04", "GD-T05"), "达成")}],
    ),
    "E19": ("jiangsu-2015", [{"attained": "达成", "value": "12"}]),
    "E20": ("sunan-2017", [{"admitted": "否"}, {"admitted": "是"}]),
    "E21": (
        "yanzhou-2020",
        [{"attained": "达成", "value": "8.45"}, {"attained": "未达成", "failed_years": ["2022"]}],
    ),
}  # fmt: skip


@cache
def model(pack: str) -> Model:
    return build_model(load_pack(PACKS / pack))


def test_the_table_is_complete() -> None:
    assert list(CASES) == [f"E{n}" for n in range(1, 22)]
    packs = sorted({pack for pack, _expected in CASES.values()})
    marked = {e.boundary for pack in packs for e in model(pack).pack.examples} - {""}
    assert marked == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_each_case_stands_in_its_pack_and_holds(case: str) -> None:
    pack, expected = CASES[case]
    examples = [e for e in model(pack).pack.examples if e.boundary == case]
    assert len(examples) == len(expected)
    runner = ExampleRunner(model(pack))
    for example, told in zip(examples, expected, strict=True):
        assert {key: example.expect[key] for key in told} == told
        assert runner.run(example).passed, runner.run(example).difference


def test_titles_pay_only_where_the_draft_may_be_simulated() -> None:
    """E15 holds under reading L1 b; under a a draft gives no figure."""
    (example,) = [e for e in model("luan-2020").pack.examples if e.boundary == "E15"]
    strict = example.model_copy(update={"readings": {"activation_status": "a"}})
    assert not ExampleRunner(model("luan-2020")).run(strict).passed
