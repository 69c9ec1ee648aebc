"""Whether a document is in force on a day: only then do results create anything payable."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from jigai.policies.force import force_on
from jigai.policies.models import PackVersion
from jigai.policies.retroactive import retroactive_words
from jigai.rules.environment import Status

LOOKS = {
    Status.DRAFT: "draft",
    Status.NOT_YET: "waiting",
    Status.IN_FORCE: "done",
    Status.EXPIRED: "closed",
    Status.REPEALED: "closed",
}
_WHY = {
    Status.DRAFT: "征求意见稿，不是正式文件",
    Status.NOT_YET: "已经成文，还没有施行",
    Status.EXPIRED: "有效期已经届满",
    Status.REPEALED: "不再执行",
}


@dataclass(frozen=True, slots=True)
class StatusOn:
    """The state of a document on a day, as the page shows it.

    ``code`` is a status code of the house style, ``given`` what was typed, ``error`` what is wrong
    with it (then the day is today). ``retroactive`` says who explains a day that lies in
    the plan's period but before the document.
    """

    day: dt.date
    word: str
    code: str
    payable: bool
    why: str
    given: str
    error: str = ""
    retroactive: str = ""


def status_of(version: PackVersion, day: dt.date) -> tuple[Status, str]:
    """The state of a document on a day, and its word; a replaced document is told from a repealed
    one. Both ends of the validity period are in force."""
    found = force_on(version, day)
    return found.status, found.word


def status_shown(version: PackVersion, given: str = "") -> StatusOn:
    """The state on the day typed (today without one) for ``policies/status_on.html``."""
    day, error = timezone.localdate(), ""
    if given.strip():
        try:
            day = dt.date.fromisoformat(given.strip())
        except ValueError:
            error = f"“{given.strip()[:20]}”不是日期，写成 2020-08-15；下面是今天的状态"
    found = force_on(version, day)
    why = found.because or _WHY.get(found.status, "在有效期内，首尾两日都算")
    given_day = "" if error else day.isoformat()
    return StatusOn(
        day, found.word, LOOKS[found.status], found.payable, why, given_day, error,
        retroactive_words(version, day),
    )  # fmt: skip
