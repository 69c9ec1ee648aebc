"""Takes a project one step on its way into the statistics, or says why it is not in."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, check
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with
from jigai.projects.models import Project
from jigai.projects.models import StatisticsInclusion as Inclusion
from jigai.projects.monthly.inclusion import MOVE_WORDS, MOVES, NEED_NOTE, Status
from jigai.projects.selectors import REACH

EVENT = "statistics-inclusion"


def move_inclusion(
    *, project: int, to: str, note: str, included_from: dt.date | None, seen: int, by: User,
    access: Access,
) -> Inclusion:  # fmt: skip
    """Record the step; ``seen`` is the version shown (0 where nothing is recorded yet).

    Raises :class:`Denied` out of reach, :class:`JigaiError` for a step that cannot follow, one
    without the word it needs, an inclusion without its month, or a record changed meanwhile.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, reason="办理入统"):
        row = Project.objects.select_for_update(of=("self",)).get(pk=project)
        inclusion = _held(row, seen)
        needed = MOVES[inclusion.status].get(to)
        if needed is None:
            raise JigaiError(
                "no-such-step", f"现在是“{inclusion.get_status_display()}”，不能办这一步",
                "刷新后看现在能办什么",
            )  # fmt: skip
        check(row, access, needed, REACH)
        if to in NEED_NOTE and not note.strip():
            word = MOVE_WORDS[Status(to)]
            raise JigaiError("no-note", f"{word}须写明说明", "写清缺什么、补了什么")
        if to == Status.INCLUDED and included_from is None:
            raise JigaiError("no-month", "没有填入统月份", "填从哪个月起入统")
        inclusion.status, inclusion.since = to, timezone.localdate()
        inclusion.note, inclusion.updated_by = note.strip()[:400], by
        inclusion.included_from = included_from if to == Status.INCLUDED else None
        if to == Status.INCLUDED:
            inclusion.why_not = ""
        _save(inclusion)
        _mark(row, to)
        transaction.on_commit(lambda: _tell(row, inclusion, needed))
    return inclusion


def say_why_not(*, project: int, why_not: str, seen: int, by: User, access: Access) -> Inclusion:
    """Say why a project that fits is not in the statistics (L19 b).

    Raises :class:`Denied` out of reach, :class:`JigaiError` without a word, for a project that is
    in, or one changed meanwhile.
    """
    if not why_not.strip():
        raise JigaiError(
            "no-reason", "没有写未入统的原因", "符合条件的原则上一律入统，未入统须写明原因"
        )
    with transaction.atomic(), pghistory.context(user=by.pk, reason="填未入统原因"):
        row = Project.objects.select_for_update(of=("self",)).get(pk=project)
        inclusion = _held(row, seen)
        check(row, access, "report.fill", REACH)
        if inclusion.status == Status.INCLUDED:
            raise JigaiError("included", "这个项目已经入统", "刷新后查看")
        inclusion.why_not, inclusion.updated_by = why_not.strip()[:400], by
        _save(inclusion)
    return inclusion


def _held(project: Project, seen: int) -> Inclusion:
    found = Inclusion.objects.select_for_update(of=("self",)).filter(project=project).first()
    if (found.version if found else 0) != seen:
        raise JigaiError("changed", "刚有人办过这个项目的入统，没有保存", "刷新后再办")
    if found is not None:
        return found
    # A ledger that says 已入统 is where the record starts from.
    start = Status.INCLUDED if project.in_statistics else Status.NONE
    return Inclusion(project=project, status=start, version=0)


def _save(inclusion: Inclusion) -> None:
    inclusion.version += 1
    inclusion.save()


def _mark(project: Project, to: str) -> None:
    """The mark that eligibility asks for follows the record."""
    now = {Status.INCLUDED: True, Status.NONE: False}.get(Status(to), project.in_statistics)
    if project.in_statistics != now:
        project.in_statistics = now
        project.version += 1
        project.save(update_fields=["in_statistics", "version"])


def _tell(project: Project, inclusion: Inclusion, needed: str) -> None:
    """Tell whoever is next: the statistics side of a declaration, the county of an answer."""
    other = "statistics.manage" if needed == "report.fill" else "report.fill"
    url = reverse("inclusion-detail", args=[project.pk])
    title = f"入统：{project.name}，{inclusion.get_status_display()}"
    people = people_with(other, project.region_code)
    for person in people:
        if person.pk != inclusion.updated_by_id:
            send_notice(user=person, event=EVENT, title=title, body=inclusion.note, url=url)
