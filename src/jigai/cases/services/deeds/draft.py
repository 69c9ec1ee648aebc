"""保存草稿、提交."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jigai.cases import hooks
from jigai.cases.asked import take_answers
from jigai.cases.models import Case, CaseEvidence
from jigai.cases.services.ask_gates import ask_gates
from jigai.cases.services.deed import CaseState, Deed
from jigai.cases.services.give_tasks import department_of
from jigai.cases.services.promises import promise_deferred
from jigai.cases.services.sign_commitment import require_signature
from jigai.cases.services.write_values import applicants_fields, take_values
from jigai.core.fields.formulas import compiled, rule_row
from jigai.core.fields.values import show_value
from jigai.core.models import EvidenceFile
from jigai.errors import JigaiError


def save(deed: Deed) -> None:
    """Keep what was typed so far; nothing is demanded yet."""
    _take(deed)


def submit(deed: Deed) -> None:
    """Hand in: everything required is there, the conditions of the procedure hold, the gates pass.

    ``values``, ``evidence`` (item to evidence file id, or ``defer``) and ``answers`` (of questions
    by key, see :mod:`jigai.cases.asked`) may come with it.
    """
    case, spec = deed.case, deed.spec
    _take(deed)
    missing = [f.label for f in applicants_fields(spec)
               if f.required and case.values.get(f.id) is None]  # fmt: skip
    if missing:
        raise JigaiError("field-missing", f"没有填写：{'、'.join(missing)}", "填写后再提交")
    require_conditions(case)
    _require_evidence(deed)
    _require_departments(deed)
    if spec.commitment:
        require_signature(case, deed.by, bool(deed.data.get("commitment")))
        ask_gates(case, "promise", deed.today, deed.by)
    ask_gates(case, "submit", deed.today, deed.by)
    hand_in(deed)


def hand_in(deed: Deed) -> None:
    """Nothing is missing any more: from today the case waits for acceptance, or is being done."""
    case, spec = deed.case, deed.spec
    case.submitted_on = deed.today
    if spec.acceptance is None:
        case.received_on = case.accepted_on = case.clock_from = deed.today
        case.state = CaseState.OPEN
        promise_deferred(deed)
    else:
        case.state = CaseState.SUBMITTED
    deed.note()
    hooks.run_hooks(case, "submitted", deed.by)
    if spec.acceptance is None:
        hooks.run_hooks(case, "accepted", deed.by)


def _take(deed: Deed) -> None:
    case = deed.case
    take_values(case, applicants_fields(deed.spec), deed.data.get("values") or {})
    if "answers" in deed.data:
        take_answers(case, deed.data["answers"])
    retitle(case)
    for item, given in (deed.data.get("evidence") or {}).items():
        put_evidence(deed, item, given)


def retitle(case: Case) -> None:
    """Name the case after the field that names it."""
    spec = case.release.spec
    title = next((f for f in spec.fields if f.id == spec.title), None)
    shown = show_value(title, case.values.get(title.id)) if title else ""
    case.title = (shown or case.title or case.procedure.name)[:300]


def put_evidence(deed: Deed, item: str, given: Any) -> CaseEvidence | None:
    """Put one material: an evidence file (its id), ``defer`` (容缺) or ``shared``; anything else
    leaves it as it is."""
    wanted = next((one for one in deed.spec.evidence if one.id == item), None)
    if wanted is None:
        raise JigaiError("no-such-evidence", f"没有“{item}”这项材料", "刷新页面")
    if given in ("", None):
        return None
    row, _made = CaseEvidence.objects.get_or_create(
        case=deed.case, item=item, defaults={"state": CaseEvidence.State.GIVEN}
    )
    if given == "defer":
        if not wanted.deferrable:
            raise JigaiError(
                "not-deferrable", f"“{wanted.name}”是关键材料，不能容缺", "备齐后再提交"
            )
        row.state, row.file, row.given_on = CaseEvidence.State.DEFERRED, None, None
    elif given == "shared":
        if not wanted.shared:
            raise JigaiError("not-shared", f"“{wanted.name}”平台没有，需要提交", "上传文件")
        row.state, row.given_on = CaseEvidence.State.SHARED, deed.today
        row.words = wanted.shared
    else:
        row.file = EvidenceFile.objects.get(pk=int(given))
        row.state, row.given_on = CaseEvidence.State.GIVEN, deed.today
    row.by = deed.by
    if row.state != CaseEvidence.State.SHARED:
        row.words = ""
    row.save()
    return row


def require_conditions(case: Case) -> None:
    """Raise :class:`JigaiError` for the first condition of the procedure that does not hold.

    A condition that cannot be told for want of data is a refusal too, and says what is missing.
    """
    spec = case.release.spec
    row = rule_row(spec.fields, case.values)
    labels = {f.id: f.label for f in spec.fields}
    for one in spec.conditions:
        rule = compiled(spec.fields, one.rule, spec.constants, where="办理条件", code="condition")
        answer = rule.one(row).value
        if answer is True:
            continue
        clause = f"（{one.clause}）" if one.clause else ""
        if answer is False:
            raise JigaiError("condition-not-met", f"{one.say}{clause}", "不符合的按一般程序办理")
        empty = "、".join(labels[f] for f in rule.fields if row.get(f) is None)
        raise JigaiError(
            "condition-unknown", f"缺数据，不能判断“{one.say}”{clause}", f"补上：{empty or '参数'}"
        )


def _require_evidence(deed: Deed) -> None:
    case, spec = deed.case, deed.spec
    held = {row.item: row for row in case.evidence.all()}
    row = rule_row(spec.fields, case.values)
    missing = []
    for item in spec.evidence:
        needed = item.required
        if needed and item.when:
            rule = compiled(spec.fields, item.when, spec.constants, where=f"材料“{item.name}”",
                            code="evidence-condition")  # fmt: skip
            needed = rule.one(row).value is not False
        if needed and item.id not in held:
            if item.shared:
                put_evidence(deed, item.id, "shared")
                continue
            missing.append(item.name + ("（可容缺）" if item.deferrable else ""))
    if missing:
        raise JigaiError(
            "evidence-missing", f"没有提交：{'、'.join(missing)}", "上传文件；可容缺的可以承诺后补"
        )
    if any(r.state == CaseEvidence.State.DEFERRED for r in case.evidence.all()):
        ask_gates(case, "promise", deed.today, deed.by)


def _require_departments(deed: Deed) -> None:
    """Before anything is handed in: every step has somebody to do it, wherever the case runs."""
    today: dt.date = deed.today
    for step in deed.spec.steps:
        for unit in step.who:
            if unit.line:
                department_of(unit, deed.case.region_code, today)
