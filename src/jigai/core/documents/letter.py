"""The parts of a notice: to whom, what, an optional table, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def letter(
    *,
    addressee: str,
    paragraphs: Sequence[str],
    organ: str,
    closing: str = "特此通知。",
    contact: str = "",
    table_title: str = "",
    table_header: Sequence[str] = (),
    table_rows: Sequence[Sequence[str]] = (),
) -> dict[str, Any]:
    """The context the shipped letter needs, for ``issue_document(context=…)``.

    A table is printed when it has rows. Raises ``ValueError`` for a row that is not as long as the
    header.
    """
    wrong = [row for row in table_rows if len(row) != len(table_header)]
    if wrong:
        raise ValueError(f"{len(wrong)} rows are not as long as the header of the table")
    table = {"title": table_title, "header": list(table_header), "rows": [*map(list, table_rows)]}
    return {
        "addressee": addressee,
        "paragraphs": list(paragraphs),
        "table": table if table_rows else None,
        "closing": closing,
        "organ": organ,
        "contact": contact,
    }
