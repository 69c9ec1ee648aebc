"""设备购置发票清单: lines attached to the stored projects and consortia."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jigai.core.imports.fits import check_fits
from jigai.core.imports.merge import Merge
from jigai.core.imports.pairing import Pass, pair_up
from jigai.core.imports.registry import Counts, Place
from jigai.core.imports.stored import register_of
from jigai.core.models import ImportBatch
from jigai.funding.importers.red_letters import earlier_originals
from jigai.funding.invoice_lines import ACROSS, IN_PROJECT
from jigai.funding.invoice_lines import InvoiceLine as Record
from jigai.funding.invoice_reading import build_lines
from jigai.funding.invoices.items import items_of_records
from jigai.funding.invoices.later_papers import take_in
from jigai.funding.models import Consortium, InvoiceLine
from jigai.funding.stored_funding import stored_members
from jigai.projects.models import Project
from jigai.projects.stored_ledger import stored_projects
from jigai.sheets.table import Table

# Columns with the name of the record's field.
_SAME = (
    "attached_by", "buyer_raw", "buyer_matches", "kind", "invoice_code", "invoice_no", "date",
    "seller", "item", "spec", "unit", "quantity", "unit_price", "amount_fen", "tax_rate_pct",
    "tax_fen", "total_fen", "unit_suspect", "arithmetic_ok", "status", "item_class", "item_kind",
    "claimed_class", "duplicate_scope", "red_of_code", "red_of_no",
)  # fmt: skip
_OWN = ("region_code", "project_id", "consortium_id", "buyer_id", "same_id")
_NOT_COMPARED = ("region_code", "same_id")
_COLUMNS = (*_SAME, *_OWN)
_REFERENCES = ("duplicate_of_id", "red_original_id")
_COMPARED = tuple(name for name in _COLUMNS if name not in _NOT_COMPARED)
_LENGTHS = {
    "buyer": 200, "kind": 40, "invoice_code": 40, "invoice_no": 40, "seller": 200, "item": 300,
    "spec": 200, "unit": 40,
}  # fmt: skip
_STORED = (
    "pk", "project_id", "consortium_id", "invoice_code", "invoice_no", "item", "spec",
    "amount_fen", "total_fen",
)  # fmt: skip


class InvoicePlan:
    """What a list of invoices does to the stored lines of a place."""

    def __init__(self, table: Table, place: Place) -> None:
        self.table, self.place = table, place
        check_fits(table, _LENGTHS)
        self.register = register_of(place)
        year, known = place.year, self.register.by_key
        projects = stored_projects(place.region_code, year, register=known)
        members = stored_members(place.region_code, year, register=known)
        self._projects = {project.row: project.project_name for project in projects}
        self._regions = dict(
            Project.objects.filter(pk__in=self._projects).order_by("pk").values_list(
                "pk", "region_code"
            )
        )  # fmt: skip
        self._consortia = dict(
            Consortium.objects.filter(region_code__startswith=place.prefix, year=year)
            .order_by("-pk")
            .values_list("code", "pk")
        )
        self.records = build_lines(
            table, self.register.index, projects=projects, members=members, year=year
        )
        self.originals = earlier_originals(table, self.records, place, self._target)
        self._by_row = {record.row: record for record in self.records}
        self._pair()

    def _target(self, record: Record) -> tuple[int | None, int | None]:
        """Keys of the project and of the consortium a line is for; at most one of them."""
        if isinstance(record.project, str):
            return None, self._consortia.get(record.project)
        return record.project, None

    def _pair(self) -> None:
        """The stored line of every row, and for new rows a stored line that they repeat.

        The same line for another project is a repeat to be seen, never a move of the stored one;
        only a line that belonged nowhere may be attached by a later file.
        """
        stored = list(
            InvoiceLine.objects.filter(
                region_code__startswith=self.place.prefix, year=self.place.year
            )
            .order_by("pk")
            .values_list(*_STORED)
        )  # fmt: skip
        mine = [(self._target(r), _paper(r), (r.amount_fen, r.total_fen)) for r in self.records]
        theirs = [((row[1], row[2]), row[3:7], row[7:]) for row in stored]
        nowhere = (None, None)
        free = [paper if target == nowhere else None for target, paper, _ in theirs]
        found = pair_up(
            [
                Pass(mine, theirs),
                Pass([key[:2] for key in mine], [key[:2] for key in theirs], only=True),
                Pass([paper for _, paper, _ in mine], free, only=True),
            ]
        )
        self.targets = {
            record.row: None if place is None else int(stored[place][0])
            for record, place in zip(self.records, found, strict=True)
        }
        self.absent = len(stored) - sum(place is not None for place in found)
        first = {(key[1], key[2][0]): row[0] for key, row in zip(theirs[::-1], stored[::-1],
                 strict=True)}  # fmt: skip
        self._same_project = {row[0]: (row[1], row[2]) for row in stored}
        self.repeats: dict[int, tuple[int, str]] = {}
        for record in self.records:
            earlier = first.get((_paper(record), record.amount_fen))
            fresh = self.targets[record.row] is None and record.duplicate_of_row is None
            if fresh and earlier and record.invoice_no and record.amount_fen is not None:
                self._note_repeat(record, earlier)

    def _note_repeat(self, record: Record, earlier: int) -> None:
        same = self._same_project[earlier] == self._target(record)
        self.repeats[record.row] = (earlier, IN_PROJECT if same else ACROSS)
        code = "E_INV_DUP" if same else "E_INV_DUP_CROSS"
        row = next(row for row in self.table.rows if row.number == record.row)
        self.table.report(row, "invoice_no", code, detail="此前导入的发票")

    def stage(self, cursor: Any, *, real: bool) -> Counts:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        extra = {"repeats": "bigint", "original": "bigint"}
        self.merge = Merge(
            cursor, InvoiceLine, _COLUMNS, compared=_COMPARED, references=_REFERENCES, extra=extra
        )
        # A preview makes no items: nothing is written before somebody commits.
        self.merge.load(self._staged(items_of_records(self.records) if real else {}))
        self.merge.number(real=real)
        for column, given in (("duplicate_of_id", "repeats"), ("red_original_id", "original")):
            cursor.execute(
                f"UPDATE incoming_invoiceline SET {column} = {given} WHERE {given} IS NOT NULL"
            )
        more = {
            "unattached": sum(record.project is None for record in self.records),
            "repeated": len(self.repeats)
            + sum(record.duplicate_of_row is not None for record in self.records),
        }
        return Counts(*self.merge.count(), self.absent, more)

    def _staged(self, items: dict[int, int]) -> Iterator[tuple[Any, ...]]:
        place = self.place
        for r in self.records:
            project, consortium = self._target(r)
            region = self._regions.get(project or 0, place.region_code)
            earlier, scope = self.repeats.get(r.row, (None, r.duplicate_scope))
            same = [scope if name == "duplicate_scope" else getattr(r, name) for name in _SAME]
            buyer = self.register.key(r.buyer_uscc, r.buyer_raw)
            yield (
                r.row, self.targets[r.row], *same, region, project, consortium, buyer,
                items.get(r.row),
                r.duplicate_of_row, r.red_original_row, earlier, self.originals.get(r.row),
            )  # fmt: skip

    def apply(self, cursor: Any, batch: ImportBatch) -> None:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        self.merge.apply(
            batch,
            {
                "year": ("%s", [self.place.year]),
                "batch_id": ("%s", [batch.pk]),
                "source_row": ("in_row", []),
            },
        )
        cursor.execute("SELECT in_target FROM incoming_invoiceline")
        take_in([key for (key,) in cursor.fetchall()])

    def remark(self, row: int) -> str:
        """What the line is for."""
        record = self._by_row.get(row)
        if record is None:
            return ""
        if record.project is None:
            return "没有归到项目"
        if isinstance(record.project, str):
            return f"共同体 {record.project}"
        return self._projects.get(record.project, "")


def _paper(record: Record) -> tuple[str | None, str | None, str, str | None]:
    """What stands on the paper and tells one line from another."""
    return record.invoice_code, record.invoice_no, record.item, record.spec
