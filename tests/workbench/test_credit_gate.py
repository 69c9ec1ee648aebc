"""信用门槛: asked at every moment and every day, with source and time; a repair opens it again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.cases.gates import FAIL, PASS, UNKNOWN, Answer, GateClosed, Question
from jigai.cases.models import Case, CaseRecord
from jigai.cases.services.act import act
from jigai.cases.services.start_case import start_case, submit_case
from jigai.core.access import access_of
from jigai.core.models import Enterprise, Notice, User
from jigai.registers.lifecycle import add_months
from jigai.registers.models import Entry, Register
from jigai.registers.services.disclose_record import (
    ask_about_record,
    decide_request,
    disclose_record,
)
from jigai.workbench.credit_gate import Lookback, ask_credit
from jigai.workbench.credit_recheck import recheck_credit
from tests.cases.conftest import CONTENT, VALUES, People, make_file, publish
from tests.factories import COUNTY, SIBLING, make_enterprise, make_user
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.django_db, pytest.mark.system("credit-gating")]
SERIOUS = "市场监督管理严重违法失信名单"
DAY = dt.timedelta(days=1)


class World:
    """An application of an enterprise by a procedure with the gate, and the credit office."""

    def __init__(self) -> None:
        self.people = People()
        for code in ("credit-record-types", "credit-records", "credit-disclosures",
                     "credit-requests", "credit-sources"):  # fmt: skip
            ship(code)
        self.firm: Enterprise = self.people.enterprise
        self.chief: User = make_user("section-chief", name="示例信用科长")
        self.today = timezone.localdate()
        content = {**CONTENT, "gates": ["credit"]}
        self.procedure = publish(content, "subsidy-test", name="示例奖补申报")

    def looked(self, place: str = COUNTY, **more: Any) -> None:
        """Somebody looked at the enterprises of a place."""
        row = {"source": "示例严重失信名单", "place": place, "as_of": self.today.isoformat()}
        put(Register.objects.get(code="credit-sources"), {**row, **more})

    def record(
        self, kind: str = SERIOUS, happened: dt.date | None = None, *, disclosed: bool = True
    ) -> Entry:
        """A record about the enterprise, disclosed today."""
        day = happened or self.today - 30 * DAY
        entry = put(Register.objects.get(code="credit-records"), {
            "number": f"示例罚〔{day}〕", "enterprise": self.firm.name, "type": kind,
            "happened": day.isoformat(), "content": "示例违法", "collected_from": "示例监管局",
            "collected_on": self.today.isoformat(), "merged_by": "按名称",
        }, since=day)[0]  # fmt: skip
        if disclosed:
            disclose_record(
                record=entry.pk, by=self.chief, access=access_of(self.chief), unit="示例局",
                basis="示例文",
            )  # fmt: skip
        return entry

    def draft(self) -> Case:
        """A draft of the enterprise."""
        user = self.people["applicant"]
        return start_case(procedure=self.procedure, by=user, access=access_of(user))

    def submit(self, case: Case) -> Case:
        """Handed in with everything."""
        user = self.people["applicant"]
        evidence = {"application": make_file(user).pk, "land_paper": "defer"}
        return submit_case(
            case=case, by=user, access=access_of(user), values=VALUES, evidence=evidence
        )

    def do(self, case: Case, verb: str, who: str, **data: Any) -> Case:
        """A verb by one of the people."""
        user = self.people[who]
        return act(case=case.pk, verb=verb, by=user, access=access_of(user), **data)

    def ask(self, on: dt.date | None = None) -> Answer:
        """The gate's answer for the enterprise."""
        case = Case(enterprise=self.firm, procedure=self.procedure)
        return ask_credit(Question(case, "submit", on or self.today))


@pytest.fixture
def world(db: None) -> World:
    return World()


def test_a_record_that_comes_later_stops_the_decision(world: World) -> None:
    world.looked()
    case = world.submit(world.draft())
    case = world.do(case, "accept", "approval")
    world.record()
    with pytest.raises(GateClosed, match=r"严重违法失信.*示例罚"):
        world.do(case, "agree", "ecology")
    case.refresh_from_db()
    assert case.state == "open" and case.tasks.filter(state="open", step__code="ecology").exists()
    last = CaseRecord.objects.filter(case=case, verb="gate").last()
    assert last is not None
    assert (last.data["moment"], last.data["state"]) == ("decide", "fail")
    assert "示例监管局" in last.data["source"] and last.data["as_of"] == str(world.today)


def test_the_daily_recheck_draws_the_red_line_and_tells_the_handler_once(
    world: World, django_capture_on_commit_callbacks: Any, client: Client
) -> None:
    world.looked()
    case = world.submit(world.draft())
    handler = world.people["approval"]
    assert recheck_credit() == 0
    world.record()
    with django_capture_on_commit_callbacks(execute=True):
        assert recheck_credit() == 1
        assert recheck_credit() == 0
    told = Notice.objects.filter(user=handler, event="case-gate")
    assert told.count() == 1 and "修复或异议成立之前" in told.get().body
    client.force_login(handler)
    text = client.get(reverse("case-gates-part", args=[case.pk])).content.decode()
    assert "jg-alert" in text and "每日复查" in text and "申请修复或提出异议" in text


