"""Paging by key: every row exactly once, in order, there and back, with ties and missing values."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jigai.core.models import Enterprise, Job
from jigai.core.screens.keyset import Cursor, Page, Sort, fetch_page, is_nullable
from jigai.projects.models import Project
from tests.factories import make_enterprise, make_project, make_user

DAYS = [None, date(2020, 1, 1), date(2020, 1, 1), date(2021, 6, 30), date(1999, 12, 31)]


def walk(rows: Any, sort: Sort, size: int) -> list[Page[Any]]:
    """All pages from the first to the last."""
    pages = [fetch_page(rows, sort, size)]
    while pages[-1].after:
        pages.append(fetch_page(rows, sort, size, Cursor.read(pages[-1].after, sort)))
        assert len(pages) < 200
    return pages


def expected(rows: Any, sort: Sort) -> list[int]:
    """The order by plain Python: missing last in both directions, the id breaks ties its way."""
    known = [r for r in rows if getattr(r, sort.path) is not None]
    missing = [r for r in rows if getattr(r, sort.path) is None]
    down = sort.descending
    known.sort(key=lambda r: (getattr(r, sort.path), r.pk), reverse=down)
    missing.sort(key=lambda r: r.pk, reverse=down)
    return [r.pk for r in (*known, *missing)]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["founded", "town", "uscc", "pinyin", "id", "source_row"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("size", [1, 3, 4, 50])
def test_every_row_once_in_order_there_and_back(path: str, descending: bool, size: int) -> None:
    for n in range(13):
        make_enterprise(
            founded=DAYS[n % 5], town=["甲镇", "乙镇"][n % 2], pinyin="abc"[n % 3],
            source_row=[None, 5, 5, 7][n % 4],
            uscc=None if n % 4 == 0 else f"91{(n * 7) % 20:016d}",
        )  # fmt: skip
    rows, sort = Enterprise.objects.all(), Sort(path, descending)
    pages = walk(rows, sort, size)
    found = [row.pk for page in pages for row in page.rows]
    assert found == expected(Enterprise.objects.all(), sort)
    assert pages[0].before == "" and pages[-1].after == ""
    back = [pages[-1]]
    while back[-1].before:
        back.append(fetch_page(rows, sort, size, Cursor.read(back[-1].before, sort)))
    assert back[-1].rows == pages[0].rows
    if len(pages) > 2:
        assert back[1].rows == pages[-2].rows


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.one_of(st.none(), st.integers(-5, 5)), max_size=12),
    descending=st.booleans(),
    size=st.integers(1, 5),
)
def test_any_values_page_as_they_sort(
    values: list[int | None], descending: bool, size: int
) -> None:
    Project.objects.all().delete()
    for value in values:
        make_project(total_fen=value)
    sort = Sort("total_fen", descending)
    pages = walk(Project.objects.all(), sort, size)
    found = [row.pk for page in pages for row in page.rows]
    assert found == expected(Project.objects.all(), sort)


@pytest.mark.django_db
def test_joined_sort_with_missing_parts_loses_no_row() -> None:
    owners = [make_enterprise(pinyin=text) for text in "bca"]
    for owner in (*owners, None, None):
        make_project(owner)
    sort = Sort("enterprise__pinyin")
    pages = walk(Project.objects.all(), sort, 2)
    owners_found = [row.enterprise_id for page in pages for row in page.rows]
    assert owners_found == [owners[2].pk, owners[0].pk, owners[1].pk, None, None]


@pytest.mark.django_db
def test_rows_added_before_the_page_do_not_shift_it() -> None:
    made = [make_enterprise(pinyin=f"m{n}") for n in range(6)]
    sort = Sort("pinyin")
    first = fetch_page(Enterprise.objects.all(), sort, 3)
    make_enterprise(pinyin="a")
    made[0].delete()
    second = fetch_page(Enterprise.objects.all(), sort, 3, Cursor.read(first.after, sort))
    assert [row.pk for row in second.rows] == [row.pk for row in made[3:]]


@pytest.mark.django_db
def test_going_back_to_the_start_gives_a_full_first_page() -> None:
    made = [make_enterprise(pinyin=f"m{n}") for n in range(5)]
    sort = Sort("pinyin")
    cursor = Cursor(sort, "m2", made[2].pk, back=True)
    page = fetch_page(Enterprise.objects.all(), sort, 4, cursor)
    assert [row.pk for row in page.rows] == [row.pk for row in made[:4]]
    assert page.before == "" and page.after


@pytest.mark.parametrize(
    "value",
    [None, "文字", 10**15, True, date(2024, 2, 29), Decimal("1.50"),
     datetime(2024, 5, 1, 8, 30, tzinfo=timezone.get_default_timezone())],
)  # fmt: skip
def test_cursor_survives_its_address(value: Any) -> None:
    cursor = Cursor(Sort("x", True), value, 7, back=True)
    assert Cursor.read(cursor.token(), Sort("x", True)) == cursor


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "%00", "eyJhIjoxfQ:abc"])
def test_altered_cursor_is_refused(token: str) -> None:
    assert Cursor.read(token, Sort("x")) is None


def test_cursor_of_another_order_is_refused() -> None:
    token = Cursor(Sort("x"), 1, 1).token()
    assert Cursor.read(token, Sort("x", True)) is None
    assert Cursor.read(token, Sort("y")) is None


@pytest.mark.parametrize(
    ("path", "nullable"),
    [("pinyin", False), ("uscc", True), ("id", False), ("batch__year", True), ("made_up", True)],
)
def test_which_sort_values_can_be_missing(path: str, nullable: bool) -> None:
    assert is_nullable(Enterprise, path) is nullable


@pytest.mark.django_db
def test_moments_keep_their_microseconds() -> None:
    owner = make_user()
    start = timezone.now()
    for n in range(4):
        job = Job.objects.create(kind="x", title="t", owner=owner)
        Job.objects.filter(pk=job.pk).update(finished_at=start + timedelta(microseconds=n))
    pages = walk(Job.objects.all(), Sort("finished_at", True), 1)
    assert len({row.pk for page in pages for row in page.rows}) == 4
