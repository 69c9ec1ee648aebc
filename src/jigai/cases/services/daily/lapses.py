"""容缺 that was not made good: the conclusion lapses by itself."""

from __future__ import annotations

import datetime as dt

from jigai.cases import hooks
from jigai.cases.models import CaseEvidence
from jigai.cases.services.advance import close
from jigai.cases.services.daily.each import each_case
from jigai.cases.services.deed import CaseResult, CaseState, Deed, TaskKind, TaskState
from jigai.cases.services.tell import tell_applicant, tell_supervisors, tell_tasks

DEFERRED, LATE = CaseEvidence.State.DEFERRED, CaseEvidence.State.LATE
_STILL = (CaseState.OPEN, CaseState.CORRECTION, CaseState.DONE)


def lapse_promises(day: dt.date) -> int:
    """Let every case lapse whose promised material has not come by yesterday."""
    over = CaseEvidence.objects.filter(state=DEFERRED, promised_on__lt=day, case__state__in=_STILL)
    return each_case(over.order_by("case").values_list("case", flat=True), "lapse", day, _lapse)


def _lapse(deed: Deed) -> bool:
    case = deed.case
    rows = list(case.evidence.filter(state=DEFERRED, promised_on__lt=deed.today))
    if not rows or case.state not in _STILL:
        return False
    names = {item.id: item.name for item in deed.spec.evidence}
    said = "、".join(f"{names.get(row.item, row.item)}（{row.promised_on}）" for row in rows)
    for row in rows:
        row.state = LATE
        row.save(update_fields=["state"])
    deed.note(f"容缺材料逾期未补：{said}，结论自动失效", items=[row.item for row in rows],
              result=case.result)  # fmt: skip
    waiting = [
        t for t in deed.tasks if t.state != TaskState.CANCELLED and t.kind == TaskKind.HANDLE
    ]
    if case.state == CaseState.DONE:
        case.state, case.result = CaseState.LAPSED, CaseResult.NONE
        hooks.run_hooks(case, "ended", None)
    else:
        close(deed, CaseResult.NONE, CaseState.LAPSED)
    case.promised_on = None
    tell_applicant(case, "容缺材料逾期未补，结论已失效", said)
    tell_tasks(case, waiting, "case-moved", "容缺材料逾期未补，结论已失效", said)
    tell_supervisors(case, "容缺材料逾期未补，结论已失效", said)
    return True
