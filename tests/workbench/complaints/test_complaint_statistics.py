"""Public figures of complaints: what rests on few stays hidden and cannot be worked out."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jigai.cases.complaint_counts import Row, figures, rows_since
from jigai.cases.flow.suppress import K, published
from jigai.cases.models import Case
from tests.factories import COUNTY
from tests.workbench.complaints.conftest import Desk

pytestmark = [pytest.mark.system("complaint-desk")]


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 40)))
def test_nothing_small_can_be_told_by_subtraction(counts: dict[str, int]) -> None:
    shown = published(counts)
    hidden = [name for name, count in shown.items() if count is None]
    assert all(count is None or count == counts[name] for name, count in shown.items())
    assert all(name in hidden for name, count in counts.items() if 0 < count < K)
    if hidden and any(shown.values()):
        # The total less what is shown is all one learns: two groups and K cases at least.
        assert len(hidden) > 1 and sum(counts[name] for name in hidden) >= K


def test_one_small_group_takes_the_next_with_it() -> None:
    assert published({"a": 2, "b": 9, "c": 30}) == {"a": None, "b": None, "c": 30}
    assert published({"a": 1, "b": 1, "c": 6, "d": 8}) == {"a": None, "b": None, "c": None, "d": 8}
    assert published({"a": 5, "b": 6, "c": 0}) == {"a": 5, "b": 6, "c": 0}
    assert published({}) == {}


def row(subject: str = "repeated", days: int | None = 10, **more: object) -> Row:
    given = {"subject": subject, "region": COUNTY, "month": "2026-03",
             "outcome": "属实" if days is not None else "还在办理", "days": days,
             "on_time": None, **more}  # fmt: skip
    return Row(**given)  # type: ignore[arg-type]


def test_averages_and_shares_rest_on_enough_closed_cases() -> None:
    rows = [row(days=n, on_time=n < 4) for n in (1, 2, 3, 4, 5)] + [row(days=None)] * 5
    found = figures(rows, {"repeated": "重复收费"}, lambda code: "兖州区")
    assert (found.total, found.closed.count, found.limited) == (10, 5, True)
    assert (found.closed.days_words, found.closed.share_words) == ("3.0", "60.0%")
    title, lines = found.tables[0]
    assert (title, lines[0].name, lines[0].count) == ("事项", "重复收费", 10)
    few = figures(rows[1:], {}, str)
    assert few.closed.count is None and few.closed.days_words == "—"


def test_below_k_nothing_is_told_at_all() -> None:
    found = figures([row()] * 4, {}, str)
    assert found.total is None and found.closed.count is None
    assert all(line.count is None for _title, lines in found.tables for line in lines)


def test_without_a_limit_there_is_no_share() -> None:
    found = figures([row()] * 6, {}, str)
    assert not found.limited and found.closed.on_time is None


@pytest.mark.django_db
def test_the_page_counts_what_was_really_closed(desk: Desk, client: Client) -> None:
    for _ in range(5):
        desk.closed(desk.file())
    cases = Case.objects.order_by("pk")
    today = timezone.localdate()
    cases.update(submitted_on=today - dt.timedelta(days=7))
    desk.file(values={"subject": "ip", "heading": "示例侵权", "target": "示例公司", "told": "示例"})
    rows = rows_since(today - dt.timedelta(days=9), today)
    assert [one.days for one in rows] == [7] * 5 + [None]
    place = {"year": (today - dt.timedelta(days=7)).year}
    text = client.get(reverse("complaint-statistics"), place).content.decode()
    assert "侵犯知识产权" in text and "件数太少，不公开" in text and "时限未定" in text
    assert "更新于" in text
    # The one complaint of the other matter is hidden, and so is what would give it away.
    table = text.partition('aria-label="按事项"')[2].partition("</table>")[0]
    assert table.count("件数太少，不公开") == 2
    elsewhere = client.get(reverse("complaint-statistics"), {**place, "place": "任城区"})
    assert "没有收到举报" in elsewhere.content.decode()


@pytest.mark.django_db
def test_a_limit_makes_the_share(desk: Desk) -> None:
    desk.closed(desk.file())
    case = Case.objects.get()
    assert case.closed_on is not None
    for due, on_time in ((case.closed_on, True), (case.closed_on - dt.timedelta(days=1), False)):
        Case.objects.update(due=due)
        found = rows_since(case.closed_on, case.closed_on)
        assert [one.on_time for one in found] == [on_time]
    assert rows_since(case.closed_on, case.closed_on, "3709") == []


@pytest.mark.django_db
def test_an_unreadable_year_or_place_is_answered(client: Client) -> None:
    text = client.get(reverse("complaint-statistics"), {"year": "x", "place": "无此地"})
    assert text.status_code == 200 and "没有认出“无此地”" in text.content.decode()
