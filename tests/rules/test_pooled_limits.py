"""A pooled limit nobody knows leaves the amount open; it is not lifted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rules.tiny import environment, read_rows, run_both, tiny_model

WORDS = """\
terms:
- {term: 设备投资额, id: invested, subject: project, type: money, definition: 票面数, source: 企业}
- {term: 申报年, id: year_applied, subject: project, type: number, definition: 年度, source: 台账}
- {term: 往年已获, id: before, subject: enterprise, type: money, definition: 往年, source: 台账}
"""
MEASURES = """\
measures:
- id: grant
  number: 1
  name: 设备奖补
  clause: 一
  when: 达到(设备投资额, 投资起点)
  amount: 设备投资额 * 补助比例
selection: {clause: 一, quota: "1", group: [申报年]}
pooled_caps:
- {id: all, name: 合计封顶, clause: 一, measures: [grant], when: "true",
   amount: "greatest(补助上限 - 往年已获, 0)"}
"""


@pytest.mark.parametrize(
    ("before", "paid"), [("0元", 30_000_000), ("98万元", 2_000_000), ("未知", None)]
)
def test_what_is_left_under_the_limit(tmp_path: Path, before: str, paid: Any) -> None:
    model = tiny_model(tmp_path, {"vocabulary.yaml": WORDS, "measures.yaml": MEASURES})
    given = {
        "enterprise": [{"往年已获": before}],
        "project": [{"enterprise_key": "1", "设备投资额": "1000万元", "申报年": "2021"}],
    }
    for answer in run_both(model, environment(model), read_rows(model, given)).values():
        row = answer.rows["project"][1]
        assert (row["amount"], row["paid"]) == (30_000_000, paid)
