"""The negative list as stored, and whether an enterprise was foreign-invested on a day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from jigai.core.access import Access
from jigai.registers.models import Edition, EntrySpan, Register
from jigai.registers.selectors import register_by_code
from jigai.registers.special.negative_list import (
    JUDGE,
    OUTSIDE,
    PROHIBITED,
    RESTRICTED,
    Answer,
    Issue,
    Item,
    judge,
)
from jigai.registers.special.project_code import Period, code_period
from jigai.registers.special.project_source import ProjectFacts, projects_of

_MEASURES = (PROHIBITED, RESTRICTED, JUDGE, OUTSIDE)
CODE, FOREIGN = "negative-list", "foreign-enterprises"


def issues() -> list[Issue]:
    """Every edition with its entries, in two queries.

    Raises :class:`JigaiError` where the list is not loaded.
    """
    register = register_by_code(CODE)
    held: dict[int, list[Item]] = defaultdict(list)
    for span in EntrySpan.objects.filter(register=register, edition__isnull=False).order_by(
        "entry_id", "starts"
    ):
        held[span.edition_id].append(_item(span))
    rows = Edition.objects.filter(register=register).order_by("valid_from", "id")
    return [
        Issue(row.code, row.name, row.number, row.valid_from, row.valid_to, tuple(held[row.pk]))
        for row in rows
    ]


def _item(span: EntrySpan) -> Item:
    given = span.values
    return Item(
        key=span.entry_id, field=given["field"], measure=given["measure"],
        industries=tuple(given.get("industries") or ()), part=bool(given.get("part")),
        condition=given.get("condition") or "", checked=given.get("checked") == "done",
    )  # fmt: skip


def judge_stored(industry: str, when: Period | None) -> Answer:
    """The answer by the stored editions."""
    return judge(issues(), industry, when)


@dataclass(frozen=True, slots=True)
class Flag:
    """A project of a foreign-invested enterprise with what the list says of it."""

    project: ProjectFacts
    when: Period | None
    answer: Answer


def flagged_projects(access: Access) -> list[Flag]:
    """Every project within reach whose enterprise was foreign-invested when it was filed, those the
    list touches first. A fixed number of queries."""
    register = Register.objects.filter(code=FOREIGN).first()
    if register is None:
        return []
    held: dict[int, list[EntrySpan]] = defaultdict(list)
    for span in EntrySpan.objects.filter(register=register, enterprise__isnull=False):
        held[span.enterprise_id or 0].append(span)
    known = issues()
    found = []
    for project in projects_of(access, held):
        when = code_period(project.code)
        if any(_meets(span, when) for span in held[project.enterprise or 0]):
            found.append(Flag(project, when, judge(known, project.industry, when)))
    return sorted(found, key=lambda flag: _MEASURES.index(flag.answer.measure))


def _meets(span: EntrySpan, when: Period | None) -> bool:
    """Whether a listing touches the period; one not known is not left out."""
    if when is None:
        return True
    return span.starts <= when.last and (span.ends is None or span.ends > when.first)


def foreign_share(enterprise: int | None, when: Period | None) -> EntrySpan | None:
    """The entry of an enterprise in the register of foreign-invested ones, in force at some time
    of the period; ``None`` where it has none."""
    register = Register.objects.filter(code=FOREIGN).first()
    if register is None or enterprise is None:
        return None
    rows = EntrySpan.objects.filter(register=register, enterprise=enterprise)
    if when is not None:
        open_end = Q(ends__isnull=True) | Q(ends__gt=when.first)
        rows = rows.filter(open_end, starts__lte=when.last)
    return rows.select_related("entry").order_by("-starts", "-id").first()
