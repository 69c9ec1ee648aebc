"""减免税进口设备监管台账: the end is checked and reminded of, a sale within it needs its tax."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jigai.core.models import Enterprise
from jigai.registers.entry_values import prepare
from jigai.registers.models import Register
from jigai.taxes.imports import REMIND
from tests.factories import make_enterprise, make_regions
from tests.registers.content.loaded import load

pytestmark = [pytest.mark.django_db, pytest.mark.system("import-exemption")]


@pytest.fixture
def register() -> Register:
    make_regions()
    return load("exempt-imports")[0]


@pytest.fixture
def firm() -> Enterprise:
    return make_enterprise("示例进口有限公司")


def problems(register: Register, firm: Enterprise, **more: Any) -> list[str]:
    (row,) = prepare(register, [{
        "enterprise": {"id": firm.pk, "name": firm.name}, "item": "示例加工中心",
        "scheme": "own", "goods": "machine", "released": "2021-03-15", "until": "2024-03-14",
        "value": "1000万元", "duty_rate": "10", "proof": "示例证明", **more,
    }])  # fmt: skip
    return [str(problem) for problem in row.problems]


def test_the_end_is_that_of_the_law_of_the_day(register: Register, firm: Enterprise) -> None:
    assert problems(register, firm) == []
    assert "2024-03-14" in problems(register, firm, until="2026-03-14")[0]
    old = {"released": "2017-03-15"}
    assert problems(register, firm, **old, until="2022-03-14") == []
    assert problems(register, firm, **old, until="2020-03-14") == []
    assert problems(register, firm, **old, until="2021-03-14") != []


def test_a_sale_within_supervision_needs_permit_and_tax(
    register: Register, firm: Enterprise
) -> None:
    sold = {"sold_on": "2022-09-20"}
    assert "没有海关准许文号" in problems(register, firm, **sold)[0]
    named = sold | {"permit": "示例关函1号"}
    assert "500,000.00 元" in problems(register, firm, **named)[0]
    assert problems(register, firm, **named, back_tax="499999.99元") != []
    assert problems(register, firm, **named, back_tax="50万元") == []
    assert problems(register, firm, sold_on="2024-03-15") == []


def test_one_is_reminded_before_the_end(register: Register) -> None:
    assert register.schema.remind == max(REMIND)
    assert register.schema.validity.field == "until"


def test_a_day_the_law_does_not_know_is_noted(register: Register, firm: Enterprise) -> None:
    (row,) = prepare(register, [{
        "enterprise": {"id": firm.pk, "name": firm.name}, "item": "示例", "scheme": "own",
        "goods": "machine", "released": "2005-03-15", "until": "2010-03-14", "value": "1万元",
        "proof": "示例",
    }])  # fmt: skip
    assert row.problems == [] and "没有核对" in row.notes[0]
    assert dt.date.fromisoformat(row.values["released"]).year == 2005
