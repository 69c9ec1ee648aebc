"""Key technologies, their directions and milestones as stored, and checks of their rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from jigai.core.access import Access
from jigai.core.fields.values import show_value
from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import Entry, EntrySpan, Register
from jigai.registers.special.key_technology import (
    LOOKS,
    WORDS,
    Milestone,
    criteria_lacking,
    state_of,
    wrong_with,
)
from jigai.registers.special.stored_lists import spans_on

DIRECTIONS, TECHNOLOGIES, MILESTONES = (
    "key-technology-directions", "key-technologies", "key-technology-milestones",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Technology:
    """One project on a day with its milestones; ``values`` by field, ``shown`` in words."""

    entry: int
    values: Mapping[str, Any]
    shown: Mapping[str, str]
    state: str
    milestones: tuple[Milestone, ...]
    day: dt.date

    @property
    def look(self) -> tuple[str, str]:
        """Badge and words."""
        return LOOKS[self.state], WORDS[self.state]

    @property
    def lacking(self) -> str:
        """Criteria that nobody has declared."""
        return "、".join(criteria_lacking(self.values))

    @property
    def steps(self) -> list[tuple[Milestone, str, str]]:
        """Milestones with badge and words."""
        return [(step, *step.look(self.day)) for step in self.milestones]

    @property
    def late(self) -> int:
        """Milestones past their term."""
        return sum(step.look(self.day)[0] == "rejected" for step in self.milestones)


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction with the city it is assigned to and how many projects are on it."""

    entry: int
    shown: Mapping[str, str]
    city: str
    projects: int


def technologies_on(access: Access, day: dt.date) -> list[Technology]:
    """Projects in reach on a day, in the order they were registered."""
    steps: dict[int, list[Milestone]] = {}
    for span in spans_on(access, MILESTONES, day):
        of = (span.values.get("technology") or {}).get("id")
        steps.setdefault(of or 0, []).append(_milestone(span))
    return [
        Technology(
            span.entry_id, span.values, shown_values(span), state_of(span.values, day),
            tuple(sorted(steps.get(span.entry_id, ()), key=lambda s: (s.due, s.entry))), day,
        )
        for span in spans_on(access, TECHNOLOGIES, day)
    ]  # fmt: skip


def directions_on(access: Access, day: dt.date, projects: Sequence[Technology]) -> list[Direction]:
    """Directions of a day with the number of projects in reach on each."""
    counts = Counter((one.values.get("direction") or {}).get("id") for one in projects)
    return [
        Direction(
            span.entry_id,
            shown_values(span),
            str(span.values.get("city") or ""),
            counts[span.entry_id],
        )
        for span in spans_on(access, DIRECTIONS, day)
    ]


def shown_values(span: EntrySpan) -> dict[str, str]:
    """Every field in words, empty where nothing is written."""
    return {
        item.id: show_value(item, span.values.get(item.id)) for item in span.register.schema.fields
    }


def _milestone(span: EntrySpan) -> Milestone:
    done = span.values.get("done")
    return Milestone(
        span.entry_id, str(span.values["name"]), dt.date.fromisoformat(span.values["due"]),
        dt.date.fromisoformat(done) if done else None, _proven(span.values),
    )  # fmt: skip


def _proven(values: Mapping[str, Any]) -> bool:
    return bool(values.get("evidence") or values.get("evidence_number"))


def check_technologies(register: Register, rows: Sequence[Prepared]) -> None:
    """A verdict stands on criteria declared before, an acceptance, a proof and who judged."""
    ids = {row.entry_id for row in rows if row.entry_id is not None}
    listed = Entry.objects.filter(register=register, pk__in=ids, state=Entry.State.LISTED)
    held = dict(listed.values_list("pk", "values"))
    for row in rows:
        found = wrong_with(row.values, held.get(row.entry_id or 0))
        row.problems += [ValueProblem(*one) for one in found]


def check_milestones(register: Register, rows: Sequence[Prepared]) -> None:
    """A milestone is reached on a day that has come and with a proof."""
    del register
    today = timezone.localdate().isoformat()
    for row in rows:
        done = row.values.get("done")
        if done and done > today:
            row.problems.append(ValueProblem("done", "完成日期还没有到", "完成以后再填"))
        if done and not _proven(row.values):
            row.problems.append(
                ValueProblem("done", "写了完成日期，没有证明", "附上证明，或写证明编号")
            )
