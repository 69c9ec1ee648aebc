"""Projects and months for tests: a county's enterprise with one project, amounts in 万元."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.projects.models import MonthlyPeriod, MonthlyReport, Project
from jigai.projects.monthly.services.fill_report import Figures, fill_report
from jigai.projects.monthly.services.open_period import open_period
from tests.factories import COUNTY, make_project

WAN = 1_000_000


def project(**fields: Any) -> Project:
    given = {"total_fen": 600 * WAN, "state": "building", "ledger_years": [2021], **fields}
    return make_project(**given)


def fill(
    row: Project, month: int, current: float, cumulative: float, by: User, **options: Any
) -> MonthlyReport:
    stored = MonthlyReport.objects.filter(project=row, year=2021, month=month).first()
    plan = options.pop("plan", None)
    figures = Figures(
        round(current * WAN), round(cumulative * WAN), year_plan_fen=plan * WAN if plan else None
    )
    given = {"reason": "", "seen": stored.version if stored else 0, "year": 2021, **options}
    return fill_report(
        project=row.pk, month=month, figures=figures, by=by, access=access_of(by), **given
    )


def period(
    by: User, month: int = 6, cut_off: dt.date | None = None, region: str = COUNTY
) -> MonthlyPeriod:
    return open_period(
        region_code=region, year=2021, month=month, by=by, access=access_of(by),
        cut_off=cut_off or dt.date(2021, month + 1, 10),
    )  # fmt: skip
