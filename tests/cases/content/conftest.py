"""The county of the shipped approvals."""

from __future__ import annotations

import pytest

from tests.cases.content.town import Town
from tests.registers.content.shipped import put
from tests.registers.content.shipped import ship as ship_register


@pytest.fixture
def town(db: None) -> Town:
    """Departments, the enterprise and their people."""
    return Town()


@pytest.fixture
def zone(town: Town) -> str:
    """A pilot zone of the county where every quick way is tried."""
    row = {"name": "示例高新技术产业开发区", "place": "370812", "level": "province",
           "modes": ["容缺", "零增地", "拿地即开工", "承诺制", "先建后验"],
           "document": "示例试点〔2024〕1号"}  # fmt: skip
    put(ship_register("pilot-zones"), row)
    return str(row["name"])
