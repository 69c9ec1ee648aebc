"""技改共同体名单: consortia and their members matched to the stored register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jigai.core.imports.fits import check_fits
from jigai.core.imports.merge import Merge
from jigai.core.imports.pairing import Pass, pair_up
from jigai.core.imports.registry import Counts, Place
from jigai.core.imports.stored import register_of
from jigai.core.models import ImportBatch
from jigai.funding.consortia import Member, build_members
from jigai.funding.models import Consortium, ConsortiumMember
from jigai.sheets.table import Table

_COLUMNS = (
    "consortium_id", "enterprise_id", "enterprise_raw", "match", "role", "equipment_fen",
    "in_statistics", "filing_no", "cell_errors", "duplicate",
)  # fmt: skip
_LENGTHS = {"consortium": 40, "consortium_name": 200, "enterprise": 200, "filing_no": 100}
_LINK = """
    UPDATE incoming_consortiummember AS m SET consortium_id = c.in_target
    FROM incoming_consortium AS c WHERE c.code = m.consortium_code
"""


class MemberPlan:
    """What a list of consortia does to the stored ones of a place."""

    def __init__(self, table: Table, place: Place) -> None:
        self.table, self.place = table, place
        check_fits(table, _LENGTHS)
        self.register = register_of(place)
        self.records = build_members(table, self.register.index)
        self._by_row = {record.row: record for record in self.records}
        self._stored = dict(
            Consortium.objects.filter(region_code=place.region_code, year=place.year)
            .order_by("pk")
            .values_list("code", "pk")
        )
        self.targets, self.absent = self._pair()

    def _enterprise(self, record: Member) -> int | None:
        return self.register.key(record.uscc, record.enterprise_name)

    def _pair(self) -> tuple[dict[int, int | None], int]:
        rows = list(
            ConsortiumMember.objects.filter(consortium__in=list(self._stored.values()))
            .order_by("pk")
            .values_list("pk", "consortium__code", "enterprise_id", "enterprise_raw")
        )
        mine = [(r.consortium, self._enterprise(r) or r.enterprise_raw) for r in self.records]
        theirs = [(code, enterprise or raw) for _, code, enterprise, raw in rows]
        found = pair_up([Pass(mine, theirs)])
        targets = {
            record.row: None if place is None else rows[place][0]
            for record, place in zip(self.records, found, strict=True)
        }
        return targets, len(rows) - sum(place is not None for place in found)

    def stage(self, cursor: Any, *, real: bool) -> Counts:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        self.consortia = Merge(
            cursor, Consortium, ("region_code", "code", "name"), compared=("name",)
        )
        self.consortia.load(self._consortia())
        self.consortia.number(real=real)
        consortia = self.consortia.count()
        extra = {"consortium_code": "text"}
        self.merge = Merge(cursor, ConsortiumMember, _COLUMNS, extra=extra)
        self.merge.load(self._staged())
        cursor.execute(_LINK)
        self.merge.number(real=real)
        repeated = sum(record.duplicate for record in self.records)
        more = {
            "consortia": consortia[0],
            "renamed": consortia[1],
            "repeated": repeated,
            "unmatched": sum(record.match is None for record in self.records),
        }
        written = ("consortia", "renamed")
        return Counts(*self.merge.count(), self.absent, more, also=written)

    def _consortia(self) -> Iterator[tuple[Any, ...]]:
        first: dict[str, Member] = {}
        for record in self.records:
            first.setdefault(record.consortium, record)
        for code, record in first.items():
            place, name = self.place, record.consortium_name
            yield (record.row, self._stored.get(code), place.region_code, code, name)

    def _staged(self) -> Iterator[tuple[Any, ...]]:
        for r in self.records:
            yield (
                r.row, self.targets[r.row], None, self._enterprise(r), r.enterprise_raw, r.match,
                r.role, r.equipment_fen, r.in_statistics, r.filing_no, sorted(r.cell_errors),
                r.duplicate, r.consortium,
            )  # fmt: skip

    def apply(self, cursor: Any, batch: ImportBatch) -> None:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        own = ("%s", [batch.pk])
        self.consortia.apply(batch, {"year": ("%s", [self.place.year]), "batch_id": own})
        self.merge.apply(batch, {"batch_id": own, "source_row": ("in_row", [])})

    def remark(self, row: int) -> str:
        """Which enterprise the member is."""
        record = self._by_row.get(row)
        if record is None:
            return ""
        return record.enterprise_name or "没有对应到企业"
