"""Which vocabulary terms of installed packs read a register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jigai.policies.models import PackVersion
from jigai.policies.stored_packs import model_of


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term that reads a field, or a counting rule, of a register."""

    name: str
    document: str
    field: str
    counting: str


def terms_reading(code: str) -> Iterator[TermUse]:
    """Terms of current packs that read the register."""
    for version in PackVersion.objects.filter(is_current=True).order_by("slug", "id"):
        for term in model_of(version).terms.values():
            found = term.reads
            if found is not None and found.code == code:
                yield TermUse(term.term, version.title, found.field, found.count)
