"""Makes rounds whose list has been approved and whose money is bound."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.funding.budgets.money import reserve
from jigai.funding.models import Application, DecisionLine, DecisionList, Publicity, Round
from jigai.funding.publicity.services.publish_list import publish_list
from tests.factories import COUNTY, make_regions, make_user
from tests.funding.making import make_application, make_round

FEN = 10_000_00


def decided(
    count: int = 2,
    *,
    state: str = "approved",
    binding: bool = True,
    round_: Round | None = None,
    **fields: Any,
) -> DecisionList:  # fmt: skip
    """An approved list over ``count`` applications of 1 万元 each, bound in the fund's book."""
    make_regions()
    opened = round_ or make_round(**fields)
    rows = [make_application(opened, state="decided", fen=FEN) for _ in range(count)]
    found = DecisionList.objects.create(
        round=opened, number=DecisionList.objects.filter(round=opened).count() + 1,
        stage="bureau", rule="enough", budget_fen=count * FEN, asked_fen=count * FEN,
        total_fen=count * FEN, state=state, binding=binding, made_by=opened.created_by,
        decided_by=make_user(),
    )  # fmt: skip
    DecisionLine.objects.bulk_create([
        DecisionLine(decision_list=found, application=row, place=place, reviewed_fen=FEN,
                     decided_fen=FEN, name=row.enterprise.name)
        for place, row in enumerate(rows, 1)
    ])  # fmt: skip
    reserve(
        programme=opened.programme, amounts={row.pk: FEN for row in rows}, list_pk=found.pk,
        on=timezone.localdate(), by=None,
    )  # fmt: skip
    return found


def publisher(region: str = COUNTY) -> User:
    """Somebody who may publish."""
    return make_user("section-clerk", region)


def published(count: int = 2, *, starts_on: dt.date | None = None, **fields: Any) -> Publicity:
    """A running notice over ``count`` rows."""
    by, row = publisher(), decided(count, **fields)
    return publish_list(decision_list=row, by=by, access=access_of(by), starts_on=starts_on)


def nonce() -> str:
    """A fresh number of a form."""
    return str(uuid.uuid4())


def fresh(application: Application) -> Application:
    """The row as it is now."""
    return Application.objects.get(pk=application.pk)
