"""Begins a round: a draft nobody outside sees."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import Programme, Round
from jigai.funding.numbers import next_number
from jigai.funding.rounds.access import MANAGE, require_reach
from jigai.funding.rounds.timetable import DEFAULTS
from jigai.policies.models import PackVersion


def make_round(
    *, programme: Programme, pack: PackVersion, name: str, year: int, batch: int, mode: str,
    opens_at: dt.datetime, closes_at: dt.datetime, as_of: dt.date, sealed: bool, by: User,
    access: Access,
) -> Round:  # fmt: skip
    """A draft in the region of the special fund, with the platform's timetable to begin with.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for a window that is none, or a fund
    that pays for another document.
    """
    require_reach(access, MANAGE, programme.region_code)
    check_window(opens_at, closes_at)
    check_fund(programme, pack)
    with transaction.atomic():
        return Round.objects.create(
            number=next_number("PC", programme.region_code, year), name=name.strip(),
            programme=programme, pack=pack, region_code=programme.region_code, year=year,
            batch=batch, mode=mode, sealed=sealed, opens_at=opens_at, closes_at=closes_at,
            as_of=as_of, timetable=DEFAULTS, pay_by_days=sum(DEFAULTS.values()), created_by=by,
        )  # fmt: skip


def check_window(opens_at: dt.datetime, closes_at: dt.datetime) -> None:
    """Raise :class:`JigaiError` unless the end comes after the beginning."""
    if closes_at <= opens_at:
        raise JigaiError("no-window", "截止时间不晚于开始时间", "改好开始或截止时间")


def check_fund(programme: Programme, pack: PackVersion) -> None:
    """Raise :class:`JigaiError` where the fund is set up for another document."""
    if programme.pack and programme.pack != pack.slug:
        raise JigaiError(
            "other-fund", f"“{programme.name}”不是《{pack.title}》的专项资金",
            "换一份政策文件，或换一个专项资金",
        )  # fmt: skip
