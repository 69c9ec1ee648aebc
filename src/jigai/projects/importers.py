"""技改项目台账: projects matched to the stored register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jigai.core.imports.fits import check_fits
from jigai.core.imports.merge import Merge
from jigai.core.imports.registry import Counts, Importer, Place, register_importer
from jigai.core.imports.stored import needs_register, register_of
from jigai.core.models import ImportBatch
from jigai.core.selectors_regions import names_of_regions
from jigai.projects.imported_steps import take_back_steps, write_steps
from jigai.projects.ledger import Project as Record
from jigai.projects.ledger import build_ledger
from jigai.projects.models import Project
from jigai.projects.numbers import number_rows
from jigai.projects.pairing import pair_with_stored
from jigai.projects.stage_words import told_state
from jigai.projects.states import later_of
from jigai.sheets.table import Table

_COLUMNS = (
    "region_code", "name", "code", "enterprise_id", "enterprise_raw", "match", "filing_no",
    "filing", "nature", "total_fen", "fixed_fen", "equipment_fen", "robot_fen", "software_fen",
    "hardware_fen", "start", "start_precision", "end", "end_precision", "in_statistics", "stage",
    "other_support", "cell_errors", "tags", "state", "ledger_years",
)  # fmt: skip
_COMPARED = tuple(name for name in _COLUMNS if name != "region_code")
_LENGTHS = {
    "project_name": 200, "enterprise": 200, "project_code": 40, "filing_no": 100, "stage": 200,
    "other_support": 400,
}  # fmt: skip
_WAYS = {
    "uscc": "按信用代码对应",
    "name": "按名称对应",
    "former_name": "按曾用名对应",
    "name_fuzzy": "按近似名称对应",
}


class ProjectPlan:
    """What a ledger file does to the stored ledger of a place."""

    def __init__(self, table: Table, place: Place) -> None:
        self.table, self.place = table, place
        check_fits(table, _LENGTHS)
        self.register = register_of(place)
        self.records = build_ledger(table, self.register.index)
        self._by_row = {record.row: record for record in self.records}
        owners = [self._enterprise(record) or record.enterprise_raw for record in self.records]
        pairing = pair_with_stored(self.records, owners, place)
        self.stored, self.absent = pairing.targets, pairing.absent
        self._report_elsewhere()

    def _enterprise(self, record: Record) -> int | None:
        return self.register.key(record.uscc, record.enterprise_name)

    def _report_elsewhere(self) -> None:
        """New rows whose code another county has on record: one project must not count twice."""
        new = {r.project_code: r for r in self.records
               if r.project_code and self.stored[r.row] is None}  # fmt: skip
        found = Project.objects.filter(code__in=new, duplicate_of__isnull=True).exclude(
            region_code__startswith=self.place.prefix
        )
        rows = {row.number: row for row in self.table.rows}
        for number, code, region in found.values_list("number", "code", "region_code"):
            record = new[code]
            where = f"{names_of_regions([region]).get(region, region)}的 {number}"
            self.table.report(
                rows[record.row], "project_code", "W_PROJECT_ELSEWHERE", code, detail=where
            )

    def stage(self, cursor: Any, *, real: bool) -> Counts:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        references = ("duplicate_of_id",)
        # A ledger without the column leaves what was tagged on screen.
        tagged = "tags" in self.table.columns
        compared = [name for name in _COMPARED if name != "tags" or tagged]
        self.merge = Merge(
            cursor, Project, _COLUMNS, compared=compared, references=references,
            extra={"number_given": "text"},
        )  # fmt: skip
        self.merge.load(self._staged())
        self.merge.number(real=real)
        unmatched = sum(record.match is None for record in self.records)
        repeated = sum(record.duplicate_of_row is not None for record in self.records)
        more = {"unmatched": unmatched, "repeated": repeated}
        return Counts(*self.merge.count(), self.absent, more)

    def _staged(self) -> Iterator[tuple[Any, ...]]:
        for r in self.records:
            enterprise = self._enterprise(r)
            region = self.register.regions.get(enterprise or 0, self.place.region_code)
            stored = self.stored[r.row] or {"pk": None, "state": "", "ledger_years": []}
            state = later_of(stored["state"], told_state(r.stage, r.filing))
            years = sorted({*stored["ledger_years"], self.place.year})
            yield (
                r.row, stored["pk"], region, r.project_name, r.project_code, enterprise,
                r.enterprise_raw, r.match, r.filing_no, r.filing, r.nature, r.total_fen,
                r.fixed_fen, r.equipment_fen, r.robot_fen, r.software_fen, r.hardware_fen, r.start,
                r.start_precision, r.end, r.end_precision, r.in_statistics, r.stage,
                r.other_support, sorted(r.cell_errors), list(r.tags), state, years,
                r.duplicate_of_row, None,
            )  # fmt: skip

    def apply(self, cursor: Any, batch: ImportBatch) -> None:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        number_rows(cursor, self.merge.stage, self.place.year)
        write_steps(cursor, self.merge.stage, batch)
        self.merge.apply(
            batch,
            {
                "number": ("number_given", []),
                "year": ("%s", [self.place.year]),
                "batch_id": ("%s", [batch.pk]),
                "source_row": ("in_row", []),
                "version": ("1", []),
                "created_by_id": ("%s", [batch.created_by_id]),
                "created_at": ("now()", []),
            },
        )

    def remark(self, row: int) -> str:
        """Which enterprise the project belongs to."""
        record = self._by_row.get(row)
        if record is None:
            return ""
        if record.match is None:
            return "没有对应到企业"
        way = _WAYS.get(record.match, "")
        return f"{record.enterprise_name}（{way}）" if way else str(record.enterprise_name)


def _sentence(counts: dict[str, int]) -> str:
    text = f"新建 {counts['created']:,} 个项目，更新 {counts['changed']:,} 个"
    if counts.get("repeated"):
        text += f"，其中 {counts['repeated']:,} 行重复登记，只作标记"
    if counts.get("unmatched"):
        text += f"；{counts['unmatched']:,} 个没有对应到企业"
    return text


def ledger_missing(place: Place, what_for: str) -> str:
    """Why a file that belongs to projects cannot come yet: no register, or no ledger of the year.

    ``what_for`` says what could not be done; empty where both are there.
    """
    missing = needs_register(place)
    if missing:
        return missing
    rows = Project.objects.filter(
        region_code__startswith=place.prefix, ledger_years__contains=[place.year]
    )
    return "" if rows.exists() else f"本地区{place.year}年度还没有项目台账，{what_for}"


def register() -> None:
    """Called when the room loads."""
    register_importer(
        Importer(
            kind="projects",
            title="技改项目台账",
            order=20,
            capability="project.import",
            plan=ProjectPlan,
            models=(Project,),
            sentence=_sentence,
            needs=needs_register,
            before_undo=take_back_steps,
            list_url="project-list",
        )
    )
