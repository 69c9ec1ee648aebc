"""事中事后监管: plans drawn so that nobody can choose; what was let through is looked at again."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pgtrigger
import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.cases.flow.draw import ranked
from jigai.cases.inspection_check import masked, place_of, recompute, results_of
from jigai.cases.models import Case, CaseProcedure, CaseRecord, InspectionPlan, InspectionSubject
from jigai.cases.services.act import act
from jigai.cases.services.load_content import FOLDER, load_file
from jigai.core.access import Denied, access_of
from jigai.core.models import Enterprise, User
from jigai.core.platform_calendar import platform_calendar
from jigai.errors import JigaiError
from jigai.registers.models import Proposal, Register
from jigai.workbench.inspections.plans import draw_plan, publish_plan, save_plan
from jigai.workbench.inspections.population import exempt_keys, population_of
from tests.cases.conftest import CONTENT, open_tasks, publish
from tests.factories import (
    COUNTY,
    SIBLING,
    make_department,
    make_enterprise,
    make_project,
    make_regions,
    make_user,
)
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.django_db, pytest.mark.system("in-process-supervision")]
DAY = dt.timedelta(days=1)
SECRET = "示例保管人写下的一串字"
VISIT = {"inspector_a": "示例甲 001", "inspector_b": "示例乙 002", "seen": "示例情况"}


class Office:
    """The chief who plans, the clerk who visits."""

    def __init__(self) -> None:
        make_regions()
        for line in ("market", "ecology"):
            make_department(line=line)
        load_file(FOLDER / "inspection.yaml")
        self.chief: User = make_user("section-chief", name="示例科长")
        self.clerk: User = make_user("section-clerk", name="示例检查员")
        self.today = timezone.localdate()

    def firms(self, count: int = 6) -> list[Enterprise]:
        """Enterprises of the county."""
        return [make_enterprise() for _ in range(count)]

    def plan(self, **more: Any) -> InspectionPlan:
        """A plan with a promised seed."""
        given = {
            "name": "示例抽查", "region_code": COUNTY, "basis": "示例文件三.四",
            "period_from": self.today, "period_to": self.today + 30 * DAY,
            "subject": "enterprise", "filters": {}, "number": 2, "permille": None, "strata": {},
            "joint": [], "exempt_after": None, "seed_kind": "commit", "seed_day": None,
            "seed_source": "示例纪检组保管",
            "commitment": hashlib.sha256(SECRET.encode()).hexdigest(),
            **more,
        }  # fmt: skip
        return save_plan(values=given, by=self.chief, access=access_of(self.chief))

    def publish(self, plan: InspectionPlan) -> InspectionPlan:
        """Its list is published."""
        return publish_plan(plan=plan.pk, by=self.chief, access=access_of(self.chief))

    def draw(self, plan: InspectionPlan, seed: str = SECRET) -> InspectionPlan:
        """It is drawn."""
        return draw_plan(plan=plan.pk, seed=seed, by=self.chief, access=access_of(self.chief))

    def drawn(self, **more: Any) -> InspectionPlan:
        """Published and drawn."""
        return self.draw(self.publish(self.plan(**more)))

    def do(self, case: Case, **values: Any) -> Case:
        """The clerk does the step that is open."""
        return act(
            case=case.pk, verb="agree", by=self.clerk, access=access_of(self.clerk), values=values
        )

    def visited(self, case: Case, **result: Any) -> Case:
        """Notice, visit and result."""
        self.do(case, notice_no="示例检〔2026〕1 号")
        self.do(case, inspected_on=self.today.isoformat(), **VISIT)
        return self.do(case, **{"outcome": "clean", "to_credit": "否", **result})


@pytest.fixture
def office(db: None) -> Office:
    return Office()


def test_the_list_is_hashed_before_the_seed_and_the_draw_can_be_repeated(office: Office) -> None:
    keys = {firm.uscc or "" for firm in office.firms()}
    plan = office.publish(office.plan())
    lines = "\n".join(sorted(f"{key}|plain" for key in keys))
    assert plan.population_sha256 == hashlib.sha256(lines.encode()).hexdigest()
    assert plan.seed == "" and not plan.picks.exists()
    plan = office.draw(plan)
    drawn = list(plan.picks.values_list("subject__key", flat=True))
    assert drawn == ranked(SECRET, keys)[:2]
    assert recompute(plan).holds


def test_who_comes_after_the_list_is_not_in_it(office: Office) -> None:
    office.firms()
    plan = office.publish(office.plan())
    late = make_enterprise()
    plan = office.draw(plan)
    assert plan.population_size == 6 and place_of(plan, late.uscc or "") is None
    with pytest.raises(ProgrammingError), transaction.atomic():
        plan.subjects.update(key="X")


def test_a_list_changed_behind_the_plan_is_found_out(office: Office) -> None:
    office.firms()
    plan = office.drawn()
    with pgtrigger.ignore("cases.InspectionSubject:inspection_subjects_stay"):
        InspectionSubject.objects.filter(plan=plan, pick__isnull=True).first().delete()  # type: ignore[union-attr]
    check = recompute(plan)
    assert not check.same_list and not check.holds


def test_a_seed_changed_afterwards_is_found_out(office: Office) -> None:
    office.firms()
    plan = office.drawn()
    InspectionPlan.objects.filter(pk=plan.pk).update(seed="别的")
    plan.refresh_from_db()
    check = recompute(plan)
    assert check.same_list and not check.promised and not check.holds


def test_a_closed_approval_and_a_commitment_are_looked_at_again(office: Office) -> None:
    for code, kind in (("licensing-test", "licensing"), ("filing-test", "filing"),
                       ("service-test", "service")):  # fmt: skip
        publish({**CONTENT, "kind": kind}, code, name=code)
    numbers = {}
    for code, state, result in (
        ("licensing-test", "done", "agreed"), ("filing-test", "done", "agreed"),
        ("service-test", "done", "agreed"), ("filing-test", "done", "refused"),
        ("filing-test", "open", ""),
    ):  # fmt: skip
        procedure = CaseProcedure.objects.select_related("current").get(code=code)
        case = Case.objects.create(
            number=f"{COUNTY}-2025-{len(numbers):06d}", procedure=procedure, title="示例",
            release=procedure.current, region_code=COUNTY, state=state, result=result,
            closed_on=office.today if state == "done" else None, enterprise=make_enterprise(),
        )  # fmt: skip
        numbers[case.number] = (code, state, result)
    plan = office.publish(office.plan(subject="case", number=None, permille=1000))
    found = set(plan.subjects.values_list("key", flat=True))
    assert {numbers[key] for key in found} == {
        ("licensing-test", "done", "agreed"), ("filing-test", "done", "agreed"),
    }  # fmt: skip
    plan = office.draw(plan)
    assert Case.objects.filter(procedure__code="inspection", state="open").count() == 2
    only = office.plan(subject="case", filters={"procedure": "filing-test"}, number=1)
    people, _exempt = population_of(only, access_of(office.chief))
    assert [numbers[one.key][0] for one in people] == ["filing-test"]


def test_a_filed_project_is_looked_at_again(office: Office) -> None:
    register, firm = ship("filing-records"), make_enterprise()
    row = {"kind": "备案", "name": "示例技改项目", "enterprise": firm.name, "organ": "示例审批局",
           "place": COUNTY}  # fmt: skip
    put(register, {**row, "certificate": "示例备1", "decided": "2026-01-05"},
        {**row, "certificate": "示例备2", "decided": "2025-01-05"},
        {**row, "certificate": "示例备3", "decided": "2026-02-05", "place": SIBLING})  # fmt: skip
    plan = office.plan(subject="filing", filters={"since": "2026-01-01"}, number=1)
    plan = office.draw(office.publish(plan))
    assert [one.key for one in plan.subjects.all()] == ["示例备1"]
    case = plan.picks.get().case
    assert case.values["firm"]["id"] == firm.pk and case.enterprise_id is None


def test_projects_are_found_by_region_and_start(office: Office) -> None:
    for name, start in (("示例甲", dt.date(2026, 2, 1)), ("示例乙", dt.date(2025, 2, 1))):
        make_project(make_enterprise(), name=name, start=start)
    plan = office.plan(subject="project", filters={"since": "2026-01-01"}, number=1)
    people, _exempt = population_of(plan, access_of(office.chief))
    assert [one.name for one in people] == ["示例甲"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"number": None}, "要填一样"),
        ({"permille": 50}, "要填一样"),
        ({"number": None, "permille": 1001}, "0.1% 到 100%"),
        ({"strata": {"high": 500}}, "分层的按比例抽"),
        ({"commitment": "abc"}, "没有填种子的散列"),
        ({"seed_kind": "public", "commitment": ""}, "没有填公开数产生的日期"),
        ({"seed_source": " "}, "没有写种子出处"),
        ({"period_to": dt.date(2000, 1, 1)}, "早于起日"),
    ],
)
def test_a_plan_that_does_not_go_together_is_refused(
    office: Office, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(JigaiError, match=said):
        office.plan(**more)


def test_a_public_number_that_is_known_already_is_no_seed(office: Office) -> None:
    office.firms()
    given = {"seed_kind": "public", "commitment": "", "seed_source": "示例彩票开奖号码"}
    with pytest.raises(JigaiError, match="已经产生"):
        office.publish(office.plan(**given, seed_day=office.today))
    plan = office.publish(office.plan(**given, seed_day=office.today + DAY))
    with pytest.raises(JigaiError, match="才产生"):
        office.draw(plan)
    InspectionPlan.objects.filter(pk=plan.pk).update(seed_day=office.today)
    assert office.draw(plan, "0203040506").picks.count() == 2


def test_only_the_promised_seed_draws_and_only_once(office: Office) -> None:
    office.firms()
    plan = office.publish(office.plan())
    for seed, said in (("别的", "散列对不上"), (" ", "没有填种子")):
        with pytest.raises(JigaiError, match=said):
            office.draw(plan, seed)
    office.draw(plan)
    with pytest.raises(JigaiError, match="抽过的不能再抽"):
        office.draw(plan)
    with pytest.raises(JigaiError, match="不能再改"):
        save_plan(values={"region_code": COUNTY}, by=office.chief,
                  access=access_of(office.chief), plan=plan.pk)  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [({"number": 7}, "只有 6 个"), ({"filters": {"industry": "99"}}, "没有可以抽的对象")],
)
def test_a_list_that_cannot_be_drawn_from_is_not_published(
    office: Office, more: dict[str, Any], said: str
) -> None:
    office.firms()
    with pytest.raises(JigaiError, match=said):
        office.publish(office.plan(**more))


def test_more_than_can_be_visited_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jigai.workbench.inspections import plans

    office.firms()
    monkeypatch.setattr(plans, "MOST_PICKS", 2)
    with pytest.raises(JigaiError, match="要抽 3 个，一次最多 2 个"):
        office.publish(office.plan(number=None, permille=500))
    assert InspectionPlan.objects.get().state == "draft"


def test_bad_standing_is_a_stratum_of_its_own(office: Office) -> None:
    firms, register = office.firms(), ship("credit-disclosures")
    ship("credit-record-types")
    record = put(ship("credit-records"), {
        "number": "示例罚1", "enterprise": firms[0].name, "type": "失信被执行人",
        "happened": "2026-01-05", "content": "示例", "collected_from": "示例局",
        "collected_on": "2026-01-05", "merged_by": "按名称",
    })[0]  # fmt: skip
    put(register, {
        "enterprise": firms[0].name, "record": {"id": record.pk, "name": record.title},
        "type": "示例", "nature": "bad", "standing": "serious", "disclosed_by": "示例局",
        "basis": "示例",
    })  # fmt: skip
    plan = office.drawn(number=None, permille=1, strata={"high": 1000})
    strata = dict(plan.subjects.values_list("key", "stratum"))
    assert [key for key, stratum in strata.items() if stratum == "high"] == [firms[0].uscc]
    drawn = set(plan.picks.values_list("subject__key", flat=True))
    assert firms[0].uscc in drawn and len(drawn) == 2


def test_clean_results_exempt_only_where_the_plan_says_so(office: Office) -> None:
    firm = office.firms(1)[0]
    for _ in range(2):
        office.visited(office.drawn(number=1).picks.get().case)
    for after, exempt in ((None, set()), (2, {firm.uscc}), (3, set())):
        assert exempt_keys(InspectionPlan(subject="enterprise", exempt_after=after)) == exempt
    make_enterprise()
    plan = office.publish(office.plan(number=1, exempt_after=2))
    assert plan.exempted == [firm.uscc] and plan.population_size == 1
    case = office.drawn(number=2).picks.get(subject__key=firm.uscc).case
    office.visited(case, outcome="transfer")
    assert exempt_keys(InspectionPlan(subject="enterprise", exempt_after=2)) == set()


def test_two_inspectors_are_two_people(office: Office) -> None:
    office.firms(1)
    case = office.drawn(number=1).picks.get().case
    office.do(case, notice_no="示例检 1")
    for change, said in (
        ({"inspector_b": VISIT["inspector_a"]}, "同一个人"),
        ({"inspector_b": ""}, "没有填写：检查人员乙"),
        ({"inspected_on": (office.today + DAY).isoformat()}, "还没有到"),
    ):
        with pytest.raises(JigaiError, match=said):
            office.do(case, **{"inspected_on": office.today.isoformat(), **VISIT, **change})
    assert open_tasks(case) == ["site"]


def test_a_correction_has_a_day_and_escalates_when_it_passes(office: Office) -> None:
    office.firms(1)
    plan = office.drawn(number=1)
    case = plan.picks.get().case
    day = platform_calendar().add_workdays(office.today, 5)
    with pytest.raises(JigaiError, match="改正期限"):
        office.visited(case, outcome="rectify")
    case = office.do(case, outcome="rectify", to_credit="否", rectify_by=day.isoformat())
    assert open_tasks(case) == ["rectify"]
    step = case.steps.get(code="rectify")
    assert (step.days, step.due) == (5, day)
    assert case.tasks.get(step=step).due == day
    assert results_of(plan, day).overdue == 0
    assert results_of(plan, day + DAY).overdue == 1


def test_the_ladder_reaches_the_leader_over_an_overdue_correction(office: Office) -> None:
    from jigai.cases.services.daily.reminders import remind

    office.firms(1)
    case = office.drawn(number=1).picks.get().case
    calendar = platform_calendar()
    day = calendar.add_workdays(office.today, 5)
    office.visited(case, outcome="rectify", rectify_by=day.isoformat())
    for _ in range(3):
        remind(calendar.add_workdays(day, 4))
    told = CaseRecord.objects.filter(case=case, verb="remind").values_list("data__to", flat=True)
    assert list(told) == ["handler", "chief", "leader"]


def test_what_was_not_put_right_is_followed_up(office: Office) -> None:
    office.firms(1)
    plan = office.drawn(number=1)
    case = plan.picks.get().case
    day = platform_calendar().add_workdays(office.today, 2).isoformat()
    office.visited(case, outcome="rectify", rectify_by=day)
    case = office.do(case, rectified="undone")
    assert open_tasks(case) == ["follow"]
    case = office.do(case, follow_up="penalty")
    assert case.state == "done" and results_of(plan, office.today).undone == 1


def test_a_clean_visit_needs_no_second_look(office: Office) -> None:
    office.firms(1)
    case = office.visited(office.drawn(number=1).picks.get().case)
    assert case.state == "done"
    assert set(case.steps.filter(state="skipped").values_list("code", flat=True)) == {
        "market", "ecology", "rectify", "follow",
    }  # fmt: skip


def test_joint_departments_get_their_part(office: Office) -> None:
    office.firms(1)
    case = office.drawn(number=1, joint=["market"]).picks.get().case
    office.do(case, notice_no="示例检 1")
    assert sorted(open_tasks(case)) == ["market", "site"]


def test_what_was_found_is_proposed_to_the_credit_register(office: Office) -> None:
    for code in ("credit-record-types", "credit-records"):
        ship(code)
    firm = office.firms(1)[0]
    case = office.drawn(number=1).picks.get().case
    with pytest.raises(JigaiError, match="没有写内容"):
        office.visited(case, outcome="transfer", to_credit="是")
    office.do(case, outcome="transfer", to_credit="是", credit_words="示例：擅自改变建设内容")
    proposal = Proposal.objects.get()
    assert proposal.entry.enterprise_id == firm.pk and proposal.state == "pending"
    assert proposal.entry.values["number"] == case.number
    assert CaseRecord.objects.filter(case=case, reason__contains="已提请记入").exists()


def test_without_a_credit_register_the_visit_still_closes_and_says_why(office: Office) -> None:
    office.firms(1)
    case = office.drawn(number=1).picks.get().case
    case = office.visited(case, outcome="transfer", to_credit="是", credit_words="示例")
    assert case.state == "done" and not Register.objects.filter(code="credit-records").exists()
    assert CaseRecord.objects.filter(case=case, reason__contains="没有企业信用记录名录").exists()


def test_nobody_drawn_can_withdraw_the_inspection(office: Office) -> None:
    firm = office.firms(1)[0]
    case = office.drawn(number=1).picks.get().case
    for user in (make_user("enterprise-handler", enterprise=firm), office.chief):
        with pytest.raises((Denied, JigaiError)):
            act(case=case.pk, verb="withdraw", by=user, access=access_of(user), reason="不查了")
    assert Case.objects.get(pk=case.pk).state == "open"


def test_plans_of_other_places_are_out_of_reach(office: Office, client: Client) -> None:
    office.firms()
    plan = office.plan()
    other = make_user("section-chief", SIBLING)
    for deed in (publish_plan, lambda **given: draw_plan(seed="x", **given)):
        with pytest.raises(Denied):
            deed(plan=plan.pk, by=other, access=access_of(other))
    with pytest.raises(Denied):
        save_plan(values={"region_code": COUNTY}, by=other, access=access_of(other))
    client.force_login(other)
    assert client.get(reverse("inspection-plan", args=[plan.pk])).status_code == 404
    client.force_login(office.clerk)
    assert client.get(reverse("inspection-new")).status_code == 403


def test_two_who_change_a_plan_at_once(office: Office) -> None:
    plan = office.plan()
    access = access_of(office.chief)
    values = {"region_code": COUNTY, "name": "改过"}
    save_plan(values=values, by=office.chief, access=access, plan=plan.pk, version=1)
    with pytest.raises(JigaiError, match="刚被别人改过"):
        save_plan(values=values, by=office.chief, access=access, plan=plan.pk, version=1)


def test_plan_publish_and_draw_on_screen(office: Office, client: Client) -> None:
    office.firms()
    client.force_login(office.chief)
    given = {
        "name": "示例网页抽查", "region_code": COUNTY, "basis": "示例", "subject": "enterprise",
        "period_from": office.today.isoformat(), "period_to": office.today.isoformat(),
        "permille": "20", "high": "", "seed_kind": "commit", "seed_source": "示例保管",
        "commitment": hashlib.sha256(SECRET.encode()).hexdigest().upper(), "joint": ["market"],
    }  # fmt: skip
    nonces = iter(f"{n:08d}-0000-4000-8000-000000000000" for n in range(9))
    wrong = client.post(reverse("inspection-new"), {**given, "number": "3", "nonce": next(nonces)})
    assert wrong.status_code == 422 and "要填一样" in wrong.content.decode()
    client.post(reverse("inspection-new"), {**given, "nonce": next(nonces)})
    plan = InspectionPlan.objects.get()
    assert (plan.permille, plan.joint, plan.state) == (200, ["market"], "draft")
    page = reverse("inspection-plan", args=[plan.pk])
    assert client.get(reverse("inspection-edit", args=[plan.pk])).status_code == 200
    assert client.get(reverse("portal-inspection", args=[plan.pk])).status_code == 404
    client.post(reverse("inspection-publish", args=[plan.pk]), {"nonce": next(nonces)})
    text = client.get(page).content.decode()
    plan.refresh_from_db()
    assert plan.population_sha256 in text and "抽取" in text
    draw = reverse("inspection-draw", args=[plan.pk])
    wrong = client.post(draw, {"seed": "别的", "nonce": next(nonces)})
    assert wrong.status_code == 422 and "散列对不上" in wrong.content.decode()
    client.post(draw, {"seed": SECRET, "nonce": next(nonces)})
    text = client.get(page).content.decode()
    assert "重新计算一致" in text and text.count("/cases/370812-") == 2
    assert "示例网页抽查" in client.get(reverse("inspection-list")).content.decode()


def test_anybody_recomputes_the_draw_and_sees_masked_names_only(
    office: Office, client: Client
) -> None:
    firms = office.firms()
    plan = office.drawn()
    url = reverse("portal-inspection", args=[plan.pk])
    text = client.get(url, {"check": "1"}).content.decode()
    assert "一致" in text and "不一致" not in text
    for shown in (plan.population_sha256, plan.seed, plan.commitment):
        assert shown in text
    assert not any(firm.name in text or (firm.uscc or "") in text for firm in firms)
    picked = plan.picks.get(place=1).subject.key
    found = client.get(url, {"key": picked}).content.decode()
    assert "排在第" in found and "没有抽中" not in found
    assert "名单里没有" in client.get(url, {"key": "无"}).content.decode()
    assert plan.name in client.get(reverse("portal-inspections")).content.decode()
    InspectionPlan.objects.filter(pk=plan.pk).update(population_sha256="0" * 64)
    assert "不一致" in client.get(url, {"check": "1"}).content.decode()


def test_names_and_codes_are_masked() -> None:
    assert masked("示例机械有限公司", 4) == "示例机械****"
    assert masked("91370812MA3000001X", 4, 4) == "9137******001X"
    assert masked("示例", 4) == "示*"


def test_the_list_of_plans_does_not_ask_once_a_row(office: Office, client: Client) -> None:
    client.force_login(office.chief)

    office.firms()

    def grow(count: int) -> None:
        for _ in range(count):
            office.drawn(number=1)

    assert_query_count(client, reverse("inspection-list"), grow, most=25)
