"""One page of changes over many tables, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import OuterRef, Subquery

from jigai.core.access import Access
from jigai.core.audit.tables import Table, visible_tables
from jigai.core.audit.words import Diff, Labels, diffs_of, label_of

Position = Mapping[str, int]
KINDS = {"insert": "新增", "update": "修改", "delete": "删除"}
_signer = Signer(salt="jigai.audit")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty values leave nothing out."""

    table: str = ""
    record: str = ""
    people: tuple[int, ...] | None = None
    request: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class Change:
    """One recorded change."""

    at: datetime
    table: Table
    kind: str
    key: str
    record: str
    who: str
    on_behalf: str
    reason: str
    request: str
    diffs: list[Diff] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Changes:
    """A page, and the token of the next one (empty at the end)."""

    rows: list[Change]
    after: str


def read_changes(access: Access, wanted: Wanted, token: str = "", size: int = 50) -> Changes:
    """The newest changes before a token.

    Every table is read by its own key from where the page before stopped in it, so that a page deep
    in the log costs what the first one does and nothing is left out or told twice.
    """
    position = _position(token)
    chosen = [t for t in visible_tables(access) if wanted.table in ("", t.label)]
    queues = [_events(table, access, wanted, position, size + 1) for table in chosen]
    newest = list(islice(merge(*queues, key=_age), size + 1))
    page = newest[:size]
    reached = dict(position)
    for table, event in page:
        reached[table.label] = event.pgh_id
    after = _signer.sign_object(reached, compress=True) if len(newest) > size else ""
    return Changes(_changes(page), after)


def _age(pair: tuple[Table, Any]) -> tuple[float, int]:
    return (-pair[1].pgh_created_at.timestamp(), -pair[1].pgh_id)


def _position(token: str) -> dict[str, int]:
    if not token:
        return {}
    try:
        return {str(k): int(v) for k, v in _signer.unsign_object(token).items()}
    except (BadSignature, ValueError, TypeError, AttributeError):
        return {}


def _events(
    table: Table, access: Access, wanted: Wanted, position: Position, size: int
) -> list[tuple[Table, Any]]:
    rows = table.rows(access)
    if table.label in position:
        rows = rows.filter(pgh_id__lt=position[table.label])
    if wanted.record:
        rows = rows.filter(pgh_obj_id=wanted.record) if wanted.record.isdecimal() else rows.none()
    if wanted.people is not None:
        rows = rows.filter(pgh_context__metadata__user__in=wanted.people)
    if wanted.request:
        rows = rows.filter(pgh_context__metadata__request=wanted.request)
    if wanted.since:
        rows = rows.filter(pgh_created_at__date__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(pgh_created_at__date__lte=wanted.until)
    before = table.model.objects.filter(
        pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")
    ).order_by("-pgh_id")
    rows = rows.annotate(before_id=Subquery(before.values("pgh_id")[:1]))
    found = rows.select_related("pgh_context").order_by("-pgh_id")[:size]
    # The key is monotone up to the order in which transactions began; merging needs it strictly.
    return sorted(((table, event) for event in found), key=_age)


def _changes(page: list[tuple[Table, Any]]) -> list[Change]:
    earlier: dict[tuple[str, int], Any] = {}
    wanted: dict[Table, list[int]] = {}
    for table, event in page:
        if event.before_id:
            wanted.setdefault(table, []).append(event.before_id)
    for table, ids in wanted.items():
        for row in table.model.objects.filter(pgh_id__in=ids):
            earlier[table.label, row.pgh_id] = row
    pairs = [(t, e, earlier.get((t.label, e.before_id or 0))) for t, e in page]
    labels = Labels.of(pairs)
    return [_change(table, event, old, labels) for table, event, old in pairs]


def _change(table: Table, event: Any, old: Any, labels: Labels) -> Change:
    about = event.pgh_context.metadata if event.pgh_context else {}
    return Change(
        at=event.pgh_created_at,
        table=table,
        kind=event.pgh_label,
        key=str(event.pgh_obj_id),
        record=label_of(table, event, labels),
        who=labels.person(about.get("user")),
        on_behalf=str(about.get("on_behalf") or ""),
        reason=str(about.get("reason") or ""),
        request=str(about.get("request") or ""),
        diffs=diffs_of(table, event, old, labels),
    )
