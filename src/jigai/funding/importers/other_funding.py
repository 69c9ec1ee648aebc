"""其他财政资金: grants from elsewhere that arrived, matched to the stored register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jigai.core.enterprise_matching import Match
from jigai.core.imports.fits import check_fits
from jigai.core.imports.merge import Merge
from jigai.core.imports.pairing import Pass, pair_up
from jigai.core.imports.registry import Counts, Place
from jigai.core.imports.stored import register_of
from jigai.core.models import ImportBatch
from jigai.funding.elsewhere.forms import listed
from jigai.funding.elsewhere.services.write_back import write_back
from jigai.funding.models import OtherFunding
from jigai.projects.models import Project
from jigai.sheets.table import Row, Table

_COLUMNS = (
    "region_code", "enterprise_id", "project_id", "kind", "level", "programme", "document", "year",
    "amount_fen", "invoices", "serials", "received_on", "state", "source",
)  # fmt: skip
_COMPARED = ("kind", "level", "document", "amount_fen", "invoices", "serials", "received_on",
             "state")  # fmt: skip
_LENGTHS = {"programme": 200, "document": 200, "enterprise": 200}
_RECEIVED, _APPROVED = "received", "approved"


class FundingPlan:
    """What a list of grants does to the stored register of other funding of a place.

    A row without an enterprise in the register stays out; without amount or day it comes in as
    approved, for somebody to complete.
    """

    def __init__(self, table: Table, place: Place) -> None:
        self.table, self.place = table, place
        check_fits(table, _LENGTHS)
        self.register = register_of(place)
        matches = {row.number: self._match(row) for row in table.rows}
        self.firms = {
            number: key
            for number, match in matches.items()
            if match.enterprise is not None
            and (key := self.register.key(match.enterprise.uscc, match.enterprise.name))
        }
        for row in table.rows:
            if row.number not in self.firms:
                table.report(row, "enterprise", "E_ENT_UNMATCHED")
        self.rows = [row for row in table.rows if row.number in self.firms]
        self.projects = self._projects()
        self._pair()

    def _match(self, row: Row) -> Match:
        return self.register.index.match(uscc=row.get("uscc"), name=row.get("enterprise"))

    def _projects(self) -> dict[int, int]:
        """The project of a row by code, else by its full name, where it is only one."""
        known: dict[tuple[int, str], list[int]] = {}
        mine = Project.objects.filter(enterprise__in=set(self.firms.values()), duplicate_of=None)
        for key, firm, code, name in mine.order_by("pk").values_list(
            "pk", "enterprise", "code", "name"
        ):
            for told in {code, name} - {None, ""}:
                known.setdefault((firm, told), []).append(key)
        found: dict[int, int] = {}
        for row in self.rows:
            firm = self.firms[row.number]
            for told in (row.get("project_code"), row.get("project_name")):
                hits = known.get((firm, told or ""), [])
                if len(hits) == 1:
                    found.setdefault(row.number, hits[0])
        return found

    def _pair(self) -> None:
        stored = list(
            OtherFunding.objects.filter(
                region_code__startswith=self.place.prefix, year=self.place.year
            ).order_by("pk").values_list("pk", "enterprise", "project", "programme")
        )  # fmt: skip
        mine = [
            (self.firms[r.number], self.projects.get(r.number), r.get("programme") or "")
            for r in self.rows
        ]
        found = pair_up([Pass(mine, [row[1:] for row in stored])])
        self.targets = {
            row.number: None if at is None else stored[at][0]
            for row, at in zip(self.rows, found, strict=True)
        }
        self.absent = len(stored) - sum(at is not None for at in found)

    def stage(self, cursor: Any, *, real: bool) -> Counts:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        self.merge = Merge(cursor, OtherFunding, _COLUMNS, compared=_COMPARED)
        self.merge.load(self._staged())
        self.merge.number(real=real)
        more = {"unmatched": len(self.table.rows) - len(self.rows)}
        return Counts(*self.merge.count(), self.absent, more)

    def _staged(self) -> Iterator[tuple[Any, ...]]:
        for row in self.rows:
            get, firm = row.get, self.firms[row.number]
            sure = get("amount") is not None and get("received_on") is not None
            yield (
                row.number, self.targets[row.number], self.register.regions[firm], firm,
                self.projects.get(row.number), get("kind") or "upper", get("level") or "province",
                get("programme") or "", get("document") or "", self.place.year, get("amount"),
                list(listed(get("invoices") or "")), list(listed(get("serials") or "")),
                get("received_on"), _RECEIVED if sure else _APPROVED, "表格导入",
            )  # fmt: skip

    def apply(self, cursor: Any, batch: ImportBatch) -> None:
        """See :class:`~jigai.core.imports.registry.Plan`."""
        fixed = {"version": ("1", []), "batch_id": ("%s", [batch.pk]), "created_at": ("now()", []),
                 "created_by_id": ("%s", [batch.created_by_id])}  # fmt: skip
        self.merge.apply(batch, fixed)
        cursor.execute("SELECT in_target FROM incoming_otherfunding ORDER BY in_target")
        keys = [key for (key,) in cursor.fetchall()]
        for row in OtherFunding.objects.filter(pk__in=keys).order_by("pk"):
            write_back(funding=row)

    def remark(self, row: int) -> str:
        """Whether a project was found."""
        if row not in self.firms:
            return "没有对应到企业，不导入"
        return "" if row in self.projects else "没有对应到项目，按企业登记"
