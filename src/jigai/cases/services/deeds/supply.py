"""提交补正: the applicant hands in what was asked for, and nothing else changes."""

from __future__ import annotations

from typing import Any

from jigai.cases import hooks
from jigai.cases.models import Case, CaseEvidence, Correction
from jigai.cases.services.deed import CaseState, Deed, StepState
from jigai.cases.services.deeds.draft import put_evidence, require_conditions, retitle
from jigai.cases.services.tell import tell_tasks
from jigai.cases.services.write_values import applicants_fields, take_values
from jigai.errors import JigaiError


def supply(deed: Deed) -> None:
    """``values`` and ``evidence`` for what was asked; all of it, at once.

    Before acceptance the day of full supply is the day of receipt, and the five days run anew from
    it. What changed is kept in 流转记录 as [before, after]; see :func:`changes_of`.
    """
    case = deed.case
    row = case.corrections.get(supplied_on__isnull=True, lapsed_on__isnull=True)
    _in_time(deed, row)
    values, evidence = _asked(deed, row)
    before = {
        item: str(file or "") for item, file in case.evidence.values_list("item", "file__name")
    }
    fields = [f for f in applicants_fields(deed.spec) if f.id in values]
    changed = take_values(case, fields, values)
    empty = [f.label for f in fields if case.values.get(f.id) is None]
    if empty:
        raise JigaiError("field-missing", f"没有填写：{'、'.join(empty)}", "补齐之后一次提交")
    for item, given in evidence.items():
        made = put_evidence(deed, item, given)
        name = next(e.name for e in deed.spec.evidence if e.id == item)
        shown = made.file.name if made and made.file else "平台共享"
        changed[name] = [before.get(item, ""), shown]
    retitle(case)
    require_conditions(case)
    row.supplied_on = deed.today
    row.save(update_fields=["supplied_on"])
    late = row.due is not None and deed.today > row.due
    deed.note("", correction=row.pk, changed=changed, late=late)
    go_on(deed, received=True)
    tell_tasks(case, [t for t in deed.tasks if t.step_id == row.step_id], "case-moved",
               "补正材料已提交")  # fmt: skip


def _in_time(deed: Deed, row: Correction) -> None:
    """Too late is too late, whether or not the daily round has come by."""
    ends = not deed.spec.is_licensing and deed.spec.correction.silence == "withdrawn"
    if ends and row.due is not None and deed.today > row.due:
        raise JigaiError(
            "correction-late", f"补正期限 {row.due} 已过，申请按撤回处理", "需要时重新申请"
        )


def _asked(deed: Deed, row: Correction) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was given for what was asked. Raises for anything else that changed, and for a gap."""
    case = deed.case
    names = {one["id"]: one["name"] for one in row.items + row.fields}
    items, fields = {one["id"] for one in row.items}, {one["id"] for one in row.fields}
    given = {k: v for k, v in (deed.data.get("values") or {}).items()}
    files = {k: v for k, v in (deed.data.get("evidence") or {}).items() if v not in ("", None)}
    if set(given) - fields or set(files) - items:
        only = "、".join(names.values())
        raise JigaiError("not-asked", "只能修改要求补正的内容", f"要求补正的是：{only}")
    if "defer" in files.values():
        raise JigaiError("not-deferrable", "要求补正的材料不能再容缺", "备齐后一次提交")
    missing = [names[one] for one in (*items, *fields) if one not in files and one not in given]
    if missing:
        raise JigaiError(
            "still-missing", f"还没有补齐：{'、'.join(sorted(missing))}", "备齐后一次提交"
        )
    del case
    return given, files


def go_on(deed: Deed, *, received: bool) -> None:
    """After a correction, answered or not: the clock goes on, the case is where it was.

    ``received``: everything is in now. At acceptance the step begins anew on this day.
    """
    case = deed.case
    case.pauses.filter(kind="correction", ends__isnull=True).update(
        ends=deed.today, ended_by=deed.by
    )
    if case.accepted_on is not None:
        case.state = CaseState.OPEN
    else:
        case.state = CaseState.SUBMITTED
        if received:
            case.received_on = deed.today
        case.steps.filter(state=StepState.ACTIVE).update(started_on=deed.today)
    hooks.run_hooks(case, "supplied", deed.by)


def changes_of(case: Case) -> dict[int, dict[str, list[str]]]:
    """What each 补正 changed, by its id: label to [before, after], in words."""
    rows = case.records.filter(verb="supply").values_list("data", flat=True)
    return {data["correction"]: data["changed"] for data in rows}


def still_wanted(case: Case) -> list[str]:
    """Materials of the case that were sent back and have not come again."""
    rows = case.evidence.filter(state=CaseEvidence.State.RETURNED)
    return list(rows.values_list("item", flat=True))
