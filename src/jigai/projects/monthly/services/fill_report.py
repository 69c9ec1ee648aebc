"""Writes what a project completed in a month, with the reason for what looks odd."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import MonthlyReport, Project
from jigai.projects.monthly.access import check_fill, is_owner
from jigai.projects.monthly.checks import UNIT, Checked, Entry, check_year
from jigai.projects.monthly.locks import Locks
from jigai.projects.monthly.parameters import limits
from jigai.projects.monthly.recheck import recheck
from jigai.projects.monthly.stored import Places, entry_of, figures_of

Origin: Any = MonthlyReport.Origin


@dataclass(frozen=True, slots=True)
class Figures:
    """What is reported: fen, and where the works stand."""

    current_fen: int
    cumulative_fen: int
    year_plan_fen: int | None = None
    since_start_fen: int | None = None
    equipment_fen: int | None = None
    progress: str = ""


def fill_report(
    *, project: int, year: int, month: int, figures: Figures, reason: str, seen: int, by: User,
    access: Access, origin: str = "",
) -> MonthlyReport:  # fmt: skip
    """Store the report of a project and month; ``seen`` is the version shown (0 for none yet).

    Raises :class:`Denied` out of reach; :class:`JigaiError` for a month that is locked or has not
    begun, figures in a mistaken unit, oddities without a reason, or a report changed meanwhile.
    """
    _check_month(year, month)
    with transaction.atomic(), pghistory.context(user=by.pk, reason="填报月报"):
        row = Project.objects.select_for_update(of=("self",)).get(pk=project)
        check_fill(row, access)
        region = Places([project]).region(project, year, month)
        Locks(year, hold=True).refuse(region, month)
        stored = MonthlyReport.objects.filter(project=row, year=year, month=month).first()
        if (stored.version if stored else 0) != seen:
            raise JigaiError("changed", "刚有人报过这个月，您填的还没有保存", "刷新后核对再填")
        flags = flags_of(row, year, _entry(row, month, figures))
        require_reason(flags, reason)
        report = stored or MonthlyReport(
            project=row, year=year, month=month, region_code=region, created_by=by
        )
        _put(report, row, figures, flags, reason)
        report.origin = origin or (Origin.ENTERPRISE if is_owner(access, row) else Origin.CLERK)
        report.save()
        recheck([project], year, limits())
        report.refresh_from_db()
    return report


def _check_month(year: int, month: int) -> None:
    today = timezone.localdate()
    if dt.date(year, month, 1) > today:
        raise JigaiError("month-to-come", f"{year} 年 {month} 月还没有到", "到了当月再报")


def _entry(project: Project, month: int, figures: Figures) -> Entry:
    return Entry(
        month, figures.current_fen, figures.cumulative_fen, figures.year_plan_fen,
        project.total_fen,
    )  # fmt: skip


def entries_of(project: Project, year: int) -> dict[int, Entry]:
    """The entries of a project's stored year by month."""
    rows = MonthlyReport.objects.filter(project=project, year=year)
    return {report.month: entry_of(report, project.total_fen) for report in rows.order_by("month")}


def flags_of(project: Project, year: int, entry: Entry) -> tuple[str, ...]:
    """What the checks say of one month's entry among the stored ones."""
    entries = {**entries_of(project, year), entry.month: entry}
    return check_year(entries.values(), limits())[entry.month].flags


def require_reason(flags: tuple[str, ...], reason: str) -> None:
    """Raises :class:`JigaiError` where figures need a reason, or cannot be meant at all."""
    if UNIT in flags:
        raise JigaiError(
            "month-unit", "数额超过计划总投资的 50 倍，疑似把元填成了万元，没有保存",
            "按建议值填报；数额确实无误的，请先更正项目的计划总投资",
        )  # fmt: skip
    if flags and not reason.strip():
        raise JigaiError(
            "no-reason", "数据有疑问，没有保存", "改正数据，或者在“情况说明”里写明原因"
        )


def _put(
    report: MonthlyReport, project: Project, figures: Figures, flags: tuple[str, ...], reason: str
) -> None:
    entry = _entry(project, report.month, figures)
    found = figures_of(entry, Checked(report.month, True, flags))
    report.current_fen, report.cumulative_fen = found.current_fen, found.cumulative_fen
    report.accepted, report.flags, report.written = True, found.flags, {}
    report.confirmed = reason.strip()[:400] if flags else ""
    report.year_plan_fen, report.since_start_fen = figures.year_plan_fen, figures.since_start_fen
    report.equipment_fen = figures.equipment_fen
    report.progress = figures.progress.strip()[:200] or None
    if report.pk:
        report.version += 1
