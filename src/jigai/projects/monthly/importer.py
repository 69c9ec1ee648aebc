"""月度投资报表: a workbook of months onto the stored ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg.types.json import Jsonb

from jigai.core.imports.fits import check_fits
from jigai.core.imports.merge import Merge
from jigai.core.imports.registry import Counts, Importer, Place, register_importer
from jigai.core.imports.stored import register_of
from jigai.core.models import ImportBatch
from jigai.errors import JigaiError
from jigai.projects.importers import ledger_missing
from jigai.projects.models import MonthlyReport, Project
from jigai.projects.monthly.build import Report, build_year
from jigai.projects.monthly.checks import Checked, Entry
from jigai.projects.monthly.locks import LOCKED, Locks
from jigai.projects.monthly.match import ProjectFinder
from jigai.projects.monthly.parameters import limits
from jigai.projects.monthly.recheck import recheck
from jigai.projects.monthly.stored import (
    Figures,
    Places,
    entry_of,
    figures_of,
    stored_reports,
)
from jigai.projects.stored_ledger import stored_projects
from jigai.sheets.table import Table

_COLUMNS = (
    "project_id", "region_code", "year", "month", "current_fen", "cumulative_fen",
    "year_plan_fen", "since_start_fen", "equipment_fen", "progress", "accepted", "flags",
    "confirmed", "written", "origin", "source_sheet", "source_row",
)  # fmt: skip
_COMPARED = tuple(
    name
    for name in _COLUMNS
    if name not in {"project_id", "region_code", "year", "month", "source_row"}
)
_LENGTHS = {"project_name": 200, "enterprise": 200, "project_code": 40, "progress": 200}
_IMPORT = MonthlyReport.Origin.IMPORT


class MonthlyPlan:
    """What a workbook of monthly reports does to the stored reports of a place and year."""

    def __init__(self, table: Table, place: Place) -> None:
        self.table, self.place = table, place
        check_fits(table, _LENGTHS)
        register = register_of(place)
        projects = stored_projects(place.region_code, place.year, register=register.by_key)
        keys = [project.row for project in projects]
        numbers = dict(Project.objects.filter(pk__in=keys).values_list("number", "pk"))
        finder = ProjectFinder(projects, register.index, numbers)
        self.totals = {project.row: project.total_fen for project in projects}
        self.stored = stored_reports(keys, place.year)
        entries = {
            key: [entry_of(report, self.totals.get(key)) for report in reports]
            for key, reports in self.stored.items()
        }
        self.year = build_year(table, finder, place.year, stored=entries, limits=limits())
        self.places = Places({report.project.row for report in self.year.reports})
        self._drop_locked()
        self._by_row = {r.row.number: r for r in self.taken if r.part is table}

    def _drop_locked(self) -> None:
        """Rows of locked months stay out, each told; they count in the checks all the same."""
        locks = Locks(self.place.year)
        self.taken: list[Report] = []
        known = {(r.project_id, r.month): r for rows in self.stored.values() for r in rows}
        for report in self.year.reports:
            if not locks.covers(self._region(report), report.month):
                self.taken.append(report)
            elif not self._same(report, known.get((report.project.row, report.month))):
                report.part.report(report.row, "project_name", "E_M_LOCKED")
        self.known, self.locks = known, locks

    def _same(self, report: Report, stored: MonthlyReport | None) -> bool:
        """Whether a row says what is locked; then there is nothing to tell."""
        if stored is None:
            return False
        was = entry_of(stored, None)
        return (was.current, was.cumulative) == (report.entry.current, report.entry.cumulative)

    def _region(self, report: Report) -> str:
        stored = self.places.region(report.project.row, self.place.year, report.month)
        return stored or self.place.region_code

    def stage(self, cursor: Any, *, real: bool) -> Counts:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        self.merge = Merge(cursor, MonthlyReport, _COLUMNS, compared=_COMPARED)
        self.merge.load(self._staged())
        self.merge.number(real=real)
        months = {report.month for report in self.taken}
        mine = {(report.project.row, report.month) for report in self.taken}
        absent = sum(key not in mine and key[1] in months for key in self.known)
        held = sum(not self._checked(report).accepted for report in self.taken)
        asked = sum(bool(self._checked(report).flags) for report in self.taken)
        more = {"held": held, "asked": asked, "months": len(months)}
        return Counts(*self.merge.count(), absent, more)

    def _checked(self, report: Report) -> Checked:
        return self.year.checked[report.project.row][report.month]

    def _staged(self) -> Iterator[tuple[Any, ...]]:
        number = 0
        for report in self.taken:
            number = report.number
            stored = self.known.get((report.project.row, report.month))
            found = figures_of(report.entry, self._checked(report))
            yield (number, stored.pk if stored else None, *self._values(report, found, stored))
        fresh = {(report.project.row, report.month) for report in self.year.reports}
        for key, stored in self.known.items():
            if key in fresh or key[0] not in self.year.checked:
                continue
            row = self._rechecked(stored)
            if row is not None:
                number = max(number, len(self.year.reports)) + 1
                yield (number, stored.pk, *row)

    def _values(
        self, report: Report, found: Figures, stored: MonthlyReport | None
    ) -> tuple[Any, ...]:
        part, entry = report.part, report.entry
        kept = _keeps(stored, found)
        old: Any = stored

        def told(name: str, value: Any, column: str) -> Any:
            """A file without the column leaves what is stored."""
            return value if name in part.columns or stored is None else getattr(old, column)

        return (
            report.project.row, self._region(report), self.place.year, report.month,
            found.current_fen, found.cumulative_fen,
            told("year_plan", entry.year_plan, "year_plan_fen"),
            told("since_start", report.since_start, "since_start_fen"),
            told("equipment", report.equipment, "equipment_fen"),
            told("progress", report.progress, "progress"), found.accepted, found.flags,
            old.confirmed if kept else "", Jsonb(found.written),
            old.origin if kept else _IMPORT, old.source_sheet if kept else part.sheet[:60],
            report.row.number,
        )  # fmt: skip

    def _rechecked(self, stored: MonthlyReport) -> tuple[Any, ...] | None:
        """A stored month that the file does not hold, where the file changes what checks say."""
        checked = self.year.checked[stored.project_id].get(stored.month)
        if checked is None or self.locks.covers(stored.region_code, stored.month):
            return None
        entry: Entry = entry_of(stored, self.totals.get(stored.project_id))
        found = figures_of(entry, checked)
        if (found.flags, found.accepted) == (stored.flags, stored.accepted):
            return None
        return (
            stored.project_id, stored.region_code, stored.year, stored.month, found.current_fen,
            found.cumulative_fen, stored.year_plan_fen, stored.since_start_fen,
            stored.equipment_fen, stored.progress, found.accepted, found.flags,
            stored.confirmed if set(found.flags) <= set(stored.flags) else "",
            Jsonb(found.written), stored.origin, stored.source_sheet, stored.source_row,
        )  # fmt: skip

    def apply(self, cursor: Any, batch: ImportBatch) -> None:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        # Locking waits for this transaction and this one for a locking that was first.
        held = Locks(self.place.year, hold=True)
        taken = held.any_of((self._region(report), report.month) for report in self.taken)
        if taken:
            raise JigaiError(LOCKED, f"{taken[0]} 月刚刚被锁定，没有入库", "请重新核对后再入库")
        self.merge.apply(
            batch,
            {
                "batch_id": ("%s", [batch.pk]),
                "version": ("1", []),
                "created_by_id": ("%s", [batch.created_by_id]),
                "created_at": ("now()", []),
            },
        )

    def remark(self, row: int) -> str:
        """Which project of the ledger a row of the first sheet went to."""
        found = self._by_row.get(row)
        return found.project.project_name if found else ""


def _keeps(stored: MonthlyReport | None, found: Figures) -> bool:
    """Whether a file repeats what is stored, so that where it came from stays."""
    return stored is not None and (
        stored.current_fen, stored.cumulative_fen, stored.accepted, stored.flags, stored.written
    ) == (
        found.current_fen, found.cumulative_fen, found.accepted, found.flags, found.written
    )  # fmt: skip


def _sentence(counts: dict[str, int]) -> str:
    text = f"新增 {counts.get('months', 0)} 个月的月报 {counts['created']:,} 条"
    text += f"，更新 {counts['changed']:,} 条"
    if counts.get("asked"):
        text += f"；{counts['asked']:,} 条有疑问待确认"
    if counts.get("held"):
        text += f"，其中 {counts['held']:,} 条不采用"
    return text


def _needs_ledger(place: Place) -> str:
    return ledger_missing(place, "月报无法对应到项目")


def _before_undo(cursor: Any, batch: ImportBatch) -> None:
    rows = MonthlyReport.objects.filter(batch=batch).values_list("region_code", "month").distinct()
    taken = Locks(batch.year, hold=True).any_of(rows)
    if taken:
        raise JigaiError(LOCKED, f"{taken[0]} 月已锁定，不能撤销导入", "先写明原因重开这个月")


def _after_undo(cursor: Any, batch: ImportBatch) -> None:
    rows = MonthlyReport.objects.filter(year=batch.year, region_code__startswith=_prefix(batch))
    recheck(set(rows.values_list("project", flat=True)), batch.year, limits())


def _prefix(batch: ImportBatch) -> str:
    return Place(batch.region_code, batch.year).prefix


def register() -> None:
    """Called when the room loads."""
    register_importer(
        Importer(
            kind="monthly",
            title="月度投资报表",
            order=50,
            capability="project.import",
            plan=MonthlyPlan,
            models=(MonthlyReport,),
            sentence=_sentence,
            needs=_needs_ledger,
            before_undo=_before_undo,
            after_undo=_after_undo,
            list_url="monthly-report-list",
        )
    )
