"""The query forms of the inbox and of the list of cases."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeAlias

from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from jigai.cases.due_words import LIGHT_WORDS
from jigai.cases.models import Case, CaseProcedure
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    search,
    words_field,
)

Rows: TypeAlias = "QuerySet[Any]"


def lit(rows: Rows, wanted: str, at: str, today: dt.date, paused: Q) -> Rows:
    """The rows whose clock at ``at`` (``""``, ``step__``, ``case__``) shows a light today, as
    :func:`jigai.cases.services.clocks.light` says it of each."""
    due, amber = f"{at}due", f"{at}amber_from"
    if wanted == "red":
        return rows.filter(**{f"{due}__lt": today})
    on_time = Q(**{f"{due}__gte": today})
    close = Q(**{f"{amber}__lte": today})
    if wanted == "paused":
        return rows.filter(paused).exclude(**{f"{due}__lt": today})
    if wanted == "none":
        return rows.filter(**{f"{due}__isnull": True}).exclude(paused)
    rows = rows.filter(on_time).exclude(paused)
    # ``exclude`` would drop nothing here: a clock without that day is not close.
    return (
        rows.filter(close)
        if wanted == "amber"
        else rows.filter(~close | Q(**{f"{amber}__isnull": True}))
    )


def step_paused(at: str = "step__") -> Q:
    """A step that has a limit and no day to keep."""
    return Q(**{f"{at}due__isnull": True, f"{at}days__gt": 0})


def lit_tasks(rows: Rows, wanted: str, today: dt.date) -> Rows:
    """The open tasks whose step shows a light today."""
    # A task is due when its step is, and its own day lies in the index that is read.
    own = {"red": {"due__lt": today}, "green": {"due__gte": today}, "amber": {"due__gte": today}}
    due = own.get(wanted, {"due__isnull": True})
    return lit(rows.filter(**due), wanted, "step__", today, step_paused())


class _OfCases(ListFilters):
    """Conditions on the case of a row; ``at`` leads to it (``case__``, or nothing)."""

    at = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = CaseProcedure.objects.exclude(current=None).order_by("name", "id")
        self.fields["procedure"].choices = [
            ("", "全部"), *((str(pk), name) for pk, name in names.values_list("pk", "name")),
        ]  # fmt: skip

    def by_q(self, rows: Rows, value: str) -> Rows:
        """Part of the number, or words of the case."""
        if value.replace("-", "").isdigit():
            return rows.filter(**{f"{self.at}number__contains": value})
        return search(rows, value, column=f"{self.at}search")

    def by_procedure(self, rows: Rows, value: str) -> Rows:
        """By one procedure, whichever version."""
        return rows.filter(**{f"{self.at}procedure": int(value)})

    def by_region(self, rows: Rows, value: str) -> Rows:
        """In a region and below."""
        return below(rows, f"{self.at}region_code", value)

    def by_light(self, rows: Rows, value: str) -> Rows:
        """Of the whole; over and done with is a light of its own."""
        if value == "missed":
            return rows.filter(**{f"{self.at}closed_on__gt": F(f"{self.at}due")})
        running = rows.filter(**{f"{self.at}closed_on__isnull": True})
        paused = Q(**{f"{self.at}paused": True})
        return lit(running, value, self.at, timezone.localdate(), paused)


class InboxFilters(_OfCases):
    """What is on a desk, by words, procedure, light and region. With ``of_step`` the light is that
    of the step in which something is to be done."""

    tab = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)
    q = words_field("编号或名称")
    procedure = choice("办事方式", ())
    light = choice("期限", LIGHT_WORDS.items())
    region = RegionField()

    def __init__(self, *args: Any, at: str = "case__", of_step: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.of_step = at, of_step

    def by_tab(self, rows: Rows, value: str) -> Rows:
        """Chosen before; no condition."""
        return rows

    def by_light(self, rows: Rows, value: str) -> Rows:
        """As the list shows it."""
        if not self.of_step:
            return super().by_light(rows, value)
        return lit_tasks(rows, value, timezone.localdate())


class CaseFilters(_OfCases):
    """Cases by words, state, light, procedure, region and days."""

    q = words_field("编号、名称或内容")
    state = choice("状态", Case.State.choices)
    light = choice("期限", [*LIGHT_WORDS.items(), ("missed", "超期办结")])
    procedure = choice("办事方式", ())
    region = RegionField()
    accepted_from = forms.DateField(
        label="受理日期起", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    accepted_to = forms.DateField(
        label="受理日期止", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    due_to = forms.DateField(label="应办结日期止", required=False,
                             widget=forms.DateInput(attrs={"type": "date"}))  # fmt: skip
    lookups = {
        "accepted_from": "accepted_on__gte", "accepted_to": "accepted_on__lte",
        "due_to": "due__lte",
    }  # fmt: skip
