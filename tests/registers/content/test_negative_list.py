"""外商投资负面清单: the edition in force on the filing day decides."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from jigai.registers.entry_values import prepare_one
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.special.negative_list import (
    JUDGE,
    OUTSIDE,
    PROHIBITED,
    RESTRICTED,
    Issue,
    Item,
    judge,
)
from jigai.registers.special.project_code import Period
from jigai.registers.special.stored_negative import foreign_share, issues, judge_stored
from tests.factories import make_enterprise, make_regions
from tests.registers.content.loaded import load

pytestmark = [pytest.mark.django_db, pytest.mark.system("negative-list")]


def on(text: str) -> Period:
    day = dt.date.fromisoformat(text)
    return Period(day, day)


@pytest.fixture
def listed() -> None:
    """The list as shipped."""
    load("negative-list")


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    ("industry", "eve", "before", "day", "after"),
    [
        ("2311", "2024-10-31", RESTRICTED, "2024-11-01", OUTSIDE),
        ("3611", "2020-07-22", RESTRICTED, "2020-07-23", JUDGE),
        ("3611", "2021-12-31", JUDGE, "2022-01-01", OUTSIDE),
        ("2530", "2020-07-22", PROHIBITED, "2020-07-23", OUTSIDE),
        ("3232", "2018-07-27", RESTRICTED, "2018-07-28", OUTSIDE),
        ("2414", "2019-07-29", JUDGE, "2019-07-30", OUTSIDE),
        ("3311", "2017-07-27", JUDGE, "2017-07-28", OUTSIDE),
    ],
)
def test_the_answer_turns_on_the_day_of_the_switch(
    industry: str, eve: str, before: str, day: str, after: str
) -> None:
    assert judge_stored(industry, on(eve)).measure == before
    assert judge_stored(industry, on(day)).measure == after


@pytest.mark.usefixtures("listed")
def test_editions_follow_one_another_without_gap_or_overlap() -> None:
    found = issues()
    assert [issue.code for issue in found] == ["2017", "2018", "2019", "2020", "2021", "2024"]
    for one, following in pairwise(found):
        assert one.last is not None and one.last + dt.timedelta(days=1) == following.first
    assert found[-1].last is None
    assert all(issue.number and issue.items for issue in found)


@pytest.mark.usefixtures("listed")
def test_a_month_in_which_the_list_changed_is_left_to_a_person_only_where_it_matters() -> None:
    november = Period(dt.date(2024, 10, 15), dt.date(2024, 11, 15))
    both = judge_stored("2311", november)
    assert both.measure == JUDGE and "2024-11-01" in both.why and len(both.findings) == 2
    assert judge_stored("0932", november).measure == PROHIBITED


@pytest.mark.usefixtures("listed")
def test_unknown_day_or_industry_is_never_taken_as_free() -> None:
    assert judge_stored("2311", None).measure == JUDGE
    assert judge_stored("", on("2022-01-01")).measure == JUDGE
    assert judge_stored("27", on("2022-01-01")).measure == JUDGE


def test_a_ban_stands_before_a_restriction() -> None:
    items = (
        Item(1, "限", RESTRICTED, ("09",)),
        Item(2, "禁", PROHIBITED, ("0932",)),
        Item(3, "外", OUTSIDE, ("B",)),
    )
    issue = Issue("x", "示例版", "示例令", dt.date(2020, 1, 1), None, items)
    assert judge([issue], "0932", on("2021-01-01")).measure == PROHIBITED
    assert judge([issue], "0911", on("2021-01-01")).measure == RESTRICTED
    assert judge([issue], "0810", on("2021-01-01")).measure == OUTSIDE
    assert judge([issue], "0932", on("2019-12-31")).measure == JUDGE


def test_an_enterprise_is_foreign_invested_while_its_entry_holds() -> None:
    make_regions()
    (register,) = load("foreign-enterprises")
    firm = make_enterprise("示例外资机械有限公司")
    values = {
        "enterprise": {"id": firm.pk},
        "share": "60",
        "controlled": "是",
        "until": "2022-12-31",
    }
    admit_entries(
        register=register,
        admissions=[Admission(prepare_one(register, values), dt.date(2019, 5, 1))],
    )
    assert foreign_share(firm.pk, on("2019-04-30")) is None
    held = foreign_share(firm.pk, on("2019-05-01"))
    assert held is not None and held.values["share"] == "60"
    assert foreign_share(firm.pk, on("2022-12-31")) is not None
    assert foreign_share(firm.pk, on("2023-01-01")) is None
    assert foreign_share(firm.pk, Period(dt.date(2019, 4, 1), dt.date(2019, 6, 1))) is not None
    assert foreign_share(None, None) is None
