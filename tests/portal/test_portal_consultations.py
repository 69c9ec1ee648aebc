"""Consultations without an account: comment, receipt, adoption, draft and final."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.models import User
from jigai.outreach.models import Consultation, ConsultationComment
from jigai.outreach.services import submit_comment as submitting
from jigai.policies.models import PackVersion
from tests.factories import make_regions, make_user
from tests.kept_rows import Unblock
from tests.outreach import consultations as c
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db]
COMMENTING = pytest.mark.system("public-consultation")
LOOKING = pytest.mark.system("public-inquiry")
SECRETS = ("示例某人", "示例机密轴承厂", "示例电话八位")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> c.Clock:
    return c.Clock(monkeypatch, c.FIRST)


@pytest.fixture(scope="module")
def installed(kept_rows: Unblock) -> int:
    """The draft of the city, installed once for all tests here."""
    with kept_rows():
        make_regions()
        return c.install().pk


@pytest.fixture
def people(installed: int, db: None) -> tuple[User, User]:
    return make_user("section-clerk", c.LUAN), make_user("section-chief", c.LUAN)


@pytest.fixture
def item(clock: c.Clock, installed: int, people: tuple[User, User]) -> Consultation:
    return c.opened(*people, PackVersion.objects.get(pk=installed))


def text(client: Client, name: str, *args: Any, status: int = 200, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == status, (name, args)
    return answer.content.decode()


def send(client: Client, item: Consultation, **more: Any) -> Any:
    given = {"clause": c.CLAUSE, "text": "奖金应当提高", "nonce": str(uuid.uuid4()), "name": "",
             "organisation": "", "contact": "", "homepage": "", **more}  # fmt: skip
    return client.post(reverse("portal-comment", args=[item.pk]), given)


@COMMENTING
def test_anybody_says_something_and_gets_a_receipt(item: Consultation, client: Client) -> None:
    form = client.get(reverse("portal-comment", args=[item.pk]) + f"?clause={c.CLAUSE}")
    assert form["Cache-Control"] == "no-store" and "sessionid" not in form.cookies
    answer = send(client, item, name=SECRETS[0], organisation=SECRETS[1], contact=SECRETS[2])
    row = ConsultationComment.objects.get()
    assert answer.status_code == 302 and row.receipt in answer["Location"]
    assert (row.source, row.author, row.name) == ("public", None, SECRETS[0])
    page = client.get(answer["Location"]).content.decode()
    assert row.receipt in page and "正在办理" in page
    # A receipt may be read over a shoulder: what was told in confidence is not on it.
    assert not any(secret in page for secret in SECRETS)


@COMMENTING
def test_the_form_is_protected_and_sent_once(item: Consultation) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, item).status_code == 403
    page = strict.get(reverse("portal-comment", args=[item.pk]))
    token = str(page.context["csrf_token"])
    nonce = str(uuid.uuid4())
    places = {send(strict, item, nonce=nonce, csrfmiddlewaretoken=token)["Location"]
              for _ in range(3)}  # fmt: skip
    assert len(places) == 1 and ConsultationComment.objects.count() == 1


@COMMENTING
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"homepage": "x"}, "应当空着"),
        ({"text": ""}, "必填"),
        ({"text": "长" * 2001}, "2000"),
        ({"clause": "二.一"}, "选"),
        ({"nonce": "x"}, "表单已失效"),
    ],
)
def test_a_refused_comment_says_why(
    item: Consultation, client: Client, more: dict[str, str], words: str
) -> None:
    answer = send(client, item, **{"name": "留着的名字", **more})
    page = answer.content.decode()
    assert answer.status_code == 422 and not ConsultationComment.objects.exists()
    assert "留着的名字" in page
    assert words in page


@COMMENTING
def test_outside_the_period_the_dates_are_told(
    clock: c.Clock, item: Consultation, client: Client
) -> None:
    clock.day = c.LAST + dt.timedelta(days=1)
    page = text(client, "portal-comment", item.pk)
    assert "2026-03-02 至 2026-03-13" in page and "<textarea" not in page
    assert "对这条提意见" not in text(client, "portal-consultation", item.pk)
    answer = send(client, item)
    assert answer.status_code == 422
    assert "2026-03-02 至 2026-03-13" in answer.content.decode()


@COMMENTING
def test_too_many_from_one_address_wait(
    item: Consultation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "PER_HOUR", 2)
    assert [send(client, item).status_code for _ in range(3)] == [302, 302, 422]
    other = client.post(
        reverse("portal-comment", args=[item.pk]),
        {"clause": "", "text": "另一处", "nonce": str(uuid.uuid4())},
        REMOTE_ADDR="198.51.100.7",
    )
    assert other.status_code == 302 and ConsultationComment.objects.count() == 3


@COMMENTING
def test_a_round_being_prepared_is_not_public(
    clock: c.Clock, people: tuple[User, User], client: Client
) -> None:
    row = c.drafted(people[0], c.install())
    for name in ("portal-consultation", "portal-comment", "portal-adoption", "portal-final"):
        text(client, name, row.pk, status=404)
    assert row.title not in text(client, "portal-consultations")


@pytest.fixture
def told(clock: c.Clock, item: Consultation, people: tuple[User, User]) -> Consultation:
    """A published adoption: two alike under one answer, one hidden."""
    clerk, chief = people
    one = c.said(item, "原话不公开甲", name=SECRETS[0], organisation=SECRETS[1], contact=SECRETS[2])
    two, spam = c.said(item, "原话不公开乙"), c.said(item, "原话不公开丙", clause="")
    for row in (one, two):
        c.sorted_as(row, clerk)
    c.sorted_as(spam, clerk, "unrelated", "广告")
    c.answered(item, [one, two], clerk)
    clock.day = c.AFTER
    return c.published(item, chief)


@COMMENTING
def test_the_adoption_names_nobody_and_adds_up(told: Consultation, client: Client) -> None:
    page = text(client, "portal-adoption", told.pk)
    assert "希望提高示范项目奖金" in page and "提高到六十万元" in page
    for hidden in (*SECRETS, "原话不公开"):
        assert hidden not in page
    total = client.get(reverse("portal-adoption", args=[told.pk])).context["total"]
    assert (total.received, total.hidden, total.by_verdict["adopted"]) == (3, 1, 2)
    assert total.reconciled


@COMMENTING
def test_answers_are_known_from_publicity_on(
    clock: c.Clock, item: Consultation, people: tuple[User, User], client: Client
) -> None:
    clerk, chief = people
    row = c.said(item)
    c.sorted_as(row, clerk)
    c.answered(item, [row], clerk)
    before = text(client, "portal-receipt", query=f"?number={row.receipt}")
    assert "正在办理" in before and "提高到六十万元" not in before
    clock.day = c.AFTER
    c.published(item, chief, c.AFTER + dt.timedelta(days=2))
    assert "提高到六十万元" not in text(client, "portal-receipt", query=f"?number={row.receipt}")
    text(client, "portal-adoption", item.pk, status=404)
    clock.day += dt.timedelta(days=2)
    typed = f"?number={row.receipt.lower()}"
    assert "提高到六十万元" in text(client, "portal-receipt", query=typed)
    assert "没有这个回执号" in text(client, "portal-receipt", query="?number=YJ-2222", status=404)


@LOOKING
def test_publicity_and_archive_are_told_apart(
    clock: c.Clock, told: Consultation, client: Client
) -> None:
    """After publicity the adoption is still there, as archive; after the archive it is gone."""
    title = f"{told.title}：采纳情况"
    home, results = reverse("portal-home"), reverse("portal-results")
    for day, displayed, archived in (
        (c.PUBLICITY, True, False),
        (c.PUBLICITY + dt.timedelta(days=1), False, True),
        (c.ARCHIVE, False, True),
        (c.ARCHIVE + dt.timedelta(days=1), False, False),
    ):
        clock.day = day
        found = client.get(results).context["found"]
        assert (told in found.displayed, told in found.archived) == (displayed, archived), day
        assert (title in client.get(home).content.decode()) is displayed, day
        status = 200 if displayed or archived else 404
        page = text(client, "portal-adoption", told.pk, status=status)
        assert ("公示期内有异议" in page) is displayed
        assert ("公示期已满，这里是存档" in page) is archived
        if status == 200:
            assert "2026-03-16 至 2026-03-20" in page and "至 2026-06-30" in page


@COMMENTING
def test_draft_and_final_stand_beside_each_other(
    clock: c.Clock, told: Consultation, people: tuple[User, User], client: Client, tmp_path: Path
) -> None:
    text(client, "portal-final", told.pk, status=404)
    final = c.final_version(tmp_path)
    c.finished(told, final, people[1])
    page = text(client, "portal-final", told.pk)
    assert "50万元" in page and "60万元" in page and "希望提高示范项目奖金" in page
    own = text(client, "portal-consultation", told.pk)
    assert "已定稿" in own and "不能据以申报" in own
    assert reverse("portal-policy", args=["luan-2020"]) in own
    # Once the archive is over, answers go; the comparison of two public documents stays.
    clock.day = c.ARCHIVE + dt.timedelta(days=1)
    after = text(client, "portal-final", told.pk)
    assert "60万元" in after and "希望提高示范项目奖金" not in after


@COMMENTING
def test_the_public_list_asks_no_more_when_it_grows(
    item: Consultation, people: tuple[User, User], client: Client
) -> None:
    def grow(size: int) -> None:
        while Consultation.objects.count() < size:
            c.opened(*people, item.draft)

    assert_query_count(client, reverse("portal-consultations"), grow, most=6)
