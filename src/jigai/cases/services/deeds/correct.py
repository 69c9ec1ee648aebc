"""补正: telling what is missing. Kinds of procedure differ in law; see the two checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jigai.cases import hooks
from jigai.cases.models import CaseEvidence, Correction, Pause
from jigai.cases.services.deed import CaseState, Deed
from jigai.cases.services.given import a_number
from jigai.cases.services.silence import TELL_BASIS, accepted_since, last_day_to_tell
from jigai.cases.services.tell import tell_applicant
from jigai.cases.services.write_values import applicants_fields
from jigai.errors import JigaiError

_AFTER = (
    "行政许可法第三十二条要求受理之前一次告知；第四十五条规定只有听证、招标、拍卖、检验、检测、"
    "检疫、鉴定和专家评审的时间不计算在期限内"
)


def correct(deed: Deed) -> None:
    """补正: ``items`` are materials and ``fields`` form fields, each ``{"id", "say"}``; ``days``
    the working days the applicant has (default: as the procedure says). Everything at once."""
    case, spec = deed.case, deed.spec
    (_may_in_licensing if spec.is_licensing else _may_otherwise)(deed)
    items = _named(deed.data.get("items") or (), {e.id: e.name for e in spec.evidence}, "材料")
    fields = _named(
        deed.data.get("fields") or (), {f.id: f.label for f in applicants_fields(spec)}, "内容"
    )
    if not items and not fields:
        raise JigaiError("nothing-missing", "没有写明要补正什么", "一次列全要补正的材料和内容")
    given = deed.data.get("days")
    days = spec.correction.days if given in ("", None) else a_number(given, "补正期限")
    due = deed.calendar.add_workdays(deed.today, days) if days else None
    files = dict(case.evidence.values_list("item", "file"))
    row = Correction.objects.create(
        case=case, step=deed.step, items=items, fields=fields, reason=deed.reason,
        told_on=deed.today, due=due, by=deed.by,
        before={"values": {f["id"]: case.values.get(f["id"]) for f in fields},
                "files": {e["id"]: files.get(e["id"]) for e in items}},
    )  # fmt: skip
    for item in items:
        CaseEvidence.objects.filter(case=case, item=item["id"]).update(
            state=CaseEvidence.State.RETURNED, words=item["say"][:400], promised_on=None
        )
    _stop_clock(deed)
    case.state = CaseState.CORRECTION
    hooks.run_hooks(case, "correction", deed.by)
    said = [f"{one['name']}：{one['say']}" for one in items + fields]
    deed.note(correction=row.pk, said=said, due=str(due) if due else "")
    until = f"请在 {due} 前补齐。" if due else ""
    tell_applicant(case, "请补正", f"{until}{'；'.join(said)}。{deed.reason}")


def _may_in_licensing(deed: Deed) -> None:
    """Once, at acceptance, within five working days of the day of receipt (行政许可法 32)."""
    case = deed.case
    if case.state != CaseState.SUBMITTED or not deed.shape.accepts:
        raise JigaiError("licence-accepted", "行政许可受理以后不能再要求补正", _AFTER)
    if case.corrections.exists():
        raise JigaiError(
            "told-once", "补正只能一次告知，这件已经告知过", f"{TELL_BASIS}：应当一次告知全部内容"
        )
    if accepted_since(case, deed.calendar, deed.today):
        last = last_day_to_tell(case, deed.calendar)
        raise JigaiError(
            "told-late", f"已过告知补正的最后一天（{last}），自收到申请材料之日起视为受理",
            f"{TELL_BASIS}；请直接受理",
        )  # fmt: skip


def _may_otherwise(deed: Deed) -> None:
    """As often as the procedure says."""
    times = deed.spec.correction.times
    if deed.case.corrections.count() >= times:
        raise JigaiError(
            "told-often", f"这项办事方式最多补正 {times} 次，已经用完", "按现有材料办理，或不同意"
        )


def _named(
    given: Iterable[Mapping[str, Any]], names: Mapping[str, str], what: str
) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in given:
        known, say = str(one.get("id") or ""), str(one.get("say") or "").strip()
        if known not in names:
            raise JigaiError("not-to-correct", f"没有“{known}”这项申请人填报的{what}", "刷新页面")
        if not say:
            raise JigaiError("no-say", f"没有写明“{names[known]}”要补正什么", "逐项写明")
        found[known] = {"id": known, "name": names[known], "say": say}
    return list(found.values())


def _stop_clock(deed: Deed) -> None:
    """Before acceptance only the step's own days stop; afterwards the whole, if the rule says."""
    case, spec = deed.case, deed.spec
    if not spec.is_licensing and not spec.correction.pauses:
        return
    # A whole that is stopped already does not stop twice.
    if case.pauses.filter(ends__isnull=True, step__isnull=True).exists():
        return
    early = case.clock_from is None
    if early and deed.step.pauses.filter(ends__isnull=True).exists():
        return
    Pause.objects.create(
        case=case, step=deed.step if early else None, kind="correction", starts=deed.today,
        reason=deed.reason[:400], by=deed.by, basis=TELL_BASIS if spec.is_licensing else "",
    )  # fmt: skip
