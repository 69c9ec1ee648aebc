"""Lines find their project by code, by name and buyer, or by the buyer's only project."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from jigai.funding.attachment import Attacher
from jigai.funding.consortia import Member


@dataclass(frozen=True)
class Item:
    row: int
    project_name: str
    project_code: str | None
    enterprise_raw: str
    uscc: str | None
    duplicate_of_row: int | None = None


FIRST = Item(1, "甲线技改项目", "C-1", "甲公司", "U-1")
SECOND = Item(2, "乙线技改项目", "C-2", "甲公司", "U-1")
SHARED = Item(3, "丙线技改项目", "C-2", "乙公司", "U-2")
SAME_NAME = Item(4, "甲线技改项目", None, "丙公司", "U-3")
UNKNOWN = Item(5, "丁线技改项目", "C-5", "没登记公司", None)
AGAIN = Item(6, "甲线技改项目", "C-1", "甲公司", "U-1", duplicate_of_row=1)
MEMBER = Member(9, "GTT-1", "一号共同体", "lead", "戊公司", "戊公司", "U-5", "uscc", 1, True, None,
                None, frozenset(), False)  # fmt: skip
OTHER = replace(MEMBER, row=10, role="member", enterprise_raw="甲公司", uscc="U-1")
ATTACHER = Attacher([FIRST, SECOND, SHARED, SAME_NAME, UNKNOWN, AGAIN], [MEMBER, OTHER])


@pytest.mark.parametrize(
    ("code", "name", "buyer", "key", "how"),
    [
        ("C-1", None, "U-1", 1, "code"),
        ("C-1", "别的名称", "U-9", 1, "code"),
        ("C-2", None, "U-1", 2, "code"),
        ("C-2", None, "U-2", 3, "code"),
        ("C-2", None, "U-9", None, None),
        (None, "甲线技改项目", "U-1", 1, "name"),
        (None, "甲线技改", "U-3", 4, "name"),
        (None, "甲线技改项目", "U-2", None, None),
        ("C-404", "甲线技改项目", "U-1", 1, "name"),
        (None, None, "U-2", 3, "only_project"),
        (None, None, "U-1", None, None),
        (None, None, "U-9", None, None),
        ("GTT-1", None, "U-5", "GTT-1", "code"),
        (None, "一号共同体项目", "U-1", "GTT-1", "name"),
        (None, "丁线技改项目", "没登记公司", 5, "name"),
    ],
)
def test_the_order_of_the_ways(code, name, buyer, key, how) -> None:
    attachment = ATTACHER.attach(code=code, name=name, buyer=frozenset({buyer}))
    assert (attachment.target.key if attachment.target else None, attachment.how) == (key, how)


def test_a_buyer_belongs_to_its_project_or_to_its_consortium() -> None:
    single = ATTACHER.by_code["C-1"][0]
    group = ATTACHER.by_code["GTT-1"][0]
    assert single.bought_by(frozenset({"U-1"})) is True
    assert single.bought_by(frozenset({"U-2"})) is False
    assert single.bought_by(frozenset()) is None
    assert group.bought_by(frozenset({"U-1"})) is True
    assert group.bought_by(frozenset({"U-2"})) is False
