"""The stored calendar decides on the platform, and a year can be entered."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jigai.core.access import Denied, access_of
from jigai.core.calendar import is_workday, shipped_calendar
from jigai.core.models import Workday
from jigai.core.platform_calendar import platform_calendar
from jigai.core.services.enter_workdays import enter_workdays
from jigai.core.services.install_workdays import install_workdays
from jigai.core.views.edit_page import digest
from jigai.errors import JigaiError
from tests.factories import make_user

pytestmark = pytest.mark.system("workday-calendar")
SHIPPED = shipped_calendar()
# What a form carries that was opened on a year without days.
NOTHING_SEEN = digest({"holidays": "", "workdays": "", "source": ""})


@given(st.dates(date(2008, 1, 1), date(2028, 12, 1)), st.integers(0, 60))
def test_natural_days_end_on_a_working_day_not_before_the_plain_count(
    start: date, count: int
) -> None:
    end = SHIPPED.add_days(start, count)
    assert SHIPPED.is_workday(end)
    assert 0 <= (end - start).days - count <= 11


def test_statutory_holidays_are_not_natural_days() -> None:
    """Five working days over the National Day of 2020 take fourteen natural ones."""
    event = date(2020, 9, 29)
    assert SHIPPED.add_workdays(event, 5) == date(2020, 10, 13)
    assert SHIPPED.add_days(event, 5) == date(2020, 10, 9)
    assert SHIPPED.add_days(event, 1) == date(2020, 9, 30)


@pytest.mark.parametrize(
    ("year", "month", "last"),
    [(2020, 12, "2020-12-31"), (2022, 12, "2022-12-30"), (2021, 1, "2021-01-29"),
     (2023, 9, "2023-09-28"), (2024, 2, "2024-02-29")],
)  # fmt: skip
def test_the_last_working_day_of_a_month(year: int, month: int, last: str) -> None:
    assert SHIPPED.last_workday(year, month) == date.fromisoformat(last)


@pytest.mark.django_db
def test_the_stored_calendar_is_the_shipped_one_until_it_is_changed() -> None:
    install_workdays()
    stored = platform_calendar()
    assert stored.special == SHIPPED.special and stored.years == SHIPPED.years
    Workday.objects.create(day=date(2026, 7, 1), kind="holiday", name="临时", source="试")
    assert not platform_calendar().is_workday(date(2026, 7, 1)) and is_workday(date(2026, 7, 1))


@pytest.mark.django_db
def test_an_empty_table_knows_no_year() -> None:
    assert not platform_calendar().known(2026)
    assert platform_calendar().is_provisional(date(2026, 1, 1), date(2026, 1, 2))


def enter(year: int = 2027, by: str = "platform-admin", **fields: Any) -> int:
    days = fields.pop("days", {date(2027, 1, 1): ("holiday", "元旦")})
    given = {"days": days, "source": "国办发明电〔2026〕9号", **fields}
    return enter_workdays(by=access_of(make_user(by)), year=year, **given)


@pytest.mark.django_db
def test_a_year_is_entered_and_known() -> None:
    assert enter() == 1
    assert platform_calendar().known(2027)
    days = {date(2027, 2, 7): ("workday", "春节"), date(2027, 2, 8): ("holiday", "春节")}
    assert enter(days=days) == 2
    assert not Workday.objects.filter(day=date(2027, 1, 1)).exists()
    assert platform_calendar().is_workday(date(2027, 2, 7))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"source": " "}, "calendar-source"),
        ({"days": {}}, "calendar-empty"),
        ({"days": {date(2026, 1, 1): ("holiday", "")}}, "calendar-year"),
        ({"days": {date(2027, 1, 4): ("workday", "")}}, "calendar-shift"),
    ],
)
def test_notices_that_cannot_be(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(JigaiError) as problem:
        enter(**fields)
    assert problem.value.code == code
    assert not Workday.objects.exists()


@pytest.mark.django_db
def test_only_who_keeps_the_calendar_enters() -> None:
    with pytest.raises(Denied):
        enter(by="section-chief")


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.mark.django_db
def test_the_year_on_screen() -> None:
    install_workdays()
    client = signed_in("section-clerk")
    page = client.get("/calendar/?year=2020").content.decode()
    assert 'title="2020-10-01 ' in page
    assert "暂定" not in page
    assert "暂定" in client.get("/calendar/?year=2035").content.decode()
    for year in ("0", "x", "99999999999", ""):
        assert client.get(f"/calendar/?year={year}").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "answer"),
    [("start=2020-09-29&count=5&kind=work", "2020-10-13"),
     ("start=2020-09-29&count=5&kind=natural", "顺延"),
     ("start=2020-10-13&count=-5&kind=work", "2020-09-29"),
     ("start=2035-01-01&count=5&kind=work", "暂定")],
)  # fmt: skip
def test_the_calculator(query: str, answer: str) -> None:
    install_workdays()
    assert (
        answer in signed_in("section-clerk").get(f"/calendar/?year=2020&{query}").content.decode()
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["start=&count=&kind=", "start=x&count=1e9&kind=?", "start=2020-01-01"]
)
def test_the_calculator_refuses_in_words(query: str) -> None:
    assert signed_in("section-clerk").get(f"/calendar/?{query}").status_code == 200


@pytest.mark.django_db
def test_entering_on_screen_as_the_notice_is_written() -> None:
    client = signed_in("platform-admin")
    form = {
        "holidays": "2027年2月6日至2027年2月12日 春节\n2027-01-01 元旦",
        "workdays": "2027-01-31 春节",
        "source": "国办发明电〔2026〕9号",
        "nonce": str(uuid.uuid4()),
        "seen": NOTHING_SEEN,
    }
    assert client.post("/calendar/2027/enter/", form).status_code == 302
    assert Workday.objects.filter(kind="holiday").count() == 8
    assert "2027-02-06 春节" in client.get("/calendar/2027/enter/").content.decode()
    # The same form once more, opened before: somebody has entered the year meanwhile.
    late = client.post("/calendar/2027/enter/", {**form, "nonce": str(uuid.uuid4())})
    assert late.status_code == 422 and "刚被别人改过" in late.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("holidays", "2027-02-30 春节", "第 1 行看不懂"),
        ("holidays", "春节放假", "第 1 行看不懂"),
        ("holidays", "2027-02-12 至 2027-02-06 春节", "第 1 行的起止日期不对"),
        ("workdays", "2027-01-01 元旦", "同时写在放假和调休上班里"),
        ("workdays", "2027-01-04 元旦", "本是工作日"),
    ],
)
def test_mistakes_in_the_notice_are_shown_and_the_text_stays(
    field: str, text: str, words: str
) -> None:
    form = {
        "holidays": "2027-01-01 元旦",
        "workdays": "",
        "source": "x",
        "nonce": str(uuid.uuid4()),
        "seen": NOTHING_SEEN,
    }
    page = signed_in("platform-admin").post("/calendar/2027/enter/", {**form, field: text})
    assert page.status_code == 422
    assert words in page.content.decode() and text in page.content.decode()
