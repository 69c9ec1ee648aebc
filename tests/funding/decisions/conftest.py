"""A round whose applications are reviewed, and the people who decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from jigai.core.access import Access, access_of
from jigai.core.models import User
from jigai.funding.decisions.services.make_list import make_list
from jigai.funding.decisions.services.record_meeting import record_meeting
from jigai.funding.decisions.services.submit_list import submit_list
from jigai.funding.models import Application, DecisionList, Programme, Round
from tests.factories import make_enterprise, make_regions, make_user
from tests.funding.making import make_application, make_programme, make_round

WAN = 1_000_000


@dataclass
class Person:
    """Somebody with the rights they hold."""

    user: User

    @property
    def access(self) -> Access:
        return access_of(self.user)


@dataclass
class Room:
    """A special fund, a closed round of it, who draws up and who decides."""

    programme: Programme
    round: Round
    clerk: Person
    chief: Person
    leader: Person

    def reviewed(self, *amounts: int, **fields: Any) -> list[Application]:
        """Applications reviewed with these amounts in fen, in the order they were handed in."""
        firm = make_enterprise("示例申报企业")
        return [
            make_application(self.round, firm, state="reviewed", fen=fen, **fields)
            for fen in amounts
        ]

    def draft(self, rule: str = "enough", reason: str = "", stage: str = "bureau") -> DecisionList:
        """A draft by the clerk."""
        return make_list(
            round_=self.round.pk, stage=stage, rule=rule, reason=reason, by=self.clerk.user,
            access=self.clerk.access,
        )  # fmt: skip

    def submitted(self, rule: str = "enough", reason: str = "") -> DecisionList:
        """A list before its meeting, the meeting on record."""
        row = self.draft(rule, reason)
        submit_list(decision_list=row.pk, by=self.clerk.user, access=self.clerk.access)
        return self.met(row)

    def met(self, row: DecisionList) -> DecisionList:
        """The meeting put on record."""
        return record_meeting(
            decision_list=row.pk, meeting="示例审定会", met_on=dt.date(2021, 7, 1),
            attendees="示例单位", minutes="同意。", by=self.clerk.user, access=self.clerk.access,
        )  # fmt: skip


def make_room(fen: int, **fields: Any) -> Room:
    """A room whose fund has ``fen`` available."""
    make_regions()
    people = [Person(make_user(role, name=f"示例{role}"))
              for role in ("section-clerk", "section-chief", "leader")]  # fmt: skip
    programme = make_programme(fen)
    return Room(programme, make_round(programme, state="closed", **fields), *people)


@pytest.fixture
def rooms(db: None) -> Callable[..., Room]:
    """Makes rooms."""
    return make_room
