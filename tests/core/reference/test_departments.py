"""Who a document means by a department's name, on its day."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.departments import DepartmentNotFound, find_department, line_name
from jigai.core.models import Department, DepartmentAlias
from jigai.core.services.edit_department import merge_departments, set_aliases
from jigai.core.services.install_departments import install_departments
from jigai.errors import JigaiError
from tests.factories import CITY, COUNTY, PROVINCE, make_department, make_regions, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.system("department-directory")]
BEFORE, AFTER = date(2017, 5, 1), date(2019, 5, 1)


@pytest.fixture(autouse=True)
def directory() -> None:
    make_regions()
    install_departments()


@pytest.mark.parametrize(
    ("name", "on", "found"),
    [
        ("国税局", BEFORE, "济宁市兖州区国家税务局"),
        ("国税局", AFTER, "国家税务总局济宁市兖州区税务局"),
        ("地税", AFTER, "国家税务总局济宁市兖州区税务局"),
        ("区税务局", AFTER, "国家税务总局济宁市兖州区税务局"),
        ("区国土资源局", BEFORE, "济宁市兖州区国土资源局"),
        ("国土局", AFTER, "济宁市兖州区自然资源局"),
        ("工商部门", AFTER, "济宁市兖州区市场监督管理局"),
        ("经信局", AFTER, "济宁市兖州区工业和信息化局"),
        ("区工业和信息化局", AFTER, "济宁市兖州区工业和信息化局"),
        ("人民银行兖州支行", AFTER, "中国人民银行兖州支行"),
        ("济宁市生态环境局兖州区分局", AFTER, "济宁市生态环境局兖州区分局"),
        ("兖州区财政局", BEFORE, "济宁市兖州区财政局"),
    ],
)
def test_a_name_on_a_day(name: str, on: date, found: str) -> None:
    assert find_department(name, COUNTY, on).department.name == found


def test_every_department_the_yanzhou_document_names_is_in_the_directory() -> None:
    named = [
        "区工业和信息化局",
        "区行政审批服务局",
        "区发展和改革局",
        "区自然资源局",
        "区住房和城乡建设局",
        "区应急管理局",
        "济宁市生态环境局兖州区分局",
        "区财政局",
        "区税务局",
        "区地方金融监督管理局",
        "人民银行兖州支行",
        "工业园区",
    ]
    found = {find_department(name, COUNTY, date(2020, 6, 1)).department.pk for name in named}
    assert len(found) == len(named)


def test_the_way_is_told() -> None:
    found = find_department("国税局", COUNTY, AFTER)
    assert found.named.name == "济宁市兖州区国家税务局"
    assert found.note == "济宁市兖州区国家税务局 于 2018-07-20 并入 国家税务总局济宁市兖州区税务局"
    assert find_department("国税局", COUNTY, BEFORE).note == ""


@pytest.mark.parametrize(
    ("region", "last_day", "first_day"),
    [(PROVINCE, date(2018, 6, 14), date(2018, 6, 15)), (CITY, date(2018, 7, 4), date(2018, 7, 5)),
     (COUNTY, date(2018, 7, 19), date(2018, 7, 20))],
)  # fmt: skip
def test_the_change_over_is_a_day_of_its_own_at_each_level(
    region: str, last_day: date, first_day: date
) -> None:
    assert find_department("国税局", region, last_day).department.valid_to == first_day
    assert find_department("国税局", region, first_day).department.line == "tax"
    assert find_department("国税局", region, first_day).path


def test_a_department_not_set_up_yet_names_its_forerunners() -> None:
    with pytest.raises(DepartmentNotFound) as problem:
        find_department("税务局", COUNTY, BEFORE)
    assert problem.value.code == "department-not-yet"
    assert "国家税务局" in problem.value.hint and "地方税务局" in problem.value.hint


def test_unknown_and_ambiguous_names_are_not_guessed() -> None:
    with pytest.raises(DepartmentNotFound, match="没有“魔法局”"):
        find_department("魔法局", COUNTY, AFTER)
    with pytest.raises(DepartmentNotFound):
        find_department("财政局", "320583", AFTER)
    DepartmentAlias.objects.create(department=make_department(), name="统计局")
    with pytest.raises(DepartmentNotFound) as problem:
        find_department("统计局", COUNTY, AFTER)
    assert problem.value.code == "department-several"


def test_mergers_are_followed_more_than_once_and_ends_are_told() -> None:
    by = access_of(make_user("platform-admin"))
    tax = find_department("税务局", COUNTY, AFTER).department
    next_one = make_department(COUNTY, "tax", "兖州区税费局")
    merge_departments(by=by, old=tax, new=next_one, on=date(2025, 1, 1), note="试")
    found = find_department("国税局", COUNTY, date(2026, 1, 1))
    assert found.department == next_one and len(found.path) == 2
    Department.objects.filter(pk=next_one.pk).update(valid_to=date(2026, 6, 1))
    with pytest.raises(DepartmentNotFound, match="没有登记去向"):
        find_department("兖州区税费局", COUNTY, date(2026, 7, 1))


def test_no_circles() -> None:
    by = access_of(make_user("platform-admin"))
    old = find_department("国税局", COUNTY, BEFORE).department
    tax = find_department("税务局", COUNTY, AFTER).department
    for new in (tax, old):
        with pytest.raises(JigaiError, match="不能并入"):
            merge_departments(by=by, old=tax, new=new, on=AFTER, note="x")


def test_other_names_are_replaced_as_a_set() -> None:
    by = access_of(make_user("platform-admin"))
    row = find_department("财政局", COUNTY, AFTER).department
    assert set_aliases(by=by, department=row, names=[" 财局 ", "", row.name, "财局"]) == ["财局"]
    assert [alias.name for alias in row.aliases.all()] == ["财局"]


def test_lines_have_names() -> None:
    assert (line_name("miit"), line_name("own-line")) == ("工业和信息化", "own-line")


def test_the_page_answers_and_explains() -> None:
    client = Client()
    client.force_login(make_user("section-clerk"))
    url = f"/departments/resolve/?name=国税局&region={COUNTY}&on="
    assert "济宁市兖州区国家税务局" in client.get(url + "2017-05-01").content.decode()
    assert "并入" in client.get(url + "2019-05-01").content.decode()
    bad = client.get(f"/departments/resolve/?name=魔法局&region={COUNTY}&on=2019-05-01")
    assert "补登别名" in bad.content.decode()
    assert client.get("/departments/resolve/?name=&region=&on=x").status_code == 200


def test_the_list_finds_by_any_name() -> None:
    client = Client()
    client.force_login(make_user("section-clerk"))
    for typed in ("国税", "兖州区国税局", "guo jia shui wu"):
        page = client.get(f"/departments/?name={typed}&region={COUNTY}").content.decode()
        assert "济宁市兖州区国家税务局" in page
        assert "济宁市兖州区财政局" not in page
