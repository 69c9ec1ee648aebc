"""企业名录: enterprises with their former names and yearly figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jigai.core.enterprise_register import Enterprise as Record
from jigai.core.enterprise_register import build_register
from jigai.core.importers.figures import (
    plan_figures,
    staged_columns,
    staged_values,
    write_figures,
)
from jigai.core.importers.sizes import settle_sizes
from jigai.core.imports.fits import check_fits
from jigai.core.imports.merge import Merge, quiet_history, write_events
from jigai.core.imports.registry import Counts, Place
from jigai.core.imports.sounds import name_pinyin
from jigai.core.models import Enterprise, EnterpriseName, ImportBatch
from jigai.sheets.table import Row, Table

_COLUMNS = (
    "name", "pinyin", "uscc", "legal_type", "region_code", "registered_region", "town", "address",
    "founded", "industry_code", "industry_name",
)  # fmt: skip
# Field of the file -> columns it fills.
_FILLS = {
    "name": ("name", "pinyin"),
    "uscc": ("uscc",),
    "legal_type": ("legal_type",),
    "region": ("registered_region",),
    "town": ("town",),
    "address": ("address",),
    "founded": ("founded",),
    "industry_code": ("industry_code",),
    "industry_name": ("industry_name",),
}
_LENGTHS = {
    "name": 200, "former_name": 200, "region": 12, "town": 60, "address": 300, "industry_code": 6,
    "industry_name": 100, "violation": 400,
}  # fmt: skip
_BY_CODE = """
    UPDATE incoming_enterprise AS i SET in_target = e.id
    FROM core_enterprise AS e WHERE e.uscc = i.uscc
"""
_ELSEWHERE = """
    DELETE FROM incoming_enterprise AS i USING core_enterprise AS e
    WHERE e.id = i.in_target AND NOT starts_with(e.region_code, %s)
    RETURNING i.in_row, e.region_code
"""
# A name leads to a stored enterprise only if it is one, and if codes do not contradict.
_BY_NAME = """
    UPDATE incoming_enterprise AS i SET in_target = e.id, uscc = coalesce(i.uscc, e.uscc)
    FROM (SELECT name, min(id) AS id, min(uscc) AS uscc FROM core_enterprise
          WHERE starts_with(region_code, %s) GROUP BY name HAVING count(*) = 1) AS e
    WHERE i.in_target IS NULL AND e.name = i.name AND i.name <> ''
      AND (i.uscc IS NULL OR e.uscc IS NULL)
"""
_TWICE = """
    DELETE FROM incoming_enterprise AS i USING (
        SELECT in_row, row_number() OVER (PARTITION BY in_target ORDER BY in_row) AS place
        FROM incoming_enterprise WHERE in_target IS NOT NULL
    ) AS n WHERE n.in_row = i.in_row AND n.place > 1 RETURNING i.in_row
"""
_ABSENT = """
    SELECT count(*) FROM core_enterprise AS e WHERE starts_with(e.region_code, %s)
    AND NOT EXISTS (SELECT FROM incoming_enterprise AS i WHERE i.in_target = e.id)
"""
_NEW_NAMES = """
    FROM incoming_enterprise AS i
    WHERE i.former_name IS NOT NULL AND NOT EXISTS (
        SELECT FROM core_enterprisename AS n
        WHERE n.enterprise_id = i.in_target AND n.name = i.former_name)
"""
_NAMES = f"""
    INSERT INTO core_enterprisename (enterprise_id, name, batch_id)
    SELECT i.in_target, i.former_name, %s {_NEW_NAMES}
    ORDER BY i.in_row
"""


class EnterprisePlan:
    """What a register file does to the stored register of a place."""

    def __init__(self, table: Table, place: Place) -> None:
        self.table, self.place = table, place
        check_fits(table, _LENGTHS)
        self.records = build_register(table)
        self._rows = {row.number: row for row in table.rows}

    def stage(self, cursor: Any, *, real: bool) -> Counts:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        compared = [c for name in _FILLS if name in self.table.columns for c in _FILLS[name]]
        extra = {"former_name": "text", **staged_columns()}
        self.merge = Merge(cursor, Enterprise, _COLUMNS, compared=compared, extra=extra)
        self.merge.load(self._staged())
        self._match(cursor)
        self.merge.number(real=real)
        created, changed, unchanged = self.merge.count()
        figures = plan_figures(cursor, self.table, self.place)
        cursor.execute(_ABSENT, [self.place.prefix])
        absent = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT count(*) {_NEW_NAMES}")
        more = {"figures": figures, "former_names": int(cursor.fetchone()[0])}
        return Counts(created, changed, unchanged, absent, more, also=tuple(more))

    def _staged(self) -> Iterator[tuple[Any, ...]]:
        for record in self.records:
            yield (*self._values(record), *staged_values(self._rows[record.row]))

    def _values(self, record: Record) -> tuple[Any, ...]:
        registered = record.region or ""
        inside = len(registered) >= 6 and registered.startswith(self.place.prefix)
        return (
            record.row, None, record.name, name_pinyin(record.name), record.uscc,
            record.legal_type or "", registered if inside else self.place.region_code, registered,
            record.town or "", record.address or "", record.founded, record.industry_code or "",
            record.industry_name or "", record.former_name,
        )  # fmt: skip

    def _match(self, cursor: Any) -> None:
        """Find the stored enterprise of every row; rows that may not be written leave the stage."""
        cursor.execute(_BY_CODE)
        cursor.execute(_ELSEWHERE, [self.place.prefix])
        for row, region in sorted(cursor.fetchall()):
            self._report(row, "uscc", "E_ENT_ELSEWHERE", region)
        cursor.execute(_BY_NAME, [self.place.prefix])
        cursor.execute(_TWICE)
        for (row,) in sorted(cursor.fetchall()):
            self._report(row, "name", "E_ENT_TWICE", "")

    def _report(self, number: int, field: str, code: str, detail: str) -> None:
        row: Row = self._rows[number]
        self.table.report(row, field, code, detail=detail)

    def apply(self, cursor: Any, batch: ImportBatch) -> None:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        self.merge.apply(
            batch,
            {
                "batch_id": ("%s", [batch.pk]),
                "source_row": ("in_row", []),
                "version": ("1", []),
                "created_by_id": ("%s", [batch.created_by_id]),
                "created_at": ("now()", []),
            },
        )
        with quiet_history(EnterpriseName):
            cursor.execute(_NAMES, [batch.pk])
        own = "SELECT id FROM core_enterprisename WHERE batch_id = %s"
        write_events(cursor, EnterpriseName, "insert", own, [batch.pk])
        write_figures(cursor, self.place, batch)
        settle_sizes(cursor, batch)

    def remark(self, row: int) -> str:
        """Nothing beyond the cells."""
        return ""
