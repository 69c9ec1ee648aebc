"""Special funds for tests, made as people make them: proposed by one, approved by another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from jigai.core.access import Access, access_of
from jigai.core.models import User
from jigai.funding.budgets.services.change_budget import decide_change, propose_change
from jigai.funding.budgets.services.open_programme import open_programme
from jigai.funding.models import BudgetChange, Programme
from tests.factories import COUNTY, make_regions, make_user

DAY = dt.date(2021, 3, 1)
WAN = 1_000_000


@dataclass
class Two:
    """Who proposes and who approves."""

    clerk: User
    chief: User

    @property
    def by(self) -> dict[str, Any]:
        return {"by": self.clerk, "access": access_of(self.clerk)}

    @property
    def over(self) -> dict[str, Any]:
        return {"by": self.chief, "access": access_of(self.chief)}

    def access(self, user: User) -> Access:
        return access_of(user)


def two(region: str = COUNTY) -> Two:
    make_regions()
    return Two(make_user("finance", region), make_user("finance-chief", region))


def open_fund(
    people: Two, *, region: str = COUNTY, code: str = "ZX1", year: int = 2021
) -> Programme:
    return open_programme(
        region_code=region, year=year, code=code, name="示例技术改造专项资金", pack="yanzhou-2020",
        **people.by,
    )  # fmt: skip


def change(people: Two, fund: Programme, fen: int, kind: str = "grant") -> BudgetChange:
    """A change proposed and approved."""
    made = propose_change(
        programme=fund.pk, kind=kind, amount_fen=fen, document="示例财〔2021〕1号", happened_on=DAY,
        **people.by,
    )  # fmt: skip
    return decide_change(change=made.pk, approve=True, **people.over)


def fund_of(people: Two, fen: int, **given: Any) -> Programme:
    fund = open_fund(people, **given)
    change(people, fund, fen)
    return fund
