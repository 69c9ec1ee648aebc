"""Where somebody whose checks hold goes on to: other measures, and what can be applied for."""

from __future__ import annotations

from django.urls import reverse

from jigai.cases.selectors_public import public_guides
from jigai.policies.calculator.catalogue import Subject


def onward_of(subject: Subject) -> list[tuple[str, str]]:
    """(name, address) of each thing a checked measure leads to, in the order of the pack.

    A procedure of the document leads to the guides that carry it out, else to its clause.
    """
    wanted, slug = subject.measure.then, subject.version.slug
    if not wanted:
        return []
    pack = subject.model.pack
    procedures = {row.id: row for row in pack.procedures}
    guides = _guides([f"{slug}:{name}" for name in wanted if name in procedures])
    found: list[tuple[str, str]] = []
    for name in wanted:
        measure = subject.model.measures.get(name)
        if measure is not None:
            found.append((measure.name, reverse("calculator", args=[slug, name])))
            continue
        row = procedures[name]
        carried = guides.get(f"{slug}:{name}", [])
        found += [(title, reverse("guide", args=[code])) for title, code in carried] or [
            (row.name, f"{reverse('portal-policy', args=[slug])}#{row.clause}")
        ]
    return found


def _guides(items: list[str]) -> dict[str, list[tuple[str, str]]]:
    """(name, code) of the published procedures that carry out items of documents."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in public_guides().filter(items__overlap=items) if items else ():
        for item in set(row.items) & set(items):
            found.setdefault(item, []).append((row.name, row.code))
    return found
