"""Rooms that keep days hear of a changed calendar once it is committed."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core import calendar_changes
from jigai.core.calendar_changes import calendar_changed, on_calendar_change
from jigai.core.models import Workday


@pytest.fixture(autouse=True)
def nobody(monkeypatch: Any) -> None:
    monkeypatch.setattr(calendar_changes, "_CALLBACKS", [])


@pytest.mark.django_db
def test_told_after_the_commit_and_once(django_capture_on_commit_callbacks: Any) -> None:
    heard: list[str] = []

    def listen() -> None:
        heard.append("changed")

    on_calendar_change(listen)
    on_calendar_change(listen)
    with django_capture_on_commit_callbacks(execute=True):
        calendar_changed()
        assert heard == []
    assert heard == ["changed"]


@pytest.mark.django_db
def test_one_that_fails_undoes_nothing_and_keeps_nobody_from_hearing(
    django_capture_on_commit_callbacks: Any,
) -> None:
    heard: list[str] = []

    def fail() -> None:
        raise RuntimeError("example")

    on_calendar_change(fail)
    on_calendar_change(lambda: heard.append("changed"))
    with django_capture_on_commit_callbacks(execute=True):
        Workday.objects.create(day="2031-01-01", kind="holiday")
        calendar_changed()
    assert heard == ["changed"] and Workday.objects.filter(day="2031-01-01").exists()
