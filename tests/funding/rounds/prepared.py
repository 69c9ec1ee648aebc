"""Makes rounds the way people do: prepared by one, opened by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.funding.models import Round
from jigai.funding.rounds.services.edit_round import edit_measures
from jigai.funding.rounds.services.make_round import make_round
from jigai.funding.rounds.services.open_round import open_round
from tests.factories import make_regions, make_user
from tests.funding.making import make_pack, make_programme


def prepared(
    by: User | None = None, codes: tuple[str, ...] = ("equipment",), **fields: Any
) -> Round:
    """A draft round of the county with measures chosen, 30 days from now."""
    make_regions()
    maker, now = by or make_user("section-clerk"), timezone.now()
    fund = fields.pop("programme", None) or make_programme()
    given: dict[str, Any] = {
        "name": "2021年示例批次", "year": 2021, "batch": 1, "mode": "apply", "sealed": False,
        "opens_at": now - dt.timedelta(hours=1), "closes_at": now + dt.timedelta(days=30),
        "as_of": dt.date(2021, 12, 31), "pack": make_pack(fund.pack), **fields,
    }  # fmt: skip
    row = make_round(programme=fund, by=maker, access=access_of(maker), **given)
    if not codes:
        return row
    return edit_measures(
        round_=row.pk, codes=codes, details={}, seen=row.version, by=maker,
        access=access_of(maker),
    )  # fmt: skip


def opened(by: User | None = None, **fields: Any) -> Round:
    """The same, opened by the chief."""
    row, chief = prepared(**fields), by or make_user("section-chief")
    return open_round(round_=row.pk, by=chief, access=access_of(chief))
