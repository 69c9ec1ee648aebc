"""Dates in every form that the ledger holds, and in some it may hold next year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.sheets.values.dates import END, START, read_date

DAYS = st.dates(date(1955, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("raw", "start", "end", "precision", "code"),
    [
        ("2021.3", "2021-03-01", "2021-03-31", "month", "A_DATE_FORMAT"),
        ("2021.1", "2021-01-01", "2021-01-31", "month", "A_DATE_FORMAT"),
        ("2021.10", "2021-10-01", "2021-10-31", "month", "A_DATE_FORMAT"),
        ("2021年3月", "2021-03-01", "2021-03-31", "month", "A_DATE_FORMAT"),
        ("2021年3月份", "2021-03-01", "2021-03-31", "month", "A_DATE_FORMAT"),
        ("2021/3", "2021-03-01", "2021-03-31", "month", "A_DATE_FORMAT"),
        ("202103", "2021-03-01", "2021-03-31", "month", "A_DATE_FORMAT"),
        (202103, "2021-03-01", "2021-03-31", "month", "A_DATE_FORMAT"),
        ("二〇二一年三月", "2021-03-01", "2021-03-31", "month", "A_DATE_FORMAT"),
        ("二○二○年十二月", "2020-12-01", "2020-12-31", "month", "A_DATE_FORMAT"),
        ("２０２０年７月", "2020-07-01", "2020-07-31", "month", "A_FULLWIDTH"),
        (2021.3, "2021-03-01", "2021-03-31", "month", "A_DATE_FORMAT"),
        (2020.12, "2020-12-01", "2020-12-31", "month", "A_DATE_FORMAT"),
        (2021.05, "2021-05-01", "2021-05-31", "month", "A_DATE_FORMAT"),
        (20210512, "2021-05-12", "2021-05-12", "day", "A_DATE_FORMAT"),
        ("20210512", "2021-05-12", "2021-05-12", "day", "A_DATE_FORMAT"),
        ("2021.5.12", "2021-05-12", "2021-05-12", "day", "A_DATE_FORMAT"),
        ("2021年5月12日", "2021-05-12", "2021-05-12", "day", "A_DATE_FORMAT"),
        ("二〇二一年五月二十一日", "2021-05-21", "2021-05-21", "day", "A_DATE_FORMAT"),
        ("2021-5-12 00:00:00", "2021-05-12", "2021-05-12", "day", "A_DATE_FORMAT"),
        (44322, "2021-05-06", "2021-05-06", "day", "A_DATE_SERIAL"),
        (44322.75, "2021-05-06", "2021-05-06", "day", "A_DATE_SERIAL"),
        ("44322", "2021-05-06", "2021-05-06", "day", "E_DATE_INVALID"),
        ("21.6.8", "2021-06-08", "2021-06-08", "day", "W_DATE_2DIGIT"),
        ("21年6月", "2021-06-01", "2021-06-30", "month", "W_DATE_2DIGIT"),
        ("预计2022.6", "2022-06-01", "2022-06-30", "month", "W_DATE_VAGUE"),
        ("2021年底", "2021-12-01", "2021-12-31", "year", "W_DATE_VAGUE"),
        ("2021年", "2021-01-01", "2021-12-31", "year", "W_DATE_VAGUE"),
        (2021, "2021-01-01", "2021-12-31", "year", "W_DATE_VAGUE"),
        ("2021年上半年", "2021-01-01", "2021-06-30", "year", "W_DATE_VAGUE"),
        ("2021年第三季度", "2021-07-01", "2021-09-30", "year", "W_DATE_VAGUE"),
        ("2021年3月中旬", "2021-03-01", "2021-03-31", "month", "W_DATE_VAGUE"),
        ("2021-05", "2021-05-01", "2021-05-31", "month", ""),
        ("2021-05-12", "2021-05-12", "2021-05-12", "day", ""),
    ],
)
def test_readable_forms(raw, start, end, precision, code) -> None:
    at_start, at_end = read_date(raw, edge=START), read_date(raw, edge=END)
    if code == "E_DATE_INVALID":
        assert at_start.codes == ("E_DATE_INVALID",)
        return
    assert (at_start.clean, at_end.clean) == (start, end)
    assert at_start.precision == at_end.precision == precision
    assert at_start.codes[:1] == ((code,) if code else ())


@pytest.mark.parametrize(
    "raw",
    ["2021.13", "2021-02-30", "20211345", "2021年9月31日", "2021.0", "1234", 999999, "x", "3月", -5,
     "2021.12.32", "2021-05-2021"],
)  # fmt: skip
def test_impossible_dates_have_no_value(raw) -> None:
    parsed = read_date(raw)
    assert (parsed.value, parsed.codes) == (None, ("E_DATE_INVALID",))


@pytest.mark.parametrize("raw", ["待定", "未定", "—", "/", "另行通知"])
def test_undecided_dates_are_missing(raw) -> None:
    parsed = read_date(raw)
    assert (parsed.value, parsed.codes) == (None, ("W_DATE_MISSING",))


def test_a_number_2021_1_is_october_only_if_the_cell_shows_it() -> None:
    assert read_date(2021.1).codes == ("E_DATE_AMBIGUOUS",)
    assert read_date(2021.1, shown_decimals=1).codes == ("E_DATE_AMBIGUOUS",)
    assert read_date(2020.1, shown_decimals=2).clean == "2020-10-01"
    assert read_date(2021.3, shown_decimals=1).clean == "2021-03-01"
    assert read_date(2021.3, shown_decimals=2).codes == ("E_DATE_INVALID",)


def test_a_date_cell_that_shows_no_day_is_a_month() -> None:
    shown = read_date(date(2021, 5, 1), edge=END, shown_month=True)
    assert (shown.clean, shown.precision, shown.codes) == ("2021-05-31", "month", ())
    assert read_date(datetime(2021, 5, 1, 8, 30), edge=END).clean == "2021-05-01"


def test_serials_follow_the_date_system_of_the_workbook() -> None:
    assert read_date(44322).value - read_date(44322, date1904=True).value == timedelta(days=-1462)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("2020.11～2021.12", "2020-11-01/2021-12-31"),
        ("2021年5月至2021年8月", "2021-05-01/2021-08-31"),
        ("2020.9-2022.6", "2020-09-01/2022-06-30"),
        ("2020-09至2022-06", "2020-09-01/2022-06-30"),
        ("2020年9月1日—2022年6月30日", "2020-09-01/2022-06-30"),
        ("2020.9——2022.6", "2020-09-01/2022-06-30"),
    ],
)
def test_a_range_gives_both_ends(raw, clean) -> None:
    parsed = read_date(raw, edge=START)
    assert (parsed.clean, parsed.codes) == (clean, ("A_DATE_RANGE",))
    assert parsed.until is not None
    assert f"{parsed.value}/{parsed.until.value}" == clean


@given(DAYS)
def test_every_spelling_of_a_day_is_that_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    spellings = [day, serial, float(serial), f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", day.isoformat(),
                 f"{day.year}.{day.month}.{day.day}",
                 f"{day.year}年{day.month}月{day.day}日"]  # fmt: skip
    assert {read_date(raw).value for raw in spellings if raw != serial or serial >= 20000} == {day}


@given(DAYS)
def test_the_corrected_cell_reads_as_the_same_date(day: date) -> None:
    parsed = read_date(f"{day.year}.{day.month:02d}", edge=END)
    again = read_date(parsed.cell, edge=END, shown_month=True)
    assert (again.value, again.precision, again.codes) == (parsed.value, "month", ())


@given(st.one_of(st.text(max_size=15), st.floats(), st.integers()))
def test_nothing_makes_the_reader_fail(raw) -> None:
    parsed = read_date(raw)
    assert parsed.value is None or isinstance(parsed.value, date)
