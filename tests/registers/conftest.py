"""A register of the county with people around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.registers.models import Entry, Register
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.services.edit_schema import save_draft
from jigai.registers.services.propose_entry import propose_entry
from jigai.registers.services.publish_schema import publish_schema
from jigai.registers.services.save_register import save_register
from tests.factories import COUNTY, make_enterprise, make_regions, make_user

START = dt.date(2024, 1, 1)
FIELDS: list[dict[str, Any]] = [
    {"id": "firm", "label": "企业", "type": "enterprise", "required": True, "public": True},
    {"id": "level", "label": "级别", "type": "choice", "required": True, "public": True,
     "options": {"city": "市级", "province": "省级"}},
    {"id": "revenue", "label": "营业收入", "type": "money", "public": True, "mask": "range",
     "steps": ["1000万元", "1亿元"]},
    {"id": "since", "label": "认定日期", "type": "date"},
    {"id": "valid_to", "label": "有效期至", "type": "date", "public": True},
    {"id": "phone", "label": "联系电话", "type": "text"},
]  # fmt: skip
SCHEMA: dict[str, Any] = {
    "fields": FIELDS, "title": "firm", "subject": "firm", "unique": ["firm"], "apply": True,
    "constants": {"收入起点": "1000万元及以上"}, "admission": "达到(营业收入, 收入起点)",
    "validations": [{"rule": "有效期至 >= 认定日期", "say": "有效期至早于认定日期"}],
    "validity": {"kind": "field", "field": "valid_to"}, "remind": 30,
    "counting": [{"id": "top", "name": "省级户数", "when": "级别 = '省级'"}], "k": 3,
}  # fmt: skip


@pytest.fixture
def clerk(db: None) -> User:
    """Who designs and edits."""
    make_regions()
    return make_user("section-clerk", name="经办人")


@pytest.fixture
def chief(clerk: User) -> User:
    """Who approves."""
    return make_user("section-chief", name="审核人")


Make = Callable[..., Register]


@pytest.fixture
def make_register(clerk: User) -> Make:
    """A published register of the county, with any part of the schema changed."""

    def make(code: str = "key-firms", **changes: Any) -> Register:
        values = {
            "code": code, "name": f"名录 {code}", "kind": "names", "region_code": COUNTY,
            "public": changes.pop("public", True), "keeper": "区工业和信息化局",
        }  # fmt: skip
        access = access_of(clerk)
        register = save_register(values=values, by=clerk, access=access)
        save_draft(register=register, content={**SCHEMA, **changes}, by=clerk, access=access)
        publish_schema(register=register, by=clerk, access=access)
        return Register.objects.select_related("current").get(pk=register.pk)

    return make


@pytest.fixture
def register(make_register: Make) -> Register:
    """The register most tests use."""
    return make_register()


List = Callable[..., Entry]


@pytest.fixture
def listed(clerk: User, chief: User) -> List:
    """An entry proposed by the clerk and approved by the chief."""

    def make(register: Register, effective: dt.date = START, **values: Any) -> Entry:
        given = {"firm": None, "level": "市级", "revenue": "5000万元", **values}
        if given["firm"] is None:
            firm = make_enterprise()
            given["firm"] = {"id": firm.pk, "name": firm.name}
        entry = propose_entry(
            register=register, values=given, by=clerk, access=access_of(clerk), effective=effective
        )
        proposal = entry.proposals.get()
        decide_proposal(proposal=proposal.pk, approve=True, by=chief, access=access_of(chief))
        return Entry.objects.select_related("register__current").get(pk=entry.pk)

    return make
