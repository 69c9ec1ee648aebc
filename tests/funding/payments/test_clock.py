"""The payment clock: promised by working days, measured by them, told without naming anybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.cases.flow.suppress import K
from jigai.core.models import Workday
from jigai.funding.models import Application, Round
from jigai.funding.payments.clock import clock_of, promise, statistics
from tests.factories import COUNTY, SIBLING, make_enterprise, make_user
from tests.funding.making import make_application, make_programme, make_round
from tests.funding.payments.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


def at(day: dt.date) -> Any:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(17)))


def closed(day: dt.date, days: int = 10, **fields: Any) -> Round:
    """A round whose window closed on a day."""
    return make_round(make_programme(), opens_at=at(day - dt.timedelta(days=20)), closes_at=at(day),
                      pay_by_days=days, state="decided", **fields)  # fmt: skip


def holidays(*days: str) -> None:
    for day in days:
        Workday.objects.update_or_create(
            day=day, defaults={"kind": "holiday", "name": "测试假日", "source": "测试通知"}
        )


def test_the_promise_counts_working_days_over_a_weekend_and_a_holiday() -> None:
    holidays("2021-10-01", "2021-10-04", "2021-10-05", "2021-10-06", "2021-10-07")
    Workday.objects.create(day="2021-10-09", kind="workday", name="调休", source="测试通知")
    # Wednesday 29 September; 30 Sep 1, 8 Oct 2, Saturday 9 Oct 3 (worked), 11 Oct 4.
    assert promise(closed(dt.date(2021, 9, 29), 4)) == dt.date(2021, 10, 11)


def test_the_day_of_the_close_does_not_count() -> None:
    assert promise(closed(dt.date(2021, 6, 7), 1)) == dt.date(2021, 6, 8)


@pytest.mark.parametrize(
    ("paid", "late", "left", "code"),
    [("2021-06-18", 0, 3, "done"), ("2021-06-23", 0, 0, "done"), ("2021-06-25", 2, 0, "failed")],
)
def test_late_and_early_in_working_days(paid: str, late: int, left: int, code: str) -> None:
    row = make_application(closed(dt.date(2021, 6, 7), 12), state="paid", fen=1)
    row.paid_on = dt.date.fromisoformat(paid)
    found = clock_of(row)
    assert found.promised_on == dt.date(2021, 6, 23)
    assert (found.late, found.left, found.code) == (late, left, code)


def test_while_nothing_came_today_is_compared_and_a_promise_made_stands() -> None:
    row = make_application(closed(dt.date(2021, 6, 7), 12), state="paying", fen=1)
    assert clock_of(row, dt.date(2021, 6, 22)).code == "running"
    assert clock_of(row, dt.date(2021, 6, 24)).late == 1
    row.promised_on = dt.date(2021, 12, 31)
    assert clock_of(row, dt.date(2021, 6, 24)).code == "running"


def test_a_year_without_a_calendar_is_provisional() -> None:
    row = make_application(closed(dt.date(2041, 6, 7), 12), state="paying", fen=1)
    assert clock_of(row, dt.date(2041, 6, 10)).provisional


def paid_rows(round_: Round, *days: str) -> list[Application]:
    return [make_application(round_, make_enterprise(), state="paid", fen=1) for _ in days]


def put_days(rows: list[Application], *days: str) -> None:
    for row, day in zip(rows, days, strict=True):
        Application.objects.filter(pk=row.pk).update(paid_on=day)


def test_figures_of_a_round() -> None:
    round_ = closed(dt.date(2021, 6, 7), 12)
    days = ["2021-06-08", "2021-06-09", "2021-06-23", "2021-06-24", "2021-06-25"]
    assert len(days) == K
    put_days(paid_rows(round_, *days), *days)
    (found,) = statistics(COUNTY, 2021)
    assert (found.paid, found.on_time_pct, found.median_days) == (5, 60, 12)
    assert found.promised_days == 12 and found.waiting == 0
    assert statistics(SIBLING, 2021) == [] and statistics(COUNTY, 2020) == []


def test_few_enterprises_give_no_figures() -> None:
    round_ = closed(dt.date(2021, 6, 7), 12)
    days = ["2021-06-08"] * (K - 1)
    put_days(paid_rows(round_, *days), *days)
    make_application(round_, state="cleared", fen=1)
    (found,) = statistics(COUNTY, 2021)
    assert (found.paid, found.waiting, found.on_time_pct, found.median_days) == (None,) * 4


def test_many_applications_of_one_enterprise_are_still_one_enterprise() -> None:
    round_, firm = closed(dt.date(2021, 6, 7), 12), make_enterprise()
    rows = [make_application(round_, firm, state="paid", fen=1) for _ in range(K + 1)]
    put_days(rows, *["2021-06-08"] * (K + 1))
    (found,) = statistics(COUNTY, 2021)
    assert found.paid is None and found.median_days is None


def test_the_applicant_sees_promise_payment_and_what_to_do(client: Client) -> None:
    scene = Scene((100_00, 200_00))
    batch = scene.sent()
    mine = batch.orders.order_by("id")[0]
    scene.answer(batch, back=[mine.reference])
    client.force_login(scene.firm_person)
    url = reverse("application-payment", args=[scene.applications[0].pk])
    text = client.get(url).content.decode()
    assert "账号已销户" in text and "更正收款账户" in text and "承诺" in text
    assert mine.account.number not in text
    other = reverse("application-payment", args=[scene.applications[1].pk])
    assert client.get(other).status_code == 404
    client.force_login(make_user("section-clerk", SIBLING))
    assert client.get(url).status_code == 404
