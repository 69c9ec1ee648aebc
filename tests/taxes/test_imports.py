"""进口设备免税: what is let off by day, the end of supervision, back tax on a sale within it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.errors import JigaiError
from jigai.taxes.imports import Import, back_tax, exemption, last_day, months_used
from jigai.taxes.law import Law

pytestmark = pytest.mark.system("import-exemption")


def goods(on: str, **more: Any) -> Import:
    given_ = {"duty_rate": Fraction(10, 100), "encouraged": True, "excluded": False}
    return Import("示例加工中心", 100_0000_00, dt.date.fromisoformat(on), **{**given_, **more})


@pytest.mark.parametrize(
    ("on", "scheme", "state", "exempt"),
    [
        ("1997-06-01", "own", "unknown", None),
        ("2008-12-31", "own", "unknown", None),
        ("2010-06-01", "own", "yes", (10_0000_00, 0)),
        ("2020-06-01", "own", "yes", (10_0000_00, 0)),
        ("2020-06-01", "major", "yes", (10_0000_00, 14_3000_00)),
    ],
)
def test_the_taxes_let_off_are_those_of_the_day(
    law: Law, on: str, scheme: str, state: str, exempt: tuple[int, int] | None
) -> None:
    """Import tax of one's own equipment is due again since 2009; before, supervision is unknown."""
    found = exemption(goods(on, scheme=scheme), law)
    assert found.state == state
    assert (found.exempt_duty, found.exempt_vat) == (exempt or (None, None))


def test_import_tax_is_on_value_and_duty_at_the_rate_of_the_day(law: Law) -> None:
    found = exemption(goods("2020-06-01"), law)
    assert (found.duty, found.vat) == (10_0000_00, 14_3000_00)
    assert exemption(goods("2018-06-01"), law).vat == 17_6000_00


def test_the_catalogue_decides_and_what_is_not_known_is_named(law: Law) -> None:
    assert exemption(goods("2020-06-01", excluded=True), law).state == "no"
    assert exemption(goods("2020-06-01", encouraged=False), law).exempt == 0
    open_ = exemption(goods("2020-06-01", encouraged=None, excluded=None), law)
    assert open_.state == "unknown" and open_.exempt is None and len(open_.missing) == 2
    blank = exemption(goods("2020-06-01", duty_rate=None), law)
    assert blank.exempt is None and "关税税率" in blank.missing[0]


@pytest.mark.parametrize(
    ("on", "kind", "until", "other"),
    [
        ("2018-03-15", "machine", "2021-03-14", None),
        ("2017-10-24", "machine", "2020-10-23", None),
        ("2017-10-23", "machine", "2022-10-22", "2020-10-22"),
        ("2014-01-31", "machine", "2019-01-30", "2017-10-24"),
        ("2018-03-15", "vehicle", "2024-03-14", None),
        ("2018-03-15", "ship", "2026-03-14", None),
    ],
)
def test_supervision_ends_by_kind_and_day(
    law: Law, on: str, kind: str, until: str, other: str | None
) -> None:
    found = exemption(goods(on, goods=kind), law)
    assert found.supervised_until == dt.date.fromisoformat(until)
    assert found.other_until == (dt.date.fromisoformat(other) if other else None)
    assert len(found.reminders) == 3 and max(found.reminders) < found.supervised_until


@pytest.mark.parametrize(
    ("sold", "used"),
    [
        ("2018-03-15", 0),
        ("2018-03-30", 0),
        ("2018-03-31", 1),
        ("2018-04-15", 1),
        ("2019-03-14", 12),
        ("2019-09-20", 18),
        ("2021-03-14", 36),
    ],
)
def test_months_count_odd_days_above_fifteen(law: Law, sold: str, used: int) -> None:
    assert months_used(dt.date(2018, 3, 15), dt.date.fromisoformat(sold), law)[0] == used


def test_a_sale_within_supervision_pays_for_the_months_left(law: Law) -> None:
    """监管期内转让: half the time left, half the value taxed; after it nothing."""
    found = exemption(goods("2018-03-15", scheme="major"), law)
    half = back_tax(found, dt.date(2019, 9, 20), law)
    assert (half.used_months, half.left_months, half.value) == (18, 18, 50_0000_00)
    assert (half.duty, half.vat) == (5_0000_00, (55_0000_00 * 17) // 100)
    last = back_tax(found, dt.date(2021, 3, 14), law)
    after = back_tax(found, dt.date(2021, 3, 15), law)
    assert last.tax == after.tax == 0 and "已满" in after.why and "已满" not in last.why
    own = back_tax(exemption(goods("2018-03-15"), law), dt.date(2019, 9, 20), law)
    assert (own.duty, own.vat) == (5_0000_00, 0)


@settings(max_examples=80, deadline=None)
@given(days=st.integers(0, 1200))
def test_back_tax_never_grows_and_never_exceeds_what_was_let_off(law: Law, days: int) -> None:
    found = exemption(goods("2018-03-15", scheme="major"), law)
    day = dt.date(2018, 3, 15) + dt.timedelta(days=days)
    one, next_ = (back_tax(found, d, law) for d in (day, day + dt.timedelta(days=1)))
    assert 0 <= next_.tax <= one.tax <= (found.exempt or 0)
    assert one.used_months + one.left_months == 36 or one.tax == 0


def test_nothing_is_reckoned_on_what_is_not_settled(law: Law) -> None:
    with pytest.raises(JigaiError, match="还没有定"):
        back_tax(exemption(goods("2018-03-15", encouraged=None), law), dt.date(2019, 1, 1), law)
    with pytest.raises(JigaiError, match="早于"):
        back_tax(exemption(goods("2018-03-15"), law), dt.date(2018, 3, 14), law)
    with pytest.raises(JigaiError, match="完税价格"):
        exemption(Import("示例", 0, dt.date(2018, 1, 1), None), law)


def test_a_period_of_months_ends_the_day_before() -> None:
    assert last_day(dt.date(2020, 2, 29), 12) == dt.date(2021, 2, 27)
    assert last_day(dt.date(2020, 1, 31), 1) == dt.date(2020, 2, 28)
