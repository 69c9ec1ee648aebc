"""Figures about closed cases: how often applicants came, and how satisfied they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, TruncMonth

from jigai.cases.access import APPLY, desk_of, visible_cases
from jigai.cases.models import Case as CaseRow
from jigai.cases.models import CaseRating, Task, Visit
from jigai.core.access import Access
from jigai.core.models import Department

# Groups of fewer ratings than this are not shown: who said it could be guessed.
SMALLEST = 5
CONTENT = 4


def _first_unit() -> Subquery:
    """The department that did the first task of a case."""
    tasks = Task.objects.filter(case=OuterRef("pk"), kind="handle", state="done",
                                department__isnull=False)  # fmt: skip
    return Subquery(tasks.order_by("done_at", "id").values("department")[:1])


def visit_rows(access: Access) -> QuerySet[CaseRow]:
    """Closed visible cases whose procedure promises a number of visits, with ``coming`` (visits),
    ``promised``, ``over`` (beyond the promise), ``month`` of closing and ``unit``."""
    came = (
        Visit.objects.filter(case=OuterRef("pk")).order_by().values("case")
        .annotate(n=Count("pk")).values("n")
    )  # fmt: skip
    promised = Cast(KeyTextTransform("visits", "release__content"), IntegerField())
    return (
        visible_cases(access).filter(state="done", closed_on__isnull=False)
        .annotate(promised=promised, coming=Coalesce(Subquery(came), Value(0)))
        .filter(promised__gt=0)
        .annotate(
            over=Case(When(coming__gt=F("promised"), then=Value(True)), default=Value(False)),
            month=TruncMonth("closed_on"), unit=_first_unit(),
        )
        .select_related("procedure", "enterprise").defer("search", "words")
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class VisitGroup:
    """Cases of a month and department: how many, visits on average, share within the promise."""

    month: dt.date | None
    unit: int | None
    name: str
    cases: int
    visits: int
    over: int

    @property
    def average(self) -> str:
        """Visits a case, two decimals."""
        return f"{self.visits / self.cases:.2f}" if self.cases else "—"

    @property
    def share(self) -> str:
        """Per cent of the cases within the promised number."""
        return f"{100 * (self.cases - self.over) / self.cases:.1f}%" if self.cases else "—"


def visit_groups(access: Access, year: int) -> tuple[list[VisitGroup], VisitGroup]:
    """By month and department of a year, the latest first, and all of them together."""
    rows = (
        visit_rows(access).filter(closed_on__year=year).order_by().values("month", "unit")
        .annotate(n=Count("pk"), visits=Sum("coming"), beyond=Count("pk", filter=Q(over=True)))
    )  # fmt: skip
    found = list(rows)
    names = dict(
        Department.objects.filter(pk__in={r["unit"] for r in found}).values_list("pk", "name")
    )
    groups = [
        VisitGroup(r["month"], r["unit"], names.get(r["unit"], "—"), r["n"], r["visits"],
                   r["beyond"])
        for r in sorted(found, key=lambda r: (r["month"], r["unit"] or 0), reverse=True)
    ]  # fmt: skip
    total = VisitGroup(
        None, None, "合计", sum(g.cases for g in groups), sum(g.visits for g in groups),
        sum(g.over for g in groups),
    )  # fmt: skip
    return groups, total


@dataclass(frozen=True, slots=True)
class RatingGroup:
    """Ratings of a procedure by department; without figures where there are too few."""

    procedure: str
    department: str
    number: int
    average: str
    content: str

    @property
    def hidden(self) -> bool:
        """Whether there are too few to tell."""
        return not self.average


def ratings(access: Access) -> tuple[list[RatingGroup], int]:
    """By procedure and department, and how many ratings the groups that are shown hold.

    No total over hidden groups is given: it would tell what they hide.
    """
    rows: list[dict[str, Any]] = list(
        CaseRating.objects.filter(case__in=visible_cases(access))
        .annotate(unit=_unit_of_rating())
        .order_by().values("case__procedure__name", "unit")
        .annotate(n=Count("pk"), mean=Avg("score"),
                  good=Count("pk", filter=Q(score__gte=CONTENT)))
        .order_by("case__procedure__name", "unit")
    )  # fmt: skip
    names = dict(
        Department.objects.filter(pk__in={r["unit"] for r in rows}).values_list("pk", "name")
    )
    groups = [_rating(row, names.get(row["unit"], "—")) for row in rows]
    return groups, sum(g.number for g in groups if not g.hidden)


def _unit_of_rating() -> Subquery:
    tasks = Task.objects.filter(case=OuterRef("case"), kind="handle", state="done",
                                department__isnull=False)  # fmt: skip
    return Subquery(tasks.order_by("done_at", "id").values("department")[:1])


def _rating(row: dict[str, Any], department: str) -> RatingGroup:
    enough = row["n"] >= SMALLEST
    return RatingGroup(
        row["case__procedure__name"], department, row["n"] if enough else 0,
        f"{row['mean']:.2f}" if enough else "",
        f"{100 * row['good'] / row['n']:.1f}%" if enough else "",
    )  # fmt: skip


def to_be_rated(access: Access) -> list[CaseRow]:
    """One's own cases that are over and not rated yet, the latest first."""
    if access.user is None or not access.can(APPLY):
        return []
    own = Q(started_by=access.user)
    desk = desk_of(access)
    if desk.enterprises:
        own |= Q(enterprise__in=desk.enterprises)
    rows = CaseRow.objects.filter(own, state__in=("done", "refused"), rating__isnull=True)
    return list(rows.select_related("procedure").defer("search", "words").order_by("-id")[:20])
