"""A document as it lives: every clause with its numbers, what it asks for and how that stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jigai.core.access import Access
from jigai.policies.models import Clause, ClauseFact, OriginalText, PackItem, PackVersion
from jigai.policies.originals import original_pieces
from jigai.policies.sections import TITLES, Live, live_items
from jigai.policies.words import CLAUSE_KINDS
from jigai.reading.number_marks import Piece
from jigai.rules.loader import Pack


@dataclass(frozen=True, slots=True)
class LiveItem:
    """One item beside a clause. ``own`` is false where the item comes from another clause."""

    item: PackItem
    section: str
    live: Live
    own: bool


@dataclass(slots=True)
class LivingClause:
    """One clause on the page; ``depth`` from its number, ``pieces`` of the original if there is."""

    clause: Clause
    depth: int
    kinds: list[str]
    facts: list[ClauseFact] = field(default_factory=list)
    items: list[LiveItem] = field(default_factory=list)
    pieces: list[Piece] | None = None


def living_clauses(
    access: Access, version: PackVersion, pack: Pack, original: OriginalText | None
) -> list[LivingClause]:
    """All clauses in the order of the document, in a fixed number of queries."""
    facts: dict[int, list[ClauseFact]] = {}
    for fact in ClauseFact.objects.filter(pack=version).order_by("id"):
        facts.setdefault(fact.clause_id, []).append(fact)
    items = list(
        PackItem.objects.filter(pack=version)
        .select_related("pack").defer("pack__files").order_by("section", "place", "id")
    )  # fmt: skip
    beside = _beside(access, items)
    texts = original_pieces(original, pack) if original else {}
    found = []
    for clause in Clause.objects.filter(pack=version).order_by("place"):
        kinds = [kind for kind in clause.kind.split("、") if kind]
        found.append(
            LivingClause(
                clause,
                clause.code.count("."),
                [CLAUSE_KINDS.get(kind, kind) for kind in kinds],
                facts.get(clause.pk, []),
                beside.get(clause.code, []),
                texts.get(clause.code) if original else None,
            )
        )
    return found


def items_beside(access: Access, version: PackVersion, code: str) -> list[LiveItem]:
    """Items that a clause asks for or touches."""
    items = PackItem.objects.filter(pack=version, clauses__contains=[code])
    rows = items.select_related("pack").defer("pack__files").order_by("section", "place", "id")
    return _beside(access, list(rows)).get(code, [])


def _beside(access: Access, items: Sequence[PackItem]) -> dict[str, list[LiveItem]]:
    live, order = live_items(access, items), list(TITLES)
    found: dict[str, list[LiveItem]] = {}
    for item in sorted(items, key=lambda i: (order.index(i.section), i.place)):
        for place, code in enumerate(item.clauses):
            told = LiveItem(item, TITLES[item.section], live[item.pk], place == 0)
            found.setdefault(code, []).append(told)
    return found


def counted(clauses: Sequence[LivingClause]) -> Iterator[tuple[str, str, int]]:
    """Sections with their titles and numbers of items, for the filter of the page."""
    for section, title in TITLES.items():
        count = sum(i.own and i.item.section == section for c in clauses for i in c.items)
        if count:
            yield section, title, count
