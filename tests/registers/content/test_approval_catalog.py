"""核准目录: which projects are approved or filed, on their day, nationally and by province."""

from __future__ import annotations

import datetime as dt

import pytest

from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Edition, Entry
from jigai.registers.services.add_edition import store_edition
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.special.approval import (
    APPROVE,
    FILE,
    FORBID,
    JUDGE,
    Case,
    Row,
    decide,
    judge,
)
from jigai.registers.special.industry_codes import covers
from jigai.registers.special.project_code import Period, code_period
from jigai.registers.special.stored_approval import conditions_asked, decide_on, decide_within
from tests.registers.content.loaded import load

pytestmark = [pytest.mark.django_db, pytest.mark.system("approval-catalog")]
LAST_2014, FIRST_2016 = dt.date(2016, 12, 11), dt.date(2016, 12, 12)
SHANDONG, ANHUI = "370812", "341500"


@pytest.fixture
def catalogue() -> None:
    """The catalogue as shipped."""
    load("approval-catalog")


def row(item: str, verdict: str, authority: str = "province", *codes: str, **more: object) -> Row:
    return Row(len(item), item, verdict, codes or ("3232",), authority, **more)  # type: ignore[arg-type]


NATIONAL = [
    row("稀土冶炼分离", APPROVE, "province"),
    row("热电", APPROVE, "local", "4412"),
    row("目录以外", FILE, "local", "33", "34"),
]


@pytest.mark.parametrize(
    ("named", "code", "expected"),
    [
        (("32",), "3232", True), (("3232",), "32", None), (("3232",), "3231", False),
        (("C",), "3232", True), (("B",), "3232", False), (("*",), "", True), (("C",), "", None),
        (("3611",), "C36", None), (("36",), "C3611", True), (("36",), "9999", None),
    ],
)  # fmt: skip
def test_industry_lies_under_the_codes_of_an_entry(
    named: tuple[str, ...], code: str, expected: bool | None
) -> None:
    assert covers(named, code) is expected


def test_province_divides_levels_only_where_the_nation_leaves_them_to_the_locality() -> None:
    province = [row("热电", APPROVE, "city", "4412"), row("稀土", APPROVE, "county")]
    heat = decide(NATIONAL, province, Case("4412"))
    assert (heat.verdict, heat.authority, heat.differences) == (APPROVE, "city", ())
    earth = decide(NATIONAL, province, Case("3232"))
    assert (earth.verdict, earth.authority) == (APPROVE, "province")
    assert len(earth.differences) == 1 and "按国家目录" in earth.differences[0]
    assert earth.provincial is not None and earth.provincial.row is not None
    assert earth.provincial.row.authority == "county"


def test_a_province_can_neither_add_to_nor_take_from_what_is_approved() -> None:
    more = decide(NATIONAL, [row("金属制品", APPROVE, "city", "33")], Case("3311"))
    assert more.verdict == FILE and len(more.differences) == 1
    less = decide(NATIONAL, [row("目录以外", FILE, "county", "3232")], Case("3232"))
    assert less.verdict == APPROVE and len(less.differences) == 1


def test_without_a_provincial_catalogue_the_level_stays_open() -> None:
    found = decide(NATIONAL, None, Case("4412"))
    assert (found.verdict, found.provincial) == (APPROVE, None)
    assert any("省级目录没有登记" in note for note in found.notes)


def test_conditions_answer_in_three_values() -> None:
    rows = [row("新建", APPROVE, "province", "2614", conditions=("新建乙烯",)),
            row("目录以外", FILE, "local", "26")]  # fmt: skip
    open_ = judge(rows, Case("2614"))
    assert (open_.verdict, open_.questions) == (JUDGE, ("新建乙烯",))
    assert judge(rows, Case("2614", {"新建乙烯": True})).verdict == APPROVE
    assert judge(rows, Case("2614", {"新建乙烯": False})).verdict == FILE
    assert judge(rows, Case("26")).verdict == JUDGE
    assert judge(rows, Case("")).verdict == JUDGE


def test_an_industry_nobody_entered_is_for_a_person_to_judge() -> None:
    assert judge(NATIONAL, Case("2221")).verdict == JUDGE
    assert judge(None, Case("3311")).why == "当日没有登记有效的版次"


