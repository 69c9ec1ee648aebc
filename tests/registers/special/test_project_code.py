"""The time a project code tells."""

from __future__ import annotations

import datetime as dt

import pytest

from jigai.registers.special.project_code import code_period


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2107-370812-07-02-123456", "2021-07-01", "2021-07-31"),
        ("2012-370812-07-02-123456", "2020-12-01", "2020-12-31"),
        ("2018-370812-34-03-012345", "2018-01-01", "2018-12-31"),
        (" 2020-370812-34-03-012345 ", "2020-01-01", "2020-12-31"),
    ],
)
def test_month_or_year(code: str, first: str, last: str) -> None:
    found = code_period(code)
    assert found is not None
    assert (found.first, found.last) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    "code", [None, "", "2113-370812-07-02-123456", "0501-370812-07-02-123456", "鲁2107"]
)
def test_no_time(code: str | None) -> None:
    assert code_period(code) is None
