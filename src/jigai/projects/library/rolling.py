"""What a year's end would do with every project of a library: who leaves, stays and comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import QuerySet

from jigai.errors import JigaiError
from jigai.projects.library.codes import Outcome, Status
from jigai.projects.library.inputs import inputs_of
from jigai.projects.library.judge import IN, judge
from jigai.projects.library.rule import LibraryRule, rule_for
from jigai.projects.models import AdmissionDecision, LibraryEntry, Project
from jigai.projects.states import FINISHED, NOT_STARTED, State
from jigai.rules.hashing import root_hash

_CHUNK = 2000
# An option of the reading 滚动方式: three years that do not move.
_FIXED = ("rolling_mode", "b")


class Line(NamedTuple):
    """One project: ``new_year`` is the ledger year it gets, 0 for none."""

    entry: int
    project: int
    number: str
    name: str
    state: str
    outcome: str
    reason: str
    new_year: int


@dataclass(slots=True)
class RollPlan:
    """Every line of a year's end, and the rule that let new projects in.

    ``waiting`` are projects that wait and do not come in, with why.
    """

    region: str
    level: str
    year: int
    lines: list[Line] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    decisions: dict[int, AdmissionDecision] = field(default_factory=dict)
    rule: LibraryRule | None = None

    def count(self, outcome: str) -> int:
        """How many lines end so."""
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def moved_out(self) -> int:
        """Those that leave."""
        return self.count(Outcome.OUT)

    @property
    def kept(self) -> int:
        """Those that stay."""
        return self.count(Outcome.KEPT)

    @property
    def added(self) -> int:
        """Those that come in."""
        return self.count(Outcome.ADDED)

    @property
    def before(self) -> int:
        """How many stood in the library."""
        return self.moved_out + self.kept

    @property
    def after(self) -> int:
        """How many will."""
        return self.kept + self.added

    @property
    def hash(self) -> str:
        """Over all lines, whatever their order."""
        return root_hash(
            (line.number, line.state, line.outcome, line.reason) for line in self.lines
        )


def plan_rollover(
    *, region: str, level: str, year: int, day: dt.date, add: bool = True, lock: bool = False
) -> RollPlan:
    """Judge every project of the library; a fixed number of queries for a chunk of those waiting.

    ``add`` takes in what waits and fits the rule of the library; where no rule is installed nothing
    comes in by itself. Raises :class:`JigaiError` where the reading says that the years stay fixed.
    """
    rule = rule_for(region, level, day)
    if rule is not None and rule.option(_FIXED[0]) == _FIXED[1]:
        raise JigaiError(
            "window-fixed",
            "读法“滚动方式”取的是固定三年，这个库不逐年结转",
            "要滚动就先改读法的答复",
        )
    plan = RollPlan(region, level, year, rule=rule)
    if lock:
        _hold(region, level)
    plan.lines += _members(_entries(region, level, Status.IN, lock), year, day)
    if add and rule is not None:
        for rows in _waiting(region, level, lock):
            _take_in(plan, rule, rows)
    return plan


def _entries(region: str, level: str, status: str, lock: bool) -> QuerySet[LibraryEntry]:
    rows = LibraryEntry.objects.filter(
        region_code=region, level=level, status=status, project__duplicate_of__isnull=True
    ).order_by("pk")
    return rows.select_for_update(of=("self",)) if lock else rows


def _hold(region: str, level: str) -> None:
    """Lock the projects first: nobody changes their stage while the year is closed."""
    rows = Project.objects.filter(entries__region_code=region, entries__level=level)
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _members(rows: QuerySet[LibraryEntry], year: int, day: dt.date) -> Iterator[Line]:
    columns = ("pk", "project_id", "project__number", "project__name", "project__state",
               "project__start", "project__ledger_years")  # fmt: skip
    for pk, project, number, name, state, start, years in rows.values_list(*columns):
        outcome, reason = _fate(state, start, max(years), year, day)
        new = year + 1 if outcome == Outcome.KEPT and max(years) <= year else 0
        yield Line(pk, project, number, name, state, outcome, reason, new)


def _fate(state: str, start: dt.date | None, last: int, year: int, day: dt.date) -> tuple[str, str]:
    """Finished and ended leave; what goes on or has yet to begin stays."""
    label = State(state).label
    if state in FINISHED:
        return Outcome.OUT, f"{label}，完工移出"
    if state in (State.WITHDRAWN, State.STOPPED):
        return Outcome.OUT, f"{label}，移出"
    if last > year:
        return Outcome.KEPT, f"储备，入账年度 {last}"
    if state in NOT_STARTED:
        late = start is not None and start <= day
        return Outcome.KEPT, f"超期未开工（计划 {start:%Y-%m}），顺延" if late else "未开工，顺延"
    return Outcome.KEPT, "在建，续建顺延"


def _waiting(region: str, level: str, lock: bool) -> Iterator[list[LibraryEntry]]:
    rows = _entries(region, level, Status.REPORTED, lock)
    rows = rows.select_related("project", "project__enterprise").defer(
        "project__search", "project__enterprise__search"
    )
    chunk: list[LibraryEntry] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _take_in(plan: RollPlan, rule: LibraryRule, rows: Iterable[LibraryEntry]) -> None:
    listed = list(rows)
    found = inputs_of(rule, [row.project for row in listed])
    for row in listed:
        project: Project = row.project
        if project.state in FINISHED or project.state in (State.WITHDRAWN, State.STOPPED):
            plan.waiting.append((project.name, f"{State(project.state).label}，不补入"))
            continue
        judged = judge(rule, found[project.pk])
        if judged.verdict != IN:
            plan.waiting.append((project.name, judged.lacks))
            continue
        plan.decisions[project.pk] = AdmissionDecision(
            project=project, level=plan.level, slug=rule.version.slug, item=rule.item.id,
            pack_hash=rule.version.sha256, readings=rule.kept_readings, as_of=rule.day,
            verdict=judged.verdict, conditions=judged.conditions,
        )  # fmt: skip
        new = plan.year + 1 if max(project.ledger_years) <= plan.year else 0
        plan.lines.append(
            Line(row.pk, project.pk, project.number, project.name, project.state, Outcome.ADDED,
                 "待审的储备项目符合入库条件，补入", new)
        )  # fmt: skip
