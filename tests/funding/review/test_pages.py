"""Pages of a review: what each side sees, what the forms keep, and no query a row."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from jigai.core.models import Job
from jigai.funding.models import Application, EvidenceCheck, Round
from jigai.funding.review.jobs import RUN
from tests.factories import SIBLING, make_enterprise, make_user
from tests.funding.making import make_application
from tests.funding.review.conftest import DEPARTMENTS, WAN, Do, Office
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


def nonce() -> str:
    return uuid.uuid4().hex


def signed_in(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


def page_of(application: Application) -> str:
    return f"/review/applications/{application.pk}/"


def test_the_bureau_sees_both_figures_and_their_difference(
    client: Client, application: Application, office: Office
) -> None:
    Application.objects.filter(pk=application.pk).update(
        audited_fen=170 * WAN, computed_fen=20 * WAN, reviewed_fen=17 * WAN
    )
    signed_in(client, office["miit"])
    text = client.get(page_of(application)).content.decode()
    for told in ("2,000,000.00", "1,700,000.00", "300,000.00", "200,000.00", "170,000.00",
                 "30,000.00", "营业执照（必交）"):  # fmt: skip
        assert told in text


def test_an_amount_that_is_not_known_is_not_zero(
    client: Client, application: Application, office: Office
) -> None:
    signed_in(client, office["miit"])
    text = client.get(page_of(application)).content.decode()
    assert text.count("未定") >= 3
    assert "没有测算" in text


def test_the_applicant_is_sent_to_the_own_page_and_a_stranger_finds_nothing(
    client: Client, application: Application, office: Office
) -> None:
    response = signed_in(client, office["applicant"]).get(page_of(application))
    assert response.status_code == 302
    assert signed_in(client, office["stranger"]).get(page_of(application)).status_code == 404
    sibling = make_user("section-clerk", region=SIBLING)
    assert signed_in(client, sibling).get(page_of(application)).status_code == 404


def test_the_auditor_sees_only_what_was_given_to_them(
    client: Client, application: Application, office: Office, do: Do
) -> None:
    signed_in(client, office["audit"])
    assert client.get(page_of(application)).status_code == 404
    do(application, "accept", "miit")
    text = client.get(page_of(application)).content.decode()
    assert "保存审定" in text
    assert "部门意见" not in text
    assert client.get("/review/").status_code == 403


def test_marks_are_kept_and_sent_as_a_notice(
    client: Client, application: Application, office: Office
) -> None:
    signed_in(client, office["miit"])
    url = page_of(application)
    posted = {"nonce": nonce(), "state:licence": "fine", "state:filing": "short",
              "words:filing": "缺盖章页", "state:form": ""}  # fmt: skip
    assert client.post(f"{url}evidence/", posted).status_code == 302
    found = dict(EvidenceCheck.objects.values_list("item", "state"))
    assert found == {"licence": "fine", "filing": "short"}
    sent = client.post(f"{url}correct/", {"nonce": nonce(), "reason": "请补齐", "days": "3"})
    assert sent.status_code == 302
    application.refresh_from_db()
    assert application.state == "correction"


def test_a_mark_without_words_is_refused_with_the_reason(
    client: Client, application: Application, office: Office
) -> None:
    signed_in(client, office["miit"])
    posted = {"nonce": nonce(), "state:filing": "short"}
    response = client.post(f"{page_of(application)}evidence/", posted)
    assert response.status_code == 422
    assert "要写明问题" in response.content.decode()


def test_the_auditor_writes_figures_and_the_rest_counts_as_claimed(
    client: Client, application: Application, office: Office, do: Do
) -> None:
    do(application, "accept", "miit")
    first, second = application.lines.order_by("id")
    signed_in(client, office["audit"])
    url = f"{page_of(application)}audit/"
    wrong = client.post(url, {"nonce": nonce(), f"fen:{first.pk}": "70 万"})
    assert wrong.status_code == 422
    assert "不是金额" in wrong.content.decode()
    cut = client.post(url, {"nonce": nonce(), f"fen:{first.pk}": "700,000.00"})
    assert "核减要写理由" in cut.content.decode()
    posted = {"nonce": nonce(), f"fen:{first.pk}": "700,000.00", f"reason:{first.pk}": "土建",
              "all": "yes"}  # fmt: skip
    assert client.post(url, posted).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.audited_fen, second.audited_fen) == (70 * WAN, 100 * WAN)


def test_a_clerk_is_not_the_auditor(
    client: Client, application: Application, office: Office, do: Do
) -> None:
    do(application, "accept", "miit")
    signed_in(client, office["miit"])
    response = client.post(f"{page_of(application)}audit/", {"nonce": nonce(), "all": "yes"})
    assert response.status_code == 403
    assert not application.lines.filter(audited_fen__isnull=False).exists()


def test_an_opinion_against_stands_on_the_page_with_its_words(
    client: Client, application: Application, office: Office, do: Do
) -> None:
    do(application, "accept", "miit")
    do(application, "disagree", "tax", reason="有欠税未清")
    for line in DEPARTMENTS[1:3]:
        do(application, "agree", line)
    signed_in(client, office["chief"])
    assert "有欠税未清" in client.get(page_of(application)).content.decode()
    assert "3/6，1 家不同意" in client.get("/review/").content.decode()


def test_a_run_begins_once_however_often_it_is_asked_for(
    client: Client, application: Application, office: Office
) -> None:
    signed_in(client, office["miit"])
    url = f"/review/rounds/{application.round_id}/"
    assert client.get(url).status_code == 200
    number = nonce()
    for given in (number, number, nonce()):
        response = client.post(f"{url}run/", {"nonce": given, "basis": "claimed"})
        assert response.status_code == 302
    job = Job.objects.get(kind=RUN)
    assert job.params == {"round": application.round_id, "basis": "claimed"}


def test_the_list_asks_no_more_for_more_rows(client: Client, office: Office, round_: Round) -> None:
    signed_in(client, office["miit"])

    def grow(count: int) -> None:
        while Application.objects.count() < count:
            make_application(round_, make_enterprise(), state="review", fen=WAN)

    assert_query_count(client, "/review/", grow, most=26)


@pytest.mark.parametrize(
    ("query", "there"),
    [("state=reviewed", "b"), ("verdict=none", "abc"), ("doubt=stale", "a"), ("doubt=cut", "b"),
     ("words=示例丙", "c"), ("doubt=late", "")],
)  # fmt: skip
def test_conditions_find_by_state_verdict_and_doubt(
    client: Client, office: Office, round_: Round, query: str, there: str
) -> None:
    signed_in(client, office["miit"])
    rows = {
        "a": make_application(round_, state="review", title="示例甲", stale="红字发票"),
        "b": make_application(round_, state="reviewed", claimed_fen=9, audited_fen=8),
        "c": make_application(state="review", title="示例丙"),
    }
    text = client.get(f"/review/?{query}").content.decode()
    assert {key for key, row in rows.items() if row.number in text} == set(there)


def test_the_page_of_a_round_leads_to_its_own_applications(
    client: Client, office: Office, round_: Round
) -> None:
    signed_in(client, office["miit"])
    mine, other = make_application(round_, state="review"), make_application(state="review")
    text = client.get(f"/review/?round={round_.pk}").content.decode()
    assert mine.number in text
    assert other.number not in text
