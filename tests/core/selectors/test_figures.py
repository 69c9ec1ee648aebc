"""The figures that count: the newest, not withdrawn, and as known at a moment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jigai.core.models import Enterprise
from jigai.core.selectors_figures import figures_by_enterprise, latest_figures
from tests.factories import make_enterprise, make_figure

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def found(*args: Any, **options: Any) -> list[tuple[int, str, Any]]:
    return [(f.enterprise_id, f.term, f.value) for f in latest_figures(*args, **options)]


def test_the_last_recorded_value_of_each_term_counts() -> None:
    one, two = make_enterprise(), make_enterprise()
    for value in ("A", "B", "C"):
        make_figure(one, "grade", 2021, value)
    make_figure(one, "violation_date", 2021, date(2021, 3, 4))
    make_figure(one, "grade", 2020, "D")
    make_figure(two, "employees", 2021, 0)
    assert found(None, 2021) == [
        (one.pk, "grade", "C"),
        (one.pk, "violation_date", date(2021, 3, 4)),
        (two.pk, "employees", 0),
    ]
    assert found([two.pk], 2021) == [(two.pk, "employees", 0)]
    assert found(Enterprise.objects.filter(pk=one.pk), 2020) == [(one.pk, "grade", "D")]
    assert found(None, 2021, terms=["employees"]) == [(two.pk, "employees", 0)]
    assert found([], 2021) == [] and found(None, 1999) == []


def test_a_withdrawn_value_gives_way_to_the_one_before() -> None:
    row = make_enterprise()
    make_figure(row, "grade", 2021, "A")
    make_figure(row, "grade", 2021, "B", withdrawn_at=NOW)
    assert found(None, 2021) == [(row.pk, "grade", "A")]


def test_known_to_be_missing_hides_the_earlier_value() -> None:
    row = make_enterprise()
    make_figure(row, "revenue", 2021, 100)
    make_figure(row, "revenue", 2021, None)
    assert found(None, 2021) == [(row.pk, "revenue", None)]


@pytest.mark.system("as-of-replay")
def test_a_moment_sees_what_was_recorded_by_then_and_not_yet_withdrawn() -> None:
    row = make_enterprise()
    day = timedelta(days=1)
    make_figure(row, "grade", 2021, "A", recorded_at=NOW - 5 * day)
    make_figure(row, "grade", 2021, "B", recorded_at=NOW - 3 * day, withdrawn_at=NOW - day)
    make_figure(row, "grade", 2021, "C", recorded_at=NOW + day)
    moments = {6: [], 4: ["A"], 2: ["B"], 0: ["A"], -2: ["C"]}
    for ago, values in moments.items():
        assert [v for _, _, v in found(None, 2021, NOW - ago * day)] == values, ago


def test_one_query_for_many_enterprises_and_along_the_index() -> None:
    rows = [make_enterprise(figures={2021: {"grade": "A", "revenue": 5}}) for _ in range(8)]
    with CaptureQueriesContext(connection) as caught:
        by_id = figures_by_enterprise([row.pk for row in rows], 2021)
    assert len(caught.captured_queries) == 1
    assert {key: sorted(terms) for key, terms in by_id.items()} == {
        row.pk: ["grade", "revenue"] for row in rows
    }
