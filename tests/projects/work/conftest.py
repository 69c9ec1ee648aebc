"""A county with its offices, people and projects, and a clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from jigai.cases.models import Case
from jigai.cases.services.act import act
from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.core.services.install_workdays import install_workdays
from jigai.projects.models import MonthlyReport, Project, ProjectInvestment
from tests.factories import (
    CITY,
    COUNTY,
    SIBLING,
    make_department,
    make_enterprise,
    make_project,
    make_regions,
    make_user,
)

# Thursday; June's reports are in.
TODAY = dt.date(2021, 7, 15)
WAN = 1_000_000


class Clock:
    """Today; ``at`` sets it."""

    def __init__(self, monkeypatch: Any, day: dt.date) -> None:
        self.day = day
        monkeypatch.setattr(timezone, "localdate", lambda *_args, **_more: self.day)

    def at(self, *day: int) -> dt.date:
        """It is this day (month, day) of 2021."""
        self.day = dt.date(2021, *day)
        return self.day


@pytest.fixture
def clock(db: None, monkeypatch: Any) -> Clock:
    """A Thursday in July 2021, with the holidays on record."""
    install_workdays()
    return Clock(monkeypatch, TODAY)


class People:
    """Accounts by name, made when asked for."""

    def __init__(self) -> None:
        make_regions()
        for line in ("miit", "land", "finance"):
            make_department(line=line)
            make_department(CITY, line=line)
        self.firm: Enterprise = make_enterprise("示例装备有限公司", town="示例镇")
        self.known: dict[str, User] = {}

    def __getitem__(self, name: str) -> User:
        if name not in self.known:
            self.known[name] = self._made(name)
        return self.known[name]

    def _made(self, name: str) -> User:
        kind = name.partition("-")[0]
        roles = {"clerk": "section-clerk", "chief": "section-chief", "leader": "leader",
                 "auditor": "auditor"}  # fmt: skip
        if kind in roles:
            return make_user(roles[kind], name=f"示例{name}")
        if kind == "firm":
            return make_user("enterprise-handler", enterprise=self.firm, name="示例企业经办")
        if kind == "stranger":
            return make_user("enterprise-handler", enterprise=make_enterprise(), name="示例别家")
        if kind == "sibling":
            return make_user("section-clerk", SIBLING, name="示例任城")
        if kind == "city":
            return make_user("section-chief", CITY, name="示例市级")
        if kind in ("land", "cityland"):
            home = make_department(COUNTY if kind == "land" else CITY, line="land")
            role = "approval" if kind == "land" else "leader"
            return make_user(role, home.region_code, department=home, name=f"示例{name}")
        raise KeyError(name)


@pytest.fixture
def people(clock: Clock) -> People:
    """The people of the county."""
    return People()


@pytest.fixture
def project(people: People) -> Project:
    """A project of the county's enterprise, under way in 2021."""
    return make_work(people.firm, "示例生产线改造")


def make_work(firm: Enterprise | None, name: str = "", **fields: Any) -> Project:
    """A project of 2021, with ``planned`` and ``done`` (万元 by month) where given."""
    planned, done = fields.pop("planned", None), fields.pop("done", {})
    year = fields.pop("of", 2021)
    fields.setdefault("state", "building")
    row = make_project(firm, name, ledger_years=[2021], **fields)
    if planned is not None:
        ProjectInvestment.objects.create(
            project=row, year=year, statement="planned", kind="total", amount_fen=planned * WAN,
            source="测试",
        )  # fmt: skip
    for month, wan in done.items():
        report(row, month, wan, year=year)
    row.refresh_from_db()
    return row


def report(project: Project, month: int, wan: int, **fields: Any) -> MonthlyReport:
    """A monthly report that counts."""
    given = {"year": 2021, "region_code": project.region_code, "origin": "clerk", **fields}
    return MonthlyReport.objects.create(
        project=project, month=month, cumulative_fen=wan * WAN, **given
    )


Do = Callable[..., Case]


@pytest.fixture
def do(people: People) -> Do:
    """``do(case, "agree", "land", values={…})``: a verb by one of the people."""

    def act_as(case: Case, verb: str, who: str, **data: Any) -> Case:
        user = people[who]
        return act(case=case.pk, verb=verb, by=user, access=access_of(user), **data)

    return act_as
