"""Figures of a round: how many stand where, and how the payment clock went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.utils import timezone

from jigai.core.access.scoping import region_prefix
from jigai.funding.models import Application, Round
from jigai.projects.models import Project


@dataclass(frozen=True, slots=True)
class StateCount:
    """Applications in one state with what was decided and paid on them (fen)."""

    state: str
    word: str
    count: int
    decided_fen: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class Clock:
    """How payments stand to the promise: paid in time, paid late, not paid though promised for a
    day that is over, still running; ``days`` is the mean of days from the close to the payment."""

    in_time: int
    late: int
    overdue: int
    running: int
    days: float | None

    @property
    def paid(self) -> int:
        """All that were paid."""
        return self.in_time + self.late


def counts_by_state(rows: QuerySet[Application]) -> list[StateCount]:
    """One line a state that occurs, in the order of the course."""
    found = {
        row["state"]: row
        for row in rows.order_by().values("state").annotate(
            count=Count("pk"), decided=Sum("decided_fen"), paid=Sum("paid_fen")
        )
    }  # fmt: skip
    return [
        StateCount(
            code, word, found[code]["count"], int(found[code]["decided"] or 0),
            int(found[code]["paid"] or 0),
        )
        for code, word in Application.State.choices
        if code in found
    ]  # fmt: skip


def clock_of(round_: Round) -> Clock:
    """The payment clock of a round, one query."""
    today, closed = timezone.localdate(), timezone.localdate(round_.closes_at)
    rows = Application.objects.filter(round=round_, decided_fen__gt=0)
    open_ = ~Q(state__in=("refused", "withdrawn")) & Q(paid_on__isnull=True)
    took = ExpressionWrapper(F("paid_on") - closed, output_field=DurationField())
    told = rows.aggregate(
        in_time=Count("pk", filter=Q(paid_on__lte=F("promised_on"))),
        late=Count("pk", filter=Q(paid_on__gt=F("promised_on"))),
        overdue=Count("pk", filter=open_ & Q(promised_on__lt=today)),
        running=Count("pk", filter=open_ & ~Q(promised_on__lt=today)),
        days=Avg(took, filter=Q(paid_on__isnull=False)),
    )
    days = told.pop("days")
    return Clock(**told, days=round(days.total_seconds() / 86400, 1) if days is not None else None)


@dataclass(frozen=True, slots=True)
class Breadth:
    """How widely one measure of a round reaches (普惠面), counted in enterprises and apart from
    other measures: that applied, that were granted something, of these for the first time under
    the document. ``fen`` is what was granted."""

    measure: str
    applied: int
    granted: int
    first: int
    fen: int


def breadth_of(round_: Round) -> list[Breadth]:
    """One line a measure, in the order of the round; one query."""
    granted = Q(decided_fen__gt=0)
    rows = (
        Application.objects.filter(round=round_)
        .exclude(state__in=("draft", "signing", "withdrawn"))
        .order_by().values("measure__name", "measure__place")
        .annotate(
            applied=Count("enterprise", distinct=True),
            granted=Count("enterprise", distinct=True, filter=granted),
            first=Count("enterprise", distinct=True, filter=granted & ~Q(
                enterprise__in=_granted_before(round_))),
            fen=Sum("decided_fen"),
        )
    )  # fmt: skip
    return [
        Breadth(r["measure__name"], r["applied"], r["granted"], r["first"], int(r["fen"] or 0))
        for r in sorted(rows, key=lambda r: r["measure__place"])
    ]


def _granted_before(round_: Round) -> QuerySet[Any]:
    """Enterprises that an earlier round of the same document granted something."""
    earlier = Application.objects.filter(
        round__pack__slug=round_.pack.slug, round__lt=round_.pk, decided_fen__gt=0
    )
    return earlier.order_by().values("enterprise")


def firms_with_projects(round_: Round) -> int:
    """Enterprises with a project in the ledger of the round's year: those it could reach."""
    rows = Project.objects.filter(
        region_code__startswith=region_prefix(round_.region_code), duplicate_of=None,
        ledger_years__contains=[round_.year], enterprise__isnull=False,
    )  # fmt: skip
    return rows.order_by().values("enterprise").distinct().count()
