"""Reads the snapshot of a bulletin: every project of a region with what it reported, once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from jigai.cases.models import Case
from jigai.core.region_years import below_in, code_in, name_in
from jigai.core.screens.list_filters import below
from jigai.projects.models import MonthlyPeriod, MonthlyReport, Project, ProjectInvestment
from jigai.projects.models import StatisticsInclusion as Inclusion
from jigai.projects.work import issues
from jigai.projects.work.bulletin_figures import UNPLACED, Row

NO_TOWN = "未注明镇街"
Unit = tuple[str, str]
_Status: Any = Inclusion.Status


def units_of(region: str, year: int, rows: Iterable[Row]) -> tuple[str, list[Unit]]:
    """What is compared: counties of a city (cities of a province), towns of a county. Towns are
    those that projects name; other places are listed even with nothing in them."""
    if region.endswith("00"):
        word = "市" if region.endswith("0000") else "县（市、区）"
        listed = [(code, name_in(code, year)) for code in below_in(region, year)]
        found = {row.unit for row in rows} - {code for code, _name in listed}
        return word, [*listed, *((code, name_in(code, year)) for code in sorted(found))]
    towns = {row.unit for row in rows}
    rest = [(UNPLACED, NO_TOWN)] if UNPLACED in towns else []
    return "镇街", [*((name, name) for name in sorted(towns - {UNPLACED})), *rest]


def bulletin_rows(region: str, year: int, month: int, today: dt.date) -> list[Row]:
    """The rows; a fixed number of queries however many projects there are.

    A figure stands where its report was made, so that a later move changes nothing; the project
    itself, its plan and its problems where it is now.
    """
    now = _reports(region, year, month)
    past = _reports(region, year - 1, month)
    own = below(Project.objects.filter(duplicate_of__isnull=True), "region_code", region)
    listed = own.filter(ledger_years__contains=[year]).values_list("pk", flat=True)
    keys = set(listed) | set(now) | set(past)
    plans = _plans(set(listed), year, month)
    known = dict(Inclusion.objects.filter(project__in=listed).values_list("project", "status"))
    open_, late = _issues(region, today)
    members = set(listed)
    found = []
    for row in Project.objects.filter(pk__in=keys, duplicate_of__isnull=True).select_related(
        "enterprise"
    ).defer("search", "enterprise__search").order_by("number"):  # fmt: skip
        report, before = now.get(row.pk), past.get(row.pk)
        place = report[0] if report else before[0] if before and row.pk not in members else ""
        found.append(Row(
            number=row.number, name=row.name, unit=_unit(region, year, row, place),
            in_year=row.pk in members,
            done_fen=report[1] if report else None, done_month=report[2] if report else 0,
            before_fen=before[1] if before else None, planned_fen=plans.get(row.pk),
            included=_included(row, known), issues=open_[row.pk], late=late[row.pk],
        ))  # fmt: skip
    return found


def _reports(region: str, year: int, month: int) -> dict[int, tuple[str, int, int]]:
    """Place, cumulative and month of the latest report that counts, by project."""
    rows = below(MonthlyReport.objects.all(), "region_code", region).filter(
        year=year, month__lte=month, accepted=True, cumulative_fen__isnull=False,
        project__duplicate_of__isnull=True,
    )  # fmt: skip
    latest = rows.order_by("project", "-month").distinct("project")
    return {
        project: (place, amount, last)
        for project, place, amount, last in latest.values_list(
            "project", "region_code", "cumulative_fen", "month"
        )
    }


def _plans(projects: set[int], year: int, month: int) -> dict[int, int]:
    """The plan of the year: entered in the library, else as told in the latest report."""
    told = MonthlyReport.objects.filter(
        project__in=projects, year=year, month__lte=month, accepted=True,
        year_plan_fen__isnull=False,
    )  # fmt: skip
    latest = told.order_by("project", "-month").distinct("project")
    entered = ProjectInvestment.objects.filter(
        project__in=projects, year=year, statement="planned", kind="total"
    )
    return {
        **dict(latest.values_list("project", "year_plan_fen")),
        **dict(entered.values_list("project", "amount_fen")),
    }


def _unit(region: str, year: int, project: Project, place: str) -> str:
    code = place or project.region_code
    if not region.endswith("00"):
        return (project.enterprise.town if project.enterprise else "") or UNPLACED
    stands = code_in(code, year) or code[:6]
    return stands[:4] + "00" if region.endswith("0000") else stands


def _included(project: Project, known: dict[int, str]) -> bool | None:
    """The procedure of inclusion where one was begun, else what the ledger says."""
    status = known.get(project.pk)
    if status == _Status.INCLUDED:
        return True
    if status in (None, _Status.NONE):
        return project.in_statistics
    return False


def _issues(region: str, today: dt.date) -> tuple[Counter[int], Counter[int]]:
    rows = below(Case.objects.filter(procedure__code=issues.CODE), "region_code", region)
    running = issues.open_issues(rows)
    late = issues.overdue(rows, today)
    return (
        Counter(issues.project_keys(running.only("pk", "about")).values()),
        Counter(issues.project_keys(late.only("pk", "about")).values()),
    )


def data_state(region: str, year: int, month: int) -> list[str]:
    """How final the reports are: which months are locked, in which version."""
    prefix = Q(region_code__startswith=region[:2]) if region else Q()
    rows = below(MonthlyPeriod.objects.filter(prefix), "region_code", region).filter(
        year=year, month=month
    )  # fmt: skip
    found = []
    for row in rows.prefetch_related("locks").order_by("region_code"):
        number = max((lock.number for lock in row.locks.all()), default=0)
        locked = row.status == MonthlyPeriod.Status.LOCKED
        word = f"已锁定（第 {number} 版）" if locked else "还没有锁定，数会变"
        found.append(f"{name_in(row.region_code[:6], year)} {month} 月月报{word}")
    return found or [f"{month} 月月报没有开期或锁定，按生成之时已计入的月报"]
