"""The guiding catalogue with the demonstrations and first-set products that belong to it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

UNUSED, NO_FIRST_SET, GONE, NOT_GUIDED = "unused", "no-first-set", "gone", "not-guided"
WORDS = {
    UNUSED: "没有示范应用", NO_FIRST_SET: "没有首台（套）产品",
    GONE: "指向的当日不在册", NOT_GUIDED: "没有进导向目录",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One row of any of the three lists on the day; ``points`` is the entry it names, if any, and
    ``state`` what its list says of it."""

    entry: int
    name: str
    maker: str = ""
    points: int | None = None
    points_name: str = ""
    state: str = ""
    state_word: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """A row of the guiding catalogue with both its sides; ``gaps`` are codes of :data:`WORDS`."""

    item: Item
    first_set: Item | None
    demonstrations: tuple[Item, ...]
    gaps: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The gaps in words."""
        return [WORDS[code] for code in self.gaps]


@dataclass(frozen=True, slots=True)
class Picture:
    """All rows of the catalogue, and what hangs loose on the other two sides, with the reason."""

    rows: tuple[Linked, ...]
    loose_demonstrations: tuple[tuple[Item, str], ...]
    loose_products: tuple[tuple[Item, str], ...]

    @property
    def complete(self) -> int:
        """Rows linked on both sides."""
        return sum(not row.gaps for row in self.rows)


def link_up(
    guiding: Iterable[Item], demonstrations: Iterable[Item], products: Iterable[Item],
    listed: str,
) -> Picture:  # fmt: skip
    """Put the three lists of one day together; ``listed`` is the state of a product that counts.

    A link to something that is not in its list that day is a gap, not a link.
    """
    rows, used, made = list(guiding), list(demonstrations), list(products)
    known = {row.entry for row in rows}
    by_item: dict[int, list[Item]] = {}
    for one in used:
        if one.points is not None:
            by_item.setdefault(one.points, []).append(one)
    by_entry = {one.entry: one for one in made}
    named = {row.points for row in rows}
    return Picture(
        tuple(_linked(row, by_entry, by_item) for row in rows),
        tuple((one, WORDS[GONE]) for one in used if one.points not in known),
        tuple((one, WORDS[NOT_GUIDED]) for one in made
              if one.state == listed and one.entry not in named),
    )  # fmt: skip


def _linked(
    row: Item, products: Mapping[int, Item], demonstrations: Mapping[int, list[Item]]
) -> Linked:
    product = products.get(row.points) if row.points is not None else None
    used = tuple(demonstrations.get(row.entry, ()))
    gaps = []
    if row.points is None:
        gaps.append(NO_FIRST_SET)
    elif product is None:
        gaps.append(GONE)
    if not used:
        gaps.append(UNUSED)
    return Linked(row, product, used, tuple(gaps))
