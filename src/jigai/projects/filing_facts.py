"""Projects for the comparison with certificates: see ``jigai.registers.special.filing_source``."""

from __future__ import annotations

from collections.abc import Sequence

from jigai.core.access import Access
from jigai.core.screens import list_filters
from jigai.projects.selectors import projects_for
from jigai.registers.special.filing import Stored
from jigai.registers.special.filing_source import register_filed_projects


def filed(access: Access, words: str, most: int) -> Sequence[Stored]:
    """Projects within reach, the newest first, without rows that repeat another."""
    rows = projects_for(access).filter(duplicate_of__isnull=True).select_related("enterprise")
    if words.strip():
        rows = list_filters.search(rows, words, codes=("code", "name", "enterprise_raw"))
    found = rows.defer("search", "enterprise__search").order_by("-id")[:most]
    return [
        Stored(
            key=row.pk, name=row.name, region=row.region_code, code=row.code or "",
            enterprise=row.enterprise_id,
            firm=row.enterprise.name if row.enterprise else row.enterprise_raw,
            invest=row.total_fen, filing_no=row.filing_no or "",
        )
        for row in found
    ]  # fmt: skip


def register() -> None:
    """Answer the question of registers."""
    register_filed_projects(filed)
