"""信用记录全链条: five links with source and term, not a score."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError
from jigai.policies.providers import Population, look_up_terms
from jigai.registers.counting import count_on
from jigai.registers.models import Entry, Register
from jigai.registers.services.disclose_record import (
    ask_about_record,
    decide_request,
    disclose_record,
    use_record,
)
from jigai.registers.services.record_event import record as write_event
from jigai.registers.special.credit import (
    LINKS,
    Effect,
    check_repair,
    disclosed_until,
    effects_for,
    links,
    retained_until,
    worst,
)
from jigai.registers.special.stored_credit import effects_of, links_of, standings_on
from jigai.rules.schema import Term
from tests.factories import COUNTY, SIBLING, make_enterprise, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.system("credit-record")]
DAY = dt.timedelta(days=1)
RECORD = {"collected_from": "示例监管局", "collected_on": "2021-02-01", "merged_by": "按代码",
          "happened": "2021-01-31"}  # fmt: skip
CODES = ("credit-record-types", "credit-records", "credit-disclosures", "credit-uses",
         "credit-requests", "credit-effects")  # fmt: skip


def test_every_record_has_five_links_with_source_and_term_and_open_ones_say_so() -> None:
    found = links(RECORD, {}, ("导入文件", dt.date(2021, 2, 2)), None, [])
    assert tuple(link.name for link in found) == LINKS
    assert [link.term for link in found[:3]] == ["未定"] * 3
    assert [link.done for link in found] == [True, False, True, False, False]
    assert found[0].source == "示例监管局" and found[2].source == "导入文件"


def test_terms_come_from_the_kind_and_every_use_is_a_line() -> None:
    kind = {"retain_months": "60", "collect_every": "每月", "merge_within": "五日内"}
    uses = [{"used_by": "财政局", "purpose": "奖补审核", "basis": "示例文", "used_on": "2021-03-01",
             "until": "2021-12-31"}, {"used_by": "银行", "purpose": "授信", "basis": "示例文",
             "used_on": "2021-04-01"}]  # fmt: skip
    shown = {"by": "示例局（示例文）", "on": "2021-02-03", "term": "披露至 2023-01-30"}
    found = links({**RECORD, "merged_on": "2021-02-02"}, kind, ("来", dt.date(2021, 2, 2)), shown,
                  uses)  # fmt: skip
    assert [link.name for link in found] == [*LINKS, "使用"]
    assert [link.term for link in found] == [
        "每月", "五日内", "保存至 2026-01-30", "披露至 2023-01-30", "用至 2021-12-31", "未定",
    ]  # fmt: skip
    assert all(link.done for link in found)


@pytest.mark.parametrize(
    ("kind", "until"),
    [
        ({}, None),
        ({"disclose_months": "36", "counts_from": "decided"}, dt.date(2024, 1, 30)),
        ({"disclose_months": "24", "counts_from": "disclosed"}, dt.date(2023, 2, 27)),
        ({"disclose_months": "24"}, dt.date(2023, 2, 27)),
    ],
)
def test_disclosure_lasts_as_the_kind_says(kind: dict[str, str], until: dt.date | None) -> None:
    assert disclosed_until(RECORD, kind, dt.date(2021, 2, 28)) == until
    assert retained_until(RECORD, kind) is None


@pytest.mark.parametrize(("day", "early"), [("2021-04-29", True), ("2021-04-30", False)])
def test_repair_waits_for_the_shortest_term(day: str, early: bool) -> None:
    kind = {"shortest_months": "3", "basis": "示例令"}
    args = (kind, dt.date(2021, 1, 30), dt.date.fromisoformat(day))
    check_repair({}, *args[1:])  # no shortest term
    if not early:
        check_repair(*args)
        return
    with pytest.raises(JigaiError, match="最早 2021-04-30"):
        check_repair(*args)


def test_the_worst_standing_counts_and_none_is_none() -> None:
    assert worst(["abnormal", "serious", "good"]) == "serious"
    assert worst(["good", "other"]) == "other" and worst([]) == ""


def effect(name: str, standing: str = "serious", **more: Any) -> Effect:
    given = {"kind": "penalty", "measures": (), "effect": "", "basis": "", "place": COUNTY, **more}
    return Effect(name, standing=standing, **given)


def test_effects_are_by_standing_measure_and_region() -> None:
    rows = [effect("全部"), effect("一项", measures=("p:M1",)), effect("激励", "good"),
            effect("别处", place=SIBLING)]  # fmt: skip
    names = [e.name for e in effects_for(rows, ["serious"], "p:M1", COUNTY)]
    assert names == ["全部", "一项"]
    assert [e.name for e in effects_for(rows, ["serious"], "p:M2", COUNTY)] == ["全部"]
    assert effects_for(rows, [], "p:M1", COUNTY) == []


# stored ------------------------------------------------------------------------------------------


class Scene:
    """A record of an enterprise, its handler, and the office."""

    def __init__(self) -> None:
        make_regions()
        self.registers: dict[str, Register] = {code: ship(code) for code in CODES}
        self.firm = make_enterprise("示例失信机械")
        self.handler = make_user("enterprise-handler", enterprise=self.firm)
        self.chief, self.clerk = make_user("section-chief"), make_user("section-clerk")
        self.record = self.new("示例罚〔2026〕1号")

    def new(self, number: str, kind: str = "行政处罚信息", firm: Any = None) -> Entry:
        decided = (timezone.localdate() - 10 * DAY).isoformat()
        return put(self.registers["credit-records"], {
            "number": number, "enterprise": {"id": (firm or self.firm).pk}, "type": kind,
            "happened": decided, "content": "示例内容", "collected_from": "示例监管局",
            "collected_on": decided, "merged_by": "按统一社会信用代码并入",
        }, since=timezone.localdate() - 10 * DAY)[0]  # fmt: skip

    def disclose(self, record: Any = None, by: Any = None) -> Entry:
        person = by or self.chief
        return disclose_record(record=(record or self.record).pk, by=person, basis="示例文",
                               access=access_of(person), unit="示例信用办")  # fmt: skip

    def ask(self, kind: str, by: Any = None, said: str = "已缴罚款") -> Entry:
        person = by or self.handler
        return ask_about_record(record=self.record.pk, kind=kind, said=said, by=person,
                                access=access_of(person))  # fmt: skip

    def decide(self, request: Entry, state: str, by: Any = None, **more: Any) -> Entry:
        person = by or self.chief
        return decide_request(request=request.pk, state=state, answer="核实", by=person,
                              access=access_of(person), **more)  # fmt: skip

    def use(self, **more: Any) -> Entry:
        return use_record(record=self.record.pk, by=self.clerk, access=access_of(self.clerk),
                          used_by="示例财政局", purpose="奖补审核", basis="示例文",
                          **more)  # fmt: skip

    def term(self) -> str:
        return next(x for x in links_of(self.record, timezone.localdate()) if x.name == "披露").term


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def test_disclosure_ends_by_itself_and_the_record_stays(scene: Scene) -> None:
    made = scene.disclose()
    until = dt.date.fromisoformat(made.values["until"])
    register = scene.registers["credit-disclosures"]
    assert [count_on(register, day, "bad") for day in (until, until + DAY)] == [1, 0]
    assert scene.term() == f"披露至 {until}"
    assert standings_on([scene.firm.pk], until)[scene.firm.pk] == {"other"}
    assert scene.record.spans.filter(ends__isnull=True).exists()


def test_an_undetermined_term_stays_open(scene: Scene) -> None:
    scene.record = scene.new("示例记录2", "企业信用记录（地方采集）")
    assert "until" not in scene.disclose().values
    assert scene.term() == "未定"


def test_shipped_terms_are_cited_and_unchecked_ones_say_so(scene: Scene) -> None:
    rows = Entry.objects.filter(register__code="credit-record-types")
    assert rows.count() == 9 and all(row.source and row.values["basis"] for row in rows)
    assert {row.values["checked"] for row in rows} == {"no"}
    assert not any("retain_months" in row.values for row in rows)


def test_repair_ends_disclosure_and_keeps_the_record_with_its_history(scene: Scene) -> None:
    scene.record = scene.new("示例失信1", "失信被执行人")
    scene.disclose()
    scene.decide(scene.ask("repair"), "granted", document="示例修〔2026〕1号")
    today = timezone.localdate()
    assert standings_on([scene.firm.pk], today)[scene.firm.pk] == set()
    assert "信用修复准予" in scene.term()
    record = Entry.objects.get(pk=scene.record.pk)
    assert record.state == "listed"
    assert record.life.order_by("id").last().reason == "信用修复准予，停止披露，记录保存"
    with pytest.raises(JigaiError, match="没有在披露"):
        scene.use()
    with pytest.raises(JigaiError, match="披露过"):
        scene.disclose()


def test_repair_before_the_shortest_term_is_refused_and_may_be_declined(scene: Scene) -> None:
    scene.disclose()
    asked = scene.ask("repair")
    with pytest.raises(JigaiError, match="披露满 3 个月才能修复"):
        scene.decide(asked, "granted")
    assert scene.decide(asked, "refused").values["state"] == "refused"
    assert scene.term().startswith("披露至")
    with pytest.raises(JigaiError, match="已经决定"):
        scene.decide(asked, "granted")


def test_an_objection_that_holds_ends_disclosure_at_once(scene: Scene) -> None:
    scene.disclose()
    scene.decide(scene.ask("objection", said="不是本企业"), "granted")
    assert "异议准予" in scene.term()


def test_who_may_ask_decide_and_disclose(scene: Scene) -> None:
    with pytest.raises(JigaiError, match="没有在披露，不用修复"):
        scene.ask("repair")
    stranger = make_user("enterprise-handler", enterprise=make_enterprise())
    for person in (stranger, scene.clerk):
        with pytest.raises(Denied):
            scene.ask("objection", by=person)
    for person in (scene.clerk, make_user("section-chief", SIBLING)):
        with pytest.raises(Denied):
            scene.disclose(by=person)
    asked = scene.ask("objection")
    with pytest.raises(JigaiError, match="已有一件待决定"):
        scene.ask("objection")
    with pytest.raises(Denied):
        scene.decide(asked, "granted", by=scene.clerk)
    with pytest.raises(JigaiError, match="刚被别人办理"):
        scene.decide(asked, "granted", version=asked.version + 1)


def test_a_use_has_user_purpose_ground_and_term(scene: Scene) -> None:
    with pytest.raises(JigaiError, match="没有在披露"):
        scene.use()
    scene.disclose()
    scene.use()
    scene.use(until=timezone.localdate())
    with pytest.raises(JigaiError, match="已过"):
        scene.use(until=timezone.localdate() - DAY)
    used = [x for x in links_of(scene.record, timezone.localdate()) if x.name == "使用"]
    assert [x.term for x in used] == [f"用至 {timezone.localdate()}", "未定"]
    assert used[0].source == "示例财政局：奖补审核（示例文）"


STATUS = {"good": "良好", "abnormal": "经营异常", "dishonest": "失信被执行人",
          "serious": "严重违法失信", "other": "其他不良"}  # fmt: skip


def status(firm: Enterprise, day: dt.date) -> Any:
    term = Term.model_validate({
        "term": "信用状况", "id": "credit_status", "subject": "enterprise", "type": "enum",
        "options": STATUS, "definition": "", "source": "",
        "register": {"code": "credit-disclosures", "field": "standing"},
    })  # fmt: skip
    facts: Any = {"enterprise": [{"key": firm.uscc}]}
    look_up_terms(facts, [term], day, Population(COUNTY, day.year, timezone.now()))
    return facts["enterprise"][0].get("credit_status")


def test_a_pack_reads_the_worst_standing_of_its_day(scene: Scene) -> None:
    today = timezone.localdate()
    scene.disclose(scene.new("示例失信2", "失信被执行人"))
    scene.disclose()  # later and less bad: must not hide the first
    clean = make_enterprise()
    assert status(scene.firm, today - DAY) is None
    assert status(scene.firm, today) == "dishonest"
    assert status(scene.firm, today + dt.timedelta(days=365 * 2 + 40)) == "other"
    assert status(scene.firm, today + dt.timedelta(days=365 * 4)) is None
    assert status(clean, today) is None


def test_incentives_and_penalties_are_entries_with_dates(scene: Scene) -> None:
    scene.disclose()
    put(scene.registers["credit-effects"], {
        "name": "示例暂缓兑付", "kind": "失信惩戒", "standing": "其他不良", "effect": "暂缓",
        "measures": "yanzhou-2020:YZ-M01", "basis": "示例文", "place": COUNTY,
        "valid_to": (timezone.localdate() + DAY).isoformat(),
    })  # fmt: skip
    today = timezone.localdate()

    def names(day: dt.date, measure: str) -> list[str]:
        return [e.name for e in effects_of(scene.firm, day, measure)]

    assert names(today, "yanzhou-2020:YZ-M01") == ["示例暂缓兑付"]
    assert names(today, "yanzhou-2020:YZ-M02") == []
    assert names(today + 2 * DAY, "yanzhou-2020:YZ-M01") == []


# screens -----------------------------------------------------------------------------------------


def page(client: Client, person: User | None, name: str, *args: Any, status: int = 200) -> str:
    if person:
        client.force_login(person)
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status
    return answer.content.decode()


def test_a_record_goes_through_its_links_on_screen(scene: Scene, client: Client) -> None:
    url = reverse("credit-record", args=[scene.record.pk])

    def send(person: User, act: str, code: int = 302, **given: Any) -> None:
        client.force_login(person)
        sent = client.post(url, {"act": act, "nonce": uuid.uuid4(), **given})
        assert sent.status_code == code

    text = page(client, scene.chief, "credit-record", scene.record.pk)
    assert all(f'<th scope="row">{name}</th>' in text for name in LINKS)
    assert "还没有披露" in text and "未定" in text
    send(scene.chief, "disclose", 422, unit="", basis="示例文")
    send(scene.chief, "disclose", unit="示例信用办", basis="示例文")
    send(scene.clerk, "use", used_by="示例财政局", purpose="审核", basis="示例文")
    assert "示例财政局：审核" in page(client, scene.handler, "credit-record", scene.record.pk)
    send(scene.handler, "ask", kind="objection", said="不是本企业")
    assert "有申请待决定" in page(client, scene.clerk, "credit-desk")
    request = Entry.objects.get(register__code="credit-requests")
    send(scene.chief, "decide", state="granted", answer="属实", version=request.version)
    assert "异议准予" in page(client, scene.handler, "credit-record", scene.record.pk)
    assert "已停止披露" in page(client, scene.clerk, "credit-desk")
    stranger = make_user("enterprise-handler", enterprise=make_enterprise())
    page(client, stranger, "credit-record", scene.record.pk, status=404)
    page(client, make_user("section-clerk", SIBLING), "credit-record", scene.record.pk, status=404)


def test_the_public_sees_what_is_disclosed_until_it_ends(scene: Scene, client: Client) -> None:
    assert "示例失信机械" not in page(client, None, "portal-list", "credit-disclosures")
    made = scene.disclose()
    shown = page(client, None, "portal-list", "credit-disclosures")
    assert "示例失信机械" in shown and "示例罚〔2026〕1号" in shown and "示例内容" not in shown
    write_event(entry=Entry.objects.select_related("register__current").get(pk=made.pk),
                kind="remove", effective=timezone.localdate(), by=None, reason="示例")  # fmt: skip
    cache.clear()  # pages of the portal are kept for a minute
    assert "示例失信机械" not in page(client, None, "portal-list", "credit-disclosures")
    assert client.get(reverse("portal-list", args=["credit-records"])).status_code == 404


def test_the_page_of_an_enterprise_shows_standing_and_effects(scene: Scene, client: Client) -> None:
    assert "没有正在披露" in page(client, scene.clerk, "enterprise-credit", scene.firm.pk)
    scene.disclose()
    text = page(client, scene.clerk, "enterprise-credit", scene.firm.pk)
    assert "其他不良" in text and "没有登记对这种信用状况" in text
    part = reverse("enterprise-credit", args=[scene.firm.pk])
    assert part in page(client, scene.clerk, "enterprise-detail", scene.firm.pk)


def test_the_list_asks_no_more_for_more_records(scene: Scene, client: Client) -> None:
    client.force_login(scene.clerk)
    made = count(10)

    def grow(size: int) -> None:
        while Entry.objects.filter(register__code="credit-records").count() < size:
            scene.disclose(scene.new(f"示例{next(made)}"))

    assert_query_count(client, reverse("credit-desk"), grow, most=30)
