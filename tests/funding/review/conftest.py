"""An application under review, with the people of every department around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jigai.cases.models import Case
from jigai.cases.services.act import act
from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.funding.invoices.uses import count_lines
from jigai.funding.models import Application, Round
from jigai.funding.review.services.open_review import open_review
from tests.factories import (
    make_department,
    make_enterprise,
    make_line,
    make_project,
    make_regions,
    make_user,
)
from tests.funding.making import make_application, make_round

LINES = {"miit": "section-clerk", "tax": "tax", "ecology": "credit", "emergency": "credit",
         "market": "credit", "development": "approval", "approval": "approval",
         "statistics": "statistics", "finance": "finance"}  # fmt: skip
DEPARTMENTS = ("tax", "ecology", "emergency", "market", "development", "statistics")
WAN = 1_000_000


class Office:
    """Accounts by name, made when asked for: ``tax`` is somebody of the tax department."""

    def __init__(self) -> None:
        make_regions()
        for line in LINES:
            make_department(line=line)
        self.firm: Enterprise = make_enterprise("示例装备有限公司")
        self.known: dict[str, User] = {}

    def __getitem__(self, name: str) -> User:
        if name not in self.known:
            self.known[name] = self._made(name)
        return self.known[name]

    def _made(self, name: str) -> User:
        shown = f"示例{name}"
        if name in LINES:
            return make_user(LINES[name], department=make_department(line=name), name=shown)
        if name == "applicant":
            return make_user("enterprise-handler", enterprise=self.firm, name=shown)
        if name == "stranger":
            return make_user("enterprise-handler", enterprise=make_enterprise(), name=shown)
        kind = name.partition("-")[0]
        roles = {"clerk": "section-clerk", "chief": "section-chief", "leader": "leader",
                 "audit": "audit-firm", "expert": "expert", "auditor": "auditor"}  # fmt: skip
        return make_user(roles[kind], name=shown)


@pytest.fixture
def office(db: None) -> Office:
    """The people around an application."""
    return Office()


Do = Callable[..., Case]


@pytest.fixture
def do(office: Office) -> Do:
    """``do(application, "agree", "tax", …)``: a verb in its case by one of the people."""

    def act_as(application: Application, verb: str, who: str, **data: Any) -> Case:
        user = office[who]
        done = act(
            case=int(application.case_id or 0), verb=verb, by=user, access=access_of(user), **data
        )
        application.refresh_from_db()
        return done

    return act_as


@pytest.fixture
def round_(office: Office) -> Round:
    """An open round."""
    return make_round()


def hand_in(office: Office, round_: Round, lines: int = 2, **fields: Any) -> Application:
    """An application of the office's firm as submitted, its invoices counted, its review open."""
    project = make_project(office.firm)
    rows = [make_line(project, amount_fen=100 * WAN) for _ in range(lines)]
    fields = {"claimed_fen": 100 * WAN * lines or None, "evidence": {"licence": [1]}} | fields
    row = make_application(round_, project=project, lines=rows, state="submitted", **fields)
    count_lines(application=row)
    open_review(application=row, by=office["applicant"])
    return row


@pytest.fixture
def application(office: Office, round_: Round) -> Application:
    """Two lines of 100 万元, submitted."""
    office["audit"]
    return hand_in(office, round_)
