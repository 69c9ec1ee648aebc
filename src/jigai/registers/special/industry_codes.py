"""Whether an industry lies under the codes an entry names, in three values."""

from __future__ import annotations

from collections.abc import Iterable

from jigai.core.industries import UnknownIndustryError, industry, section_of

ALL = "*"


def covers(named: Iterable[str], code: str) -> bool | None:
    """Whether the industry ``code`` lies under one of the ``named`` codes (GB/T 4754-2017).

    ``named`` holds sections (``C``), shorter or equal codes, or ``*`` for every industry. ``None``
    where the project's own code is missing, unknown, or coarser than a named one.
    """
    wanted = list(named)
    if ALL in wanted:
        return True
    plain = _plain(code)
    if not plain:
        return None
    section = section_of(plain).code
    if any(item == section or (item.isdigit() and plain.startswith(item)) for item in wanted):
        return True
    coarser = any(item.isdigit() and item.startswith(plain) for item in wanted)
    return None if coarser or plain == section else False


def _plain(code: str) -> str:
    try:
        return industry(code).code
    except UnknownIndustryError:
        return ""
