"""Which months of which regions are locked, and refusing to write into them."""

from __future__ import annotations

from collections.abc import Iterable

from jigai.core.access.scoping import region_prefix
from jigai.errors import JigaiError
from jigai.projects.models import MonthlyPeriod

LOCKED = "month-locked"


class Locks:
    """The locked months of a year, read once."""

    def __init__(self, year: int, *, hold: bool = False) -> None:
        """``hold`` keeps the periods as they are until the transaction ends.

        Shared, so that reports do not wait for one another, only for a locking or reopening.
        """
        rows: Iterable[MonthlyPeriod] = MonthlyPeriod.objects.filter(year=year)
        if hold:
            table = MonthlyPeriod._meta.db_table
            rows = MonthlyPeriod.objects.raw(
                f"SELECT * FROM {table} WHERE year = %s ORDER BY id FOR SHARE", [year]
            )
        self._locked: dict[int, list[str]] = {}
        for row in rows:
            if row.status == MonthlyPeriod.Status.LOCKED:
                self._locked.setdefault(row.month, []).append(region_prefix(row.region_code))

    def covers(self, region_code: str, month: int) -> bool:
        """Whether a report of this region and month must not change."""
        return region_code.startswith(tuple(self._locked.get(month, ())) or ("-",))

    def refuse(self, region_code: str, month: int) -> None:
        """Raises :class:`JigaiError` for a locked month."""
        if self.covers(region_code, month):
            raise JigaiError(
                LOCKED,
                f"{month} 月已锁定，数据不能再改",
                "确需更正的，请有锁定权限的人写明原因重开这个月",
            )

    def any_of(self, places: Iterable[tuple[str, int]]) -> list[int]:
        """Which months of these (region, month) pairs are locked."""
        return sorted({month for region, month in places if self.covers(region, month)})
