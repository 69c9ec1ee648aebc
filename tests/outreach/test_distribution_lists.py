"""Addressees as the documents name them."""

from __future__ import annotations

import datetime as dt

import pytest

from jigai.core.models import Department
from jigai.outreach.distribution_lists import (
    Addressee,
    clause_of_list,
    listed_addressees,
    named_unit,
    once,
)
from tests.factories import COUNTY, SIBLING, make_department, make_regions

pytestmark = [pytest.mark.django_db, pytest.mark.system("document-distribution")]
TODAY = dt.date(2021, 6, 1)
FIVE = ["区委办公室", "区人大常委会办公室", "区政协办公室", "区法院", "区检察院"]


def names(kind: str, slug: str = "yanzhou-2020", region: str = COUNTY) -> list[str]:
    return [u.name for u in listed_addressees(slug, region, TODAY) if u.kind == kind]


def test_yanzhou_copies_to_five_and_sends_to_every_department() -> None:
    make_department(name="区工业和信息化局")
    make_department(line="finance", name="区财政局")
    make_department(SIBLING, name="任城局")
    assert names("copy") == FIVE
    assert names("main") == [
        "各镇人民政府", "各街道办事处", "兖州工业园区管委会", "区财政局", "区工业和信息化局",
    ]  # fmt: skip


def test_a_department_that_has_gone_gets_nothing() -> None:
    gone = make_department(line="land", name="区国土资源局")
    Department.objects.filter(pk=gone.pk).update(valid_to=TODAY)
    coming = make_department(line="new", name="新设局")
    Department.objects.filter(pk=coming.pk).update(valid_from=TODAY + dt.timedelta(days=1))
    # Nobody is known, so the words of the document stay.
    assert names("main")[-1] == "区政府各部门、单位"
    Department.objects.filter(pk=gone.pk).update(valid_to=TODAY + dt.timedelta(days=1))
    assert names("main")[-1] == "区国土资源局"


def test_a_collective_name_is_no_unit_to_send_to() -> None:
    make_department(line="finance", name="区财政局")
    make_department(line="collective", name="区直有关部门")
    assert "区财政局" in names("main") and "区直有关部门" not in names("main")


def test_a_unit_of_the_directory_is_recognised_by_its_other_name() -> None:
    park = make_department(line="park", name="兖州工业园区管理委员会")
    park.aliases.create(name="园区管委会")
    by_alias = named_unit("main", "园区管委会", COUNTY, TODAY)
    assert (by_alias.name, by_alias.wording) == (park.name, "园区管委会")
    unit = next(u for u in listed_addressees("yanzhou-2020", COUNTY, TODAY) if "园区" in u.name)
    assert (unit.name, unit.department) == ("兖州工业园区管理委员会", park.pk)
    assert unit.wording == "兖州工业园区管委会"
    assert [u.name for u in listed_addressees("yanzhou-2020", COUNTY, TODAY)].count(park.name) == 1
    assert named_unit("main", "不在名录的单位", COUNTY, TODAY).department is None


def test_governments_below_are_named_one_by_one() -> None:
    make_regions()
    found = names("main", "jiangsu-2015", "370000")
    assert found[:3] == ["济宁市人民政府", "任城区人民政府", "兖州区人民政府"]
    assert names("main", "guangdong-2019", "370000")[0] == "济宁市人民政府"
    assert "兖州区人民政府" not in names("main", "guangdong-2019", "370000")
    assert names("copy", "jiangsu-2015") == []


def test_a_document_that_names_nobody() -> None:
    assert listed_addressees("luan-2020", "341500", TODAY) == []
    assert clause_of_list("luan-2020") == "" and "版记" in clause_of_list("yanzhou-2020")


def test_main_goes_before_copy_for_a_unit_named_twice() -> None:
    both = [Addressee("main", "甲"), Addressee("copy", "乙"), Addressee("copy", "甲")]
    assert [(u.kind, u.name) for u in once(both)] == [("main", "甲"), ("copy", "乙")]
