"""Long work of the library: judging thousands, closing a year, and reminding by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from procrastinate.contrib.django import app

from jigai.core.access import Access, access_of
from jigai.core.access.scoping import region_prefix
from jigai.core.jobs import JobContext, Outcome, job
from jigai.errors import JigaiError
from jigai.projects.library.access import editable
from jigai.projects.library.codes import Status
from jigai.projects.library.judge import IN, VERDICTS
from jigai.projects.library.services.decide_entries import admit_entries
from jigai.projects.library.services.judge_projects import CHUNK, judge_projects
from jigai.projects.library.services.outcome import Done
from jigai.projects.library.services.remind_late import remind_late
from jigai.projects.library.services.roll_over import roll_over
from jigai.projects.models import LibraryEntry, Project

BATCH, ROLL = "library-batch", "library-roll-over"
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('projects.ledger'))"
_KEPT = "已经判定的留存，其余的再次启动后判定。"


def wanted(access: Access, region: str, level: str, about: str) -> QuerySet[Project]:
    """The projects a batch is about, as far as the owner keeps their records."""
    rows = editable(access).filter(region_code__startswith=region_prefix(region))
    held = LibraryEntry.objects.filter(project=OuterRef("pk"), level=level)
    chosen = {
        "reported": Exists(held.filter(status=Status.REPORTED)),
        "in": Exists(held.filter(status=Status.IN)),
        "none": ~Exists(held.filter(status__in=[Status.REPORTED, Status.IN])),
    }[about]
    return rows.filter(chosen)


@job(BATCH, cancel=_KEPT)
def judge_many(context: JobContext) -> Outcome:
    """Judge chunk by chunk; what fits may be admitted along with it."""
    given, owner = context.params, context.job.owner
    if owner is None:
        raise JigaiError("no-owner", "任务没有发起人", "请重新发起")
    access, day = access_of(owner), dt.date.fromisoformat(given["day"])
    keys = list(
        wanted(access, given["region"], given["level"], given["about"])
        .order_by("pk").values_list("pk", flat=True)
    )  # fmt: skip
    counts, admitted = dict.fromkeys(VERDICTS, 0), Done()
    for place, chunk in _chunks(keys):
        context.progress(f"已判定 {place} / {len(keys)} 个", place / max(len(keys), 1))
        rows = Project.objects.filter(pk__in=chunk).select_related("enterprise").order_by("pk")
        with transaction.atomic():
            made = judge_projects(
                projects=list(rows.defer("search", "enterprise__search")), level=given["level"],
                day=day, by=owner, batch=context.job.pk,
            )  # fmt: skip
            for one in made.values():
                counts[one.verdict] += 1
            if given["then"] == "admit":
                admitted.add(_admit(made, given["level"], day, owner, access))
    told: list[tuple[str, str | int]] = [("判定项目", sum(counts.values()))]
    told += [(word, counts[code]) for code, word in VERDICTS.items() if counts[code]]
    told += [("入库", admitted.count)] if given["then"] == "admit" else []
    if keys and not sum(counts.values()):
        told.append(("说明", "这一级没有装好的入库规则，由人决定"))
    url = f"{reverse('library-decisions')}?batch={context.job.pk}"
    return Outcome({"judged": sum(counts.values()), "admitted": admitted.count}, url, told)


def _admit(made: dict[int, Any], level: str, day: dt.date, owner: Any, access: Access) -> Done:
    fitting = [pk for pk, one in made.items() if one.verdict == IN]
    entries = LibraryEntry.objects.filter(
        project__in=fitting, level=level, status=Status.REPORTED
    ).values_list("pk", flat=True)
    if not entries:
        return Done()
    return admit_entries(
        entries=list(entries), day=day, by=owner, access=access, judged=made
    )  # fmt: skip


def _chunks(keys: list[int]) -> Iterator[tuple[int, list[int]]]:
    for start in range(0, len(keys), CHUNK):
        yield start, keys[start : start + CHUNK]


@job(ROLL)
def close_year(context: JobContext) -> None:
    """Close a year; the roll-over and the job's end are one transaction."""
    given, owner = context.params, context.job.owner
    if owner is None:
        raise JigaiError("no-owner", "任务没有发起人", "请重新发起")
    context.progress("正在结转", 0.1)
    with transaction.atomic():
        made = roll_over(
            region=given["region"], level=given["level"], year=given["year"],
            day=dt.date.fromisoformat(given["day"]), add=given["add"], by=owner,
            access=access_of(owner),
        )  # fmt: skip
        told = [("结转前", made.before), ("移出", made.moved_out), ("保留", made.kept),
                ("新增", made.added), ("结转后", made.after)]  # fmt: skip
        url = reverse("rollover-detail", args=[made.pk])
        context.finish(Outcome({"rollover": made.pk}, url, told))


@app.periodic(cron="29 7 5 * *")
@app.task(name="jigai.projects.ledger", pass_context=False)
def by_the_clock(timestamp: int) -> None:
    """Once a month: whoever answers for projects of which nothing was recorded is told."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if cursor.fetchone()[0]:
            remind_late()
