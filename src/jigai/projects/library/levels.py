"""The three levels added up: one project is one row at every level, and counts once."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import Left

from jigai.core.access import Access
from jigai.core.region_years import below_in, name_in, path_in
from jigai.projects.library.access import LEVELS
from jigai.projects.library.codes import Status
from jigai.projects.models import LibraryEntry, Project
from jigai.projects.selectors import projects_for

ANY = "any"
COLUMNS = (*LEVELS, ANY)


@dataclass(slots=True)
class Tally:
    """Projects and total investment (fen) by level; ``any`` is in the library of some level.

    ``unknown`` is how many of them state no total: a sum without them is no less true, but smaller.
    """

    projects: dict[str, int] = field(default_factory=dict)
    fen: dict[str, int] = field(default_factory=dict)
    unknown: int = 0

    def add(self, other: Tally) -> None:
        """Add another place."""
        for level in COLUMNS:
            self.projects[level] = self.projects.get(level, 0) + other.projects.get(level, 0)
            self.fen[level] = self.fen.get(level, 0) + other.fen.get(level, 0)
        self.unknown += other.unknown

    @property
    def cells(self) -> list[tuple[str, int, int]]:
        """(level, projects, fen) in the order of the columns."""
        return [(c, self.projects.get(c, 0), self.fen.get(c, 0)) for c in COLUMNS]

    def __bool__(self) -> bool:
        return any(self.projects.values())


@dataclass(slots=True)
class Place:
    """One line of the table; ``code`` as lists take it, ``deeper`` where there is a level below."""

    code: str
    name: str
    tally: Tally
    deeper: bool = False


@dataclass(slots=True)
class Summary:
    """The places below one and their total; ``above`` leads back up."""

    name: str
    lines: list[Place] = field(default_factory=list)
    total: Tally = field(default_factory=Tally)
    above: list[tuple[str, str]] = field(default_factory=list)


def summary_of(access: Access, parent: str, year: int) -> Summary:
    """Projects in the libraries below a place, as far as the person may see them."""
    return fold(tallies(projects_for(access)), parent, year)


def tallies(projects: QuerySet[Project]) -> dict[str, Tally]:
    """By the six digits of the project's place; one query a column.

    Every sum is over projects, so that nothing counts twice however many levels it stands in.
    """
    found: dict[str, Tally] = {}
    own = projects.filter(duplicate_of__isnull=True).order_by().annotate(
        place=Left("region_code", 6)
    )  # fmt: skip
    for level in COLUMNS:
        standing = LibraryEntry.objects.filter(project=OuterRef("pk"), status=Status.IN)
        if level != ANY:
            standing = standing.filter(level=level)
        rows = own.filter(Exists(standing)).values_list("place")
        for place, count, fen, known in rows.annotate(
            count=Count("pk"), fen=Sum("total_fen"), known=Count("total_fen")
        ).order_by("place"):
            tally = found.setdefault(place, Tally())
            tally.projects[level], tally.fen[level] = count, int(fen or 0)
            if level == ANY:
                tally.unknown = count - known
    return found


def fold(found: dict[str, Tally], parent: str, year: int) -> Summary:
    """Lines below a place; every tally lands in exactly one line, what belongs to none is told."""
    lines = {code: Tally() for code in below_in(parent, year)}
    own, unknown, total = Tally(), Tally(), Tally()
    for code, tally in found.items():
        path = path_in(code, year)
        step = next((each for each in path if each in lines), None)
        target = lines.get(step or "")
        if target is None and parent and path and path[-1] == parent:
            target = own
        elif target is None and not parent:
            target = unknown
        if target is not None:
            target.add(tally)
            total.add(tally)
    summary = Summary(name_in(parent, year) if parent else "全部", total=total)
    summary.lines = [
        Place(code, name_in(code, year), tally, deeper=code.endswith("00"))
        for code, tally in lines.items()
        if tally
    ]
    if own:
        summary.lines.append(Place(f"={parent}", f"{summary.name}本级（未分到下级）", own))
    if unknown:
        summary.lines.append(Place("?", "区划不明", unknown))
    summary.above = (
        [(code, name_in(code, year)) for code in path_in(parent, year)[:-1]] if parent else []
    )
    return summary
