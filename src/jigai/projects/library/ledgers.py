"""两类工作台账: two views over the same records, with progress, problems, people and freshness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import DateTimeField, F, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from jigai.core.access import Access
from jigai.projects.models import Adjustment, MonthlyReport, Project, ProjectStep, Visit
from jigai.projects.selectors import projects_for
from jigai.projects.states import ENDED, FINISHED
from jigai.yaml_files import read_yaml

_FILE = Path(__file__).parents[1] / "data" / "project_ledgers.yaml"
# No document says how often: reading G16 takes once a month.
PERIOD = 31
OVER = tuple(FINISHED | ENDED)


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger: its name and the natures of construction that belong to it."""

    key: str
    name: str
    natures: tuple[str, ...]

    @property
    def condition(self) -> Q:
        """On projects; a blank nature stands for one that nobody stated."""
        named = Q(nature__in=[code for code in self.natures if code])
        return named | Q(nature__isnull=True) | Q(nature="") if "" in self.natures else named


@cache
def ledgers() -> Mapping[str, Ledger]:
    """Both, by key: ``data/project_ledgers.yaml``."""
    read: dict[str, dict[str, Any]] = read_yaml(_FILE)
    return {key: Ledger(key, row["name"], tuple(row["natures"])) for key, row in read.items()}


def ledger_rows(access: Access) -> QuerySet[Project]:
    """Projects that count, with ``touched``: when anything was last recorded of each."""
    rows = projects_for(access).filter(duplicate_of__isnull=True).select_related("enterprise")
    return with_touched(rows.defer("search", "enterprise__search"))


def with_touched(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The latest of its entry, steps, accepted monthly reports, adjustments and visits."""
    # In PostgreSQL the greatest of several leaves out those that are not there.
    return rows.annotate(
        touched=Greatest(
            F("created_at"),
            _last(ProjectStep),
            _last(MonthlyReport, accepted=True),
            _last(Adjustment),
            _last(Visit),
            output_field=DateTimeField(),
        )
    )


def _last(model: type[Model], **only: Any) -> Subquery:
    rows = model._default_manager.filter(project=OuterRef("pk"), **only).order_by()
    newest = rows.values("project").annotate(last=Max("created_at")).values("last")
    return Subquery(newest, output_field=DateTimeField())


def late(rows: QuerySet[Any], days: int, now: dt.datetime | None = None) -> QuerySet[Any]:
    """Those that go on and of which nothing was recorded for so many days."""
    since = (now or timezone.now()) - dt.timedelta(days=days)
    return rows.exclude(state__in=OVER).filter(touched__lt=since)


def progress_of(projects: Sequence[int]) -> dict[int, MonthlyReport]:
    """The newest accepted monthly report of each; one query."""
    rows = MonthlyReport.objects.filter(project__in=projects, accepted=True)
    newest = rows.order_by("project_id", "-year", "-month").distinct("project_id")
    return {row.project_id: row for row in newest}
