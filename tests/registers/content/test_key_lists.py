"""Lists that contradict one another are shown with both sources, and only those."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from jigai.core.models import Enterprise
from jigai.registers.models import Register
from jigai.registers.special.list_conflicts import (
    DROPPED,
    LEADER_SMALL,
    MISSING,
    SIZE,
    Listed,
    find_conflicts,
)
from tests.factories import COUNTY, SIBLING, make_enterprise, make_regions, make_user
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("key-enterprise-lists")
D = dt.date
DAY = D(2024, 6, 1)


def row(entry: int, firm: int, source: str, **more: Any) -> Listed:
    plain: dict[str, Any] = {
        "kind": "chain-leaders", "kind_word": "链主企业", "document": f"{source}1号",
        "place": COUNTY, "starts": D(2023, 1, 1), "ends": None, "leads": True,
    }  # fmt: skip
    return Listed(entry, firm, f"示例{firm}", source=source, **{**plain, **more})


def codes(*rows: Listed, day: dt.date = DAY) -> list[str]:
    return [one.code for one in find_conflicts(rows, day)]


def test_two_departments_that_agree_say_nothing() -> None:
    assert codes(row(1, 1, "甲"), row(2, 1, "乙")) == []
    # One department alone, or lists for different places, contradict nobody.
    assert codes(row(1, 1, "甲"), row(2, 2, "甲")) == []
    assert codes(row(1, 1, "甲"), row(2, 2, "乙", place=SIBLING)) == []
    assert codes(row(1, 1, "甲"), row(2, 2, "乙", kind="cluster-leaders")) == []


def test_an_enterprise_only_one_of_two_lists_names_is_shown_with_both() -> None:
    (found,) = find_conflicts([row(1, 1, "甲"), row(2, 2, "甲"), row(3, 2, "乙")], DAY)
    assert (found.code, found.enterprise, found.left.source) == (MISSING, 1, "甲")
    assert found.right is None
    assert found.right_words == "乙的链主企业名单（乙1号）"


def test_dropped_here_and_kept_there_from_the_day_on() -> None:
    rows = [row(1, 1, "甲"), row(2, 1, "乙", ends=DAY), row(3, 2, "甲"), row(4, 2, "乙")]
    (found,) = find_conflicts(rows, DAY)
    assert found.code == DROPPED
    assert found.right is not None
    assert (found.left.source, found.right.source, found.right.ends) == ("甲", "乙", DAY)
    assert codes(*rows, day=DAY - dt.timedelta(days=1)) == []
    # The same where nobody is left in the other list.
    assert codes(*rows[:2]) == [DROPPED]


def test_different_sizes_and_a_leader_written_down_as_small() -> None:
    rows = [row(1, 1, "甲", size="large", size_word="大型"),
            row(2, 1, "乙", kind="key-enterprises", leads=False, size="small",
                size_word="小型")]  # fmt: skip
    assert codes(*rows) == [LEADER_SMALL, SIZE]
    told = find_conflicts(rows, DAY)
    assert "小型" in told[0].say
    assert codes(row(1, 1, "甲", size="medium"), row(2, 1, "乙", size="medium")) == []


@pytest.fixture
def registers(db: None) -> tuple[Register, Register]:
    """Chain leaders and key enterprises as shipped."""
    make_regions()
    return ship("chain-leaders"), ship("key-enterprises")


def listing(firm: Enterprise, department: str, **more: Any) -> dict[str, Any]:
    return {"企业": {"name": firm.name, "uscc": firm.uscc}, "公布单位": department,
            "公布文号": f"{department}〔2024〕1号", "公布日期": "2024-01-10",
            "名单范围": COUNTY, **more}  # fmt: skip


def test_the_screen_lists_each_contradiction_with_both_sources(
    registers: tuple[Register, Register], client: Client
) -> None:
    leaders, keys = registers
    one, two, far = (make_enterprise(n) for n in ("示例甲厂", "示例乙厂", "示例丙厂"))
    since = {"since": D(2024, 1, 10)}
    put(leaders, listing(one, "示例工信局", 规模="大型"), listing(one, "示例发改局"),
        listing(two, "示例工信局"),
        listing(far, "示例工信局", 名单范围=SIBLING), **since)  # fmt: skip
    put(keys, listing(one, "示例工信局", 规模="小型"), **since)
    client.force_login(make_user("section-clerk"))
    at = "/registers/special/key-lists/"
    page = client.get(at, {"on": "2024-06-01"}).content.decode()
    assert "示例工信局的链主企业名单有这家企业，示例发改局同日的名单没有" in page
    assert "示例发改局〔2024〕1号" in page
    assert "规模记载不一致" in page
    assert "列为链主企业，却被记为小型" in page
    assert "示例丙厂" not in page
    empty = client.get(at, {"on": "2024-01-09"}).content.decode()
    assert "没有发现矛盾" in empty
    assert "这一天没有在册的名单" in empty


def test_an_expired_list_contradicts_as_one_that_ran_out(
    registers: tuple[Register, Register], client: Client
) -> None:
    firm, other = make_enterprise("示例甲厂"), make_enterprise("示例乙厂")
    put(registers[0], listing(firm, "示例工信局"), listing(other, "示例工信局"),
        listing(other, "示例发改局"),
        listing(firm, "示例发改局", 有效期至="2024-12-31"), since=D(2024, 1, 10))  # fmt: skip
    client.force_login(make_user("section-clerk"))
    at = "/registers/special/key-lists/"
    assert "没有发现矛盾" in client.get(at, {"on": "2024-12-31"}).content.decode()
    page = client.get(at, {"on": "2025-01-01"}).content.decode()
    assert "示例发改局已于 2025-01-01 到期" in page
