"""统计部门投资数: the bureau's file beside the monthly reports, neither changing the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jigai.core.imports.fits import check_fits
from jigai.core.imports.merge import Merge
from jigai.core.imports.pairing import Pass, pair_up
from jigai.core.imports.registry import Counts, Importer, Place, register_importer
from jigai.core.imports.stored import needs_register, register_of
from jigai.core.models import ImportBatch
from jigai.projects.models import Project, StatisticsFigure
from jigai.projects.monthly.build import months_of
from jigai.projects.monthly.match import ProjectFinder
from jigai.projects.naming import LedgerProject
from jigai.projects.stored_ledger import stored_projects
from jigai.sheets.months import read_month
from jigai.sheets.table import Row, Table

_COLUMNS = (
    "project_id", "region_code", "year", "month", "name", "code", "owner", "cumulative_fen",
    "source_row",
)  # fmt: skip
_COMPARED = ("project_id", "name", "code", "owner", "cumulative_fen")
_LENGTHS = {"project_name": 200, "enterprise": 200, "project_code": 40, "mark": 40}


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: the bureau's cumulative figure (fen) of a project and month, matched or not."""

    number: int
    part: Table
    row: Row
    month: int
    project: LedgerProject | None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the same row in another file: the month, and its project or its texts."""
        if self.project is not None:
            return (self.month, self.project.row)
        get = self.row.get
        return (self.month, get("project_code") or "", get("project_name"), get("enterprise"))


class StatisticsPlan:
    """What a file of the statistics bureau does to its figures on record."""

    def __init__(self, table: Table, place: Place) -> None:
        self.table, self.place = table, place
        check_fits(table, _LENGTHS)
        register = register_of(place)
        projects = stored_projects(place.region_code, place.year, register=register.by_key)
        finder = ProjectFinder(projects, register.index)
        keys = [project.row for project in projects]
        self.regions = dict(Project.objects.filter(pk__in=keys).values_list("pk", "region_code"))
        self.figures = list(self._figures(finder))
        self._first = {f.row.number: f for f in self.figures if f.part is table}
        self._pair()

    def _figures(self, finder: ProjectFinder) -> Iterator[Figure]:
        """Rows whose month is known, each project once a month."""
        sheets: dict[str, int | None]
        if "period" in self.table.columns:
            sheets = {part.sheet: None for part in self.table.parts}
        else:
            sheets = {part.sheet: month for part, month in months_of(self.table, self.place.year)}
        seen: set[tuple[object, ...]] = set()
        number = 0
        for part in self.table.parts:
            for row in part.rows if part.sheet in sheets else ():
                month = sheets[part.sheet] or self._month(part, row)
                if month is None:
                    continue
                found = finder.find(
                    number=None, code=row.get("project_code"), name=row.get("project_name"),
                    owner=row.get("enterprise"),
                )  # fmt: skip
                number += 1
                figure = Figure(number, part, row, month, found.project if found else None)
                if figure.key in seen:
                    part.report(row, "project_name", "E_M_TWICE")
                    continue
                seen.add(figure.key)
                if found is None:
                    part.report(row, "project_name", "W_S_UNMATCHED")
                yield figure

    def _month(self, part: Table, row: Row) -> int | None:
        found = read_month(row.get("period") or "", bare=True)
        if found is None or found.year not in {None, self.place.year}:
            part.report(row, "period", "E_M_PERIOD")
            return None
        return found.month

    def _pair(self) -> None:
        place = self.place
        stored = list(
            StatisticsFigure.objects.filter(
                region_code__startswith=place.prefix, year=place.year
            )
            .order_by("pk")
            .values("pk", "month", "project_id", "code", "name", "owner")
        )  # fmt: skip
        theirs = [
            (row["month"], row["project_id"])
            if row["project_id"]
            else (row["month"], row["code"] or "", row["name"], row["owner"])
            for row in stored
        ]
        texts = [(row["month"], row["code"] or "", row["name"], row["owner"]) for row in stored]
        mine = [
            (f.month, f.row.get("project_code") or "", f.row.get("project_name"),
             f.row.get("enterprise"))
            for f in self.figures
        ]  # fmt: skip
        found = pair_up([Pass([f.key for f in self.figures], theirs), Pass(mine, texts, only=True)])
        self.targets = {
            figure.number: None if at is None else int(stored[at]["pk"])
            for figure, at in zip(self.figures, found, strict=True)
        }
        months = {figure.month for figure in self.figures}
        used = {at for at in found if at is not None}
        self.absent = sum(
            at not in used and row["month"] in months for at, row in enumerate(stored)
        )

    def stage(self, cursor: Any, *, real: bool) -> Counts:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        self.merge = Merge(cursor, StatisticsFigure, _COLUMNS, compared=_COMPARED)
        self.merge.load(self._staged())
        self.merge.number(real=real)
        unmatched = sum(figure.project is None for figure in self.figures)
        return Counts(*self.merge.count(), self.absent, {"unmatched": unmatched})

    def _staged(self) -> Iterator[tuple[Any, ...]]:
        for f in self.figures:
            key = f.project.row if f.project else None
            get = f.row.get
            yield (
                f.number, self.targets[f.number], key,
                self.regions.get(key or 0, self.place.region_code), self.place.year, f.month,
                get("project_name") or "", get("project_code"), get("enterprise"),
                get("cumulative"), f.row.number,
            )  # fmt: skip

    def apply(self, cursor: Any, batch: ImportBatch) -> None:
        """See :class:`~jigai.core.imports.registry.Plan`."""
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
        """Which project of the ledger the row of the first sheet is."""
        found = self._first.get(row)
        if found is None:
            return ""
        return found.project.project_name if found.project else "没有对应到项目"


def _sentence(counts: dict[str, int]) -> str:
    text = f"新增统计数 {counts['created']:,} 条，更新 {counts['changed']:,} 条"
    if counts.get("unmatched"):
        text += f"；{counts['unmatched']:,} 条没有对应到项目"
    return text


def register() -> None:
    """Called when the room loads."""
    register_importer(
        Importer(
            kind="statistics_figures",
            title="统计部门投资数",
            order=60,
            capability="statistics.manage",
            plan=StatisticsPlan,
            models=(StatisticsFigure,),
            sentence=_sentence,
            needs=needs_register,
            list_url="monitoring",
        )
    )
