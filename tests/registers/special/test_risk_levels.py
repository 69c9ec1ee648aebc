"""Levels of risk before and after; what nobody assessed is no improvement."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.registers.entry_values import prepare
from jigai.registers.models import Register
from jigai.registers.special.risk_levels import HIGHER, LOWER, SAME, UNKNOWN, moved
from tests.factories import make_enterprise, make_project, make_regions
from tests.registers.content.shipped import ship

pytestmark = pytest.mark.system("safety-upgrade-tracker")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("grave", "low", LOWER), ("grave", "major", LOWER), ("common", "common", SAME),
        ("low", "common", HIGHER), ("grave", None, UNKNOWN), (None, "low", UNKNOWN),
        (None, None, UNKNOWN), ("grave", "nothing", UNKNOWN),
    ],
)  # fmt: skip
def test_what_became_of_a_level(before: Any, after: Any, found: str) -> None:
    assert moved({"before": before, "after": after}) == found


@pytest.fixture
def register(db: None) -> Register:
    """The register as shipped."""
    make_regions()
    return ship("safety-retrofits")


def test_a_level_needs_its_day_and_its_proof(register: Register) -> None:
    project = make_project(make_enterprise("示例铸造厂"))
    base = {"name": "示例", "project": str(project.pk), "theme": "casting"}
    before = {"before": "grave", "before_on": "2021-01-01", "before_number": "示例评 1 号"}
    after = {"after": "low", "after_on": "2021-06-01", "after_number": "示例评 2 号"}

    def told(*parts: dict[str, Any]) -> list[str]:
        values: dict[str, Any] = dict(base)
        for part in parts:
            values |= part
        (row,) = prepare(register, [values])
        return [problem.message for problem in row.problems]

    assert told() == told(before) == told(before, after) == []
    assert told({"before": "grave"}) == ["改造前的风险等级和评估日期要一起填"]
    assert told(before, {"before_number": ""}) == ["改造前的风险等级没有证明"]
    assert told(after, {"after_number": ""}) == ["改造后的风险等级没有证明"]
    assert told(before, after, {"after_on": "2020-12-31"}) == ["改造后的评估早于改造前"]
    assert told({"project": "99999999"}) == ["项目库里没有编号“99999999”"]
