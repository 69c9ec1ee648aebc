"""容缺: until when each material that may follow must be there."""

from __future__ import annotations

import datetime as dt

from jigai.cases.models import Case, CaseEvidence
from jigai.cases.services.deed import Deed


def promise_deferred(deed: Deed) -> list[str]:
    """Set the day by which each deferred material must follow, counted from today."""
    case, days = deed.case, {item.id: item.days for item in deed.spec.evidence}
    rows = list(CaseEvidence.objects.filter(case=case, state=CaseEvidence.State.DEFERRED))
    for row in rows:
        row.promised_on = deed.calendar.add_workdays(deed.today, days.get(row.item, 0))
        row.save(update_fields=["promised_on"])
    case.promised_on = next_promise(case)
    return [row.item for row in rows]


def next_promise(case: Case) -> dt.date | None:
    """The first day on which something promised is due."""
    rows = CaseEvidence.objects.filter(
        case=case, state=CaseEvidence.State.DEFERRED, promised_on__isnull=False
    )
    day: dt.date | None = rows.order_by("promised_on").values_list("promised_on", flat=True).first()
    return day
