"""A slogan is not a target, and only accepted audits count."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from jigai.core.models import Enterprise
from jigai.paths import packs_dir
from jigai.policies.models import PackItem, PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.registers.counting import count_on
from jigai.registers.models import Register
from jigai.registers.selectors_public import public_entries, public_row
from jigai.registers.special.cleaner_counts import Audit, counts, progress
from tests.factories import SIBLING, make_enterprise, make_regions, make_user
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("clean-production-list")
D = dt.date
DAY = D(2020, 12, 31)
DONE = {"state": "accepted", "conclusion": "passed", "accepted": D(2020, 6, 1)}


@pytest.mark.parametrize(("more", "why"), [
    (DONE, ""), ({**DONE, "accepted": DAY}, ""), ({**DONE, "accepted": D(2021, 1, 1)}, "才验收"),
    ({**DONE, "accepted": None}, "没有验收日期"), ({**DONE, "conclusion": "failed"}, "不是通过"),
    ({**DONE, "conclusion": ""}, "不是通过"), ({**DONE, "rectify": True}, "整改没有完成"),
    ({**DONE, "rectify": True, "rectified": DAY}, ""),
    ({**DONE, "rectify": True, "rectified": D(2021, 1, 1)}, "整改没有完成"),
    *(({**DONE, "state": s}, "还没有验收")
      for s in ("listed", "auditing", "reported", "evaluated")),
])  # fmt: skip
def test_what_counts(more: dict[str, Any], why: str) -> None:
    told = counts(Audit(1, "示例", **more), DAY)
    assert (told == "") is (why == "")
    assert why in told


def test_late_audits_and_rectifications() -> None:
    listed = Audit(1, "示例一", "listed", mandatory=True, published=D(2020, 3, 31))
    assert not progress([listed], D(2020, 5, 31)).late
    assert "2020-05-31 前启动" in progress([listed], D(2020, 6, 1)).late[0].why
    assert "2021-03-31 前完成" in progress([listed], D(2021, 4, 1)).late[0].why
    voluntary = Audit(2, "示例二", "listed", published=D(2020, 3, 31))
    fixing = Audit(3, "示例三", "accepted", rectify=True, rectify_by=D(2020, 9, 1))
    assert not progress([voluntary], DAY).late
    assert not progress([fixing], D(2020, 9, 1)).late
    assert "整改期限" in progress([fixing], D(2020, 9, 2)).late[0].why


@pytest.fixture
def register(db: None) -> Register:
    """The list as shipped."""
    make_regions()
    return ship("clean-production-list")


@pytest.fixture
def guangdong(db: None) -> PackVersion:
    """The document with the slogan."""
    return install_pack(folder=packs_dir() / "guangdong-2019", check=False)


def audit(firm: Enterprise, **more: Any) -> dict[str, Any]:
    return {"企业": {"name": firm.name, "uscc": firm.uscc}, "审核批次": "2019年度",
            "审核类别": "强制", "列入日期": "2020-01-01", "状态": "审核中", **more}  # fmt: skip


ACCEPTED = {"状态": "已验收", "结论": "通过", "验收日期": "2020-06-01"}


def test_the_counting_rule_of_the_register_says_the_same(register: Register) -> None:
    firms = [make_enterprise(f"示例{n}厂") for n in "甲乙丙丁戊"]
    put(register, audit(firms[0], **ACCEPTED), audit(firms[1]),
        audit(firms[2], **{**ACCEPTED, "结论": "不通过"}), audit(firms[3], **ACCEPTED, 要整改="是"),
        audit(firms[4], **ACCEPTED, 要整改="是", 整改完成日期="2020-07-01"))  # fmt: skip
    assert count_on(register, DAY) == 5
    assert count_on(register, DAY, "accepted") == 2
    assert count_on(register, DAY, "accepted", region=SIBLING) == 0


def test_slogan_target_and_count_stand_apart_on_the_page(
    register: Register, client: Client, guangdong: PackVersion
) -> None:
    firms = [make_enterprise(f"示例{n}厂") for n in "甲乙丙"]
    put(
        register,
        audit(firms[0], **ACCEPTED),
        audit(firms[1]),
        audit(firms[2], **ACCEPTED, 要整改="是"),
    )
    client.force_login(make_user("section-clerk"))
    page = client.get(
        "/registers/special/cleaner-production/", {"on": "2020-12-31"}
    ).content.decode()
    assert "行动名称" in page
    assert "名称里的 10000" in page
    assert "不据此判达成" in page
    assert "计数 1 家" in page
    assert "名单 3 家" in page
    assert "要求的整改没有完成" in page
    target = PackItem.objects.get(section="targets", code="GD-T18")
    assert target.data["comparator"] == "name"


def test_a_document_that_sets_a_number_is_shown_as_a_target(
    register: Register, client: Client, guangdong: PackVersion
) -> None:
    PackItem.objects.create(
        pack=guangdong, section="targets", place=900, code="GD-T90", name="示例：清洁生产审核家数",
        clauses=["三.七"], systems=[], data={"value": "50", "unit": "家", "comparator": ">="},
    )  # fmt: skip
    client.force_login(make_user("section-clerk"))
    page = client.get("/registers/special/cleaner-production/").content.decode()
    assert ">目标<" in page
    assert page.count("行动名称") == 1


def test_a_county_sees_its_own_and_the_public_sees_no_duty(
    register: Register, client: Client
) -> None:
    near, far = make_enterprise("示例近厂"), make_enterprise("示例远厂", region=SIBLING)
    put(register, audit(near, **ACCEPTED, 整改内容="示例内部整改"), audit(far, **ACCEPTED))
    client.force_login(make_user("section-clerk"))
    page = client.get(
        "/registers/special/cleaner-production/", {"on": "2020-12-31"}
    ).content.decode()
    assert "名单 1 家" in page
    rows = [public_row(register, span) for span in public_entries(register, DAY)]
    assert {r.title for r in rows} == {"示例近厂", "示例远厂"}
    cells = dict(rows[0].cells)
    assert cells["状态"] == "已验收"
    assert cells["结论"] == "通过"
    assert "整改内容" not in cells
