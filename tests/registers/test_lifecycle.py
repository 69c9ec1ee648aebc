"""When an entry is in the list: before, on and after every date, against a day-by-day oracle."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.registers.lifecycle import Happening, add_months, derive, until_of
from jigai.registers.shapes import Schema, Validity

DAY = dt.timedelta(days=1)
ZERO = dt.date(2024, 1, 1)
days = st.integers(0, 40).map(lambda n: ZERO + n * DAY)
kinds = st.sampled_from(["apply", "admit", "review", "expire", "remove", "revoke", "readmit",
                         "change"])  # fmt: skip
values = st.one_of(st.none(), st.integers(1, 3).map(lambda n: {"level": n}))
happenings = st.builds(Happening, kinds, days, st.one_of(st.none(), days), values)


def oracle(events: list[Happening], day: dt.date) -> Any:
    """Live through the days one by one; the values on ``day``, or ``None`` outside the list."""
    inside, until, level = False, None, {}
    today = ZERO - DAY
    while today <= day:
        if inside and until is not None and until < today:
            inside = False
        for event in [e for e in events if e.effective == today]:
            if event.kind in ("admit", "readmit"):
                inside, until = True, event.until
                level = level if event.values is None else event.values
            if event.kind in ("remove", "revoke"):
                inside = False
            if event.kind in ("review", "change"):
                level = level if event.values is None else event.values
                until = event.until if event.kind == "review" and inside else until
        if inside and until is not None and until < today:
            inside = False
        today += DAY
    return level if inside else None


@given(st.lists(happenings, max_size=7))
def test_every_day_is_as_lived_through(events: list[Happening]) -> None:
    life = derive(events)
    for number in range(-1, 44):
        day = ZERO + number * DAY
        found = [s for s in life.spans if s.starts <= day and (s.ends is None or day < s.ends)]
        assert len(found) <= 1
        assert (found[0].values if found else None) == oracle(events, day), day


@given(st.lists(happenings, max_size=7))
def test_spans_follow_one_another(events: list[Happening]) -> None:
    spans = derive(events).spans
    for one, other in pairwise(spans):
        assert one.ends is not None and one.starts < one.ends <= other.starts


def on(day: str, kind: str, **more: Any) -> Happening:
    return Happening(kind, dt.date.fromisoformat(day), **more)


def test_the_last_valid_day_still_counts() -> None:
    until = dt.date(2024, 12, 31)
    (span,) = derive([on("2024-01-01", "admit", until=until)]).spans
    assert (span.starts, span.ends) == (dt.date(2024, 1, 1), dt.date(2025, 1, 1))


def test_a_recorded_expiry_changes_nothing() -> None:
    admitted = on("2024-01-01", "admit", until=dt.date(2024, 6, 30))
    assert derive([admitted, on("2024-07-01", "expire")]) == derive([admitted])


def test_what_was_recorded_late_counts_from_its_date() -> None:
    late = [on("2024-05-01", "revoke"), on("2024-01-01", "admit"), on("2024-08-01", "readmit")]
    spans = derive(late).spans
    assert [(str(s.starts), str(s.ends)) for s in spans] == [
        ("2024-01-01", "2024-05-01"), ("2024-08-01", "None"),
    ]  # fmt: skip


def test_changed_values_count_from_their_day_and_the_old_ones_before() -> None:
    life = derive([on("2024-01-01", "admit", values={"level": "city"}),
                   on("2024-03-01", "change", values={"level": "province"})])  # fmt: skip
    assert [(s.values["level"], str(s.starts)) for s in life.spans] == [
        ("city", "2024-01-01"), ("province", "2024-03-01"),
    ]  # fmt: skip


def test_a_changed_date_field_moves_the_end() -> None:
    events = [on("2024-01-01", "admit", until=dt.date(2024, 6, 30), values={"to": "2024-06-30"}),
              on("2024-03-01", "change", values={"to": "2025-06-30"})]  # fmt: skip
    assert derive(events, "to").spans[-1].ends == dt.date(2025, 7, 1)
    assert derive(events).spans[-1].ends == dt.date(2024, 7, 1)


@pytest.mark.parametrize("field", ["", "to"])
def test_an_end_given_later_does_not_reach_back(field: str) -> None:
    kind = "change" if field else "review"
    later = on("2024-03-01", kind, until=dt.date(2024, 2, 1), values={"to": "2024-02-01"})
    (span,) = derive([on("2024-01-01", "admit", values={"to": ""}), later], field).spans
    assert (span.starts, span.ends) == (dt.date(2024, 1, 1), dt.date(2024, 3, 1))


@pytest.mark.parametrize(
    ("validity", "effective", "until"),
    [
        (Validity(), "2024-02-29", None),
        (Validity("months", count=12), "2024-02-29", "2025-02-27"),
        (Validity("years", count=3), "2024-01-01", "2026-12-31"),
        (Validity("months", count=1), "2024-01-31", "2024-02-28"),
        (Validity("field", "to"), "2024-01-01", "2024-05-05"),
        (Validity("edition"), "2024-01-01", None),
    ],
)
def test_how_long_an_admission_lasts(validity: Validity, effective: str, until: Any) -> None:
    found = until_of(
        Schema(validity=validity), {"to": "2024-05-05"}, dt.date.fromisoformat(effective)
    )
    assert found == (dt.date.fromisoformat(until) if until else None)


def test_months_end_with_the_month() -> None:
    assert add_months(dt.date(2023, 12, 31), 2) == dt.date(2024, 2, 29)
