"""What an entry refers to and what refers to it, in every register, with how each stands on a day.

A reference is kept once, in an ``entry`` field; both ends show it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from jigai.core.access import Access
from jigai.policies.models import PackVersion
from jigai.policies.stored_packs import model_of
from jigai.registers.access import visible_entries
from jigai.registers.entry_states import STATES, states_of
from jigai.registers.models import Entry, Register
from jigai.rules.lint_usage import used_names

# More than this are not listed on the page of one entry.
MOST = 50


@dataclass(frozen=True, slots=True)
class Link:
    """One reference: the ``entry`` at the other end, through which field (``label``) of which
    ``register``; ``state`` is how that entry stands on the day. ``open`` is whether the person may
    open it: of public registers outside their reach only the name is told."""

    entry: Entry
    register: str
    label: str
    state: str
    open: bool = True

    @property
    def word(self) -> str:
        """The state in words."""
        return STATES[self.state]

    @property
    def stale(self) -> bool:
        """Whether the other end is not in its list that day."""
        return self.state != "listed"


def referred(access: Access, entry: Entry, day: dt.date) -> list[Link]:
    """The entries that an entry names: those in reach, and names in public registers."""
    labels: dict[int, str] = {}
    for item in entry.register.schema.fields:
        value = entry.values.get(item.id) if item.type == "entry" else None
        if value and value.get("id"):
            labels.setdefault(value["id"], item.label)
    named = Entry.objects.filter(pk__in=labels)
    mine = set(visible_entries(access).filter(pk__in=labels).values_list("pk", flat=True))
    public = Q(register__public=True, register__state=Register.State.PUBLISHED)
    rows = named.filter(Q(pk__in=mine) | public).select_related("register", "edition")
    return _links(rows.order_by("pk"), day, labels, mine)


def referring(access: Access, entry: Entry, day: dt.date) -> list[Link]:
    """The entries that name an entry, at most :data:`MOST`."""
    wanted = Q(pk__in=())
    fields: dict[int, list[tuple[str, str]]] = {}
    for register, item, label in referring_fields(entry.register.code):
        wanted |= Q(register=register, **{f"values__{item}__id": entry.pk})
        fields.setdefault(register.pk, []).append((item, label))
    if not fields:
        return []
    rows = visible_entries(access).filter(wanted).exclude(state__in=["refused", "withdrawn"])
    found = list(rows.select_related("register", "edition").order_by("register", "pk")[:MOST])
    labels = {
        row.pk: next(label for item, label in fields[row.register_id]
                     if (row.values.get(item) or {}).get("id") == entry.pk)
        for row in found
    }  # fmt: skip
    return _links(found, day, labels, set(labels))


def referring_fields(code: str) -> list[tuple[Register, str, str]]:
    """Published registers with a field that names entries of a register: field id and label."""
    rows = Register.objects.select_related("current").filter(
        state=Register.State.PUBLISHED, current__isnull=False
    )
    return [
        (row, item.id, item.label)
        for row in rows.order_by("pk")
        for item in row.schema.fields
        if item.type == "entry" and item.register == code
    ]


def policies_reading(code: str) -> list[tuple[str, str]]:
    """Documents whose formulas use a term that reads the register, with the term.

    Every document knows the terms of the nation; only those that use one depend on the register.
    """
    found = []
    for version in PackVersion.objects.filter(is_current=True).order_by("slug", "id"):
        model = model_of(version)
        terms = [t for t in model.terms.values() if t.reads and t.reads.code == code]
        used = used_names(model) if terms else set()
        found += [(version.title, t.term) for t in terms if t.id in used]
    return found


def _links(
    rows: Iterable[Entry], day: dt.date, labels: dict[int, str], mine: set[int]
) -> list[Link]:
    found = list(rows)
    states = states_of(found, day)
    return [
        Link(row, row.register.name, labels[row.pk], states[row.pk], row.pk in mine)
        for row in found
    ]
