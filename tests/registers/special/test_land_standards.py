"""Land standards: the closest one of the day, and never a conclusion without one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.services.install_pack import install_pack
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.special.land_standards import CHECKED, Standard, find_standards
from jigai.registers.special.stored_land_use import standards_on
from tests.factories import COUNTY, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.loaded import load

pytestmark = [pytest.mark.django_db, pytest.mark.system("land-intensity-control")]
DAY = dt.date(2021, 6, 1)
PACK = Path(__file__).parents[3] / "packs" / "yanzhou-2020"


def standard(key: int, value: str, **more: Any) -> Standard:
    given = {"name": f"示例{key}", "number": f"示例{key}号", "indicator": "investment",
             "industries": (), "place": "", "grade": "", "unit": "mu", **more}  # fmt: skip
    return Standard(key, value=Decimal(value), **given)


def best(
    rows: list[Standard], industry: str = "3411", region: str = COUNTY, grade: str = ""
) -> Any:
    return find_standards(rows, industry, region, grade)[0]


def test_the_smallest_place_goes_first_then_the_closest_industry() -> None:
    rows = [
        standard(1, "100"), standard(2, "150", industries=("34",)),
        standard(3, "200", place="370000"), standard(4, "250", place=COUNTY),
        standard(5, "300", place=COUNTY, industries=("34",)),
        standard(6, "900", place=COUNTY, industries=("35",)), standard(7, "800", place="320000"),
    ]  # fmt: skip
    assert best(rows).standard.id == 5
    assert best(rows[:4]).standard.id == 4
    assert best(rows[:3]).standard.id == 3
    assert best(rows[:2]).standard.id == 2
    assert {row.id for row in best(rows).others} == {1, 2, 3, 4}


def test_without_a_row_there_is_no_standard() -> None:
    """The toy has no table and calls whatever comes enough."""
    found = find_standards([standard(1, "100", industries=("35",))], "3411", COUNTY)
    assert [row.standard for row in found] == [None] * len(CHECKED)
    assert all("没有登记标准" in row.why for row in found)


def test_a_row_of_an_industry_says_nothing_of_an_unknown_one() -> None:
    assert best([standard(1, "100", industries=("34",))], industry="").standard is None
    assert best([standard(1, "100", place=COUNTY)], region="").standard is None
    assert best([standard(1, "100", grade="三等")]).standard is None
    assert best([standard(1, "100", grade="三等")], grade="三等").standard is not None


def test_rows_that_contradict_each_other_give_none() -> None:
    found = best([standard(1, "100"), standard(2, "120")])
    assert found.standard is None and "不一致" in found.why
    assert best([standard(1, "100"), standard(2, "100")]).standard is not None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [("250", "mu", "250万元"), ("3750", "hectare", "2500000元"), ("1000", "hectare", "666666.67元"),
     ("0.8", "ratio", "0.8"), ("30", "percent", "30%")],
)  # fmt: skip
def test_a_value_is_written_as_a_calculator_takes_it(value: str, unit: str, text: str) -> None:
    assert standard(1, value, unit=unit).as_asked == text


# shipped rows, the page -------------------------------------------------------------------------


@pytest.fixture
def clerk() -> User:
    make_regions()
    load("land-standards")
    return make_user("section-clerk", name="经办人")


def put(**values: Any) -> Entry:
    register = register_by_code("land-standards")
    given = {"name": "示例标准", "number": "示例1号", "unit": "万元/亩", "compare": "不低于",
             "checked": "已核对", **values}  # fmt: skip
    return admit_entries(
        register=register, admissions=[Admission(prepare_one(register, given), DAY)]
    )[0]


def test_every_shipped_row_waits_for_the_original(clerk: User) -> None:
    rows = standards_on(dt.date(2021, 1, 1))
    assert rows and all(row.pending for row in rows)
    assert not [row for row in rows if row.indicator == "investment"], "no figure is invented"
    found = {f.indicator: f.standard for f in find_standards(rows, "3411", COUNTY)}
    assert found["plot_ratio"].value == Decimal("0.7") and found["coverage"].value == 30


def test_the_edition_of_the_day_is_taken(clerk: User) -> None:
    values = {
        day: next(r.value for r in standards_on(day) if r.indicator == "coverage")
        for day in (dt.date(2020, 1, 1), dt.date(2024, 1, 1))
    }
    assert values == {dt.date(2020, 1, 1): 30, dt.date(2024, 1, 1): 40}
    assert standards_on(dt.date(2005, 1, 1)) == []


def test_a_unit_that_does_not_fit_is_refused(clerk: User) -> None:
    with pytest.raises(JigaiError, match="单位与指标不配"):
        put(indicator="投资强度", value="250", unit="%")
    with pytest.raises(JigaiError, match="要大于零"):
        put(indicator="投资强度", value="0")


@pytest.fixture
def page(clerk: User, client: Client) -> Any:
    install_pack(folder=PACK, check=False)
    client.force_login(clerk)

    def ask(status: int = 200, **query: str) -> str:
        given = {"document": "yanzhou-2020:land-intensity", "on": "2021-06-01",
                 "industry": "3411", "region": COUNTY, **query}  # fmt: skip
        answer = client.get(reverse("land-standards-check"), given)
        assert answer.status_code == status
        return answer.content.decode()

    return ask


ENOUGH = {"area": "20亩", "investment": "5000万元", "output": "9000万元", "floor": "12000平方米",
          "footprint": "6000平方米"}  # fmt: skip


def test_the_page_never_says_it_fits_without_a_standard(page: Any) -> None:
    text = page(**{**ENOUGH, "investment": "9000亿元"})
    conclusion = text[text.index("校核结论") :]
    assert "缺数据" in conclusion and "符合" not in conclusion.split("</p>")[0]


def test_the_page_with_local_standards(page: Any) -> None:
    put(indicator="投资强度", value="250", place=COUNTY, name="示例投资")
    put(indicator="产出强度", value="300", place=COUNTY, name="示例产出")
    text = page(**ENOUGH)
    assert "符合" in text and "250万元/亩" in text and "450万元/亩" in text
    short = page(**{**ENOUGH, "investment": "4990万元"})
    assert "不符合" in short and "投资强度还差 0.5万元/亩" in short
    assert "/calculate/yanzhou-2020/land-intensity/?" in short
    assert "parcel.mu_investment_standard=250" in short


def test_the_page_asks_for_what_cannot_be_read(page: Any, client: Client) -> None:
    assert "写成" in page(422, area="很大")
    assert "行业代码" in page(422, industry="99999")
    assert client.get(reverse("land-standards-check")).status_code == 200


def test_the_number_of_queries_does_not_grow(page: Any, client: Client) -> None:
    def grow(count: int) -> None:
        for n in range(Entry.objects.filter(title__startswith="示例投资").count(), count):
            put(indicator="投资强度", value="250", name=f"示例投资{n}", place=COUNTY)

    query = f"document=yanzhou-2020:land-intensity&on=2021-06-01&region={COUNTY}&industry=3411"
    page()
    assert_query_count(client, f"{reverse('land-standards-check')}?{query}", grow, most=30)
