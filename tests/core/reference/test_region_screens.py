"""The tree by year, search in four ways, and the options of pickers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import Region, RegionGroup
from jigai.core.selectors_reference import ancestors, children, found_by_words
from jigai.core.services.add_region import add_region
from jigai.core.services.install_region_groups import install_region_groups
from jigai.core.services.install_regions import install_regions
from jigai.errors import JigaiError
from tests.factories import CITY, COUNTY, PROVINCE, SIBLING, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.system("region-tree")]


@pytest.fixture(autouse=True)
def regions() -> None:
    install_regions()
    install_region_groups()


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(make_user("section-clerk", COUNTY))
    return client


@pytest.mark.parametrize("typed", ["兖州", "兖州区", "yanzhou", "yan zhou", "YZQ", "370812"])
def test_a_county_is_found_by_name_sound_initials_and_code(typed: str) -> None:
    assert COUNTY in [row.code for row in found_by_words(typed, None, home=COUNTY)]


def test_the_nearest_comes_first() -> None:
    assert found_by_words("yzq", None, home=COUNTY)[0].code == COUNTY
    assert found_by_words("朝阳区", None)[0].name == "朝阳区"


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "魔法", "'; --", "\\"])
def test_nothing_found_is_nothing(typed: str) -> None:
    assert found_by_words(typed, None) == []


def test_a_former_code_belongs_to_its_years() -> None:
    assert found_by_words("370882", 2000)[0].name == "兖州市"
    assert found_by_words("370882", None) == []
    assert COUNTY not in [row.code for row in children(CITY, 2000)]
    assert COUNTY in [row.code for row in children(CITY, 2013)]
    assert len(children("", None)) == 34


def test_the_way_up_costs_the_same_for_many() -> None:
    above = ancestors([COUNTY, SIBLING, "320583", "unknown"])
    assert [row.name for row in above[COUNTY]] == ["山东省", "济宁市"]
    assert above["unknown"] == []


def options(client: Client, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/regions/options/?{query}").json()["results"]
    return found


def test_options_for_a_picker(clerk: Client) -> None:
    first = options(clerk, "q=yzq")[0]
    assert first == {
        "code": COUNTY, "name": "兖州区", "pinyin": "yan zhou qu", "initials": "yzq",
        "note": "山东省济宁市",
    }  # fmt: skip
    near = {row["code"] for row in options(clerk, "")}
    assert COUNTY in near and all(code.startswith("3708") for code in near)
    assert options(clerk, "q=苏南&groups=1")[0]["code"] == "sunan"
    assert options(clerk, "q=苏南") == []
    assert len(options(clerk, "q=1")) == 50


def test_options_without_a_home(client: Client) -> None:
    client.force_login(make_user())
    assert [row["code"] for row in options(client, "")][:2] == ["110000", "120000"]


@pytest.mark.parametrize("year", ["abc", "-1", "99999999999999999999", "1800", ""])
def test_years_that_are_none(clerk: Client, year: str) -> None:
    assert clerk.get(f"/regions/?year={year}").status_code == 200


def test_the_tree_opens_level_by_level(clerk: Client) -> None:
    page = clerk.get("/regions/").content.decode()
    assert "山东省" in page and "济宁市" not in page
    part = clerk.get(f"/regions/{PROVINCE}/children/").content.decode()
    assert "济宁市" in part and "<html" not in part
    assert "兖州市" in clerk.get(f"/regions/{CITY}/children/?year=2000").content.decode()


def test_one_code_through_the_years(clerk: Client) -> None:
    page = clerk.get(f"/regions/{COUNTY}/").content.decode()
    assert "2013" in page and "济宁市" in page
    assert "苏南五市" in clerk.get("/regions/320500/").content.decode()
    assert clerk.get("/regions/000000/").status_code == 404
    assert "已停用" in clerk.get("/regions/370882/").content.decode()


def test_groups(clerk: Client) -> None:
    page = clerk.get("/region-groups/").content.decode()
    for name in ("苏南五市", "南京市", "无锡市", "常州市", "苏州市", "镇江市"):
        assert name in page
    assert RegionGroup.objects.count() == 1


def park(**fields: Any) -> Region:
    by = access_of(make_user("platform-admin", fields.pop("own", COUNTY), scope="below"))
    given = {"level": "park", "suffix": "p01", "name": "兖州工业园区", **fields}
    code = given.pop("below", COUNTY)
    return add_region(by=by, parent=Region.objects.get(code=code, valid_to=None), **given)


def test_a_park_lies_in_its_county() -> None:
    row = park()
    assert (row.code, row.parent_code, row.initials) == ("370812P01", COUNTY, "yzgyyq")
    assert [r.name for r in ancestors([row.code])[row.code]] == ["山东省", "济宁市", "兖州区"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"level": "county"}, "region-level"),
        ({"below": CITY}, "region-level"),
        ({"suffix": ""}, "region-suffix"),
        ({"suffix": "1234567"}, "region-suffix"),
        ({"suffix": "园区"}, "region-suffix"),
        ({"below": SIBLING}, "region-reach"),
    ],
)
def test_what_cannot_be_added(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(JigaiError) as problem:
        park(**fields)
    assert problem.value.code == code


def test_a_code_is_given_once() -> None:
    park()
    with pytest.raises(JigaiError, match="已有区划使用"):
        park(name="另一个")