def test_repair_or_a_granted_objection_opens_the_gate_again(world: World) -> None:
    world.looked()
    case = world.do(world.submit(world.draft()), "accept", "approval")
    record = world.record()
    applicant = world.people["applicant"]
    request = ask_about_record(
        record=record.pk, kind="objection", said="不是本企业", by=applicant,
        access=access_of(applicant),
    )  # fmt: skip
    answer = world.ask()
    assert answer.state == FAIL and "待决定" in answer.words
    decide_request(
        request=request.pk, state="granted", answer="确属误记", by=world.chief,
        access=access_of(world.chief),
    )  # fmt: skip
    assert world.ask().state == PASS
    assert recheck_credit() == 0
    assert world.do(case, "agree", "ecology").state == "open"


def test_it_is_asked_at_submission_promise_and_acceptance(world: World) -> None:
    world.looked()
    case = world.submit(world.draft())
    world.do(case, "accept", "approval")
    rows = CaseRecord.objects.filter(case=case, verb="gate").order_by("id")
    # One material is deferred, so the promise is asked about as well.
    assert {row.data["moment"] for row in rows} == {"promise", "submit", "accept"}
    assert all(row.data["state"] == "pass" and row.data["source"] for row in rows)


def test_nobody_with_a_serious_record_hands_in(world: World) -> None:
    world.record()
    draft = world.draft()
    with pytest.raises(GateClosed) as closed:
        world.submit(draft)
    record = Entry.objects.get(register__code="credit-records")
    assert reverse("credit-record", args=[record.pk]) in closed.value.hint
    assert Case.objects.get(pk=draft.pk).state == "draft"


def test_without_a_source_the_answer_is_unknown_and_not_a_pass(world: World) -> None:
    assert world.ask().state == UNKNOWN
    world.looked(SIBLING)
    assert world.ask().state == UNKNOWN
    world.looked(as_of=(world.today + DAY).isoformat())
    assert world.ask().state == UNKNOWN
    world.looked("370800", source="示例全市名单")
    answer = world.ask()
    assert (answer.state, answer.source, answer.as_of) == (PASS, "示例全市名单", world.today)


def test_a_look_at_one_enterprise_covers_only_that_one(world: World) -> None:
    other = make_enterprise("示例邻厂")
    world.looked(firm=other.name)
    assert world.ask().state == UNKNOWN
    world.looked(firm=world.firm.name, source="示例逐户查询")
    assert (world.ask().state, world.ask().source) == (PASS, "示例逐户查询")


def test_a_case_without_enterprise_is_unknown(world: World) -> None:
    case = Case(procedure=world.procedure)
    assert ask_credit(Question(case, "submit", world.today)).state == UNKNOWN


def test_what_is_not_serious_does_not_close_the_gate(world: World) -> None:
    world.looked()
    world.record("行政处罚信息")
    assert world.ask().state == PASS


def test_a_serious_record_nobody_disclosed_yet_is_unknown(world: World) -> None:
    world.looked()
    world.record(disclosed=False)
    answer = world.ask()
    assert answer.state == UNKNOWN and "还没有披露" in answer.words and answer.appeal


@pytest.mark.parametrize(
    ("happened", "counts"),
    [
        (dt.date(2024, 3, 2), True),
        (dt.date(2024, 3, 1), None),
        (dt.date(2024, 1, 1), None),
        (dt.date(2023, 12, 31), False),
    ],
)
def test_three_years_read_either_way(happened: dt.date, counts: bool | None) -> None:
    on = dt.date(2027, 3, 1)
    assert Lookback(36, "五.1").counts(happened, on) is counts
    assert Lookback().counts(happened, on) is True
    assert add_months(on, -36) == dt.date(2024, 3, 1)


def test_the_years_come_from_the_document_the_procedure_carries_out(world: World) -> None:
    from jigai.policies.models import PackParameter, PackVersion

    pack = PackVersion.objects.create(
        slug="yanzhou-2020", sha256="0" * 64, title="兖州2020", region_code=COUNTY,
        status="expired", files={}, is_current=True, valid_to=dt.date(2023, 1, 1),
    )  # fmt: skip
    PackParameter.objects.create(
        pack=pack, code="lookback_period", name="违法回溯期", clause="五.1", value="3年",
        unit="月", status="stated",
    )  # fmt: skip
    world.looked()
    old = add_months(world.today, -60)
    world.record("失信被执行人", old)
    # No document in force says how far back: what is disclosed counts.
    assert world.ask().state == FAIL and "回溯期未定" in world.ask().words
    world.procedure.items = ["yanzhou-2020:YZ-P01"]
    answer = world.ask()
    assert answer.state == PASS and "近36个月（兖州2020 五.1）" in answer.words


def test_the_part_is_for_whoever_may_see_the_case(world: World, client: Client) -> None:
    case = world.submit(world.draft())
    url = reverse("case-gates-part", args=[case.pk])
    client.force_login(make_user("section-chief", SIBLING))
    assert client.get(url).status_code == 404
    client.force_login(world.people["applicant"])
    text = client.get(url).content.decode()
    assert "缺数据，待核实" in text and "jg-alert" not in text


def test_a_case_with_nothing_to_say_has_no_empty_boxes(world: World, client: Client) -> None:
    """Before the first look and without promise, check and rating both parts are nothing at all."""
    case = world.draft()
    client.force_login(world.people["applicant"])
    parts = [reverse(name, args=[case.pk]) for name in ("case-gates-part", "case-follow-up")]
    assert [client.get(url).content.decode().strip() for url in parts] == ["", ""]
    world.submit(case)
    assert "核查结论" in client.get(parts[0]).content.decode()
    Case.objects.filter(pk=case.pk).update(state="done", result="agreed", closed_on=world.today)
    assert "办理评价" in client.get(parts[1]).content.decode()
