"""The three years of a rolling library, and the projects that lie outside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Max
from django.utils import timezone

from jigai.projects.library.codes import Status
from jigai.projects.models import LibraryEntry, Project, RollOver

YEARS = 3
_OPEN = (Status.REPORTED, Status.RETURNED, Status.IN)


def window_of(region: str, level: str) -> range:
    """The year and the two after it: the year after the last one closed, else the current one."""
    rows = RollOver.objects.filter(region_code=region, level=level)
    last: int | None = rows.aggregate(last=Max("year"))["last"]
    return _window(last)


def _window(last: int | None) -> range:
    first = last + 1 if last is not None else timezone.localdate().year
    return range(first, first + YEARS)


def words(window: range) -> str:
    """``2021—2023``."""
    return f"{window.start}—{window.stop - 1}"


def read_only_because(project: Project) -> str:
    """Why nothing of a project may be changed any more; empty where it may.

    One that left every library and whose ledger years lie before the window of any of them stays
    as it was then.
    """
    return read_only([project]).get(project.pk, "")


def read_only(projects: Iterable[Project]) -> dict[int, str]:
    """The same for several; two queries."""
    rows = {row.pk: row for row in projects}
    entries = list(LibraryEntry.objects.filter(project__in=list(rows)).order_by("project_id", "id"))
    last = _last({(entry.region_code, entry.level) for entry in entries})
    found: dict[int, str] = {}
    for pk, row in rows.items():
        own = [entry for entry in entries if entry.project_id == pk]
        if not own or any(entry.status in _OPEN for entry in own):
            continue
        window = max((_window(last.get((e.region_code, e.level))) for e in own), key=_start)
        if max(row.ledger_years, default=row.year) < window.start:
            found[pk] = f"已移出，入账年度在滚动窗口 {words(window)} 以外，只读"
    return found


def _start(window: range) -> int:
    return window.start


def _last(libraries: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = RollOver.objects.filter(region_code__in={region for region, _ in libraries})
    grouped = rows.order_by().values_list("region_code", "level").annotate(last=Max("year"))
    return {(region, level): last for region, level, last in grouped}
