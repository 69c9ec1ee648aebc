"""Kinds of tables that can be imported; every room registers its own when it loads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import Model

from jigai.core.access import Access
from jigai.core.access.scoping import region_prefix
from jigai.core.models import ImportBatch
from jigai.errors import JigaiError
from jigai.sheets.spec import TableSpec, load_spec
from jigai.sheets.table import Table


@dataclass(frozen=True, slots=True)
class Place:
    """Which region's data of which year a file holds."""

    region_code: str
    year: int

    @property
    def prefix(self) -> str:
        """What region codes of the place and below start with."""
        return region_prefix(self.region_code)


@dataclass(slots=True)
class Counts:
    """What a commit does: rows by fate, and further figures under names of the importer's own.

    ``writes`` in the stored form is 0 when a commit would change nothing.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    # Rows of the place that are stored but not in this file; they stay as they are.
    absent: int = 0
    more: dict[str, int] = field(default_factory=dict)
    # Which of those are records written as well.
    also: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, int]:
        """For ``ImportBatch.counts``."""
        own = {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}
        writes = self.created + self.changed + sum(self.more[name] for name in self.also)
        return {**own, "absent": self.absent, "writes": writes, **self.more}


class Plan(Protocol):
    """What would become of a file, worked out against the stored rows.

    Making one may add findings to the table. ``stage`` and ``apply`` run in one transaction.
    """

    def stage(self, cursor: Any, *, real: bool) -> Counts:
        """Fill temporary tables and count; ``real`` takes numbers for new rows."""

    def apply(self, cursor: Any, batch: ImportBatch) -> None:
        """Write what was staged, every row marked with its batch."""

    def remark(self, row: int) -> str:
        """What the preview says about a row beyond its cells; may be empty."""


@dataclass(frozen=True, slots=True)
class Importer:
    """One kind of table.

    ``order`` says what must be in first when several files come together. ``needs`` names what is
    still missing at a place (empty: nothing). ``models`` are the tables whose rows carry the batch,
    in the order in which an undo empties them; ``before_undo`` clears what has no history of its
    own, ``after_undo`` brings up to date what follows from the rows. ``by_year`` tells whether
    files of different years leave each other alone. ``sentence`` puts counts into words.
    ``list_url`` names the page of the rows.
    """

    kind: str
    title: str
    order: int
    capability: str
    plan: Callable[[Table, Place], Plan]
    models: tuple[type[Model], ...]
    sentence: Callable[[dict[str, int]], str]
    needs: Callable[[Place], str] = lambda place: ""
    before_undo: Callable[[Any, ImportBatch], None] = lambda cursor, batch: None
    after_undo: Callable[[Any, ImportBatch], None] = lambda cursor, batch: None
    by_year: bool = True
    list_url: str = ""
    # For kinds whose columns are data themselves: the table to look for, and the rows' address.
    spec: TableSpec | None = None
    list_address: str = ""
    # Whether a row with an error stays out whole, instead of losing the cell.
    whole_rows: bool = False
    # Columns that follow from the rows themselves: a change of them stands in no undo's way.
    derived: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds that come and go with stored data, such as one for each register.

    A kind is ``<prefix>.<something>``. ``make`` gives its importer (``None`` for one that is gone),
    ``offered`` kinds and titles that a person may choose from, ``titles`` those of kinds at once.
    """

    prefix: str
    capability: str
    make: Callable[[str], Importer | None]
    offered: Callable[[Access], Iterable[tuple[str, str]]]
    titles: Callable[[Iterable[str]], dict[str, str]]


_IMPORTERS: dict[str, Importer] = {}
_FAMILIES: dict[str, Family] = {}


def register_family(family: Family) -> None:
    """Make the kinds of a family importable."""
    _FAMILIES[family.prefix] = family


def families() -> tuple[Family, ...]:
    """Every family."""
    return tuple(_FAMILIES.values())


def offered_kinds(access: Access) -> list[tuple[str, str]]:
    """Kinds with titles that a person may import, those of families last."""
    own = [(item.kind, item.title) for item in importers() if access.can(item.capability)]
    more = [f.offered(access) for f in families() if access.can(f.capability)]
    return [*own, *(pair for pairs in more for pair in pairs)]


def kind_titles(kinds: Iterable[str]) -> dict[str, str]:
    """Titles of kinds, with one query a family."""
    wanted = set(kinds)
    found = {item.kind: item.title for item in importers() if item.kind in wanted}
    for family in families():
        mine = [kind for kind in wanted if kind.startswith(f"{family.prefix}.")]
        if mine:
            found.update(family.titles(mine))
    return found


def spec_of(kind: str) -> TableSpec:
    """The table a kind looks for. Raises :class:`JigaiError` for a kind nobody has registered."""
    return importer_of(kind).spec or load_spec(kind)


def register_importer(importer: Importer) -> None:
    """Make a kind of table importable; registering a kind again replaces it."""
    _IMPORTERS[importer.kind] = importer


def importers() -> tuple[Importer, ...]:
    """Every kind, those that must be in first first."""
    return tuple(sorted(_IMPORTERS.values(), key=lambda item: (item.order, item.kind)))


def importer_of(kind: str) -> Importer:
    """The importer of a kind. Raises :class:`JigaiError` for a kind nobody has registered."""
    family = _FAMILIES.get(kind.partition(".")[0])
    found = _IMPORTERS.get(kind) or (family.make(kind) if family and "." in kind else None)
    if found is None:
        raise JigaiError("import-kind", "不支持这类表的导入", "请选择页面上列出的表类")
    return found