@pytest.mark.usefixtures("catalogue")
def test_the_edition_of_the_day_decides() -> None:
    before, after = (decide_on(day, SHANDONG, Case("3232")) for day in (LAST_2014, FIRST_2016))
    assert (before.authority, after.authority) == ("ministry", "province")
    assert decide_on(dt.date(2014, 10, 30), SHANDONG, Case("3311")).verdict == JUDGE


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("industry", "told", "expected"),
    [
        ("3311", {}, FILE),
        ("4414", {}, APPROVE),
        ("2614", {}, JUDGE),
        ("3011", {"新增产能": True}, FORBID),
        ("3011", {"新增产能": False}, FILE),
        ("4430", {}, JUDGE),
    ],
)
def test_what_ships_answers_by_industry(
    industry: str, told: dict[str, bool], expected: str
) -> None:
    found = decide_on(dt.date(2021, 6, 1), SHANDONG, Case(industry, told))
    assert found.verdict == expected
    assert found.national.row is None or found.national.row.clause


@pytest.mark.usefixtures("catalogue")
def test_motor_vehicles_turn_from_approval_to_filing_on_their_day() -> None:
    told = {
        "新建中外合资轿车生产企业": False,
        "新建纯电动乘用车生产企业或跨类生产纯电动乘用车": False,
    }
    eve = decide_on(dt.date(2019, 1, 9), SHANDONG, Case("3611", told))
    day = decide_on(dt.date(2019, 1, 10), SHANDONG, Case("3611", told))
    assert (eve.verdict, eve.authority) == (APPROVE, "province")
    assert (day.verdict, day.authority) == (FILE, "province")


@pytest.mark.usefixtures("catalogue")
def test_a_code_that_tells_only_the_year_of_a_change_is_left_to_a_person() -> None:
    told = {
        "新建中外合资轿车生产企业": False,
        "新建纯电动乘用车生产企业或跨类生产纯电动乘用车": False,
    }
    year = code_period("2019-370812-36-03-000001")
    assert year is not None and not year.exact
    found, _ = decide_within(year, SHANDONG, Case("3611", told))
    assert found.verdict == JUDGE and "2019-01-10" in found.notes[0]
    calm, _ = decide_within(
        Period(dt.date(2020, 1, 1), dt.date(2020, 12, 31)), SHANDONG, Case("3311")
    )
    assert calm.verdict == FILE


@pytest.mark.usefixtures("catalogue")
def test_anhui_stands_beside_the_nation() -> None:
    found = decide_on(dt.date(2020, 7, 1), ANHUI, Case("3311"))
    assert found.verdict == FILE and found.provincial is not None
    assert found.provincial.row is not None and "属地" in found.provincial.row.scope
    assert decide_on(dt.date(2020, 7, 1), SHANDONG, Case("3311")).provincial is None


def test_a_province_entered_on_screen_is_read_from_its_line() -> None:
    (register,) = load("approval-catalog")
    edition = store_edition(
        Edition(
            register=register,
            code="sd",
            line="370000",
            name="示例省本",
            valid_from=dt.date(2018, 1, 1),
        )
    )
    values = {"item": "热电", "verdict": "approve", "industries": ["4412"], "authority": "city",
              "clause": "示例", "checked": "done"}  # fmt: skip
    admit_entries(
        register=register,
        admissions=[Admission(prepare_one(register, values), edition.valid_from, edition)],
    )
    told = {"抽凝式燃煤热电": False}
    found = decide_on(dt.date(2019, 1, 1), SHANDONG, Case("4412", told))
    assert (found.verdict, found.authority) == (APPROVE, "city")
    assert decide_on(dt.date(2019, 1, 1), "320500", Case("4412", told)).authority == "local"


@pytest.mark.usefixtures("catalogue")
def test_questions_of_a_case_are_listed_once() -> None:
    found = decide_on(dt.date(2021, 6, 1), SHANDONG, Case("2614"))
    asked = conditions_asked(found)
    assert len(asked) == len(set(asked)) == 3


def test_two_editions_of_one_line_may_not_overlap() -> None:
    (register,) = load("approval-catalog")
    with pytest.raises(JigaiError):
        store_edition(
            Edition(
                register=register,
                code="x",
                line="000000",
                name="重叠",
                valid_from=dt.date(2015, 1, 1),
            )
        )


def test_every_entry_names_its_source() -> None:
    load("approval-catalog")
    assert not Entry.objects.filter(source="").exists()
    assert Entry.objects.count() == 60
