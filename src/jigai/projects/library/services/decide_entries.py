"""审核: the level admits what was put before it, returns it, or lets a project leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pghistory
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.projects.library.access import entries_for, require_keeper
from jigai.projects.library.codes import Status
from jigai.projects.library.judge import IN, lacking
from jigai.projects.library.rule import rule_for
from jigai.projects.library.services.judge_projects import judge_projects
from jigai.projects.library.services.outcome import Done
from jigai.projects.models import AdmissionDecision, LibraryEntry, Project, ProjectStep
from jigai.projects.states import NOT_STARTED, State

EVENT = "project-library"
Versions = Mapping[int, int] | None
_COLUMNS = [
    "status", "admitted_on", "left_on", "reason", "decision", "version", "updated_by", "updated_at",
]  # fmt: skip
_CHUNK = 2000


def admit_entries(
    *,
    entries: Sequence[int],
    day: dt.date,
    by: User,
    access: Access,
    reason: str = "",
    versions: Versions = None,
    judged: Mapping[int, AdmissionDecision] | None = None,
) -> Done:
    """Let in what fits. Where a document has a rule it is asked again, on ``day``, and what does
    not fit stays with its reasons; where none has, it is the person's decision and takes a reason.
    ``judged`` are judgements (by project) that the same transaction has just made.

    Raises :class:`Denied` for another level's library and :class:`JigaiError` without the reason.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, reason="审核入库"):
        rows, done = _locked(entries, Status.REPORTED, versions, access)
        ruled = {r: rule_for(*r, day) is not None for r in {(e.region_code, e.level) for e in rows}}
        if not all(ruled.values()) and not reason.strip():
            raise JigaiError(
                "admit-reason", "这一级没有装好的入库规则，由人决定，要写理由", "写清凭什么入库"
            )
        admitted = []
        for level in sorted({row.level for row in rows}):
            own = [row for row in rows if row.level == level]
            projects = [row.project for row in own if ruled[row.region_code, level]]
            decided = judged or judge_projects(projects=projects, level=level, day=day, by=by)
            for row in own:
                decision = decided.get(row.project_id)
                if decision is not None and decision.verdict != IN:
                    done.refuse(row.project.name, lacking(decision.conditions))
                    continue
                row.decision, row.admitted_on, row.left_on = decision, day, None
                row.reason = reason.strip()
                admitted.append(_moved(row, Status.IN, by))
        _save(admitted)
        note_admission([row.project_id for row in admitted], day, by)
        done.count = len(admitted)
    return done


def return_entries(
    *, entries: Sequence[int], reason: str, by: User, access: Access, versions: Versions = None
) -> Done:
    """Send back what waits, with a reason; whoever reported it is told."""
    _require_reason(reason, "退回")
    with transaction.atomic(), pghistory.context(user=by.pk, reason=f"退回：{reason.strip()}"):
        rows, done = _locked(entries, Status.REPORTED, versions, access)
        asked = [(row.updated_by, row.project.name) for row in rows]
        for row in rows:
            row.reason = reason.strip()
            _moved(row, Status.RETURNED, by)
        _save(rows)
        done.count = len(rows)
        transaction.on_commit(lambda: _tell(asked, reason.strip()))
    return done


def remove_entries(
    *,
    entries: Sequence[int],
    reason: str,
    day: dt.date,
    by: User,
    access: Access,
    versions: Versions = None,
) -> Done:
    """Let projects leave the library, with a reason. What was granted before stays granted."""
    _require_reason(reason, "移出")
    with transaction.atomic(), pghistory.context(user=by.pk, reason=f"移出：{reason.strip()}"):
        rows, done = _locked(entries, Status.IN, versions, access)
        kept = []
        for row in rows:
            if row.admitted_on and day < row.admitted_on:
                done.refuse(row.project.name, f"移出日期早于入库日期（{row.admitted_on}）")
                continue
            row.left_on, row.reason = day, reason.strip()
            kept.append(_moved(row, Status.OUT, by))
        _save(kept)
        done.count = len(kept)
    return done


def _require_reason(reason: str, verb: str) -> None:
    if not reason.strip():
        raise JigaiError("library-reason", f"{verb}要写原因", "写清为什么，下级看得到")


def _locked(
    entries: Sequence[int], status: str, versions: Versions, access: Access
) -> tuple[list[LibraryEntry], Done]:
    """The rows under lock that stand as expected; the others told. All in one library's order."""
    done = Done()
    wanted = entries_for(access).filter(pk__in=entries).order_by("pk")
    rows = list(
        wanted.select_for_update(of=("self", "project"))
        .select_related("project", "project__enterprise", "updated_by")
        .defer("project__search", "project__enterprise__search")
    )
    for region in sorted({row.region_code for row in rows}):
        require_keeper(access, region)
    kept = []
    for row in rows:
        if versions is not None and versions.get(row.pk) != row.version:
            done.refuse(row.project.name, "预览之后被他人办理，没有改动")
        elif row.status != status:
            done.refuse(row.project.name, f"现在是“{row.get_status_display()}”，不能这样办")
        else:
            kept.append(row)
    return kept, done


def _moved(row: LibraryEntry, status: str, by: User) -> LibraryEntry:
    row.status, row.updated_by, row.updated_at = status, by, timezone.now()
    row.version += 1
    return row


def _save(rows: Sequence[LibraryEntry]) -> None:
    LibraryEntry.objects.bulk_update(rows, _COLUMNS, batch_size=_CHUNK)


def note_admission(projects: Sequence[int], day: dt.date, by: User) -> None:
    """The first library a project gets into is a step of its life; one that began is beyond it."""
    early = [state for state in NOT_STARTED if state is not State.ADMITTED]
    rows = list(
        Project.objects.filter(pk__in=projects, state__in=early).only("pk", "state").order_by("pk")
    )
    steps = [
        ProjectStep(project=row, before=row.state, after=State.ADMITTED, happened_on=day,
                    duty=str(by), created_by=by)
        for row in rows
    ]  # fmt: skip
    ProjectStep.objects.bulk_create(steps, batch_size=_CHUNK)
    changed = Project.objects.filter(pk__in=[row.pk for row in rows])
    changed.update(state=State.ADMITTED, state_since=day, version=F("version") + 1)


def _tell(asked: Sequence[tuple[User | None, str]], reason: str) -> None:
    by_person: dict[int, tuple[User, list[str]]] = {}
    for user, name in asked:
        if user is not None:
            by_person.setdefault(user.pk, (user, []))[1].append(name)
    for user, names in by_person.values():
        more = f"等 {len(names)} 个" if len(names) > 1 else ""
        send_notice(user=user, event=EVENT, title=f"上报被退回：{names[0]}{more}", body=reason,
                    url=f"{reverse('library-list')}?status=returned")  # fmt: skip
