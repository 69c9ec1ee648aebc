"""How projects are told apart by name, and what whoever looks for one needs to know of it."""

from __future__ import annotations

import re
from typing import Protocol

from jigai.sheets.text import squeeze

_PROJECT_WORD = re.compile(r"项目$")


class LedgerProject(Protocol):
    """A project of the ledger; ``row`` is its key, amounts are fen."""

    @property
    def row(self) -> int: ...
    @property
    def project_name(self) -> str: ...
    @property
    def project_code(self) -> str | None: ...
    @property
    def enterprise_raw(self) -> str: ...
    @property
    def enterprise_name(self) -> str | None: ...
    @property
    def uscc(self) -> str | None: ...
    @property
    def total_fen(self) -> int | None: ...
    @property
    def duplicate_of_row(self) -> int | None: ...


def name_key(name: str | None) -> str:
    """Project names are compared without the word 项目 at the end, which is often left out."""
    return _PROJECT_WORD.sub("", squeeze(name or ""))
