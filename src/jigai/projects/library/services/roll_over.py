"""结转: the year's end of a library, in one transaction, once a year."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import pghistory
from django.db import connection, transaction
from django.db.models import F, Func
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.library.access import require_keeper
from jigai.projects.library.codes import Outcome, Status
from jigai.projects.library.rolling import Line, RollPlan, plan_rollover
from jigai.projects.library.services.decide_entries import note_admission
from jigai.projects.models import AdmissionDecision, LibraryEntry, Project, RollOver, RollOverLine

_CHUNK = 5000
Row = TypeVar("Row")
Progress = Callable[[str, float], None]


def roll_over(
    *,
    region: str,
    level: str,
    year: int,
    day: dt.date,
    by: User,
    access: Access,
    add: bool = True,
    progress: Progress = lambda step, share: None,
) -> RollOver:
    """Close a year of a library: the finished leave, the running get the next ledger year, what
    waits and fits comes in (invariant 9). All or nothing.

    ``progress`` is called before the transaction. Raises :class:`Denied` for another's library and
    :class:`JigaiError` for a year that is closed already (with where to find it) or not over yet.
    """
    require_keeper(access, region)
    progress("正在结转", 0.2)
    with transaction.atomic(), pghistory.context(user=by.pk, reason=f"{year} 年末结转"):
        _alone(region, level)
        check_year(region, level, year)
        plan = plan_rollover(region=region, level=level, year=year, day=day, add=add, lock=True)
        made = RollOver.objects.create(
            region_code=region, level=level, year=year, before=plan.before,
            moved_out=plan.moved_out, kept=plan.kept, added=plan.added, after=plan.after,
            root_hash=plan.hash, created_by=by,
        )  # fmt: skip
        _keep_lines(made, plan)
        _move_out(plan, day, by)
        _take_in(plan, day, by)
        _give_years(plan)
    return made


def check_year(region: str, level: str, year: int) -> None:
    """Raises :class:`JigaiError` for a year that was closed, lies before one, or is to come."""
    if year > timezone.localdate().year:
        raise JigaiError("rollover-early", f"{year} 年还没有到", "年末再结转")
    rows = RollOver.objects.filter(region_code=region, level=level, year__gte=year)
    done = rows.order_by("year").first()
    if done is not None:
        same = done.year == year
        word = f"{year} 年已经结转过" if same else f"{done.year} 年已经结转，不能再结转更早的年度"
        raise JigaiError(
            "rolled-over", f"{word}（结转单 {done.pk}，{done.created_at:%Y-%m-%d}）",
            "打开那张结转单看明细",
        )  # fmt: skip


def _alone(region: str, level: str) -> None:
    """Two people who close the same library wait for each other; the second finds it closed."""
    with connection.cursor() as cursor:
        name = f"projects.rollover.{region}.{level}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def _keep_lines(made: RollOver, plan: RollPlan) -> None:
    rows = [
        RollOverLine(rollover=made, project_id=line.project, number=line.number, state=line.state,
                     outcome=line.outcome, reason=line.reason)
        for line in plan.lines
    ]  # fmt: skip
    RollOverLine.objects.bulk_create(rows, batch_size=_CHUNK)


def _move_out(plan: RollPlan, day: dt.date, by: User) -> None:
    by_reason: dict[str, list[int]] = defaultdict(list)
    for line in plan.lines:
        if line.outcome == Outcome.OUT:
            by_reason[line.reason].append(line.entry)
    for reason, entries in by_reason.items():
        for chunk in _chunks(entries):
            _entries(chunk).update(
                status=Status.OUT, left_on=day, reason=f"{plan.year} 年末结转：{reason}",
                **_touched(by),
            )  # fmt: skip


def _take_in(plan: RollPlan, day: dt.date, by: User) -> None:
    added = [line for line in plan.lines if line.outcome == Outcome.ADDED]
    if not added:
        return
    for decision in plan.decisions.values():
        decision.created_by = by
    decisions = [plan.decisions[line.project] for line in added]
    AdmissionDecision.objects.bulk_create(decisions, batch_size=_CHUNK)
    entries = LibraryEntry.objects.in_bulk([line.entry for line in added])
    for line in added:
        row = entries[line.entry]
        row.status, row.admitted_on, row.left_on = Status.IN, day, None
        row.decision = plan.decisions[line.project]
        row.reason, row.updated_by, row.updated_at = "", by, timezone.now()
        row.version += 1
    columns = ["status", "admitted_on", "left_on", "decision", "reason", "updated_by", "updated_at",
               "version"]  # fmt: skip
    LibraryEntry.objects.bulk_update(entries.values(), columns, batch_size=1000)
    note_admission([line.project for line in added], day, by)


def _give_years(plan: RollPlan) -> None:
    by_year: dict[int, list[int]] = defaultdict(list)
    for line in plan.lines:
        if line.new_year:
            by_year[line.new_year].append(line.project)
    for year, projects in by_year.items():
        for chunk in _chunks(projects):
            rows = Project.objects.filter(pk__in=chunk).exclude(ledger_years__contains=[year])
            appended = Func(F("ledger_years"), year, function="array_append", template=_APPEND)
            rows.update(ledger_years=appended, version=F("version") + 1)


_APPEND = "array_append(%(expressions)s::smallint)"


def _entries(keys: Sequence[int]) -> Any:
    return LibraryEntry.objects.filter(pk__in=keys)


def _touched(by: User) -> dict[str, Any]:
    return {"updated_by": by, "updated_at": timezone.now(), "version": F("version") + 1}


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def lines_of(plan: RollPlan, outcome: str, most: int) -> list[Line]:
    """The first few lines that end so, for a preview."""
    return [line for line in plan.lines if line.outcome == outcome][:most]
