"""Last days as documents write them, and the one reading that moves them."""

from __future__ import annotations

import datetime as dt

import pytest

from jigai.rules.deadlines import parse_deadline
from jigai.rules.errors import FormulaError


@pytest.mark.system("quantifier-semantics")
@pytest.mark.parametrize(
    ("text", "year", "last", "shortened"),
    [
        ("2015年底前", None, "2015-12-31", "2015-12-30"),
        ("2015年底", None, "2015-12-31", "2015-12-30"),
        ("2015年12月底前", None, "2015-12-31", "2015-12-30"),
        ("２０１７年底前", None, "2017-12-31", "2017-12-30"),
        ("年底前", 2020, "2020-12-31", "2020-12-30"),
        ("底前", 2020, "2020-12-31", "2020-12-30"),
        ("2017年6月底前", None, "2017-06-30", "2017-06-30"),
        ("2016年2月底", None, "2016-02-29", "2016-02-29"),
        ("2月底前", 2017, "2017-02-28", "2017-02-28"),
        ("2017-12-31", None, "2017-12-31", "2017-12-31"),
    ],
)
def test_before_the_end_of_the_year_includes_its_last_day(
    text: str, year: int | None, last: str, shortened: str
) -> None:
    """U9 a; reading b ends the day before, and leaves written dates and other months alone."""
    deadline = parse_deadline(text, year)
    assert deadline.last_day("a") == deadline.last_day() == dt.date.fromisoformat(last)
    assert deadline.last_day("b") == dt.date.fromisoformat(shortened)


@pytest.mark.parametrize(
    "text", ["年底前", "明年底", "2015年13月底前", "2015-02-30", "尽快", "2015"]
)
def test_what_is_no_last_day_is_refused(text: str) -> None:
    with pytest.raises(FormulaError) as raised:
        parse_deadline(text)
    assert (raised.value.code, text in raised.value.message) == ("bad-deadline", True)
