"""技改项目台账: projects matched to the stored register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jigai.core.imports.fits import check_fits
from jigai.core.imports.merge import Merge
from jigai.core.imports.pairing import Pass, pair_up
from jigai.core.imports.registry import Counts, Importer, Place, register_importer
from jigai.core.imports.stored import needs_register, register_of
from jigai.core.models import ImportBatch
from jigai.projects.ledger import Project as Record
from jigai.projects.ledger import build_ledger
from jigai.projects.models import Project
from jigai.sheets.table import Table

_COLUMNS = (
    "region_code", "name", "code", "enterprise_id", "enterprise_raw", "match", "filing_no",
    "filing", "nature", "total_fen", "fixed_fen", "equipment_fen", "robot_fen", "software_fen",
    "hardware_fen", "start", "start_precision", "end", "end_precision", "in_statistics", "stage",
    "other_support", "cell_errors", "tags",
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
        self.targets, self.absent = self._pair()

    def _enterprise(self, record: Record) -> int | None:
        return self.register.key(record.uscc, record.enterprise_name)

    def _pair(self) -> tuple[dict[int, int | None], int]:
        """The stored project of every row: by owner, name and code; else by what is unique."""
        stored = list(
            Project.objects.filter(
                region_code__startswith=self.place.prefix, year=self.place.year
            )
            .order_by("pk")
            .values("pk", "name", "code", "enterprise_id", "enterprise_raw")
        )  # fmt: skip
        mine = [
            (self._enterprise(r) or r.enterprise_raw, r.project_name, r.project_code)
            for r in self.records
        ]
        theirs = [
            (row["enterprise_id"] or row["enterprise_raw"], row["name"], row["code"])
            for row in stored
        ]
        found = pair_up(
            [
                Pass(mine, theirs),
                Pass([key[2] for key in mine], [key[2] for key in theirs], only=True),
                Pass([key[:2] for key in mine], [key[:2] for key in theirs], only=True),
            ]
        )
        targets = {
            record.row: None if place is None else int(stored[place]["pk"])
            for record, place in zip(self.records, found, strict=True)
        }
        return targets, len(stored) - sum(place is not None for place in found)

    def stage(self, cursor: Any, *, real: bool) -> Counts:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        references = ("duplicate_of_id",)
        # A ledger without the column leaves what was tagged on screen.
        tagged = "tags" in self.table.columns
        compared = [name for name in _COMPARED if name != "tags" or tagged]
        self.merge = Merge(cursor, Project, _COLUMNS, compared=compared, references=references)
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
            yield (
                r.row, self.targets[r.row], region, r.project_name, r.project_code, enterprise,
                r.enterprise_raw, r.match, r.filing_no, r.filing, r.nature, r.total_fen,
                r.fixed_fen, r.equipment_fen, r.robot_fen, r.software_fen, r.hardware_fen, r.start,
                r.start_precision, r.end, r.end_precision, r.in_statistics, r.stage,
                r.other_support, sorted(r.cell_errors), list(r.tags), r.duplicate_of_row,
            )  # fmt: skip

    def apply(self, cursor: Any, batch: ImportBatch) -> None:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        self.merge.apply(
            batch,
            {
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
            list_url="project-list",
        )
    )
