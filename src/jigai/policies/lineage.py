"""The chain of documents above and below one, and measures that only refer to another document."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from jigai.policies.document_keys import document_key
from jigai.policies.models import PackItem, PackVersion, UpstreamDocument
from jigai.policies.overlays import overlays_of

State = UpstreamDocument.State
# Looks of the house style by state.
LOOKS = {State.PENDING: "pending", State.ATTACHED: "ok", State.NONE: "neutral"}
_DEEPEST = 6


@dataclass(slots=True)
class Above:
    """One upstream document, what stands for it, and what that one leans on in turn."""

    row: UpstreamDocument
    pack: PackVersion | None
    measures: list[PackItem] = field(default_factory=list)
    above: list[Above] = field(default_factory=list)

    @property
    def look(self) -> str:
        """The status code of the house style."""
        return LOOKS[State(self.row.state)]


@dataclass(frozen=True, slots=True)
class Below:
    """An installed document that leans on one, and how."""

    pack: PackVersion
    how: str


def upstream_rows(slugs: Collection[str]) -> QuerySet[UpstreamDocument]:
    """What the current versions of packs lean on."""
    rows = UpstreamDocument.objects.filter(slug__in=slugs, listed=True)
    return rows.select_related("file", "attached_by").order_by("slug", "place", "id")


def references_of(slugs: Collection[str]) -> dict[str, list[UpstreamDocument]]:
    """Upstream documents by pack."""
    found: dict[str, list[UpstreamDocument]] = {}
    for row in upstream_rows(slugs):
        found.setdefault(row.slug, []).append(row)
    return found


def referred_to(item: PackItem, rows: Sequence[UpstreamDocument]) -> UpstreamDocument | None:
    """The document that alone says what a measure gives; ``None`` for one that says it itself.

    A measure refers when it cannot be computed and its own words name the number of the document.
    """
    if item.section != "measures" or item.data.get("computable") is not False:
        return None
    told = document_key(" ".join(str(item.data.get(key, "")) for key in ("status_note", "note")))
    return next((row for row in rows if row.number and row.key in told), None)


def reference_words(row: UpstreamDocument) -> str:
    """How a referring measure stands: never as nothing."""
    if row.state == State.PENDING:
        return f"待导入：依{row}，导入前金额未定，不是零"
    if row.state == State.NONE:
        return f"依{row}；没有数据包，金额未定，不是零"
    return f"依{row}，已挂接"


def chain_above(version: PackVersion) -> list[Above]:
    """Upstream documents, with what those lean on, as far as packs of them are installed."""
    packs = _packs()
    return _above(version.slug, packs, (version.slug,))


def _above(slug: str, packs: dict[str, PackVersion], path: tuple[str, ...]) -> list[Above]:
    rows = list(upstream_rows([slug]))
    items = list(PackItem.objects.filter(pack__slug=slug, pack__is_current=True,
                                         section="measures").order_by("place", "id"))  # fmt: skip
    found = []
    for row in rows:
        own = [item for item in items if referred_to(item, [row]) is not None]
        pack = packs.get(row.pack_slug)
        deeper: list[Above] = []
        if pack is not None and pack.slug not in path and len(path) < _DEEPEST:
            deeper = _above(pack.slug, packs, (*path, pack.slug))
        found.append(Above(row, pack, own, deeper))
    return found


def chain_below(version: PackVersion) -> list[Below]:
    """Installed documents that lean on this one or fill in what it leaves open."""
    packs = _packs()
    rows = UpstreamDocument.objects.filter(pack_slug=version.slug, listed=True)
    found = [
        Below(packs[slug], "列为上位依据")
        for slug in rows.order_by("slug").values_list("slug", flat=True).distinct()
        if slug in packs
    ]
    found += [Below(overlay.version, "地方细则") for overlay in overlays_of(version).over]
    return found


def _packs() -> dict[str, PackVersion]:
    rows = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    return {row.slug: row for row in rows.defer("files").order_by("slug")}
