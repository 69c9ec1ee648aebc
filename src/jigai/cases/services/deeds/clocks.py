"""暂停、恢复、延期: what moves the limit, each with its reason and basis."""

from __future__ import annotations

from jigai.cases.access import SUPERVISE, holds
from jigai.cases.flow.shapes import LISTED_PAUSES, PAUSES
from jigai.cases.models import Extension, Pause
from jigai.cases.services.deed import Deed, TaskKind, TaskState
from jigai.cases.services.given import a_number
from jigai.cases.services.tell import tell_applicant
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches

PAUSE_BASIS = "行政许可法第四十五条"
_ONLY = "行政许可法第四十五条只列了：" + "、".join(LISTED_PAUSES.values())


def pause(deed: Deed) -> None:
    """暂停 the clock of the step and of the whole: ``kind``, ``basis``, ``expected_days``.

    行政许可法 45: 所需时间不计算在本节规定的期限内，行政机关应当将所需时间书面告知申请人; so for a
    licence the kind is one the law lists and the days expected are told.
    """
    spec, shape = deed.spec, deed.shape
    kind = str(deed.data.get("kind") or "")
    if kind not in shape.pauses:
        words = "、".join(PAUSES[one] for one in shape.pauses) or "没有"
        raise JigaiError("bad-pause", f"“{shape.name}”不能以这个事由暂停", f"可以暂停的：{words}")
    if spec.is_licensing and kind not in LISTED_PAUSES:
        raise JigaiError("not-listed", f"行政许可不能以{PAUSES[kind]}停止计时", _ONLY)
    if deed.step.pauses.filter(ends__isnull=True).exists():
        raise JigaiError("paused-already", "这一步已经暂停", "先恢复计时")
    given = deed.data.get("expected_days")
    if spec.is_licensing and given in ("", None):
        raise JigaiError(
            "no-expected-days", "没有写所需时间", f"{PAUSE_BASIS}：应当将所需时间书面告知申请人"
        )
    expected = None if given in ("", None) else a_number(given, "所需时间（工作日）")
    basis = str(deed.data.get("basis") or "") or (PAUSE_BASIS if spec.is_licensing else "")
    row = Pause.objects.create(
        case=deed.case, step=deed.step, kind=kind, starts=deed.today, reason=deed.reason[:400],
        basis=basis[:200], expected_days=expected, by=deed.by,
    )  # fmt: skip
    deed.note(pause=row.pk, kind=PAUSES[kind], basis=basis, expected_days=expected)
    how_long = f"，预计 {expected} 个工作日" if expected else ""
    tell_applicant(deed.case, f"计时暂停：{PAUSES[kind]}{how_long}", deed.reason)


def resume(deed: Deed) -> None:
    """恢复 what was paused; ``pause`` names it where several are open."""
    row = _open_pause(deed)
    row.ends, row.ended_by = deed.today, deed.by
    row.save(update_fields=["ends", "ended_by"])
    taken = deed.calendar.workdays_between(row.starts, deed.today)
    deed.note(step=row.step, pause=row.pk, kind=PAUSES[row.kind], days=taken)
    tell_applicant(deed.case, f"计时恢复：{PAUSES[row.kind]}", f"不计入期限 {taken} 个工作日")


def _open_pause(deed: Deed) -> Pause:
    assert deed.desk is not None and deed.access is not None
    rows = deed.case.pauses.filter(ends__isnull=True).exclude(kind="correction")
    wanted = str(deed.data.get("pause") or "")
    found = [r for r in rows.select_related("step") if not wanted or str(r.pk) == wanted]
    own = {
        t.step_id for t in deed.tasks
        if t.state == TaskState.OPEN and t.kind == TaskKind.HANDLE and holds(t, deed.desk)
    }  # fmt: skip
    mine = [r for r in found if r.step_id is None or r.step_id in own] or (
        found if _oversees(deed) else []
    )
    if not mine:
        raise JigaiError("not-paused", "没有您可以恢复的暂停", "补正的在申请人补齐之后自动恢复")
    if len(mine) > 1:
        names = "、".join(str(r.step or "全程") for r in mine)
        raise JigaiError("which-pause", f"有几处暂停：{names}", "选其中一处恢复")
    return mine[0]


def _oversees(deed: Deed) -> bool:
    assert deed.access is not None
    return reaches(deed.access, SUPERVISE, deed.case.region_code)


def extend(deed: Deed) -> None:
    """延期 by ``days`` working days within what the procedure allows; ``basis``.

    行政许可法 42: 二十日内不能作出决定的，经本行政机关负责人批准，可以延长十日，并应当将延长期限的
    理由告知申请人. It is granted within the limit; a limit that has run out is not there any
    more to be extended.
    """
    case, rule = deed.case, deed.spec.extension
    days = a_number(deed.data.get("days"), "延期天数")
    if not rule.times or not rule.days:
        raise JigaiError("no-extension", "这项办事方式不能延期", "在期限以内办结")
    if case.extensions.count() >= rule.times:
        raise JigaiError("extended-often", f"最多延期 {rule.times} 次，已经用完", "尽快办结")
    if days > rule.days:
        raise JigaiError(
            "extended-long", f"一次最多延期 {rule.days} 个工作日", f"依据：{rule.basis}"
        )
    if case.clock_from is None or not case.days:
        raise JigaiError("no-clock", "这件办件没有计时，不用延期", "")
    if case.due is not None and deed.today > case.due:
        raise JigaiError(
            "overdue", f"已于 {case.due} 到期，期限届满以后不能延期", "写明逾期原因，尽快办结"
        )
    basis = (str(deed.data.get("basis") or "") or rule.basis)[:200]
    if not basis:
        raise JigaiError("no-basis", "延期要写明依据", "写法条或文件的条款")
    Extension.objects.create(
        case=case, days=days, reason=deed.reason[:400], basis=basis, by=deed.by
    )
    deed.note(days=days, basis=basis)
    tell_applicant(case, f"办理期限延长 {days} 个工作日", f"{deed.reason}（{basis}）")
