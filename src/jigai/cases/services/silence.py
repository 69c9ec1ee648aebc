"""What silence means: five working days without a word are acceptance.

行政许可法第三十二条第一款第（四）项: 申请材料不齐全或者不符合法定形式的，应当当场或者在五日内
一次告知申请人需要补正的全部内容，逾期不告知的，自收到申请材料之日起即为受理; 第八十二条: 期限以
工作日计算. After everything asked for has been handed in, the five days run anew from that day:
第（五）项 leaves nothing to do but accept, and the application is not complete any earlier.
"""

from __future__ import annotations

import datetime as dt

from jigai.cases.models import Case
from jigai.cases.services.deed import CaseState
from jigai.core.calendar import WorkCalendar

TELL_DAYS = 5
TELL_BASIS = "行政许可法第三十二条第一款第（四）项"


def received_day(case: Case) -> dt.date | None:
    """The day on which everything was in: of the full 补正, else of handing in."""
    day: dt.date | None = case.received_on or case.submitted_on
    return day


def last_day_to_tell(case: Case, calendar: WorkCalendar) -> dt.date | None:
    """Until when the applicant may be told what is missing; ``None`` where no law fixes it."""
    day = received_day(case)
    if day is None or not case.release.spec.is_licensing:
        return None
    return calendar.add_workdays(day, TELL_DAYS)


def accepted_since(case: Case, calendar: WorkCalendar, today: dt.date) -> dt.date | None:
    """The day since which a case counts as accepted because nobody said anything; else ``None``.

    An applicant who was told and did not answer is not accepted by that.
    """
    last = last_day_to_tell(case, calendar)
    if case.state != CaseState.SUBMITTED or last is None or today <= last:
        return None
    if case.corrections.filter(supplied_on__isnull=True).exists():
        return None
    return received_day(case)
