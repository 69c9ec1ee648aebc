"""Retrofits of one kind: projects that bear its tag, beside the records kept of them.

Safety (六安 2020 序, 二.四) and metrology (广东 2019 二.二, 三.三): a tag without a record and a
record without the tag are both shown, so that nothing is left out of the counts unseen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jigai.core.access import Access
from jigai.core.project_tags import covered_by
from jigai.projects.chains.positions import by_key
from jigai.projects.labels.systems import Label, LabelSystem, label_systems
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.registers.models import EntrySpan
from jigai.registers.special.ledger import find_register
from jigai.registers.special.stored_lists import spans_on
from jigai.registers.special.stored_technologies import shown_values

SAFETY, METROLOGY = "safety-retrofits", "metrology-retrofits"
TAGS = {SAFETY: "direction/安全提升", METROLOGY: "direction/计量改造"}


@dataclass(frozen=True, slots=True)
class Retrofit:
    """One project with its record; ``entry`` is ``None`` where only the tag tells of it."""

    project: Project
    entry: int | None
    values: Mapping[str, Any]
    shown: Mapping[str, str]
    tagged: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """Retrofits of a kind on a day, and records whose project is not in reach or not there."""

    rows: tuple[Retrofit, ...]
    orphans: tuple[EntrySpan, ...]

    @property
    def unrecorded(self) -> int:
        """Projects that only bear the tag."""
        return sum(row.entry is None for row in self.rows)

    @property
    def untagged(self) -> int:
        """Recorded projects that do not bear the tag."""
        return sum(not row.tagged for row in self.rows)


def retrofits(access: Access, code: str, day: dt.date) -> Kept:
    """Every project that bears the kind's tag or has a record, each once."""
    spans = spans_on(access, code, day)
    keys = [str(span.values.get("project") or "") for span in spans]
    found, tag = by_key(access, keys), TAGS[code]
    rows, orphans, seen = [], [], set()
    for span, key in zip(spans, keys, strict=True):
        project = found.get(key)
        if project is None:
            orphans.append(span)
        elif project.pk not in seen:
            seen.add(project.pk)
            tagged = bool(covered_by(tag, project.tags))
            rows.append(Retrofit(project, span.entry_id, span.values, shown_values(span), tagged))
    register = find_register(code)
    blank = {item.id: "" for item in register.schema.fields} if register else {}
    others = projects_for(access).filter(tags__contains=[tag], duplicate_of__isnull=True)
    for project in others.exclude(pk__in=seen).select_related("enterprise").order_by("pk"):
        rows.append(Retrofit(project, None, {}, blank, tagged=True))
    return Kept(tuple(rows), tuple(orphans))


def labels_with(tag: str) -> list[tuple[LabelSystem, Label]]:
    """Labels of any document that the tag gives."""
    return [
        (system, label)
        for system in label_systems().values()
        for label in system.labels
        if label.on and tag in label.tags
    ]
