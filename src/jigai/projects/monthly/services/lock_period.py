"""Locks a month: its figures become a version that stays as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import pghistory
from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Sum

from jigai.core.access import Access
from jigai.core.access.scoping import region_prefix
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import MonthlyLock, MonthlyLockRow, MonthlyPeriod, MonthlyReport
from jigai.projects.monthly.access import LOCK, require_region

Status = MonthlyPeriod.Status


def lock_period(*, period: int, seen: int, reason: str, by: User, access: Access) -> MonthlyLock:
    """Lock an open month as its next version.

    A month with doubts that nobody has confirmed is locked only with a reason. Raises
    :class:`Denied` out of reach, :class:`JigaiError` when it is locked or was changed meanwhile.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, reason="锁定月报"):
        row = held_period(period, seen, access)
        if row.status == Status.LOCKED:
            raise JigaiError("month-locked", f"{row.month} 月已经锁定", "要更正须先重开")
        reports = reports_in(row)
        doubts = reports.filter(~Q(flags=[]), confirmed="").count()
        told = "；".join(text for text in (row.reopened_reason, reason.strip()) if text)
        if doubts and not reason.strip():
            raise JigaiError(
                "doubts-left", f"还有 {doubts} 条有疑问的月报没有确认",
                "先逐条确认；确需锁定的写明原因",
            )  # fmt: skip
        lock = _write(row, reports, told, by)
        row.status, row.reopened_reason, row.updated_by = Status.LOCKED, "", by
        row.version += 1
        row.save()
    return lock


def held_period(period: int, seen: int, access: Access) -> MonthlyPeriod:
    """The period, locked for this transaction.

    Raises :class:`Denied` out of reach and :class:`JigaiError` when somebody changed it since.
    """
    row = MonthlyPeriod.objects.select_for_update(of=("self",)).get(pk=period)
    require_region(access, LOCK, row.region_code)
    if row.version != seen:
        raise JigaiError("changed", "刚有人改过这个月报期，没有办理", "刷新后再办")
    return row


def reports_in(period: MonthlyPeriod) -> QuerySet[MonthlyReport]:
    """The reports of a period: by where projects were then."""
    prefix = region_prefix(period.region_code)
    return MonthlyReport.objects.filter(
        region_code__startswith=prefix, year=period.year, month=period.month
    )


def _write(
    period: MonthlyPeriod, reports: QuerySet[MonthlyReport], reason: str, by: User
) -> MonthlyLock:
    lines = reports.order_by("project").values_list(
        "project", "region_code", "current_fen", "cumulative_fen", "accepted"
    )
    number = period.locks.count() + 1
    lock = MonthlyLock.objects.create(
        period=period, number=number, rows=reports.count(), sums=sums_of(reports),
        root_hash=hash_of(lines.iterator()), reason=reason[:400], locked_by=by,
    )  # fmt: skip
    prefix = region_prefix(period.region_code)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {MonthlyLockRow._meta.db_table} "
            "(lock_id, project_id, region_code, current_fen, cumulative_fen, accepted) "
            "SELECT %s, project_id, region_code, current_fen, cumulative_fen, accepted "
            f"FROM {MonthlyReport._meta.db_table} "
            "WHERE starts_with(region_code, %s) AND year = %s AND month = %s ORDER BY project_id",
            [lock.pk, prefix, period.year, period.month],
        )
    return lock


def sums_of(reports: QuerySet[MonthlyReport]) -> dict[str, Any]:
    """By region: how many reported, how many count, and their sums in fen."""
    counts = Q(accepted=True)
    grouped = reports.order_by("region_code").values("region_code").annotate(
        reports=Count("pk"), counted=Count("pk", filter=counts),
        current_fen=Sum("current_fen", filter=counts),
        cumulative_fen=Sum("cumulative_fen", filter=counts),
    )  # fmt: skip
    names = ("reports", "counted", "current_fen", "cumulative_fen")
    return {row["region_code"]: {name: row[name] or 0 for name in names} for row in grouped}


def hash_of(lines: Iterable[tuple[Any, ...]]) -> str:
    """SHA-256 over rows of project, region, current, cumulative and whether they count."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(("|".join("" if v is None else str(v) for v in line) + "\n").encode())
    return digest.hexdigest()


def still_whole(lock: MonthlyLock) -> bool:
    """Whether the rows of a version are those it was locked with."""
    names = ("project", "region_code", "current_fen", "cumulative_fen", "accepted")
    return hash_of(lock.lines.order_by("project").values_list(*names).iterator()) == lock.root_hash
