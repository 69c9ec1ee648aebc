"""Rounds on screen: prepared step by step, looked at part by part, by whom they concern."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jigai.errors import JigaiError
from jigai.funding.models import CaseTopic, Round, RoundMeasure
from jigai.funding.rounds.shapes_text import (
    evidence_text,
    fields_text,
    read_evidence,
    read_fields,
)
from tests.factories import SIBLING, make_enterprise, make_regions, make_user
from tests.funding.making import make_application, make_pack, make_programme, make_round
from tests.funding.publicity.decided import decided, published
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


def post(client: Client, url: str, data: dict[str, Any] | None = None) -> Any:
    return client.post(url, {"nonce": str(uuid.uuid4()), **(data or {})})


@pytest.fixture
def clerk(client: Client) -> Client:
    make_regions()
    client.force_login(make_user("section-clerk"))
    return client


def basics(**changes: Any) -> dict[str, Any]:
    fund = make_programme()
    return {
        "name": "示例批次", "programme": fund.pk, "pack": make_pack().pk, "mode": "apply",
        "year": 2021, "batch": 1, "as_of": "2021-12-31", "opens_at": "2031-01-01T08:00",
        "closes_at": "2031-02-01T17:00", **changes,
    }  # fmt: skip


def test_the_steps_lead_to_a_round_another_opens(clerk: Client) -> None:
    assert "取值日期" in clerk.get("/rounds/new/").content.decode()
    done = post(clerk, "/rounds/new/", basics())
    row = Round.objects.get()
    assert done.headers["Location"] == f"/rounds/{row.pk}/edit/measures/"
    measures = {"version": row.version, "equipment-chosen": "on", "equipment-places": "5",
                "equipment-evidence": "营业执照\n节能报告（可选）：有的才交",
                "equipment-fields_typed": "新增产值，金额，必填"}  # fmt: skip
    assert post(clerk, done.headers["Location"], measures).status_code == 302
    held = row.measures.get()
    assert held.places == 5 and [e["required"] for e in held.evidence] == [True, False]
    assert held.fields[0]["type"] == "money" and held.fields[0]["required"]
    row.refresh_from_db()
    readings = {"version": row.version, "r-uplift_order": "b"}
    assert post(clerk, f"/rounds/{row.pk}/edit/readings/", readings).status_code == 302
    row.refresh_from_db()
    days = {"formal": 1, "review": 2, "decision": 3, "publicity": 5, "payment": 7}
    done = post(clerk, f"/rounds/{row.pk}/edit/timetable/", {"version": row.version, **days})
    assert done.headers["Location"].endswith("/edit/check/")
    row.refresh_from_db()
    assert row.readings == {"uplift_order": "b"} and row.pay_by_days == 18
    page = clerk.get(done.headers["Location"]).content.decode()
    assert "装备升级奖补" in page and "共 18" in page
    assert "要请另一位" not in clerk.get(f"/rounds/{row.pk}/").content.decode()
    chief = Client()
    chief.force_login(make_user("section-chief"))
    assert "开放申报" in chief.get(f"/rounds/{row.pk}/").content.decode()
    done = post(chief, f"/rounds/{row.pk}/do/open/", {"version": row.version})
    assert done.status_code == 302
    row.refresh_from_db()
    assert row.state == "open" and row.notice is not None
    assert clerk.get(f"/rounds/{row.pk}/edit/basics/").status_code == 302


def test_a_window_that_ends_before_it_begins_is_told_on_the_form(clerk: Client) -> None:
    done = post(clerk, "/rounds/new/", basics(closes_at="2030-01-01T08:00"))
    assert done.status_code == 422 and "截止时间不晚于开始时间" in done.content.decode()
    assert not Round.objects.exists()


def test_a_step_saved_over_somebody_elses_is_told(clerk: Client) -> None:
    post(clerk, "/rounds/new/", basics())
    row = Round.objects.get()
    days = {"formal": 1, "review": 2, "decision": 3, "publicity": 5, "payment": 7}
    done = post(clerk, f"/rounds/{row.pk}/edit/timetable/", {"version": row.version - 1, **days})
    assert done.status_code == 422 and "刚被别人改过" in done.content.decode()


def test_every_part_opens_and_an_enterprise_sees_no_list_of_others(clerk: Client) -> None:
    notice = published(2)
    round_ = notice.round
    url = f"/rounds/{round_.pk}/"
    for tab in ("", "measures", "applications", "lists", "publicity", "payments"):
        assert clerk.get(f"{url}?tab={tab}").status_code == 200, tab
    assert notice.number in clerk.get(f"{url}?tab=publicity").content.decode()
    firm = Client()
    firm.force_login(make_user("enterprise-handler", enterprise=make_enterprise()))
    page = firm.get(f"{url}?tab=lists").content.decode()
    assert "审定名单" not in page and "承诺拨付" in page
    far = Client()
    far.force_login(make_user("section-clerk", SIBLING))
    assert far.get(url).status_code == 404


def test_an_approved_list_is_published_from_the_part_of_its_round(clerk: Client) -> None:
    row = decided(2)
    page = clerk.get(f"/rounds/{row.round_id}/?tab=publicity").content.decode()
    assert f"/publicity/lists/{row.pk}/new/" in page
    url = f"/publicity/lists/{row.pk}/new/"
    assert "20,000.00" in clerk.get(url).content.decode()
    done = post(clerk, url, {"starts_on": dt.date.today().isoformat(), "contact": "示例股"})
    assert done.status_code == 302
    shown = clerk.get(done.headers["Location"]).content.decode()
    assert "公示中" in shown and "示例股" in shown
    assert post(clerk, url, {"starts_on": "2020-01-01", "contact": "示例股"}).status_code == 422


def test_a_draft_is_nobodys_outside_the_office(clerk: Client) -> None:
    round_ = make_round(state="draft")
    firm = Client()
    firm.force_login(make_user("enterprise-handler", enterprise=make_enterprise()))
    assert firm.get(f"/rounds/{round_.pk}/").status_code == 404
    assert round_.name not in firm.get("/rounds/").content.decode()


def test_sealed_applications_stay_hidden_until_the_close(clerk: Client) -> None:
    round_ = make_round(sealed=True, mode="compete")
    make_application(round_, state="submitted", title="示例密封项目")
    for tab in ("applications", "lists"):
        assert "示例密封项目" not in clerk.get(f"/rounds/{round_.pk}/?tab={tab}").content.decode()
    Round.objects.filter(pk=round_.pk).update(
        state="closed",
        opens_at=dt.datetime(2021, 1, 1, tzinfo=dt.UTC),
        closes_at=dt.datetime(2021, 2, 1, tzinfo=dt.UTC),
    )
    for tab in ("applications", "lists"):
        assert "示例密封项目" in clerk.get(f"/rounds/{round_.pk}/?tab={tab}").content.decode()


def test_the_list_asks_no_more_for_more_rounds(clerk: Client) -> None:
    fund = make_programme()

    def grow(size: int) -> None:
        for _ in range(size - Round.objects.count()):
            make_application(make_round(fund), state="submitted")

    assert_query_count(clerk, "/rounds/", grow, most=30)


def test_the_list_of_notices_asks_no_more_for_more(clerk: Client) -> None:
    from jigai.funding.models import Publicity

    def grow(size: int) -> None:
        for _ in range(size - Publicity.objects.count()):
            published(1)

    assert_query_count(clerk, "/publicity/", grow, most=30, sizes=(2, 6))


def test_lists_and_forms_are_typed_line_by_line() -> None:
    typed = "营业执照\n节能报告（可选）：有的才交"
    assert evidence_text(read_evidence(typed)) == typed
    form = "新增产值，金额，必填：全年\n说明，长文字"
    assert fields_text(read_fields(form)) == form
    with pytest.raises(JigaiError, match="第1行的类型“怪”不认识"):
        read_fields("示例，怪")
    with pytest.raises(JigaiError, match="写了两次"):
        read_evidence("甲\n甲")


@pytest.mark.system("case-by-case-support")
def test_a_topic_goes_its_way_on_screen(clerk: Client) -> None:
    round_ = make_round(measures=(), mode="case")
    RoundMeasure.objects.create(round=round_, code="own-case", subject="enterprise", name="示例")
    firm = make_enterprise()
    given = {"round": round_.pk, "enterprise": firm.name, "title": "示例议题", "clause": "四.一",
             "reason": "示例"}  # fmt: skip
    assert post(clerk, "/topics/new/", {**given, "enterprise": "没有"}).status_code == 422
    done = post(clerk, "/topics/new/", given)
    topic = CaseTopic.objects.get()
    assert done.headers["Location"] == f"/topics/{topic.pk}/"
    assert post(clerk, f"/topics/{topic.pk}/do/table/", {"meeting": "示例会议"}).status_code == 302
    assert (
        "登记会议决定" not in clerk.get(f"/topics/{topic.pk}/").content.decode().split("等登记")[0]
    )
    chief = Client()
    chief.force_login(make_user("section-chief"))
    said = {"agreed": "yes", "met_on": "2021-12-01", "attendees": "示例", "decision": "同意",
            "amount": "300万元"}  # fmt: skip
    refused = post(chief, f"/topics/{topic.pk}/", said)
    assert refused.status_code == 422 and "没有上传会议纪要" in refused.content.decode()
    paper = SimpleUploadedFile("纪要.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    assert post(chief, f"/topics/{topic.pk}/", {**said, "minutes": paper}).status_code == 302
    assert "3,000,000.00" in clerk.get("/topics/").content.decode()
    measure = round_.measures.get()
    done = post(clerk, f"/topics/{topic.pk}/do/fulfil/", {"measure": measure.pk})
    assert done.status_code == 302
    assert "审核完毕" in clerk.get(f"/topics/{topic.pk}/").content.decode()
