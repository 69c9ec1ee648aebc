"""Makers of what the analysis counts."""

from __future__ import annotations

from typing import Any

from jigai.core.models import Enterprise
from jigai.projects.models import MonthlyReport, Project, StatisticsFigure
from tests.factories import make_project


def made_project(owner: Enterprise | None, name: str = "", **fields: Any) -> Project:
    """A project of the 2021 ledger that is in the statistics."""
    given = {"ledger_years": [2021], "fixed_fen": 1000, "in_statistics": True, **fields}
    return make_project(owner, name=name, **given)


def report(project: Project, year: int, month: int, cumulative: int | None, **more: Any) -> None:
    """A monthly report where the project is, or in another ``region``."""
    region = more.pop("region", project.region_code)
    MonthlyReport.objects.create(
        project=project, region_code=region, year=year, month=month, cumulative_fen=cumulative,
        origin="import", **more,
    )  # fmt: skip


def bureau(
    project: Project | None, month: int, cumulative: int | None, **more: Any
) -> StatisticsFigure:
    """A row of the statistics bureau's file of 2021."""
    given = {
        "region_code": project.region_code if project else "370812",
        "name": project.name if project else "示例未对上的项目", "year": 2021, **more,
    }  # fmt: skip
    return StatisticsFigure.objects.create(
        project=project, month=month, cumulative_fen=cumulative, **given
    )
