"""容缺、限时、零增地、拿地即开工: what the quick ways demand, and where they are open at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jigai.cases.gates import FAIL, PASS, Answer, register_gate
from jigai.cases.models import Case, CaseEvidence, CaseRecord
from jigai.cases.services.daily.lapses import lapse_promises
from jigai.core.calendar import add_workdays
from jigai.errors import JigaiError
from jigai.registers.models import Entry
from jigai.registers.services.record_event import record
from jigai.workbench.approvals.land_ready import land_cases
from jigai.workbench.approvals.limits import limit_lines
from tests.cases.content.town import FILE, Town, files, open_tasks, ship
from tests.registers.content.shipped import put
from tests.registers.content.shipped import ship as ship_register

pytestmark = [pytest.mark.django_db]
DAY = dt.timedelta(days=1)
ZERO = {"project": "示例零增地", "new_land": "0平方米", "deed_no": "示例证1号"}
LAND = {"project": "示例新厂", "parcel": "示例地块", "eia": "是", "hazard": "否"}
MAJOR = {"project": "示例重大项目", "invest": "3亿元", "major": "示例重大〔2026〕1号"}


@pytest.mark.system("tolerance-approval")
def test_key_materials_can_never_be_deferred_and_others_get_a_day(town: Town) -> None:
    procedure = ship("yanzhou-major")
    given = files(procedure) | {"land_paper": "defer", "eia_paper": "defer"}
    for key in ("application", "plan"):
        with pytest.raises(JigaiError, match="关键材料，不能容缺"):
            town.submit(procedure, MAJOR, {**given, key: "defer"})
        with pytest.raises(JigaiError, match="没有提交"):
            town.submit(procedure, MAJOR, {k: v for k, v in given.items() if k != key})
    case = town.do(town.submit(procedure, MAJOR, given), "accept", "approval")
    days = {row.item: row.promised_on for row in case.evidence.filter(state="deferred")}
    today = timezone.localdate()
    assert days == {"land_paper": add_workdays(today, 10), "eia_paper": add_workdays(today, 20)}


@pytest.mark.system("tolerance-approval")
@pytest.mark.parametrize("late", [False, True])
def test_what_is_not_supplied_in_time_undoes_the_agreement(town: Town, late: bool) -> None:
    procedure = ship("yanzhou-major")
    given = files(procedure) | {"land_paper": "defer"}
    case = town.do(town.submit(procedure, MAJOR, given), "accept", "approval")
    for line in ("development", "miit", "land"):
        case = town.do(case, "agree", line)
    case = town.do(case, "agree", "approval", values={"advice": "可行"})
    assert (case.state, case.result) == (Case.State.DONE, Case.Result.AGREED)
    promised = case.evidence.get(item="land_paper").promised_on
    assert promised is not None
    lapse_promises(promised + DAY if late else promised)
    case.refresh_from_db()
    assert case.state == (Case.State.LAPSED if late else Case.State.DONE)
    assert case.result == (Case.Result.NONE if late else Case.Result.AGREED)


@pytest.mark.system("tolerance-approval")
def test_credit_is_asked_when_something_is_promised(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jigai.cases import gates

    asked: list[str] = []

    def bad(question: Any) -> Answer:
        asked.append(question.moment)
        state = FAIL if question.moment == "promise" else PASS
        return Answer(state, "示例：有严重失信记录")

    monkeypatch.setattr(gates, "_GATES", dict(gates._GATES))
    register_gate("credit", "信用核查", bad)
    procedure = ship("yanzhou-major")
    with pytest.raises(JigaiError, match="有严重失信记录"):
        town.submit(procedure, MAJOR, files(procedure) | {"land_paper": "defer"})
    assert town.submit(procedure, MAJOR, files(procedure)).state == Case.State.SUBMITTED
    assert asked == ["promise", "submit"]


@pytest.mark.system("time-limited-approval")
def test_the_limit_nobody_has_set_stays_open_and_a_promise_makes_working_days(
    town: Town,
) -> None:
    procedure = ship("yanzhou-major")
    case = town.do(town.submit(procedure, MAJOR, files(procedure)), "accept", "approval")
    assert (case.days, case.due) == (0, None)
    from jigai.core.access import access_of

    line = next(x for x in limit_lines(access_of(town["chief"])) if x.procedure == procedure)
    assert line.undetermined and line.unstated == 3
    content = {**procedure.spec.content(), "promise": {"days": 7, "basis": "示例承诺"}}
    from tests.cases.conftest import publish

    promised = publish(content, "yanzhou-major", name=procedure.name)
    case = town.do(town.submit(promised, MAJOR, files(promised)), "accept", "approval")
    today = timezone.localdate()
    assert case.days == 7 and case.due == add_workdays(today, 7)
    assert case.due != today + 7 * DAY, "七个工作日里总有周末"


@pytest.mark.system("time-limited-approval")
def test_days_of_a_pause_do_not_count(town: Town) -> None:
    from tests.cases.conftest import publish

    shipped = ship("yanzhou-major")
    content = {**shipped.spec.content(), "promise": {"days": 7, "basis": "示例承诺"}}
    procedure = publish(content, "yanzhou-major", name=shipped.name)
    case = town.do(town.submit(procedure, MAJOR, files(procedure)), "accept", "approval")
    case = town.do(case, "pause", "land", kind="expert", reason="组织专家评审", days=5)
    assert case.paused and case.due is None
    case.pauses.update(starts=timezone.localdate() - 6 * DAY)
    case.clock_from = timezone.localdate() - 6 * DAY
    case.save()
    case = town.do(case, "resume", "land")
    assert not case.paused and case.due is not None
    # The six days behind lie in the pause: seven working days are still ahead.
    assert case.due == add_workdays(timezone.localdate(), 7)


@pytest.mark.system("zero-land-fast-track")
def test_only_zones_on_the_list_may_use_it(town: Town, zone: str) -> None:
    procedure = ship("pilot-zero-land")
    papers = files(procedure)
    for name, said in (("别的开发区", "不在试点名单上"), ("", "没有填写")):
        with pytest.raises(JigaiError, match=said):
            town.submit(procedure, {**ZERO, "zone": name}, papers)
    put(Entry.objects.get(key__contains="示例高新").register, {
        "name": "示例集中区", "place": "370812", "level": "below", "modes": ["零增地"],
        "document": "示例2号"}, {
        "name": "示例邻区", "place": "371602", "level": "province", "modes": ["零增地"],
        "document": "示例3号"}, {
        "name": "示例别法区", "place": "370812", "level": "nation", "modes": ["容缺"],
        "document": "示例4号"})  # fmt: skip
    for name, said in (("示例集中区", "不是省级以上"), ("示例邻区", "不在试点名单上"),
                       ("示例别法区", "没有批准试行“零增地”")):  # fmt: skip
        with pytest.raises(JigaiError, match=said):
            town.submit(procedure, {**ZERO, "zone": name}, papers)
    assert town.submit(procedure, {**ZERO, "zone": zone}, papers).state == Case.State.SUBMITTED


@pytest.mark.system("zero-land-fast-track")
def test_a_zone_counts_from_its_day_until_its_last(town: Town, zone: str) -> None:
    procedure = ship("pilot-zero-land")
    entry, today = Entry.objects.get(key__contains="示例高新"), timezone.localdate()
    case = town.submit(procedure, {**ZERO, "zone": zone}, files(procedure))
    record(entry=entry, kind="remove", effective=today, by=None, reason="试点结束")
    with pytest.raises(JigaiError, match="不在试点名单上"):
        town.submit(procedure, {**ZERO, "zone": zone}, files(procedure))
    Case.objects.filter(pk=case.pk).update(submitted_on=today - DAY)
    assert town.do(case, "accept", "approval").state == Case.State.OPEN, "交件那天还在名单上"


@pytest.mark.system("zero-land-fast-track")
def test_new_land_is_refused_and_new_floors_are_not(town: Town, zone: str) -> None:
    procedure = ship("pilot-zero-land")
    given = {**ZERO, "zone": zone, "new_floor": "5000平方米"}
    with pytest.raises(JigaiError, match="有新增用地"):
        town.submit(procedure, {**given, "new_land": "1平方米"}, files(procedure))
    case = town.submit(procedure, given, files(procedure))
    assert case.evidence.get(item="licence").state == CaseEvidence.State.SHARED


@pytest.mark.system("land-and-start")
def test_without_the_drawing_review_nothing_is_issued_on_the_day(town: Town, zone: str) -> None:
    from jigai.core.access import access_of

    procedure = ship("pilot-land-start")
    papers = files(procedure, "safety_paper")
    case = town.do(town.submit(procedure, {**LAND, "zone": zone}, papers), "accept", "approval")
    assert open_tasks(case) == ["design_review", "drawing_review", "eia_review", "delivery"]
    today = timezone.localdate()
    town.do(case, "agree", "ecology")
    review = case.tasks.get(step__code="design_review", state="open")
    town.do(case, "agree", "land", task=review.pk)
    town.do(case, "agree", "land", values={"land_delivered": str(today)})
    assert open_tasks(case) == ["drawing_review"], "图审没有办完，不能出证"
    line = land_cases(access_of(town["chief"]))[0]
    assert (line.missing, line.delivered, line.issued) == (("施工图审查",), today, None)
    assert line.look == ("failed", "拿地时没有具备条件")
    town.do(case, "agree", "housing")
    assert open_tasks(case) == ["issue"]


@pytest.mark.system("land-and-start")
def test_with_everything_reviewed_the_permit_can_be_issued_that_day(town: Town, zone: str) -> None:
    from jigai.core.access import access_of

    procedure = ship("pilot-land-start")
    values = {**LAND, "zone": zone, "eia": "否"}
    papers = files(procedure, "safety_paper", "eia_paper")
    case = town.do(town.submit(procedure, values, papers), "accept", "approval")
    town.do(case, "agree", "housing")
    review = case.tasks.get(step__code="design_review", state="open")
    town.do(case, "agree", "land", task=review.pk)
    access = access_of(town["chief"])
    assert land_cases(access)[0].look == ("ready", "已具备，等土地交付")
    today = timezone.localdate()
    with pytest.raises(JigaiError, match="没有填写：土地交付日期"):
        town.do(case, "agree", "land")
    town.do(case, "agree", "land", values={"land_delivered": str(today)})
    assert open_tasks(case) == ["issue"]
    case = town.do(case, "agree", "approval", values={"permit_no": "示例施1号"})
    line = land_cases(access)[0]
    assert (case.state, line.days_after, line.prior) == (Case.State.DONE, 0, 4)


def test_no_real_zone_ships(town: Town) -> None:
    register = ship_register("pilot-zones")
    assert not Entry.objects.filter(register=register).exists()
    procedure = ship("pilot-tolerance")
    with pytest.raises(JigaiError, match="不在试点名单上"):
        town.submit(procedure, {"project": "示例", "zone": "示例区"}, {"application": FILE,
                    "filing": FILE, "land_paper": FILE, "technical": FILE})  # fmt: skip
    assert not CaseRecord.objects.filter(verb="submit").exists()
