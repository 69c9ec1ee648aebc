"""Pages of lists: the test of the budget, the choice, the approval, the papers."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from jigai.funding.decisions.book import sheets_of
from jigai.funding.decisions.services.print_list import context_of
from jigai.funding.models import Application, DecisionList
from tests.factories import SIBLING, make_user
from tests.funding.decisions.conftest import WAN, Person, Room
from tests.query_counts import assert_query_count, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("budget-control")]
Rooms = Callable[..., Room]


def as_(client: Client, person: Person) -> Client:
    client.force_login(person.user)
    return client


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"nonce": uuid.uuid4().hex, **data})


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_a_shortage_is_shown_with_every_way_and_none_is_chosen(
    client: Client, rooms: Rooms
) -> None:
    room = rooms(100 * WAN)
    room.reviewed(80 * WAN, 40 * WAN)
    text = text_of(as_(client, room.clerk).get(f"/lists/new/{room.round.pk}/"))
    for told in ("200,000.00", "按比例削减", "按次序排队", "停发", "平台不替您选", "666,666.67"):
        assert told in text
    assert 'value="" selected' in text or '<option value="">请选择</option>' in text


def test_a_choice_without_a_reason_comes_back_and_with_one_makes_a_draft(
    client: Client, rooms: Rooms
) -> None:
    room = rooms(100 * WAN)
    room.reviewed(80 * WAN, 40 * WAN)
    url = f"/lists/new/{room.round.pk}/"
    as_(client, room.clerk)
    given = {"stage": "bureau", "rule": "pro_rata", "reason": ""}
    back = post(client, url, **given)
    assert back.status_code == 422
    assert "要写理由" in text_of(back)
    assert post(client, url, **{**given, "rule": ""}).status_code == 422
    done = post(client, url, **{**given, "reason": "各家同比例"})
    row = DecisionList.objects.get()
    assert done.url == f"/lists/{row.pk}/"
    text = text_of(client.get(done.url))
    assert "各家同比例" in text
    assert "提请审定" in text


def test_from_submission_to_a_binding_approval(client: Client, rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    row = room.draft()
    url = f"/lists/{row.pk}/"
    as_(client, room.clerk)
    assert post(client, f"{url}submit/", seen=row.version).status_code == 302
    meeting = {"meeting": "示例审定会", "met_on": "2021-07-01", "attendees": "示例单位",
               "minutes": "同意", "seen": row.version + 1}  # fmt: skip
    assert post(client, f"{url}meeting/", **meeting).status_code == 302
    row.refresh_from_db()
    as_(client, room.leader)
    assert "通过并生效" in text_of(client.get(url))
    stale = post(client, f"{url}approve/", how="binding", seen=row.version - 1)
    assert stale.status_code == 409
    assert "打开之后被改过" in text_of(stale)
    number = uuid.uuid4().hex
    for _ in range(2):
        data = {"nonce": number, "how": "binding", "seen": row.version}
        assert client.post(f"{url}approve/", data).status_code == 302
    again = post(client, f"{url}approve/", how="binding", seen=row.version)
    assert again.status_code == 409
    row.refresh_from_db()
    assert row.binding
    assert Application.objects.get().state == "decided"


def test_a_version_goes_on_with_what_the_meeting_changed(client: Client, rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    rows = room.reviewed(60 * WAN, 40 * WAN)
    row = room.submitted()
    as_(client, room.leader)
    assert post(client, f"/lists/{row.pk}/approve/", how="on").status_code == 302
    as_(client, room.clerk)
    url = f"/lists/{row.pk}/next/"
    assert client.get(url).status_code == 200
    bad = post(client, url, stage="joint", changes=f"{rows[0].number} 500000")
    assert "第 1 行写得不全" in text_of(bad)
    unknown = post(client, url, stage="joint", changes="SB-0 1 理由")
    assert "名单里没有 SB-0" in text_of(unknown)
    done = post(client, url, stage="joint", changes=f"{rows[0].number} 500,000.00 会议核减")
    text = text_of(client.get(done.url))
    assert "600,000.00" in text
    assert "会议核减" in text


def test_who_drew_it_up_sees_why_the_approval_is_not_theirs(client: Client, rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    row = room.submitted()
    DecisionList.objects.filter(pk=row.pk).update(made_by=room.leader.user)
    text = text_of(as_(client, room.leader).get(f"/lists/{row.pk}/"))
    assert "等待另一人审定" in text
    assert "通过并生效" not in text


def test_a_refusal_is_written_and_shown(client: Client, rooms: Rooms) -> None:
    room = rooms(200 * WAN)
    room.reviewed(60 * WAN)
    row = room.submitted()
    as_(client, room.leader)
    assert post(client, f"/lists/{row.pk}/refuse/", reason="补充依据").status_code == 302
    assert "补充依据" in text_of(client.get(f"/lists/{row.pk}/"))


def test_the_workbook_has_both_figures_to_the_fen_and_every_way(
    client: Client, rooms: Rooms
) -> None:
    room = rooms(100 * WAN)
    room.reviewed(80 * WAN, 40 * WAN, claimed_fen=300 * WAN, audited_fen=250 * WAN)
    row = room.draft("pro_rata", "各家同比例")
    response: Any = as_(client, room.clerk).get(f"/lists/{row.pk}/book/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    cells = [cell.value for line in book["名单"].iter_rows() for cell in line]
    for told in (3_000_000, 2_500_000, 800_000, 666_666.67, 333_333.33):
        assert told in cells
    ways = [cell.value for line in book["资金安排"].iter_rows() for cell in line]
    assert {"按比例削减（最大余数法）", "按次序排队，排完为止", "停发，等追加预算", "选定"} <= set(
        ways
    )


def test_the_paper_names_the_shortage_and_who_may_not_see_it_does_not(
    client: Client, rooms: Rooms
) -> None:
    room = rooms(100 * WAN)
    room.reviewed(80 * WAN, 40 * WAN)
    row = room.submitted("pro_rata", "各家同比例")
    told = context_of(row)
    assert any("预算不足 200,000.00 元" in text for text in told["paragraphs"])
    assert told["table"]["rows"][0][4] == "666,666.67"
    as_(client, room.clerk)
    assert post(client, f"/lists/{row.pk}/paper/").status_code == 302
    word: Any = client.get(f"/lists/{row.pk}/word/")
    assert b"".join(word.streaming_content).startswith(b"PK")
    assert "已经出具过" in text_of(post(client, f"/lists/{row.pk}/paper/"))
    outside = Person(make_user("section-clerk", region=SIBLING))
    for page in ("", "word/", "book/"):
        assert as_(client, outside).get(f"/lists/{row.pk}/{page}").status_code == 404


def test_lists_ask_no_more_for_more_rows(client: Client, rooms: Rooms) -> None:
    room = rooms(9_000 * WAN)
    as_(client, room.clerk)

    def grow(count: int) -> None:
        while DecisionList.objects.count() < count:
            room.reviewed(WAN)
            room.draft()

    assert_query_count(client, "/lists/", grow, most=26)
    row = DecisionList.objects.order_by("-id")[0]
    assert len(sheets_of(row)) == 2

    def longer(count: int) -> None:
        DecisionList.objects.filter(round=room.round, state="draft").update(state="refused")
        room.reviewed(*[WAN] * count)
        room.draft()

    assert_query_count(client, "/lists/lines/", longer, most=26)


def test_one_list_asks_no_more_for_more_lines(client: Client, rooms: Rooms) -> None:
    small, large = rooms(900 * WAN), rooms(900 * WAN)
    counts = []
    for room, size in ((small, 3), (large, 20)):
        room.reviewed(*[WAN] * size)
        row = room.draft()
        as_(client, room.clerk)
        client.get(f"/lists/{row.pk}/")
        counts.append(len(queries_of(client, f"/lists/{row.pk}/")))
        counts.append(len(queries_of(client, f"/lists/new/{room.round.pk}/")))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 34
