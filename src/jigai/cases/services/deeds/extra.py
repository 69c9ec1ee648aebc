"""补齐容缺材料、登记跑动."""

from __future__ import annotations

from jigai.cases.models import CaseEvidence, Visit
from jigai.cases.services.deed import Deed, TaskKind, TaskState
from jigai.cases.services.deeds.draft import put_evidence
from jigai.cases.services.given import a_day
from jigai.cases.services.promises import next_promise
from jigai.cases.services.tell import tell_supervisors, tell_tasks
from jigai.errors import JigaiError


def supply_deferred(deed: Deed) -> None:
    """补齐 materials promised for later (``evidence``: item to file id), up to the promised day."""
    case = deed.case
    held = {row.item: row for row in case.evidence.filter(state=CaseEvidence.State.DEFERRED)}
    names = {item.id: item.name for item in deed.spec.evidence}
    given = {k: v for k, v in (deed.data.get("evidence") or {}).items() if v not in ("", None)}
    if not given:
        raise JigaiError("nothing-given", "没有选择材料", "上传承诺补齐的材料")
    for item, file in given.items():
        row = held.get(item)
        if row is None or file in ("defer", "shared"):
            raise JigaiError(
                "not-deferred", f"“{names.get(item, item)}”不是容缺待补的材料", "刷新页面"
            )
        if row.promised_on is not None and deed.today > row.promised_on:
            raise JigaiError(
                "promise-over", f"“{names[item]}”承诺于 {row.promised_on} 前补齐，期限已过",
                "容缺受理的结论已失效，需要时重新申请",
            )  # fmt: skip
        put_evidence(deed, item, file)
    case.promised_on = next_promise(case)
    left = [names[item] for item in held if item not in given]
    deed.note("", items=[names[item] for item in given], left=left)
    waiting = [t for t in deed.tasks if t.state == TaskState.OPEN and t.kind == TaskKind.HANDLE]
    tell_tasks(case, waiting, "case-moved", "容缺材料已补齐" if not left else "容缺材料已补部分")


def visit(deed: Deed) -> None:
    """登记跑动: the applicant came in person (``on``, today without), and why (the reason).

    Where the procedure promises a number and this is beyond it, who oversees is told at once.
    """
    case, promised = deed.case, deed.spec.visits
    if not deed.spec.counts_visits:
        raise JigaiError("no-visits", f"“{case.procedure}”没有申请人，不登记跑动", "")
    given = deed.data.get("on")
    on = deed.today if given in ("", None) else a_day(given, "跑动日期")
    if on > deed.today:
        raise JigaiError("visit-ahead", f"{on} 还没有到，不能登记", "写实际来的那一天")
    Visit.objects.create(case=case, on=on, reason=deed.reason[:200], by=deed.by)
    count = case.visits.count()
    exceeding = bool(promised) and count > promised
    deed.note(on=str(on), count=count, promised=promised, exceeding=exceeding)
    if exceeding:
        tell_supervisors(case, f"跑动超次：第 {count} 次，承诺 {promised} 次", deed.reason)
