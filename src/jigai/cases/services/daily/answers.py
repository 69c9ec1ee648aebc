"""补正 nobody answered: what the procedure says of silence."""

from __future__ import annotations

import datetime as dt

from jigai.cases.models import Correction
from jigai.cases.services.advance import close
from jigai.cases.services.daily.each import each_case
from jigai.cases.services.deed import CaseResult, CaseState, Deed
from jigai.cases.services.deeds.supply import go_on
from jigai.cases.services.tell import tell_applicant, tell_tasks


def end_unanswered(day: dt.date) -> int:
    """End or continue every case whose applicant had until yesterday to answer."""
    over = Correction.objects.filter(
        supplied_on__isnull=True, lapsed_on__isnull=True, due__lt=day,
        case__state=CaseState.CORRECTION,
    )  # fmt: skip
    return each_case(over.order_by("pk").values_list("case", flat=True), "unanswered", day, _end)


def _end(deed: Deed) -> bool:
    case = deed.case
    row = case.corrections.filter(
        supplied_on__isnull=True, lapsed_on__isnull=True, due__lt=deed.today
    ).first()
    if row is None or case.state != CaseState.CORRECTION:
        return False
    row.lapsed_on = deed.today
    row.save(update_fields=["lapsed_on"])
    # No law ends an application for a licence by itself: whoever accepts goes on with what is in.
    if deed.spec.is_licensing or deed.spec.correction.silence == "continue":
        go_on(deed, received=False)
        deed.note(f"补正期限 {row.due} 已过，申请人没有补正，按现有材料继续办理", step=row.step)
        tell_tasks(case, [t for t in deed.tasks if t.step_id == row.step_id], "case-task",
                   "逾期未补正，请继续办理")  # fmt: skip
        tell_applicant(case, "补正期限已过", "按现有材料继续办理")
        return True
    deed.note(f"补正期限 {row.due} 已过，申请人没有补正，按撤回处理", step=row.step)
    close(deed, CaseResult.NONE, CaseState.WITHDRAWN)
    tell_applicant(case, "逾期未补正，按撤回处理", f"补正期限为 {row.due}")
    return True
