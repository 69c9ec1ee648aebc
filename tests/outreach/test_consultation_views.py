"""Consultations at the desk: who sees what, forms that keep what was typed, lists and export."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.models import User
from jigai.outreach.models import Consultation, ConsultationAnswer, ConsultationComment
from jigai.policies.models import PackVersion
from tests.factories import SIBLING, make_enterprise, make_regions, make_user
from tests.outreach import consultations as c
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("public-consultation")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> c.Clock:
    return c.Clock(monkeypatch, c.FIRST)


@pytest.fixture
def people(db: None) -> dict[str, User]:
    make_regions()
    firm = make_user("enterprise-handler", enterprise=make_enterprise("示例轴承有限公司"))
    return {
        "clerk": make_user("section-clerk", c.LUAN),
        "chief": make_user("section-chief", c.LUAN),
        "firm": firm,
        "leader": make_user("leader", c.LUAN),
        "far": make_user("section-clerk", SIBLING),
    }


@pytest.fixture
def draft(db: None) -> PackVersion:
    return c.install()


@pytest.fixture
def item(clock: c.Clock, people: Any, draft: PackVersion) -> Consultation:
    return c.opened(people["clerk"], people["chief"], draft)


def web(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"nonce": str(uuid.uuid4()), **data})


def test_prepared_opened_commented_answered_published_on_screen(
    clock: c.Clock, people: dict[str, User], draft: PackVersion, tmp_path: Path
) -> None:
    clerk, chief, firm = (web(people[name]) for name in ("clerk", "chief", "firm"))
    page = clerk.get(reverse("consultation-new"))
    assert draft.title in page.content.decode()
    made = send(clerk, f"{reverse('consultation-new')}?subject=v{draft.pk}", title="征求意见一",
                period_from=c.FIRST, period_to=c.LAST, contact="0564-1",
                clauses=["一", c.CLAUSE])  # fmt: skip
    item = Consultation.objects.get()
    detail = reverse("consultation-detail", args=[item.pk])
    assert made["Location"] == detail
    assert "批准公开" in chief.get(detail).content.decode()
    assert firm.get(detail).status_code == 404
    assert send(clerk, reverse("consultation-open", args=[item.pk])).status_code == 403
    assert send(chief, reverse("consultation-open", args=[item.pk])).status_code == 302
    assert send(firm, reverse("comment-new", args=[item.pk]), clause=c.CLAUSE,
                text="奖金太低").status_code == 302  # fmt: skip
    row = ConsultationComment.objects.get()
    assert (row.source, row.organisation) == ("enterprise", "示例轴承有限公司")
    own = reverse("comment-detail", args=[row.pk])
    assert "示例轴承有限公司" in clerk.get(own).content.decode()
    assert send(clerk, own, kind="suggest", hidden_reason="", seen=row.version).status_code == 302
    answering = f"{reverse('answer-new', args=[item.pk])}?clause={c.CLAUSE}"
    assert "奖金太低" in clerk.get(answering).content.decode()
    given = {"comments": [row.pk], "summary": "提高奖金", "verdict": "adopted", "reason": "提高",
             "seen": 0, "nonce": str(uuid.uuid4())}  # fmt: skip
    first = clerk.post(answering, given)
    assert first.status_code == 302
    # The same form again leads to the same place and makes no second answer.
    assert clerk.post(answering, given)["Location"] == first["Location"]
    assert ConsultationAnswer.objects.count() == 1
    clock.day = c.AFTER
    publishing = reverse("consultation-publish", args=[item.pk])
    dates = {"publicity_from": c.AFTER, "publicity_to": c.PUBLICITY, "archive_to": c.ARCHIVE}
    assert send(clerk, publishing, **dates).status_code == 403
    assert send(chief, publishing, **dates).status_code == 302
    final = c.final_version(tmp_path)
    assert send(chief, reverse("consultation-final", args=[item.pk]),
                final=final.pk).status_code == 302  # fmt: skip
    answer = ConsultationAnswer.objects.get()
    marked = send(clerk, reverse("answer-reflect", args=[answer.pk]), reflected="yes",
                  clause=c.CLAUSE, seen=answer.version)  # fmt: skip
    assert marked.status_code == 302
    compare = clerk.get(reverse("consultation-compare", args=[item.pk])).content.decode()
    assert "60万元" in compare and "已体现" in compare and "重点项目一事一议" in compare


def test_who_sees_what(item: Consultation, people: dict[str, User]) -> None:
    row = c.said(item, "含糊其辞的意见", name="示例某")
    detail = reverse("consultation-detail", args=[item.pk])
    for name in ("firm", "leader", "far"):
        page = web(people[name]).get(detail)
        assert page.status_code == 200
        # Before publication nobody but the organiser reads what came in.
        assert "各条意见数" not in page.content.decode()
    assert web(people["far"]).get(reverse("comment-detail", args=[row.pk])).status_code == 404
    assert web(people["firm"]).get(reverse("comment-detail", args=[row.pk])).status_code == 403
    assert "含糊其辞" not in web(people["far"]).get(reverse("comment-list")).content.decode()
    assert "含糊其辞" in web(people["clerk"]).get(reverse("comment-list")).content.decode()
    for name in ("consultation-extend", "consultation-publish", "consultation-final", "answer-new"):
        assert web(people["far"]).get(reverse(name, args=[item.pk])).status_code == 404


def test_a_refused_form_keeps_what_was_typed(item: Consultation, people: dict[str, User]) -> None:
    row = c.said(item)
    c.sorted_as(row, people["clerk"], "support")
    url = f"{reverse('answer-new', args=[item.pk])}?clause={c.CLAUSE}"
    page = send(web(people["clerk"]), url, comments=[row.pk], summary="写了很久的摘要",
                verdict="adopted", reason="理由", seen=0)  # fmt: skip
    assert page.status_code == 422
    assert "写了很久的摘要" in page.content.decode() and "没有要求修改" in page.content.decode()


def test_the_inbox_is_narrowed_by_clause_kind_and_state(
    item: Consultation, people: dict[str, User]
) -> None:
    clerk = people["clerk"]
    one, two, spam = (
        c.said(item, "甲意见"),
        c.said(item, "乙意见", clause="一"),
        c.said(item, "丙广告"),
    )
    c.sorted_as(one, clerk)
    c.sorted_as(spam, clerk, "unrelated", "广告")
    c.answered(item, [one], clerk)
    client, url = web(clerk), reverse("comment-list")
    for query, wanted in (
        ("state=waiting", "乙意见"), ("state=answered", "甲意见"), ("state=hidden", "丙广告"),
        ("kind=none", "乙意见"), ("kind=suggest", "甲意见"), ("clause=一", "乙意见"),
        (f"q={two.receipt}", "乙意见"), (f"consultation={item.pk}&state=hidden", "丙广告"),
    ):  # fmt: skip
        page = client.get(f"{url}?{query}").content.decode()
        assert [text for text in ("甲意见", "乙意见", "丙广告") if text in page] == [wanted], query


def test_lists_ask_no_more_when_they_grow(item: Consultation, people: dict[str, User]) -> None:
    clerk, chief, draft = people["clerk"], people["chief"], item.draft

    def grow(size: int) -> None:
        while ConsultationComment.objects.count() < size:
            c.said(item, address=str(ConsultationComment.objects.count()))
        while Consultation.objects.count() < size:
            c.opened(clerk, chief, draft)

    assert_query_count(web(clerk), reverse("comment-list"), grow, most=14)
    Consultation.objects.exclude(pk=item.pk).delete()
    assert_query_count(web(clerk), reverse("consultation-list"), grow, most=14)


def test_without_a_draft_the_page_says_so(people: dict[str, User]) -> None:
    page = web(people["clerk"]).get(reverse("consultation-new"))
    assert page.status_code == 200 and "没有可以征求意见的草案" in page.content.decode()


def test_the_menu_leads_here(item: Consultation, people: dict[str, User]) -> None:
    for name in ("clerk", "firm", "leader"):
        page = web(people[name]).get(reverse("consultation-list")).content.decode()
        assert "政策服务" in page and item.title in page
