"""The payment clock as the applicant reads it, over holidays, early, late and overdue."""

from __future__ import annotations

import datetime as dt

import pytest

from jigai.core.calendar import shipped_calendar
from jigai.funding.applications.clock import clock_of
from jigai.funding.models import Application

PROMISED = dt.date(2022, 5, 30)


def row(**fields: object) -> Application:
    given = {"promised_on": PROMISED, "state": "review", **fields}
    return Application(**given)


@pytest.mark.parametrize(
    ("today", "days", "said"),
    [
        (dt.date(2022, 5, 12), 12, "还有 12 个工作日"),
        (dt.date(2022, 5, 30), 0, "还有 0 个工作日"),
        (dt.date(2022, 5, 31), -1, "已超过 1 个工作日"),
        # 端午 3 to 5 June: four working days have passed, not eight.
        (dt.date(2022, 6, 6), -4, "已超过 4 个工作日"),
        # 劳动节 to 4 May, with Saturday 7 May worked.
        (dt.date(2022, 4, 29), 19, "还有 19 个工作日"),
    ],
)
def test_while_it_runs(today: dt.date, days: int, said: str) -> None:
    clock = clock_of(row(), shipped_calendar(), today)
    assert clock is not None and said in clock.text and clock.days == days
    assert clock.text.startswith("承诺 2022-05-30 前到账")
    assert (clock.tone == "bad") is (days < 0)


@pytest.mark.parametrize(
    ("paid", "said"),
    [(dt.date(2022, 5, 26), "早 2 个工作日"), (PROMISED, "如期"),
     (dt.date(2022, 6, 1), "晚 2 个工作日")],
)  # fmt: skip
def test_once_paid(paid: dt.date, said: str) -> None:
    clock = clock_of(row(state="paid", paid_on=paid), shipped_calendar(), dt.date(2023, 1, 1))
    assert clock is not None and said in clock.text


@pytest.mark.parametrize("state", ["draft", "signing", "refused", "withdrawn"])
def test_nothing_runs_for_what_is_not_asked_for(state: str) -> None:
    assert clock_of(row(state=state), shipped_calendar(), PROMISED) is None
    assert clock_of(row(promised_on=None), shipped_calendar(), PROMISED) is None
